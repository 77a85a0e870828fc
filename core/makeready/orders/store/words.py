"""Words by which order lines are found: of the customer and of the product, each from its beginning.

A line keeps its words in one text, each with a letter before it that says what it is of: `` ccarla
clenz pposter ``. An index of the words (FTS5) holds the same, with the subscriber as one more.
"""

import re
import unicodedata

PARTS = re.compile(r"[^\W_]+")
CUSTOMER = "c"
PRODUCT = "p"
SUBSCRIBER = "s"
MAX_WORDS = 60


def words_of(subscriber: str, customer: str, product: str) -> str:
    """What a line keeps: each word once."""
    marked = [
        _subscriber_word(subscriber),
        *(CUSTOMER + word for word in split(customer)),
        *(PRODUCT + word for word in split(product)),
    ]
    return f" {' '.join(dict.fromkeys(marked))}"


def wanted_words(customer: str, product: str) -> tuple[str, ...]:
    """The beginnings of words that a line must have, all of them."""
    return (*(CUSTOMER + word for word in split(customer)), *(PRODUCT + word for word in split(product)))


def match_of(subscriber: str, wanted: tuple[str, ...]) -> str:
    """The same for the index of words. Words hold letters and digits only: nothing to be escaped."""
    return " ".join((f'"{_subscriber_word(subscriber)}"', *(f'"{word}"*' for word in wanted)))


def split(text: str) -> list[str]:
    """Words without accents and capitals: Müller and MULLER are the same."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return list(dict.fromkeys(PARTS.findall(kept)))[:MAX_WORDS]


def _subscriber_word(subscriber: str) -> str:
    """Two subscribers may share it: the line itself says whose it is."""
    return SUBSCRIBER + "".join(split(subscriber))
