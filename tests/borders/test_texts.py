"""What people read in the pages stands in the catalogue: no text of a template goes past it."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from makeready_hooks import errors
from members import ROOT

TEMPLATES = sorted((ROOT / "plugins/admin/makeready_admin").glob("*/templates/*.html"))
CODE = sorted((ROOT / "plugins/admin/makeready_admin").glob("*/*.py"))
OF_OURS = {
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, errors.MakereadyError)
}
GATHERED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}|{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Makeready", "MIS", "UTC", "JSON", "CSV"}
"""Words that no language has otherwise."""
READ_OUT = ("aria-label", "placeholder", "title", "alt")


class _Words(HTMLParser):
    """Texts, and attributes that people read, outside of what is code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("script", "style", "code")
        self.found += [value or "" for name, value in attrs if name in READ_OUT]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.found.append(data)


def past_the_catalogue(source: str) -> list[str]:
    reader = _Words()
    reader.feed(GATHERED.sub(" ", source))
    return [text.strip() for text in reader.found if set(WORD.findall(text)) - NAMES]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_texts_of_pages_are_in_the_catalogue(path: Path) -> None:
    assert past_the_catalogue(path.read_text()) == []


def test_a_text_that_goes_past_it_is_seen() -> None:
    assert past_the_catalogue('<p title="Who">{{ _("Sent") }} by {% trans %}you{% endtrans %}</p>') == [
        "Who",
        "by",
    ]


def said_in_errors(source: str) -> list[str]:
    """Texts of the viewer's language in what is raised as one of our errors."""
    raised = [node.exc for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise) and node.exc]
    return [
        ast.unparse(call)
        for error in raised
        if isinstance(error, ast.Call) and ast.unparse(error.func) in OF_OURS
        for call in ast.walk(error)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("_", "gettext", "ngettext")
    ]


@pytest.mark.parametrize("path", CODE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_errors_are_english(path: Path) -> None:
    """They are kept in the audit log; pages recognise them (`told`)."""
    assert said_in_errors(path.read_text()) == []


def test_an_error_in_another_language_is_seen() -> None:
    assert said_in_errors('raise ConfigError(_("Wrong."), field="a")') == ["_('Wrong.')"]


def said_too_early(tree: ast.AST) -> list[int]:
    """Lines that say a text when the module is loaded, in nobody's language: `marked` is for these."""
    found: list[int] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_n"):
            found.append(node.lineno)
        todo += ast.iter_child_nodes(node)
    return sorted(found)


@pytest.mark.parametrize("path", CODE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_text_is_said_to_somebody(path: Path) -> None:
    assert said_too_early(ast.parse(path.read_text())) == []


def test_a_text_that_is_said_too_early_is_seen() -> None:
    source = "A = {1: _('Early')}\nB = [lambda: _('In time')]\ndef f():\n    return _('In time')\n"
    assert said_too_early(ast.parse(source)) == [1]
