"""Every statement on rows that belong to companies names the company, or says why it need not.

The statements are read from the source, with the names in them put in: one that no test runs is seen as well. Those
that rightly span companies say so where they stand, in a comment: ``# company: why``.
"""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from makeready.plugins import load_tables
from makeready.storage.migrate import bring_up_to_date
from makeready.stores import Store
from members import EXTENSIONS, ROOT
from noted import call
from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite
from twin import COMPANY, unharmed

SOURCES = [
    path
    for folder in (ROOT / "core" / "makeready", *EXTENSIONS)
    for path in sorted(folder.rglob("*.py"))
    if path.name != "schema.py"
]
MARK = "# company: "
STATEMENT = re.compile(r"^\s*(select|insert|update|delete|with)\b", re.IGNORECASE)
NO_ALIAS = "where|set|join|left|cross|on|using|indexed|order|group"
TABLE = rf"\b(?:from|join|update|into)\s+(\w+)(?:\s+(?:as\s+)?(?!(?:{NO_ALIAS})\b)(\w+))?"


class Statement(NamedTuple):
    line: int
    text: str
    marked: bool


@cache
def tables() -> frozenset[str]:
    """Those with a company in each row."""
    db = Sqlite(sqlite.connect(":memory:"))
    bring_up_to_date(db, load_tables())
    found = {table.name for table in db.tables if "subscriber" in table.columns_dict}
    return frozenset(
        found - {"audit", "tokens", "users"}
    )  # the installation's: an empty company is all of them


def statements(source: str, names: Mapping[str, Any]) -> Iterator[Statement]:
    """Texts that are SQL, with the values of module-level names in them, and ``?`` for what is not known here."""
    lines, tree = source.splitlines(), ast.parse(source)
    left_out = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    left_out |= _parts_of_others(tree)
    for node in ast.walk(tree):
        text = None if id(node) in left_out else _text(node, names)
        if text is not None and STATEMENT.match(text):
            near = "\n".join(lines[max(0, node.lineno - 3) : node.end_lineno])
            yield Statement(node.lineno, text, MARK in near)


