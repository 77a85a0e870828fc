"""A connector's author installs two small libraries, and pytest only for the kit."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import makeready_hooks

PACKAGE = Path(makeready_hooks.__file__).parent
ALLOWED = {"makeready_hooks", "msgspec", "pluggy", *sys.stdlib_module_names}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)


def test_the_contract_needs_pluggy_msgspec_and_the_standard_library_only() -> None:
    light = [PACKAGE / "testing/emulation.py", PACKAGE / "testing/__init__.py"]
    paths = [*light, *(path for path in PACKAGE.rglob("*.py") if "testing" not in path.parts)]
    assert {(path.name, name) for path in paths for name in imported(path) if name not in ALLOWED} == set()
