"""Edges change nothing through a store: operations, pages and commands ask the functions of rooms, which say who did it
and what else has to happen. What writes is read from the stores' own source; an edge is known by what it is made with.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from members import EXTENSIONS, ROOT

SOURCES = [
    path
    for folder in (ROOT / "core" / "makeready", *EXTENSIONS)
    for path in sorted(folder.rglob("*.py"))
    if "makeready_lab" not in path.parts
]
EDGE = re.compile(
    r"^import click|^from (starlette\.routing|makeready_admin\.web\.page|makeready\.web\.api\.operation) import ",
    re.MULTILINE,
)
WRITERS = {"_execute", "write"}


def edges() -> list[Path]:
    return [path for path in SOURCES if EDGE.search(path.read_text())]


@cache
def writing() -> frozenset[str]:
    """Names of methods of stores that write, themselves or by another one of theirs."""
    classes = [
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    ]
    stores = {"StorePart"}
    while more := {one.name for one in classes if stores & set(map(_name, one.bases))} - stores:
        stores |= more
    parts = [one for one in classes if one.name in stores]
    return frozenset(name for one in parts for name in _writing_in(one))


def _writing_in(part: ast.ClassDef) -> set[str]:
    methods = [one for one in part.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    calls = {
        one.name: {_name(call.func) for call in ast.walk(one) if isinstance(call, ast.Call)}
        for one in methods
    }
    found: set[str] = set()
    while more := {name for name, called in calls.items() if called & (WRITERS | found)} - found:
        found |= more
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def changes(source: str) -> Iterator[str]:
    """Calls of a writing method of a store, or of a part of one under another name."""
    tree = ast.parse(source)
    stores: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if _is_store(node.value, stores):
                stores |= {_name(one) for target in targets for one in ast.walk(target)} - {""}
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in writing() and _is_store(called.value, stores):
            yield f"{called.lineno}: {ast.unparse(called)}"


def _is_store(node: ast.expr, stores: set[str]) -> bool:
    """``….store``, a part of it, a name for either, or what a function ``…_of`` of an installation gives."""
    if isinstance(node, ast.Tuple):
        return any(_is_store(one, stores) for one in node.elts)
    if isinstance(node, ast.Call):
        return _name(node.func).endswith("_of") and any(
            "installation" in ast.unparse(one) for one in node.args
        )
    if isinstance(node, ast.Attribute):
        return node.attr == "store" or _is_store(node.value, stores)
    return isinstance(node, ast.Name) and node.id in stores


def test_no_edge_changes_state_through_a_store() -> None:
    found = [f"{path.relative_to(ROOT)}:{one}" for path in edges() for one in changes(path.read_text())]
    assert found == []


def test_edges_and_writes_are_found() -> None:
    names = {str(path.relative_to(ROOT)) for path in edges()}
    assert {
        "plugins/operations/makeready_operations/orders.py",
        "plugins/admin/makeready_admin/orders/decisions.py",
        "plugins/commands/makeready_commands/key.py",
    } <= names
    assert {"move", "accept", "save", "reencrypt", "keep", "add"} <= writing()
    assert not {"submission", "find", "known", "of_site", "counts"} & writing()


@pytest.mark.parametrize(
    "planted",
    [
        "async def cancel(call):\n    await call.installation.store.ledger.move(one, two)",
        "async def cancel(visit):\n    ledger = visit.installation.store.ledger\n    await ledger.accept(one)",
        "async def cancel(call):\n    store, name = call.installation.store, 1\n    await store.files.add(one)",
        "async def out(visit):\n    await sessions_of(visit.installation).end(1)",
    ],
)
def test_a_planted_change_is_seen(planted: str) -> None:
    assert len(list(changes(planted))) == 1


def test_reading_is_let_through() -> None:
    text = "async def show(call):\n    found = await call.installation.store.ledger.submission(one)\n    found.move()"
    assert list(changes(text)) == []
