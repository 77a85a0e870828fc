"""The people who sign in: made, given a password, removed. And the link by which the first one is made."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from makeready.installation import Installation
from makeready_hooks import same_secret
from makeready_hooks.errors import CallRejected, ConfigError, Refused

from makeready_admin.languages.catalogues import folders
from makeready_admin.languages.viewer import zones
from makeready_admin.users.model import User, UserRole
from makeready_admin.users.store.users import OnlyOperator, users_of

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
MIN_PASSWORD, MAX_PASSWORD = 12, 200
TELLING_NAME = 4
"""Letters of a name. A shorter one is in many a good password by chance."""
SETUP_LINK = "setup_link"
"""Name of the value that holds the hash of the set-up link's secret part."""

_hasher = PasswordHasher()
_looking = ThreadPoolExecutor(2, "password")
"""Each look at a password takes much memory and time: guesses wait for one another, and not orders for them."""


async def add_user(
    installation: Installation, name: str, password: str, *, role: UserRole, subscriber: str = ""
) -> User:
    """Raises ConfigError for a name that is taken or none, a role without its subscriber, a weak password."""
    await check_role(installation, role, subscriber)
    user = await made_user(installation, name, password, role, subscriber)
    if not await users_of(installation).add(user):
        raise name_taken(name)
    return user


def name_taken(name: str) -> ConfigError:
    return ConfigError(f"There is a user {name} already.", field="name", fix="Choose another name.")


async def check_role(installation: Installation, role: UserRole, subscriber: str) -> None:
    """Raises ConfigError for a role without its company, or one that does not exist."""
    if role == "operator" and subscriber:
        raise ConfigError(
            "An operator is for all companies.",
            field="subscriber",
            fix="Leave the company out, or choose manager or viewer.",
        )
    if role != "operator" and not subscriber:
        raise ConfigError(f"A {role} is for one company.", field="subscriber", fix="Say for which.")
    if subscriber:
        await installation.subscriber(subscriber)


async def made_user(
    installation: Installation, name: str, password: str | None, role: UserRole, subscriber: str
) -> User:
    """Not kept yet. ``password``: None for somebody who signs in through an identity provider alone."""
    if not NAME.fullmatch(name):
        raise ConfigError(
            f"{name!r} is not a user's name.",
            field="name",
            fix="Use up to 100 letters, digits and . _ @ + -, such as an e-mail address.",
        )
    now = installation.clock()
    return User(
        name=name,
        role=role,
        subscriber=subscriber,
        password_hash="" if password is None else await hash_password(name, password),
        created_at=now,
        password_at=now,
    )


async def hash_password(name: str, password: str) -> str:
    """Raises ConfigError for one that is too easy to guess."""
    tells_name = len(name) >= TELLING_NAME and name.casefold() in password.casefold()
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD or tells_name:
        raise ConfigError(
            "The password is too easy to guess, or too long.",
            field="password",
            fix=f"Give {MIN_PASSWORD} to {MAX_PASSWORD} characters without your name in them.",
        )
    return await asyncio.to_thread(_hasher.hash, password)


async def verified(user: User | None, password: str) -> bool:
    """Whether this is the user's password. Takes as long where there is no such user, or one without a password."""
    given = password[:MAX_PASSWORD]
    loop = asyncio.get_running_loop()
    if user is None or not user.password_hash:
        await loop.run_in_executor(_looking, _hasher.hash, given)
        return False
    return await loop.run_in_executor(_looking, _fits, user.password_hash, given)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


async def set_password(
    installation: Installation, name: str, password: str, *, keep_session: str = ""
) -> None:
    """Ends all sessions of the user, but for one. Raises ConfigError."""
    hashed = await hash_password(name, password)
    if not await users_of(installation).set_password(
        name, hashed, now=installation.clock(), keep_session=keep_session
    ):
        raise _unknown(name)


async def set_reading(installation: Installation, name: str, *, language: str, time_zone: str) -> None:
    """Empty: as the browser says. Raises ConfigError for what nobody knows."""
    if language and language not in folders():
        raise ConfigError(
            f"There is no language {language}.", field="language", fix="Choose one of the list."
        )
    if time_zone and time_zone not in zones():
        raise ConfigError(
            f"There is no time zone {time_zone}.", field="time_zone", fix="Choose one of the list."
        )
    await users_of(installation).set_reading(name, language=language, time_zone=time_zone)


async def remove_user(installation: Installation, name: str) -> None:
    """Ends the user's sessions. Raises ConfigError if there is no such user, Refused if no operator is left."""
    with _only_operator():
        if not await users_of(installation).remove(name):
            raise _unknown(name)


async def change_role(installation: Installation, name: str, *, role: UserRole, subscriber: str = "") -> None:
    """It counts from the next page on. Raises ConfigError as `add_user`, Refused if no operator is left."""
    await check_role(installation, role, subscriber)
    with _only_operator():
        if not await users_of(installation).set_role(name, role, subscriber):
            raise _unknown(name)


async def disable_user(installation: Installation, name: str, *, disabled: bool = True) -> None:
    """The user cannot sign in until that is taken back. It ends the user's sessions.

    Raises ConfigError if there is no such user, Refused if no operator is left.
    """
    with _only_operator():
        if not await users_of(installation).set_disabled(name, disabled=disabled):
            raise _unknown(name)


@contextmanager
def _only_operator() -> Iterator[None]:
    try:
        yield
    except OnlyOperator as exc:
        raise Refused(f"{exc} is the only operator.", fix="Add another operator first.") from None


def _unknown(name: str) -> ConfigError:
    return ConfigError(f"There is no user {name}.", field="name", fix="See: makeready user list.")


def new_password() -> str:
    return secrets.token_urlsafe(18)


# The first user


async def new_setup_secret(installation: Installation) -> str:
    """The secret part of a link that makes the first operator; it replaces the one before. "" if there is a user."""
    if not await users_of(installation).none_yet():
        return ""
    secret = secrets.token_urlsafe(24)
    await installation.store.values.keep(SETUP_LINK, _hash(secret))
    return secret


async def check_setup_secret(installation: Installation, secret: str) -> None:
    """Raises CallRejected if this link is not the one, or was used."""
    known = await installation.store.values.get(SETUP_LINK)
    if not same_secret(_hash(secret), known) or not await users_of(installation).none_yet():
        raise _used()


def _used() -> CallRejected:
    return CallRejected(
        "This set-up link was used, or another one has taken its place.",
        status=404,
        fix="Sign in, or start the server again while there is no user: it prints a new link.",
    )


async def set_up(installation: Installation, secret: str, name: str, password: str) -> User:
    """Make the first operator. The link is used up by it. Raises CallRejected, ConfigError."""
    await check_setup_secret(installation, secret)
    user = await made_user(installation, name, password, "operator", "")
    if not await users_of(installation).add_first(user):
        raise _used()
    return user


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
