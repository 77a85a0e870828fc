"""The blocks of code in our documents, and what is found wrong in each."""

import ast
import asyncio
import inspect
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import click
import msgspec
from makeready.cli import cli
from makeready.plugins import connectors
from makeready.subscribers.model import RULES, CommonSettings
from makeready.subscribers.secrets import variables_of
from makeready.web.api.app import described
from makeready_hooks import Secret
from members import ROOT
from msgspec import Struct

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GENERATED = "reference"
OURS = re.compile(r"makeready(_(hooks|lab|tharstern|pressero)\w*)?(\.|$)")
"""Modules that are there when a document is read; a package of the reader's own is not."""
OTHERS = {"msgspec", "pluggy", "pytest", "httpx", "starlette"}
INVENTED = {"acme", "platen"}
"""Connectors that documents tell of and nobody has installed."""
GROUPS = {"connectors", "emulators", "extensions", "tables", "commands"}
API = re.compile(r"http://127\.0\.0\.1:8300/api/v1(/[^\s?\"]*)")
VARIABLES = {"at": "http://127.0.0.1:8300/api/v1/subscribers/northfield", "TOKEN": "mkr"}


class Block(Struct, frozen=True, kw_only=True):
    document: str
    line: int
    language: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.document}:{self.line}"


def blocks() -> Iterator[Block]:
    """Of the README and docs/, without the generated pages: those have signatures alone."""
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        if GENERATED not in path.parts:
            text = path.read_text("utf-8")
            for found in FENCE.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                name = str(path.relative_to(ROOT))
                yield Block(document=name, line=line, language=found[1], text=found[2])


def run_python(text: str, known: Mapping[str, Any]) -> None:
    """With the names that its document has explained; raises what it raises."""
    code = _compiled(text)
    waiting = FunctionType(code, {"__name__": "document", **known})()
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(waiting)


def runs_alone(text: str) -> bool:
    """Nothing that it imports is the reader's own."""
    return all(OURS.match(one) or one in sys.stdlib_module_names or one in OTHERS for one in _imported(text))


def _compiled(text: str) -> CodeType:
    return compile(text, "document", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def check_imports(text: str) -> None:
    """It is Python, and what it imports of ours is there."""
    _compiled(text)
    for one in ast.walk(ast.parse(text)):
        if isinstance(one, ast.ImportFrom) and one.module and OURS.match(one.module):
            module = import_module(one.module)
            missing = [alias.name for alias in one.names if not hasattr(module, alias.name)]
            assert not missing, f"{one.module} has no {', '.join(missing)}"


def _imported(text: str) -> Iterator[str]:
    for one in ast.walk(ast.parse(text)):
        if isinstance(one, ast.ImportFrom):
            yield (one.module or "") if OURS.match(one.module or "") else (one.module or "").partition(".")[0]
        elif isinstance(one, ast.Import):
            yield from (alias.name for alias in one.names)


def wrong_in_toml(text: str) -> Iterator[str]:
    """Settings that there are not, values that they cannot have, groups of entry points that nobody reads."""
    given = tomllib.loads(text)
    for name in given.get("project", {}).get("entry-points", {}):
        if name.removeprefix("makeready.") not in GROUPS:
            yield f"nobody reads entry points {name}"
    for company in given.get("subscribers", {}).values():
        for name, value in company.items():
            if name == "connectors":
                for connector, settings in value.items():
                    yield from _wrong_in_connector(connector, settings)
            else:
                yield from _misfit(name, value, _type_of(CommonSettings, name))


def _wrong_in_connector(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    kind = connectors().types.get(name)
    if kind is None:
        if name not in INVENTED:
            yield f"there is no connector {name}"
        return
    for setting, value in given.items():
        for at, one in value.items() if setting in ("test", "live") else [(setting, value)]:
            yield from _misfit(f"{name}.{at}", one, _type_of(kind.settings, at))


def _type_of(kind: type[Struct], name: str) -> Any:
    if name in RULES:
        return RULES[name]
    return next((one.type for one in msgspec.structs.fields(kind) if one.name == name), None)


def _misfit(name: str, value: Any, kind: Any) -> Iterator[str]:
    if kind is None:
        yield f"there is no setting {name}"
        return
    try:
        msgspec.convert(value, kind, dec_hook=lambda of, one: Secret(one))
    except (msgspec.ValidationError, ValueError) as exc:
        yield f"{name}: {exc}"


def commands_in(text: str) -> Iterator[str]:
    """What a person types, without comments and answers; a line that ends with a stroke goes on."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            yield line[2:]


def wrong_in_command(line: str, folder: Path) -> str:
    """Why what is typed cannot be right; "" if it can."""
    for step in re.split(r" && ", line):
        words = shlex.split(re.sub(r"\$(\w+)", lambda at: VARIABLES.get(at[1], at[0]), step), comments=True)
        check = CHECKS.get(words[0].rpartition("/")[2]) if words else None
        if check is None and "=" not in words[0]:
            return f"nobody knows {words[0]}"
        if check and (wrong := check(words, folder)):
            return wrong
    return ""


def _makeready(words: list[str], folder: Path) -> str:
    """The command and its options are there, and the values can be; nothing is done."""
    for word in words:
        if re.fullmatch(r"[\w/-]+\.(toml|csv|json)", word):
            (folder / word).parent.mkdir(parents=True, exist_ok=True)
            (folder / word).touch()
    try:
        context = cli.make_context("makeready", words[1:])
        while isinstance(context.command, click.Group):
            name, command, rest = context.command.resolve_command(
                context, [*context._protected_args, *context.args]
            )
            assert command is not None
            context = command.make_context(name, rest, parent=context)
    except click.exceptions.Exit:  # --help
        return ""
    except click.ClickException as exc:
        return exc.format_message()
    return ""


def _make(words: list[str], folder: Path) -> str:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return next((f"there is no make {one}" for one in words[1:] if "=" not in one and one not in targets), "")


def _curl(words: list[str], folder: Path) -> str:
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = words[words.index("-d") + 1] if "-d" in words else "{}"
    if "..." not in body:
        json.loads(body)
    found = next(filter(None, map(API.match, words)))
    for template, operations in described()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), found[1]) and method.lower() in operations:
            return ""
    return f"the API has no {method} {found[1]}"


def _export(words: list[str], folder: Path) -> str:
    name = words[1].partition("=")[0]
    known = (
        name in VARIABLES
        or name.startswith(variables_of("northfield"))
        or any(
            name in path.read_text("utf-8")
            for root in ("core", "plugins")
            for path in (ROOT / root).rglob("*.py")
        )
    )
    return "" if known else f"nothing reads {name}"


def _nothing(words: list[str], folder: Path) -> str:
    return ""


CHECKS = {
    "makeready": _makeready,
    "make": _make,
    "curl": _curl,
    "export": _export,
    "python3": _nothing,
    "pip": _nothing,
    ".": _nothing,
    "git": _nothing,
    "cd": _nothing,
    "pytest": _nothing,
}


def broken_links() -> Iterator[str]:
    """Links of a document to a file that is not there, or to a heading that it does not have."""
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", path.read_text("utf-8")):
            name, _, heading = target.partition("#")
            to = (path.parent / name) if name else path
            if not to.exists() or (heading and heading not in _headings(to)):
                yield f"{path.relative_to(ROOT)}: {target}"


@cache
def _headings(path: Path) -> frozenset[str]:
    """As addresses have them."""
    titles = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in titles)
