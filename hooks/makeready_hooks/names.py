"""Names that people type (stages, statuses, groups, sites) are compared in one way; ids and codes are not names: they are
any text, written in one way where not every character can stand.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple, TypeVar
from urllib.parse import quote

T = TypeVar("T")


class Place(NamedTuple):
    """Where ids are written. A character that cannot stand there becomes the sign and two hexadecimal digits, for each byte
    of its UTF-8. What can stand there stays as it is, and every text comes back from it.
    """

    sign: str
    lacks: re.Pattern[str]
    """What cannot stand there: the sign as well, where it would be read as one."""

    def write(self, text: str) -> str:
        return self.lacks.sub(lambda found: self._escaped(found[0]), text)

    def read(self, written: str) -> str:
        """Also of what nobody wrote in this way: a sign without two digits after it is itself."""
        digits = rf"(?:{self.sign}[0-9a-fA-F]{{2}})+"
        return re.sub(digits, lambda found: self._meant(found[0]), written)

    def _escaped(self, text: str) -> str:
        return "".join(f"{self.sign}{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))

    def _meant(self, digits: str) -> str:
        try:
            return bytes.fromhex(digits.replace(self.sign, "")).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return digits


SEGMENT = Place("~", re.compile(r"[/\\\x00-\x1f\x7f\ud800-\udfff]|^\.|~(?=[0-9a-fA-F]{2})"))
"""One part of the path of an address, before it is percent-encoded: a slash would be two parts, two dots would go up."""
FILE_NAME = Place(
    "~", re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f\ud800-\udfff]|^[\s.]|[\s.]$|~(?=[0-9a-fA-F]{2})')
)
"""Of any system that people use."""
LOWER_CASE = Place("-", re.compile(r"[^a-z0-9]"))
"""Where only small letters, digits and hyphens stand, and capital letters make no difference."""


def in_path(text: str) -> str:
    """As one part of the path of an address, in a link or a call of ours."""
    return quote(SEGMENT.write(text), safe="")


def as_attachment(file_name: str) -> str:
    """The header Content-Disposition of a file that is downloaded under this name."""
    return f"attachment; filename*=UTF-8''{quote(FILE_NAME.write(file_name), safe='')}"


@lru_cache(maxsize=1000)
def name_key(name: str) -> str:
    """What two spellings of a name have in common: spaces at the ends, their number within, small and capital letters,
    and the forms that Unicode has for one letter make no difference.
    """
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def same_name(one: str, other: str) -> bool:
    return name_key(one) == name_key(other)


def by_name(given: Mapping[str, T], name: str) -> T | None:
    """The value that belongs to a name, however it was typed; None if there is none."""
    return {name_key(one): value for one, value in given.items()}.get(name_key(name))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that somebody may have meant; "" if none is near. It is offered, never taken."""
    spellings = {name_key(one): one for one in known}
    found = get_close_matches(name_key(name), spellings, n=1, cutoff=0.6)
    return spellings[found[0]] if found else ""
