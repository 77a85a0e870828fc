"""A new connector, as it is written: it is installed beside the core, its orders live there, its code is in shape.

That its tests pass where the core is not installed: ``make scaffold``.
"""

import json
import re
import sys
from pathlib import Path

import pytest
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from makeready_lab.scaffold.names import LONGEST, check_name
from makeready_lab.scaffold.write import ROLES, rendered, write
from processes import run
from scaffolded import beside_the_core, run_in, written

pytestmark = pytest.mark.long

NAMES = ("zz", "abcdefghijklmnopqrst")
"""As short and as long as can be: lines are in shape with both."""
LAYOUT = {
    "plugin.py",
    "client.py",
    "session.py",
    "wire.py",
    "settings.py",
    "assumptions.py",
    "orders",
    "products",
    "setup",
}


@pytest.mark.parametrize("role", ROLES)
def test_its_orders_live_where_the_core_is(tmp_path: Path, role: Role) -> None:
    made = written(tmp_path, "acme", role)
    few = {"LIVES": "3", "STEP": "12"}
    done = run_in(made, sys.executable, "-m", "pytest", "-q", "tests/test_lives.py", env=few)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", NAMES)
def test_its_code_is_in_shape_and_typed(tmp_path: Path, name: str, role: Role) -> None:
    made = written(tmp_path, name, role)
    for tool in (("ruff", "check", "."), ("ruff", "format", "--check", ".")):
        done = run_in(made, sys.executable, "-m", *tool)
        assert done.returncode == 0, done.stdout
    if name == NAMES[0]:
        done = run_in(made, sys.executable, "-m", "mypy")
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("role", ROLES)
def test_it_has_the_layout_that_the_documentation_says(tmp_path: Path, role: Role) -> None:
    made = written(tmp_path, "acme", role)
    assert {one.name for one in (made / "makeready_acme").iterdir()} >= LAYOUT
    assert (made / "makeready_acme_emulator" / "__init__.py").is_file()
    assert not [path for path in made.rglob("*.py") if path.read_text().count("\n") > 400]
    assert not [text for _, text in rendered("acme", role) if "${" in text or "$name" in text]


def test_both_play_the_whole_story_where_the_core_is(tmp_path: Path) -> None:
    made = [written(tmp_path, f"acme{role.value}", role) for role in ROLES]
    env = beside_the_core(tmp_path, *made)
    told = run("plugins", "--json", env=env)
    roles = {one["name"]: one["role"] for one in json.loads(told.stdout)}
    assert (roles["acmemis"], roles["acmestorefront"]) == ("mis", "storefront")
    assert not [one for one in json.loads(told.stdout) if "cannot_be_loaded" in one]
    pair = ("--mis", "acmemis", "--shop", "acmestorefront")
    done = run("demo", "--headless", "--out", str(tmp_path / "out"), *pair, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    received = json.loads((tmp_path / "out" / "mis-orders.json").read_text())
    assert [one["lines"][0]["product"] for one in sorted(received, key=lambda one: one["reference"])] == [
        "2284",
        "2285",
    ]
    again = run("new", "connector", "acmemis", "--role", "mis", "--into", str(tmp_path / "again"), env=env)
    assert again.returncode == 3
    assert "A connector acmemis is installed already." in again.stderr
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    "name", ["", "x", "Acme", "acme-print", "acme_print", "2acme", "äcme", "../acme", "a" * (LONGEST + 1)]
)
def test_a_name_that_can_be_none_says_what_to_use(name: str) -> None:
    with pytest.raises(ConfigError, match="lower-case letters and digits"):
        check_name(name)


@pytest.mark.parametrize("name", ["pressero", "tharstern", "hooks", "lab"])
def test_a_name_that_something_installed_has_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="is installed already"):
        check_name(name)


def test_the_command_says_what_it_made_and_refuses_a_folder_that_is_there(tmp_path: Path) -> None:
    into = tmp_path / "some" / "folder"
    first = run("new", "connector", "acme", "--role", "mis", "--into", str(into))
    assert first.returncode == 0, first.stderr
    assert re.search(r"\d+ files, \d+ lines", first.stdout)
    before = sorted(into.rglob("*"))
    (into / "README.md").write_text("mine")
    second = run("new", "connector", "acme", "--role", "storefront", "--into", str(into))
    assert second.returncode == 3
    assert "is there already" in second.stderr
    assert (sorted(into.rglob("*")), (into / "README.md").read_text()) == (before, "mine")
    assert run("new", "connector", "acme").returncode == 2
    assert run("new", "connector", "acme", "--role", "observer").returncode == 2


def test_nothing_is_left_where_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write("acme", Role.MIS, tmp_path / "file" / "made")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_nothing_is_half_written_when_a_template_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(name: str, role: Role) -> object:
        yield from list(rendered(name, role))[:3]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("makeready_lab.scaffold.write.rendered", fails)
    with pytest.raises(ConfigError, match="No space left"):
        write("acme", Role.MIS, tmp_path / "made")
    assert list(tmp_path.iterdir()) == []
