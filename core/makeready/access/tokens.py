"""Tokens of the JSON API: made once, shown once, kept as a hash."""

import hashlib
import re
import secrets

from makeready_hooks import same_secret
from makeready_hooks.errors import ConfigError

from makeready.access.model import Token
from makeready.contexts import AccessContext

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
PREFIX = "mkr"
DAY_S = 86_400.0


async def make_token(
    context: AccessContext,
    name: str,
    *,
    subscriber: str,
    read_only: bool,
    operator: bool = False,
    expires_days: float = 0,
) -> str:
    """A new token, ``mkr_NAME_SECRET``. ``subscriber`` is empty for all, ``expires_days`` 0 for never.

    Raises ConfigError for a name that is taken or none, an unknown subscriber, an operator of one subscriber.
    """
    if not NAME.fullmatch(name):
        raise ConfigError(
            f"{name!r} is not a token's name.",
            field="name",
            fix="Use lower case letters, digits and hyphens.",
        )
    if subscriber and operator:
        raise ConfigError(
            "An operator's token is for all subscribers.",
            field="subscriber",
            fix="Leave the subscriber out, or make a token that is no operator's.",
        )
    if subscriber:
        await context.subscriber(subscriber)
    text = f"{PREFIX}_{name}_{secrets.token_urlsafe(32)}"
    now = context.clock()
    token = Token(
        name=name,
        hash=_hash(text),
        subscriber=subscriber,
        read_only=read_only,
        operator=operator,
        created_at=now,
        expires_at=now + expires_days * DAY_S if expires_days else 0.0,
    )
    if not await context.store.tokens.add(token):
        raise ConfigError(
            f"There is a token {name} already.",
            field="name",
            fix=f"Choose another name, or: makeready token remove {name}",
        )
    return text


async def remove_token(context: AccessContext, name: str) -> None:
    """Raises ConfigError if there is none of this name."""
    if not await context.store.tokens.remove(name):
        raise ConfigError(f"There is no token {name}.", field="name", fix="See: makeready token list.")


async def token_of(context: AccessContext, text: str) -> Token | None:
    """Who shows this token; None if nobody has it, or not any more. Takes as long for any wrong one."""
    parts = text.split("_", 2)
    name = parts[1] if len(parts) == len(("prefix", "name", "secret")) else ""
    token = await context.store.tokens.get(name)
    fits = same_secret(_hash(text), token.hash if token else _hash(""))
    if token is None or not fits:
        return None
    return token if not token.expires_at or context.clock() < token.expires_at else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
