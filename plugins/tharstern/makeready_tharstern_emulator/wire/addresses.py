"""Addresses in their two shapes: flat ``AddressLine1..3`` (S1) and ``AddressLines[]`` (S4)."""

import re
from typing import Any

from makeready_tharstern_emulator.wire.bodies import Members

_COMMON = ("City", "Region", "Country", "Postcode", "Telephone", "Fax")
_CODE = re.compile("[A-Za-z]{2,3}")
"""What a country code looks like: two letters, or three."""


def read_address(given: Members) -> dict[str, Any]:
    """An address in the flat shape, whichever it came in; empty if there is none."""
    if not given.given:
        return {}
    lines = given.texts("AddressLines")
    flat: dict[str, Any] = {}
    for n in range(3):
        line = lines[n] if n < len(lines) else given.text(f"AddressLine{n + 1}")
        flat[f"AddressLine{n + 1}"] = line or None
    return flat | {name: given.text(name) or None for name in _COMMON}


def country_problem(address: dict[str, Any], mode: str) -> str | None:
    """What strict handling of countries says (S6: it was a hindrance; the rule is unknown)."""
    country = address.get("Country") or ""
    is_code = _CODE.fullmatch(country) is not None
    if (mode == "names" and is_code) or (mode == "codes" and not is_code):
        return f"Country '{country}' is not known."
    return None
