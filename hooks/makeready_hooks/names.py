"""Names that people type (stages, statuses, groups, sites) are compared in one way; ids and codes are not names."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


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
