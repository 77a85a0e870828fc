"""What the product says to people: the texts of its sources, to hold what documents quote against them."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from members import ROOT

GAP = "…"
FILLED = re.compile(r"%\(\w+\)s|\{\w*\}")
"""Places in a text that a name or a number is put into."""
SOURCES = ("core", "hooks", "plugins")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def quoted_in(document: str) -> Iterator[str]:
    """What stands in bold in a document: texts of the product, with a gap where they differ."""
    for found in BOLD.findall((ROOT / document).read_text("utf-8")):
        yield " ".join(found.split())


def is_said(quoted: str) -> bool:
    """Does one text of the sources hold it, with anything in its gaps?"""
    pieces = [re.escape(piece) for piece in quoted.split(GAP)]
    wanted = re.compile(".*?".join(pieces), re.DOTALL)
    return any(wanted.search(text) for text in texts())


@cache
def texts() -> frozenset[str]:
    """All strings of the code, but for docstrings, and what stands between the tags of templates; not the emulators'."""
    found: set[str] = set()
    for path in (one for name in SOURCES for one in (ROOT / name).rglob("*") if "_emulator" not in str(one)):
        if path.suffix == ".py":
            found |= set(_strings(ast.parse(path.read_text("utf-8"))))
        elif path.suffix == ".html":
            found |= set(re.split(r"<[^>]*>|\"\)", path.read_text("utf-8")))
    return frozenset(found)


def _strings(tree: ast.AST) -> Iterator[str]:
    docstrings = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if id(one) in docstrings:
            continue
        if isinstance(one, ast.JoinedStr):
            yield "".join(part.value if _is_text(part) else GAP for part in one.values)  # type: ignore[attr-defined]
        elif _is_text(one):
            yield FILLED.sub(GAP, one.value)  # type: ignore[attr-defined]


def _is_text(one: ast.AST) -> bool:
    return isinstance(one, ast.Constant) and isinstance(one.value, str)
