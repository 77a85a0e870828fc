"""Borders that no type checker sees: vendors' names, machine paths, lengths of files."""

import re
import subprocess
from pathlib import Path

import pytest
from members import PACKAGES, ROOT

MAX_LINES = 400
MAX_FILES = 15
ROOTS = {path.name for path in PACKAGES}
ONE_IDEA = "hooks/makeready_hooks/specs.py"
"""The whole contract, to be read from top to bottom."""


def tracked() -> list[Path]:
    """What the next commit may hold: a new file counts before it is added."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S603 (these words alone)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


@pytest.mark.parametrize("folder", ["core", "hooks"])
def test_the_core_and_the_contract_know_no_vendor(folder: str) -> None:
    vendors = re.compile("pressero|tharstern|aleyant", re.IGNORECASE)
    naming = [
        str(path)
        for path in tracked()
        if folder in path.relative_to(ROOT).parts[:1] and vendors.search(text_of(path))
    ]
    assert naming == []


def test_nothing_names_a_machine_s_path_or_a_package_registry() -> None:
    foreign = re.compile("/(wor" + "k|roo" + "t)/|py" + "pi.org|python" + "hosted|registry.np" + "mjs")
    assert [str(path) for path in tracked() if foreign.search(text_of(path))] == []


def test_constraints_are_exact_versions_without_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+", line) for line in lines)


def test_no_file_of_code_holds_two_ideas() -> None:
    long = [
        f"{path.relative_to(ROOT)}"
        for path in tracked()
        if path.suffix == ".py" and text_of(path).count("\n") > MAX_LINES
    ]
    assert long == [ONE_IDEA]


def test_members_stay_small() -> None:
    """Entry points aside: one for each command."""
    for path in [*ROOT.glob("*/pyproject.toml"), *ROOT.glob("plugins/*/pyproject.toml")]:
        own = re.sub(r"\[project\.entry-points[^\n]*\n(?:[^\[\n][^\n]*\n)*", "", path.read_text())
        assert own.count("\n") <= 26, path


def test_no_folder_holds_more_than_a_glance() -> None:
    folders = [path.parent for path in tracked() if path.suffix in (".py", ".html")]
    crowded = {str(one.relative_to(ROOT)) for one in folders if folders.count(one) > MAX_FILES}
    assert crowded == set()


def test_texts_name_modules_that_are_there() -> None:
    """A docstring that sends its reader to `makeready.store.words` after a move sends them nowhere."""
    files = [path.relative_to(ROOT) for path in tracked() if path.suffix in (".py", ".md")]
    modules = {
        ".".join(part for part in path.with_suffix("").parts[skip:] if part != "__init__")
        for path in files
        for skip in (1, 2)
        if len(path.parts) > skip + 1
    }
    named = {
        (str(path), name)
        for path in files
        if path.parts[0] != "tests"
        for name in re.findall(r"`(makeready(?:_\w+)?(?:\.\w+)+)`", text_of(ROOT / path))
    }
    groups = {
        "makeready.extensions",
        "makeready.commands",
        "makeready.connectors",
        "makeready.emulators",
        "makeready.languages",
    }
    gone = {
        (path, name)
        for path, name in named
        if not {name, name.rpartition(".")[0], name.rpartition(".")[0].rpartition(".")[0]} & (modules - ROOTS)
        and not name.startswith("makeready.db")
        and name not in groups
    }
    assert gone == set()
