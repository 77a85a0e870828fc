"""Words by which order lines are found: of the customer, the product and the rest of the order, each from its beginning.

A line keeps its words in one text, each with a letter before it that says what it is of: `` ccarla
clenz pposter ``. An index of the words (FTS5) holds the same, with the subscriber as one more, and the state in which
the line is, if lines stay in it: so words that many have are found in a state that many are in. Nearly all lines end as
accepted: that state has no word, which would cost each of them a change of the index, and is looked for as none of the
others.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from makeready.orders.model import LineState

PARTS = re.compile(r"[^\W_]+")
CUSTOMER = "c"
PRODUCT = "p"
OTHER = "o"
SUBSCRIBER = "s"
STATE = "x"
LASTING = (
    LineState.WAITING,
    LineState.ACCEPTED,
    LineState.IGNORED,
    LineState.REFUSED,
    LineState.CANCELLED,
    LineState.PARKED,
)
"""A line is in the others on its way from one of these to another."""
WITH_A_WORD = tuple(one for one in LASTING if one is not LineState.ACCEPTED)
MAX_WORDS = 60
INDEXED_BEGINNINGS = (2, 3, 4, 5, 6)
"""Characters, the mark among them."""


Wanted = tuple[tuple[str, ...], ...]
"""Of each of them a line has one beginning at least."""


def words_of(subscriber: str, customer: str, product: str, other: str = "") -> str:
    """What a line keeps: each word once."""
    marked = [
        _subscriber_word(subscriber),
        *(CUSTOMER + word for word in split(customer)),
        *(PRODUCT + word for word in split(product)),
        *(OTHER + word for word in split(other)),
    ]
    return f" {' '.join(dict.fromkeys(marked))}"


def wanted_words(customer: str, product: str, anything: str = "") -> Wanted:
    """The beginnings of words that a line must have. ``anything``: of whatever."""
    return (
        *((CUSTOMER + word,) for word in split(customer)),
        *((PRODUCT + word,) for word in split(product)),
        *((CUSTOMER + word, PRODUCT + word, OTHER + word) for word in split(anything)),
    )


def match_of(
    subscriber: str, wanted: Wanted, state: str = "", *, named: Callable[[str], Sequence[str]]
) -> str:
    """The same for the index of words. Words hold letters and digits only: nothing to be escaped. ``state``: in which the
    lines are, as far as the index knows. ``named``: the words that it has of a beginning, or none. Of a beginning without an
    index all entries are read before the first is compared; of a word only those where the others have some too.
    """
    whose = [_subscriber_word(subscriber), *([STATE + state] if state in WITH_A_WORD else ())]
    each = (_any_of([term for beginning in one for term in _terms(beginning, named)]) for one in wanted)
    is_none = (
        f" NOT {_any_of([_quoted(STATE + one) for one in WITH_A_WORD])}"
        if state == LineState.ACCEPTED
        else ""
    )
    return " AND ".join((*map(_quoted, whose), *each)) + is_none


def _terms(beginning: str, named: Callable[[str], Sequence[str]]) -> list[str]:
    words = () if len(beginning) in INDEXED_BEGINNINGS else named(beginning)
    return [_quoted(word) for word in words] or [f"{_quoted(beginning)}*"]


def _quoted(word: str) -> str:
    return f'"{word}"'


def _any_of(terms: Sequence[str]) -> str:
    return f"({' OR '.join(terms)})"


def split(text: str) -> list[str]:
    """Words without accents and capitals: Müller and MULLER are the same."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return list(dict.fromkeys(PARTS.findall(kept)))[:MAX_WORDS]


def _subscriber_word(subscriber: str) -> str:
    """Two subscribers may share it: the line itself says whose it is."""
    return SUBSCRIBER + "".join(split(subscriber))
