"""Invented texts in the place of real ones: of the same shape, the same for the same text over a whole capture."""

import hmac
from collections.abc import Iterator
from itertools import count

VOWELS, CONSONANTS, DIGITS = "aeiou", "bcdfghjklmnprstvwxz", "123456789"
TRIES = 200


class Inventor:
    """``key`` is random and is forgotten with the capture, so that nobody finds a text by trying names."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()

    def avoid(self, text: str) -> None:
        """A real one that is nobody's invented one."""
        self._taken.add(text.lower())

    def shape(self, text: str) -> str:
        """Letters for letters, digits for digits, all else as it is."""
        lower = text.lower()
        if lower not in self._known:
            self._known[lower] = self._invent(lower)
        return _in_case_of(text, self._known[lower])

    def words(self, text: str) -> str:
        """Each word by itself, so that a first name is the same alone."""
        return " ".join(self.shape(word) for word in text.split(" "))

    def email(self, text: str) -> str:
        """At a domain that nobody can have."""
        name, _, domain = text.rpartition("@")
        labels = domain.split(".")[:-1] or [domain]
        return f"{self.shape(name)}@{'.'.join(self.shape(one) for one in labels)}.example"

    def _invent(self, text: str) -> str:
        for attempt in range(TRIES):
            made = "".join(map(_like, text, self._numbers(f"{attempt} {text}")))
            if made not in self._taken and (made != text or not text.isalnum()):
                break
        self._taken.add(made)
        return made

    def _numbers(self, seed: str) -> Iterator[int]:
        for block in count():
            yield from hmac.digest(self._key, f"{block} {seed}".encode("utf-8", "surrogatepass"), "sha256")


def _like(char: str, number: int) -> str:
    if char.isdigit():
        return DIGITS[number % len(DIGITS)]
    if char.isalpha():
        of = VOWELS if char in "aeiouyäöüáéíóúàèìòùâêîôû" else CONSONANTS
        return of[number % len(of)]
    return char


def _in_case_of(text: str, made: str) -> str:
    if len(text) != len(made):
        return made
    return "".join(new.upper() if old.isupper() else new for old, new in zip(text, made, strict=True))
