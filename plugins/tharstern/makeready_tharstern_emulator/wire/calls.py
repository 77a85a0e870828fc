"""A request as the API's handlers see it: the function, the query, and what they caused."""

import base64
import binascii
import re
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct, field

_SITE, _API = "/tharsternapi", "/tharsternapi/api/"
_SLASHES = re.compile("/{2,}")
_INDEX = re.compile(r"(.+)\[(\d*)\]")


def function_of(path: str) -> str | None:
    """``/TharsternAPI/api//Job/createPreDelivery`` is ``job/createpredelivery``.

    Empty for a path beside the API on the same site, None for one that is not the vendor's.

    Paths ignore case (inferred from S2 and S3) and a doubled slash is taken (S3 sends one).
    """
    low = _SLASHES.sub("/", path.lower())
    if low.startswith(_API):
        return low[len(_API) :].rstrip("/")
    return "" if low.startswith(_SITE) else None


class Query:
    """A query string. Names ignore case, as ASP.NET binds them (inferred); blank values count as absent."""

    def __init__(self, text: str, *, plain_arrays: bool = False) -> None:
        self._plain: dict[str, list[str]] = {}
        self._indexed: dict[str, list[str]] = {}
        self._plain_arrays = plain_arrays
        for name, value in parse_qsl(text):
            match = _INDEX.fullmatch(name)
            into, key = (self._indexed, match[1]) if match else (self._plain, name)
            into.setdefault(key.lower(), []).append(value)

    def names(self) -> set[str]:
        """Plain names, in lower case."""
        return set(self._plain)

    def one(self, name: str) -> str | None:
        """The first value of a plain name."""
        values = self._plain.get(name.lower())
        return values[0] if values else None

    def many(self, name: str) -> list[str] | None:
        """``name[0]=…&name[1]=…`` (seen S2); None if the filter is absent."""
        found = self._indexed.get(name.lower(), [])
        if self._plain_arrays:
            found = found + self._plain.get(name.lower(), [])
        return found or None


class Call(Struct, kw_only=True):
    """One request to the API."""

    verb: str
    function: str
    """Lower case, without the base path: ``orders/submit``."""
    query: Query
    query_text: str = ""
    token: str | None = None
    body: bytes = b""
    arguments: tuple[str, ...] = ()
    """What stood in the variable places of the path."""
    effects: list[dict[str, Any]] = field(default_factory=list)
    """What it changed, for the journal."""
    faults: tuple[str, ...] = ()
    """Names of the faults that hit it."""

    def did(self, effect: str, **about: object) -> None:
        """Note an effect: ``did("order created", id=30001)``."""
        self.effects.append({"effect": effect, **about})


def token_of(authorization: str | None) -> str | None:
    """The token in ``Basic base64(TOKEN)`` (S2) or ``Basic base64(TOKEN:)`` (S3); None if there is none."""
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return text.partition(":")[0].lower() or None
