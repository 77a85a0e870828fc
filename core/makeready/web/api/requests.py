"""One call of the API: who makes it, for which subscriber, with what."""

import re
from typing import Any

import msgspec
from makeready_hooks import outside
from makeready_hooks.errors import ConfigError
from msgspec import Struct
from starlette.requests import Request

from makeready.access.model import Token
from makeready.access.tokens import token_of
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.web.api.problems import ApiError

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="makeready"'}
MAX_DIGITS = 15
NAMED = re.compile(r"field `([^`]+)`|at `\$\.([^`\[]+)")


class Call(Struct, frozen=True, kw_only=True):
    installation: Installation
    token: Token
    request: Request
    given_subscriber: Subscriber | None
    query: Any
    """Of the operation's Struct for its parameters."""
    body: Any
    """Of the operation's Struct for its body."""

    @property
    def subscriber(self) -> Subscriber:
        """The one that the address names."""
        if self.given_subscriber is None:
            raise LookupError("This address names no subscriber.")
        return self.given_subscriber

    def part(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def whole_number(self, name: str) -> int:
        """A part of the address. Raises ConfigError for what is none."""
        text = self.part(name)
        if not text.isascii() or not text.isdecimal() or len(text) > MAX_DIGITS:
            raise ConfigError(f"{text} is not a number.", field=name, fix="Give a whole number.")
        return int(text)

    @property
    def number(self) -> str:
        return self.part("number")

    @property
    def key(self) -> str:
        return self.part("key")


async def admitted(installation: Installation, request: Request) -> Token:
    """Whose call this is. Raises ApiError 401."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = await token_of(installation, text.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise ApiError(
            401,
            "A token is needed that is known and has not expired: Authorization: Bearer mkr_... "
            "Make one with: makeready token add.",
            field="Authorization",
            headers=CHALLENGE,
        )
    return token


async def addressed(installation: Installation, request: Request, token: Token) -> Subscriber | None:
    """Whom the address names. One that the token is not for looks like one that does not exist."""
    if "" in request.path_params.values():
        raise ApiError(404, "There is nothing at this address.")
    name = request.path_params.get("subscriber")
    if name is None:
        return None
    found = await installation.store.subscribers.get(name)
    if found is None or not token.is_for(name):
        raise ApiError(404, f"There is no subscriber {name} that this token is for.", field="subscriber")
    return found


def read_query(request: Request, kind: type[Struct] | None) -> Any:
    """Parameters; an empty one is as one that is not there. Raises ApiError 422."""
    if kind is None:
        return None
    return _convert({name: value for name, value in request.query_params.items() if value}, kind)


def read_json(body: bytes, kind: type[Struct] | None) -> Any:
    """No body is an empty object. Raises ApiError 400 for what is no JSON, 422 for what does not fit."""
    if kind is None:
        return None
    try:
        value = outside.read_json(body or b"{}")
    except outside.Unreadable as exc:
        raise ApiError(400, f"The body is not JSON: {exc}.") from None
    return _convert(value, kind, strict=True)


def _convert(value: Any, kind: type[Struct], *, strict: bool = False) -> Any:
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as exc:
        found = NAMED.search(str(exc))
        field = next(filter(None, found.groups()), "") if found else ""
        raise ApiError(422, f"{exc}.", field=field) from None
