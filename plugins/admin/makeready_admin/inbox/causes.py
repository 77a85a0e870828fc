"""Reasons by their cause: *Customer 87cd was not found* is the same as *Customer 99ab was not found*. Pure."""

import re
from collections.abc import Iterable

OF_ONE_ORDER = re.compile(r"\"[^\"]*\"|'[^']*'|\b[\w@.+-]*\d[\w@.+-]*\b|\b[\w.+-]+@[\w.-]+\b")
"""Numbers, codes, addresses and what is quoted: what differs from order to order."""
FIRST_SENTENCE = re.compile(r"^.*?[.!?](?=\s|$)", re.DOTALL)


def cause_of(reason: str) -> str:
    """The first sentence of a reason, without what is of one order alone."""
    found = FIRST_SENTENCE.match(reason.strip())
    sentence = found.group() if found else reason.strip()
    return re.sub(r"…(?:[\s,;/-]+…)+", "…", OF_ONE_ORDER.sub("…", sentence))


def count_alike(reason: str, others: Iterable[str]) -> int:
    """How many of these reasons have its cause."""
    cause = cause_of(reason)
    return sum(cause_of(one) == cause for one in others)
