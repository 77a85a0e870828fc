"""A file in the wrong place is caught by a pattern: nobody has to put it on a list first."""

import os
import re
import shutil
import subprocess
import sys
import tomllib

import grimp
import pytest
from members import EXTENSIONS, PACKAGES, PROJECTS, ROOT

MEMBERS = [str(path.parent.relative_to(ROOT)) for path in PROJECTS]
ROOMS_OUTSIDE = {
    "makeready_alerts",
    "makeready_amend",
    "makeready_imports",
    "makeready_inspect",
    "makeready_operations",
    "makeready_prices",
    "makeready_stock",
}
STANDS_ON = ("engine", "storage")
"""Rooms whose stores other rooms' stores may use inside a transaction."""

MISPLACED = {
    "core/makeready/orders/shortcut.py": (
        "from sqlite_utils import Database\n",
        "Only stores and schemas speak SQL",
    ),
    "core/makeready/webhooks/rules.py": (
        "from makeready.installation import Installation\n",
        "Models and rules are pure",
    ),
    "core/makeready/prices/rules.py": ("import httpx\n", "Models and rules are pure"),
    "core/makeready/prices/shortcut.py": (
        "from makeready_admin.users import users\n",
        "The core imports no extension",
    ),
    "plugins/lab/makeready_lab/demo/shortcut.py": (
        "from makeready_admin.users import users\n",
        "Extensions reach one another by commands and addresses only",
    ),
    "plugins/inspect/makeready_inspect/shortcut.py": (
        "from makeready_admin.users import users\n",
        "Rooms outside the core know no edge",
    ),
    "plugins/imports/makeready_imports/shortcut.py": (
        "from makeready.installation import Installation\n",
        "Rooms say what they use",
    ),
    "plugins/prices/makeready_prices/shortcut.py": (
        "from makeready.installation import Installation\n",
        "Rooms say what they use",
    ),
    "plugins/commands/makeready_commands/shortcut.py": (
        "from makeready_imports import api\n",
        "A command calls a room",
    ),
    "core/makeready/stock/store/shortcut.py": (
        "from makeready.installation import Installation\n",
        "Stores stand on models",
    ),
    "core/makeready/webhooks/commands.py": (
        "from makeready_imports import api\n",
        "A command calls a room",
    ),
    "core/makeready/webhooks/endpoint.py": (
        "from makeready.access import commands\n",
        "The API and pages call rooms",
    ),
    "core/makeready/attention/shortcut.py": (
        "import makeready_tharstern.wire\n",
        "Core, connectors and emulators never import one another",
    ),
    "core/makeready/orders/views/shortcut.py": (
        "from makeready.installation import Installation\n",
        "Rooms say what they use",
    ),
    "hooks/makeready_hooks/shortcut.py": ("import starlette\n", "The contract imports nothing else of ours"),
}


@pytest.fixture(scope="module")
def misplaced(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the tree with each of these files in it."""
    copy = tmp_path_factory.mktemp("tree")
    for member in MEMBERS:
        shutil.copytree(ROOT / member, copy / member, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name, (text, _) in MISPLACED.items():
        (copy / name).write_text(text)
    paths = os.pathsep.join(str(copy / member) for member in MEMBERS)
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()"]
    done = subprocess.run(  # noqa: S603 - the linter, with our own words
        [*command, "--no-cache"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": paths, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    return re.sub(r"\s+", " ", done.stdout + done.stderr)


@pytest.mark.parametrize("name", MISPLACED)
def test_a_file_in_the_wrong_place_is_caught(misplaced: str, name: str) -> None:
    text, contract = MISPLACED[name]
    module = name.removesuffix(".py").split("/", 2 if name.startswith("plugins") else 1)[-1].replace("/", ".")
    assert re.search(rf"{re.escape(contract)}[^.]*? BROKEN", misplaced), misplaced[:3000]
    assert f"{module} is not allowed to import" in misplaced or f"{module} -> " in misplaced, text


def test_no_distribution_is_forgotten() -> None:
    """Type checker and linter go by lists of packages, which know no patterns."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    packages, extensions = {path.name for path in PACKAGES}, {path.name for path in EXTENSIONS}
    assert set(tools["mypy"]["packages"]) == packages
    assert set(tools["importlinter"]["root_packages"]) == packages
    lists = [
        set(value)
        for one in tools["importlinter"]["contracts"]
        for value in one.values()
        if isinstance(value, list)
    ]
    edges = extensions - ROOMS_OUTSIDE
    assert [found for found in lists if "makeready_lab" in found and not found >= edges] == []
    assert [found for found in lists if found & ROOMS_OUTSIDE and not found >= ROOMS_OUTSIDE] == []


def test_a_room_s_store_is_its_own() -> None:
    graph = grimp.build_graph("makeready", *[path.name for path in EXTENSIONS], cache_dir=None)
    assert _foreign(graph) == []


def test_an_import_of_another_room_s_store_would_be_caught() -> None:
    graph = grimp.build_graph("makeready", cache_dir=None)
    graph.add_import(importer="makeready.prices.estimates", imported="makeready.orders.store.ledger")
    assert "makeready.prices.estimates -> makeready.orders.store.ledger" in _foreign(graph)


def _foreign(graph: grimp.ImportGraph) -> list[str]:
    """Imports of a store from outside its room. Stores may use those of what they stand on; the composition root,
    the list of tables and what names the parts for the type checker see all.
    """
    return [
        f"{importer} -> {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if _is_store(imported)
        and _room(importer) not in (_room(imported), "stores", "tables", "installation", "contexts")
        and not (_is_store(importer) and _room(imported) in STANDS_ON)
    ]


def _room(module: str) -> str:
    top, _, rest = module.partition(".")
    return rest.partition(".")[0] if top == "makeready" else top


def _is_store(module: str) -> bool:
    return module.startswith("makeready.") and not {"store", "schema"}.isdisjoint(module.split("."))
