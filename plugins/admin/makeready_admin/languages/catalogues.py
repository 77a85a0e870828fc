"""Catalogues of translated texts: which languages there are, and what each says.

English stands where it is said. A language is a folder of ``.po`` files, named as its locale (``de``, ``pt_BR``): ours
beside this file; those of other distributions, whose entry points ``makeready.languages`` name a package with a folder
``languages``; and those
of the folder that ``MAKEREADY_LANGUAGES`` names. All that are found for a language count, the later before the earlier.
"""

import importlib.resources
import os
from collections.abc import Iterator, Mapping
from functools import cache
from gettext import c2py
from importlib.metadata import entry_points
from pathlib import Path

import structlog
from msgspec import Struct

from makeready_admin.languages.sentences import Sentences

log = structlog.get_logger("makeready.languages")

GROUP = "makeready.languages"
FOLDER = "MAKEREADY_LANGUAGES"
ENGLISH = "en"
TOLD = "told.po"
"""Sentences of rooms and connectors; the other files are of pages."""

Forms = str | tuple[str, ...]
"""A text, or its forms by number."""


class Language:
    """What one language says. English says everything as it stands."""

    def __init__(
        self, name: str, texts: Mapping[str, Forms], told: Mapping[str, Forms], plural: str = "n != 1"
    ) -> None:
        self.name = name
        self._texts = texts
        self._form = c2py(plural)
        self._sentences = Sentences({text: _first(said) for text, said in told.items()})

    def one(self, text: str) -> str:
        return _first(self._texts.get(text, text))

    def of(self, one: str, many: str, number: int) -> str:
        forms = self._texts.get(one)
        if isinstance(forms, tuple):
            return forms[min(self._form(number), len(forms) - 1)]
        return one if number == 1 else many

    def told(self, text: str) -> str:
        """A sentence of a room; or a word of the pages that was marked."""
        said = self._texts.get(text)
        return self._sentences.told(text) if said is None or "%(" in text else _first(said)


def _first(said: Forms) -> str:
    return said if isinstance(said, str) else said[0]


class Offered(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    """As its own speakers call it."""


@cache
def folders() -> Mapping[str, tuple[Path, ...]]:
    """Folders of catalogues by language. English needs none."""
    found: dict[str, tuple[Path, ...]] = {ENGLISH: ()}
    for root in _roots():
        for folder in sorted(root.iterdir()):
            if any(folder.glob("*.po")) and _locale(folder.name):
                found[folder.name] = (*found.get(folder.name, ()), folder)
    return found


def _roots() -> Iterator[Path]:
    yield Path(__file__).parent
    for point in entry_points(group=GROUP):
        yield Path(str(importlib.resources.files(point.module))) / "languages"
    if (given := os.environ.get(FOLDER)) and Path(given).is_dir():
        yield Path(given)


def _locale(name: str) -> str:
    """What the language is called by its speakers; empty if nobody knows a language of this name."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only who reads another language needs it

    try:
        return (Locale.parse(name).get_display_name(name) or name).capitalize()
    except (ValueError, UnknownLocaleError):
        log.warning("folder names no language", folder=name)
        return ""


@cache
def offered() -> tuple[Offered, ...]:
    """What people can choose, English first."""
    return tuple(Offered(name=name, title=_locale(name)) for name in folders())


@cache
def language(name: str) -> Language:
    """Read when somebody first reads in it. Of a name that is not offered: English."""
    texts: dict[str, Forms] = {}
    told: dict[str, Forms] = {}
    plural = ""
    for folder in folders().get(name, ()):
        for path in sorted(folder.glob("*.po")):
            plural = _read(path, told if path.name == TOLD else texts) or plural
    return Language(name, texts, told, plural or "n != 1")


def _read(path: Path, texts: dict[str, Forms]) -> str:
    """Add what a catalogue has translated. Returns its rule of plurals."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - only who reads another language needs it

    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        said = message.string
        if message.id and not message.fuzzy and (all(said) if isinstance(said, tuple | list) else said):
            key = message.id if isinstance(message.id, str) else message.id[0]
            texts[key] = said if isinstance(said, str) else tuple(said or ())
    return str(catalogue.plural_expr)
