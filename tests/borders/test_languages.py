"""German is complete: every text of the pages, with its names, in its plural forms; nothing that nobody says any more."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from members import ROOT

PAGES = ROOT / "plugins/admin/makeready_admin/languages"
TEMPLATES = sorted(ROOT.glob("plugins/*/*/languages/*.pot"))
NAME = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%|<[^>]+>")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def translated(template: Path) -> Path:
    return template.parent / "de" / f"{template.stem}.po"


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_german_says_every_text_of_the_pages() -> None:
    german = read(PAGES / "de/texts.po")
    unsaid = [
        message.id
        for message in texts(read(PAGES / "texts.pot"))
        if (said := german[message.id]) is None or said.fuzzy or not all(forms(said))
    ]
    assert unsaid == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_german_says_nothing_that_nobody_says_any_more(template: Path) -> None:
    known = read(template)
    assert [one.id for one in texts(read(translated(template))) if known[one.id] is None] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_translations_hold_the_names_of_their_texts(template: Path) -> None:
    """All of them in a page's text; a sentence may leave one out, such as the ending of an English plural."""
    wrong = []
    for message in texts(read(translated(template))):
        english = (message.id,) if isinstance(message.id, str) else message.id
        for one, said in zip(english, forms(message), strict=True):
            names, wanted = set(NAME.findall(said)), set(NAME.findall(one))
            if names - wanted if template.stem == "told" else names != wanted:
                wrong.append((one, said))
    assert wrong == []
