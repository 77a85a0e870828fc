"""Sentences that rooms and connectors make, gathered from their code: what `told` recognises in the pages.

A sentence is a text or an f-string that begins with a capital letter and has several words; of settings, titles and
labels count as well. What stands in braces becomes a name: ``f"{host} gave no answer."`` is ``%(host)s gave no answer.``
"""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from makeready.plugins import connectors
from makeready.subscribers.model import RULES, CommonSettings
from makeready_admin.settings.fields import fields_of
from msgspec import Struct

ROOT = Path(__file__).parent.parent
ADMIN = ROOT / "plugins/admin/makeready_admin"
ROOMS = (
    "hooks/makeready_hooks",
    "core/makeready",
    *(
        f"plugins/{name}/makeready_{name}"
        for name in ("inspect", "amend", "imports", "prices", "stock", "changes", "alerts", "admin")
    ),
)
CONNECTORS = ("tharstern", "pressero")
NOT_SHOWN = re.compile(
    r"/(testing|assumptions|captures|commands|emulator|lab|benchmarks|languages|texts)/|/(cli|\w*commands|\w*schema|store|\w*api|openapi_page|editions|messages)\.py$"
)
"""Commands, operations and tables: no page shows what they say."""
NOT_SAID = ("_", "gettext", "ngettext", "marked", "Meta", "asked", "compile")
"""Calls whose texts are in the catalogue of pages, or come from the settings, or are none."""
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
WITH_PARTS = re.compile(r"/makeready/(orders|outbound)/|/makeready_inspect/")
"""Rooms whose causes and reasons are parts of sentences, *waits for approval*: they begin with a small letter."""
BEGINS = re.compile(r"[“\"(]?(?:[A-Z]|%\()")
CODE = re.compile(
    r"^(?:select|insert|update|delete|create|with)\b|[{}<>=\[\]|]|\\|^[A-Z_]+$|^%\(\w+\)s[ .:;,]*$",
    re.IGNORECASE,
)
SQL = re.compile(
    r"\b(?:limit (?:\d|\?)|returning|group by|max\(|order_lines|select|where|order by|"
    r"is null|not null|primary key|and \w+ (?:=|in))\b|\?"
)
NAME = re.compile(r"%\((\w+)\)s")
FEWEST_LETTERS = 7


def told_catalogues() -> dict[Path, str]:
    """By file: of the rooms, among the pages; of each connector, in its own package."""
    made = {ADMIN / "languages/told.pot": told_in(*ROOMS) | of_settings(CommonSettings, *RULES.values())}
    for name in CONNECTORS:
        package = f"plugins/{name}/makeready_{name}"
        kind = connectors().types[name].settings
        made[ROOT / package / "languages/told.pot"] = told_in(package) | of_settings(kind)
    return {path: _template(texts) for path, texts in made.items()}


def _template(texts: set[str]) -> str:
    """Sorted by text."""
    found = Catalog(project="makeready")
    for text in texts:
        found.add(text)
    written = io.BytesIO()
    write_po(written, found, no_location=True, omit_header=True, sort_output=True, width=110)
    return written.getvalue().decode()


def of_settings(*kinds: type[Struct]) -> set[str]:
    """What a form asks: titles, help, words for values, units."""
    texts: set[str] = set()
    for kind in kinds:
        for field in fields_of(kind):
            texts |= {field.title, *SENTENCE.split(field.description), field.unit}
            texts |= {*field.labels.values(), *field.texts.values()}
    return {one for one in texts if re.search("[A-Za-z]{2}", one)}


def told_in(*packages: str) -> set[str]:
    texts: set[str] = set()
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not NOT_SHOWN.search(path.as_posix()):
                parts = bool(WITH_PARTS.search(path.as_posix()))
                texts.update(_told_in(ast.parse(path.read_text()), parts=parts))
    return texts


def _told_in(tree: ast.AST, *, parts: bool) -> Iterator[str]:
    for node in _strings(tree):
        pieces = SENTENCE.split(_shape(node))
        yield from (one for one in pieces if _is_sentence(one) or (parts and _is_part(one)))


def _strings(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Call) and (_called(child) in NOT_SAID or _logs(child)):
            continue
        if isinstance(child, ast.JoinedStr) or (
            isinstance(child, ast.Constant) and isinstance(child.value, str)
        ):
            yield child
        else:
            yield from _strings(child)


def _called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def _logs(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "log"


def _shape(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    names: dict[str, str] = {}
    return "".join(
        str(part.value).replace("%", "%%") if isinstance(part, ast.Constant) else f"%({_name(part, names)})s"
        for part in node.values
    )


def _name(part: ast.expr, names: dict[str, str]) -> str:
    """Of what stands in braces: its last word; numbered if two of a sentence would be called alike."""
    written = ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else ""
    words = [
        word
        for word in re.findall(r"[a-z_]\w*", written, re.IGNORECASE)
        if word not in ("self", "if", "else", "join", "for", "in", "or", "and", "not")
    ]
    if written not in names:
        name = (words[-1].strip("_") or "value").lower() if words else "value"
        alike = sum(re.sub(r"\d+$", "", one) == name for one in names.values())
        names[written] = f"{name}{alike + 1}" if alike else name
    return names[written]


def _is_sentence(text: str) -> bool:
    plain = NAME.sub("", text)
    return (
        bool(BEGINS.match(text))
        and " " in plain.strip()
        and not CODE.search(plain)
        and not SQL.search(plain)
        and sum(one.isalpha() for one in plain) >= FEWEST_LETTERS
        and "\n" not in text
    )


def _is_part(text: str) -> bool:
    plain = NAME.sub("", text)
    return (
        bool(re.match(r"[a-z]|%\(text\)s ", text))
        and (" " in plain.strip() or " as " in plain)
        and not CODE.search(plain)
        and not SQL.search(plain)
        and "_" not in plain
        and "  " not in text
    )
