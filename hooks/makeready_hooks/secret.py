"""A text that must not be shown: it has no readable ``str`` or ``repr``."""

import hmac
from typing import Any

HIDDEN = {"format": "secret"}
"""For ``extra_json_schema`` of a text that is sealed at rest and never shown; a `Secret` has it by itself."""
GIVEN_SECRETS = {"format": "uri"}
"""The same for a setting that is the address of a server: secrets of these settings are entered again before they go to
another host than they were given for."""


class Secret:
    """A password or key in a connector's settings. Only ``reveal()`` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(hidden)"

    __str__ = __repr__


def same_secret(given: str, known: str) -> bool:
    """Whether somebody knows a secret, or has signed with it. An empty one is nobody's.

    How long it takes says nothing of how much was right: signatures, tokens, keys are compared so, never by ``==``.
    """
    same = hmac.compare_digest(given.encode("utf-8", "surrogatepass"), known.encode("utf-8", "surrogatepass"))
    return same and bool(known)


def decode_secret(kind: type, value: Any) -> Any:
    """A ``dec_hook`` for msgspec: text becomes a `Secret`."""
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise TypeError(f"expected text, got {type(value).__name__}")