def _parts_of_others(tree: ast.Module) -> set[int]:
    """Texts of names that are only put into other texts: they are seen there."""
    put_in = [part.value for part in ast.walk(tree) if isinstance(part, ast.FormattedValue)]
    names = {node.id for node in put_in if isinstance(node, ast.Name)}
    alone = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in put_in
    }
    return {
        id(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in names - alone
    }


def _text(node: ast.AST, names: Mapping[str, Any]) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    return "".join(str(_value(part, names)) for part in node.values)


def _value(part: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(part, ast.Constant):
        return part.value
    if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name):
        return names.get(part.value.id, "?")
    return "?"


def nameless(text: str) -> list[str]:
    """Tables of companies in a statement whose company no condition names.

    In ``insert`` the company is a column. Otherwise each table, by its alias if it has one, stands beside
    ``subscriber =`` in a condition of the same part of the statement.
    """
    return [table for part in _parts(text) for table in _nameless(part)]


def _parts(text: str) -> list[str]:
    """The statement and the selects within it, each without those inside; halves of a union apart."""
    parts, stack = [], [""]
    for word in re.split(r"(\(|\)|\bunion\b(?:\s+all\b)?)", text, flags=re.IGNORECASE):
        if word == "(":
            stack.append("")
        elif word == ")" and len(stack) > 1:
            inside = stack.pop()
            is_select = re.match(r"\s*select\b", inside, re.IGNORECASE)
            parts += [inside] if is_select else []
            stack[-1] += " nested " if is_select else f"({inside})"
        elif word.lower().startswith("union"):
            parts.append(stack[-1])
            stack[-1] = ""
        else:
            stack[-1] += word
    return parts + stack[::-1]


def _nameless(part: str) -> Iterator[str]:
    if found := re.match(r"\s*insert\s+(?:or\s+\w+\s+)?into\s+(\w+)\s*\(([^)]*)\)(.*)", part, re.I | re.S):
        if found[1] in tables() and "subscriber" not in found[2]:
            yield found[1]
        part = re.sub(r"\bon\s+conflict\b.*", "", found[3], flags=re.I | re.S)
    named = _named(part)
    if re.search(r"\b(from|join|update|into)\s+\?", part, re.IGNORECASE) and not named:
        yield "a table that is not known here"
    for table, alias in re.findall(TABLE, part, re.IGNORECASE):
        if table in tables() and not named & {alias or table, table, ""}:
            yield table


def _named(part: str) -> set[str]:
    """Aliases whose company is compared with a value; "" for a company of no alias."""
    condition = re.split(r"\b(?:where|on|using)\b", part, maxsplit=1, flags=re.IGNORECASE)[1:]
    text = " ".join(condition)
    pairs = re.findall(r"(?:(\w+)\.)?subscriber\s*=\s*(?:(\w+)\.subscriber|[?:'])", text)
    named = {alias for alias, other in pairs if not other}
    named |= set(
        re.findall(r"(?:(\w+)\.)?\b(?:row)?id\s*(?:=|in)\s+nested", text)
    )  # rows found by a select within
    links = [{alias, other} for alias, other in pairs if other]
    if re.search(r"using\s*\(subscriber", part):
        named |= {""} if named else set()
    inside = set(re.findall(TABLE, part, re.IGNORECASE))
    own = {name for pair in inside for name in pair if name}
    for _ in links:
        for link in links:  # joined to one that is named, or to a row of the statement around it
            if link & named or link - own:
                named |= link
    return named


def in_file(path: Path) -> Iterator[str]:
    """Where a statement neither names the company nor says why not."""
    source = path.read_text()
    if not any(table in source for table in tables()):
        return
    inside = path.relative_to(ROOT).with_suffix("").parts
    module = importlib.import_module(".".join(inside[1 if inside[0] == "core" else 2 :]))
    for one in statements(source, vars(module)):
        if not one.marked and (found := nameless(one.text)):
            yield f"{path.relative_to(ROOT)}:{one.line} {', '.join(found)}"


def test_every_statement_names_the_company_or_says_why_not() -> None:
    assert [place for path in SOURCES for place in in_file(path)] == []


NAMED = """{PART}
sql = "select * from order_lines where subscriber = ? and order_number = ?"
sql = "insert into files (subscriber, url) values (?, ?) on conflict do update set told = 1"
sql = "update progress set status = ? where subscriber = ? and line = ?"
sql = "select s.key from order_lines l join submissions s on s.subscriber = l.subscriber where l.subscriber = ?"
sql = "update attempts set answer = ? where id = (select max(id) from attempts where subscriber = ?)"
sql = f"{PART} where l.subscriber = ?"
sql = "select * from clocks"
# company: every one's, for the sake of this test
sql = "select * from files"
"""
NAMELESS = (
    'sql = "select * from order_lines where order_number = ?"',
    'sql = "delete from stock_levels"',
    'sql = "insert into files (url) values (?)"',
    'sql = "update progress set status = ? where line = ?"',
    'sql = "select s.key from order_lines l join submissions s on s.key = l.submission where l.subscriber = ?"',
    'sql = "select 1 from clocks where seen in (select at from calls)"',
    'sql = "select key from submissions where subscriber = ? union select url from files"',
    'sql = "update attempts set answer = ? where id = (select max(id) from attempts where key = ?)"',
    'sql = f"{PART} where l.line = ?"',
    'for table in names:\n    sql = f"update {table} set told = 1"',
    'def read(db):\n    return db.execute("select subscriber from calls where at > ?")',
)
PART = {"PART": "select l.* from order_lines l"}


def test_a_statement_that_names_it_is_let_through() -> None:
    source = NAMED.replace("{PART}\n", "")
    assert [one.text for one in statements(source, PART) if not one.marked and nameless(one.text)] == []


@pytest.mark.parametrize("source", NAMELESS)
def test_a_new_statement_without_it_is_seen(source: str) -> None:
    assert [nameless(one.text) for one in statements(source, PART)] not in ([], [[]])


async def test_the_twin_of_the_tests_sees_a_change_that_is_not_its_own(store: Store, tmp_path: Path) -> None:
    await store.calls.keep([call(1.0)])
    unharmed(tmp_path / "test.db")
    [count] = await store.calls.totals(COMPANY, 0)
    assert count.calls == 1
    await store.database.write(lambda db: db.execute("update calls set ms = 5"))
    with pytest.raises(AssertionError, match="rows of another company"):
        unharmed(tmp_path / "test.db")
    await store.database.write(lambda db: db.execute("update calls set ms = 1"))
