"""Sentences that rooms make, recognised by their fixed words and said in another language. Pure.

The ledger, the logs and the API keep what happened in English. A catalogue holds the fixed form of such a sentence,
*Customer %(customer)s was not found.*; what stood for its names goes into the translation. What nobody has translated,
and what a vendor says in its own words, stays as it is.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

NAME = re.compile(r"%\((\w+)\)[sd]")
END = re.compile(r"(?<=[.!?])\s+(?=\S)")
"""Where one sentence may end and the next begin."""
KEPT = 4096
"""Texts whose translation is remembered."""
LONGEST = 4000
"""Characters; what is longer was not made by us."""
ADDED = re.compile("[:;,] ")
ENOUGH = 6
"""Fixed letters by which a sentence is known; *%(text)s as %(label)s* is one if its text is a sentence."""
MOST_TOGETHER = 6
"""A name of a sentence may hold ends of sentences of its own: so many pieces are looked at as one."""


class Sentence:
    def __init__(self, english: str, said: str) -> None:
        pieces = NAME.split(english)
        names: set[str] = set()
        written = ""
        for index, piece in enumerate(pieces):
            if index % 2 == 0:
                written += re.escape(piece.replace("%%", "%"))
            elif piece in names:
                written += f"(?P={piece})"
            else:
                names.add(piece)
                written += f"(?P<{piece}>.*?)"
        self._written = written
        self._said = said
        fixed = [piece.replace("%%", "%") for piece in pieces[::2]]
        self.core = max(fixed, key=len)
        """Its longest fixed part."""
        self.letters = sum(map(len, fixed))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self._written, re.DOTALL)

    def values(self, text: str) -> Mapping[str, str] | None:
        found = self._pattern.fullmatch(text)
        return found.groupdict() if found else None

    def say(self, values: Mapping[str, str]) -> str:
        return self._said % values


class Sentences:
    def __init__(self, texts: Mapping[str, str]) -> None:
        self._exact = {text: said for text, said in texts.items() if not NAME.search(text)}
        self._shaped = [(text, said) for text, said in texts.items() if NAME.search(text)]
        self._patterns: list[Sentence] | None = None
        self._remembered = lru_cache(KEPT)(self._told)

    def told(self, text: str) -> str:
        return self._remembered(text) if self._exact and text and len(text) <= LONGEST else text

    def _told(self, text: str) -> str:
        whole = self._known(text)
        if whole is not None:
            return whole
        pieces = END.split(text)
        return " ".join(self._pieces(pieces)) if len(pieces) > 1 else self._with_more(text)

    def _with_more(self, text: str) -> str:
        """*seen in the shop: approved*, *shortened; told in a note*: one that is known, and what was added to it."""
        for found in ADDED.finditer(text):
            if (said := self._known(text[: found.start()])) is not None:
                return f"{said}{found.group()}{self._told(text[found.end() :])}"
        return text

    def _pieces(self, pieces: list[str]) -> Iterable[str]:
        start = 0
        while start < len(pieces):
            for end in range(start + 1, min(len(pieces), start + MOST_TOGETHER) + 1):
                said = self._known(" ".join(pieces[start:end]))
                if said is not None:
                    yield said
                    start = end
                    break
            else:
                yield self._with_more(pieces[start])
                start += 1

    def _known(self, text: str) -> str | None:
        said = self._exact.get(text)
        if said is not None:
            return said.replace("%%", "%")
        for one in self._all():
            if one.core in text and (values := one.values(text)) is not None:
                said_values = {name: self._value(value, text) for name, value in values.items()}
                if one.letters >= ENOUGH or said_values != values:
                    return one.say(said_values)
        return None

    def _value(self, value: str, whole: str) -> str:
        """What stands for a name may be such a sentence itself; a single word is never taken for one."""
        return self._told(value) if " " in value and len(value) < len(whole) else value

    def _all(self) -> list[Sentence]:
        """Those with the most fixed words first, so that a general form takes nothing from a particular one."""
        if self._patterns is None:
            made = [Sentence(text, said) for text, said in self._shaped]
            self._patterns = sorted(made, key=lambda one: one.letters, reverse=True)
        return self._patterns
