"""Names of a vendor's as names of Python's."""

import keyword
import re

TYPES = {"Any", "Annotated", "Decimal", "Field", "IntEnum", "StrEnum", "Struct", "None", "True", "False"}
MEMBERS = {"str", "int", "bool", "tuple", "dict", "dt", "field", "self", "body", "wire", "msgspec"}


LONGEST = 40


class Names:
    """Each is given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def type_name(self, text: str) -> str:
        """``order-line`` is ``OrderLine``."""
        words = [word for word in re.split(r"[^0-9A-Za-z]+", text) if word]
        name = "".join(word[0].upper() + word[1:] for word in words) or "Shape"
        return self._once(f"Shape{name}" if name[0].isdigit() or name in TYPES else name)

    def member(self, text: str) -> str:
        """``orderLines``, ``order-lines`` are ``order_lines``."""
        text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", text))
        name = re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_") or "member"
        if name[0].isdigit():
            name = f"n_{name}"
        name = (
            name[:LONGEST].rpartition("_")[0]
            if len(name) > LONGEST and "_" in name[:LONGEST]
            else name[:LONGEST]
        )
        return self._once(f"{name}_" if keyword.iskeyword(name) or name in MEMBERS else name)

    def constant(self, text: str) -> str:
        """Of an enumeration."""
        name = re.sub(r"[^0-9A-Z]+", "_", text.upper()).strip("_") or "EMPTY"
        return self._once(f"VALUE_{name}" if name[0].isdigit() else name)

    def _once(self, name: str) -> str:
        found, count = name, 1
        while found in self._given:
            count += 1
            found = f"{name}_{count}" if name.islower() or name.isupper() else f"{name}{count}"
        self._given.add(found)
        return found
