"""Reading JSON bodies as ASP.NET does: lenient on case and on numbers in quotes, strict on kinds.

What is wrong is collected under the path of the member, and thrown once, as a ModelState answer.
"""

import base64
import binascii
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from makeready_tharstern_emulator.wire.dates import read_date, write_date
from makeready_tharstern_emulator.wire.replies import InvalidRequest

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_HUGE = 10**15
"""No quantity, amount or id is larger; beyond it the server's own numbers end (assumed)."""


class Members:
    """One JSON object of a body. A null member and an absent one are the same (seen S1, S4)."""

    def __init__(self, path: str, given: dict[str, Any], wrong: dict[str, list[str]]) -> None:
        self.path = path
        self.given = given
        self.wrong = wrong
        self._low = {name.lower(): value for name, value in given.items()}

    def text(self, name: str) -> str:
        """Empty if absent; numbers are taken as text."""
        value = self._low.get(name.lower())
        if isinstance(value, bool | list | dict):
            self.complain(name, "A text was expected.")
            return ""
        if isinstance(value, int) and abs(value) > _HUGE:
            self.complain(name, "The number is too large.")
            return ""
        return "" if value is None else str(value)

    def whole(self, name: str) -> int | None:
        """An integer, or a string of digits (``StockItemID`` comes as both: seen S1, S3)."""
        value = self.money(name)
        if value is None or value == value.to_integral_value():
            return None if value is None else int(value)
        self.complain(name, f"Could not convert {value} to an integer.")
        return None

    def money(self, name: str) -> Decimal | None:
        """A bare number (seen S1), or one in quotes."""
        value = self._low.get(name.lower())
        if value is None or value == "":
            return None
        try:
            number = Decimal(value) if isinstance(value, int | str | Decimal) else None
        except InvalidOperation:
            number = None
        if number is None or isinstance(value, bool) or not number.is_finite() or abs(number) > _HUGE:
            self.complain(name, f"Could not convert {_short(value)} to a number.")
            return None
        return number

    def flag(self, name: str) -> bool:
        value = self._low.get(name.lower())
        if value is None or isinstance(value, bool):
            return bool(value)
        self.complain(name, f"Could not convert {_short(value)} to a boolean.")
        return False

    def date(self, name: str) -> str:
        """A date as it is echoed, without a zone; empty if absent."""
        text = self.text(name)
        moment = read_date(text) if text else None
        if text and moment is None:
            self.complain(name, f"Could not convert {_short(text)} to a date.")
        return write_date(moment) if moment else ""

    def content(self, name: str) -> bytes | None:
        """Base64; None if absent."""
        text = self.text(name)
        try:
            return base64.b64decode(text, validate=True) if text else None
        except binascii.Error:
            self.complain(name, "The text is not base64.")
            return None

    def texts(self, name: str) -> list[str]:
        """An array of texts; empty if absent. Null entries are empty texts."""
        values = self._low.get(name.lower())
        if values is None:
            return []
        if not isinstance(values, list) or not all(isinstance(value, str | None) for value in values):
            self.complain(name, "An array of texts was expected.")
            return []
        return [value or "" for value in values]

    def inside(self, name: str) -> "Members":
        """The object of that name; an empty one if absent."""
        value = self._low.get(name.lower())
        if value is not None and not isinstance(value, dict):
            self.complain(name, "An object was expected.")
        return Members(self._at(name), value if isinstance(value, dict) else {}, self.wrong)

    def each(self, name: str) -> list["Members"]:
        """The objects of the array of that name; none if absent."""
        values = self._low.get(name.lower())
        if values is None:
            return []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.complain(name, "An array of objects was expected.")
            return []
        return [Members(f"{self._at(name)}[{n}]", value, self.wrong) for n, value in enumerate(values)]

    def has(self, name: str) -> bool:
        return self._low.get(name.lower()) is not None

    def complain(self, name: str, text: str) -> None:
        self.wrong.setdefault(self._at(name), []).append(text)

    def check(self) -> None:
        """Throw what is wrong so far, as one answer."""
        if self.wrong:
            raise InvalidRequest(self.wrong)

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}"


def read_body(body: bytes, parameter: str) -> Members:
    """The object in a body. Throws a 400 if there is none; ``parameter`` is its name in ModelState."""
    try:
        given = _decoder.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise InvalidRequest({parameter: [f"The body is not JSON: {exc}"]}) from exc
    if not isinstance(given, dict):
        raise InvalidRequest({parameter: ["The body must be a JSON object."]})
    return Members(parameter, given, {})


def _short(value: object) -> str:
    text = "a large number" if isinstance(value, int) and abs(value) > _HUGE else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
