"""The command line as a person meets it: help, errors of one line, exit codes, JSON for scripts."""

import json
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner
from makeready.cli import cli, installed_commands
from processes import run, run_anew


def test_help_says_what_there_is_and_where_to_begin() -> None:
    shown = run_anew("--help").stdout
    assert all(f"\n  {name} " in shown for name in installed_commands())
    assert "Exit codes" in shown
    assert "makeready demo" in shown


@pytest.mark.parametrize(
    "command",
    [*installed_commands(), "subscriber add", "subscriber apply", "orders show", "import plan", "link plan"],
)
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(cli, [*command.split(), "--help"])
    structlog.reset_defaults()  # commands set up the log for a process of their own
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("orders", "list", "nobody"), 3, "There is no subscriber nobody"),
        (("subscriber", "show", "nobody"), 3, "Add one with: makeready subscriber add"),
        (("subscriber", "apply", "missing.toml"), 2, "missing.toml"),
        (("emulate", "nobody"), 3, "There is no emulator nobody"),
        (("emulate", "tharstern", "--switch", "x=1"), 3, "makeready emulate tharstern --list"),
        (("emulate", "tharstern", "--switch", "duplicate-orders=maybe"), 3, "second-order"),
        (("plugins", "nobody"), 2, "there are: pressero, tharstern"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(tmp_path: Path, arguments, code: int, text: str) -> None:
    (tmp_path / "makeready.db").touch()
    done = run_anew(*arguments, db=tmp_path / "makeready.db")
    assert done.returncode == code
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_state_file_in_no_folder_is_named(tmp_path: Path) -> None:
    done = run("subscriber", "list", db=tmp_path / "nowhere" / "makeready.db")
    assert done.returncode == 3
    assert "nowhere" in done.stderr


def test_plugins_lists_connectors_and_their_settings() -> None:
    listed = json.loads(run("plugins", "--json").stdout)
    assert [(one["name"], one["role"]) for one in listed] == [
        ("pressero", "storefront"),
        ("tharstern", "mis"),
    ]
    settings = {one["name"]: one for one in listed[1]["settings"]}
    assert settings["password"]["type"] == "secret"
    assert settings["server_url"]["required"] is True
    assert "allow_plain_http" in run("plugins", "tharstern").stdout


VARIABLE = "MAKEREADY_SECRET_NORTHFIELD__MIS"
FILE = """
[subscribers.northfield]
title = "Northfield Print"
external_user_id = 117
[subscribers.northfield.connectors.tharstern]
login = "api@northfield.example"
password = "press-gang"
api_key = "makeready"
[subscribers.northfield.connectors.tharstern.test]
server_url = "https://mis.northfield.example"
[subscribers.northfield.connectors.tharstern.live]
server_url = "https://live.northfield.example"
"""


def apply(tmp_path: Path, text: str, *options: str):
    file = tmp_path / "subscribers.toml"
    file.write_text(text)
    return run("subscriber", "apply", str(file), *options, db=tmp_path / "makeready.db")


def test_a_settings_file_is_applied_with_its_difference_shown(tmp_path: Path) -> None:
    first = apply(tmp_path, FILE, "--yes")
    assert first.returncode == 0, first.stderr
    assert "+ subscribers.northfield.external_user_id = 117" in first.stdout
    again = apply(tmp_path, FILE, "--dry-run").stdout.splitlines()
    assert [line for line in again if "(a new secret)" not in line] == ["Nothing was changed."]
    changed = apply(tmp_path, FILE.replace("Northfield Print", "Northfield"), "--dry-run")
    assert "'Northfield Print' becomes 'Northfield'" in changed.stdout
    assert "Nothing was changed." in changed.stdout
    assert "press-gang" not in first.stdout + changed.stdout


def test_the_export_can_be_applied_again(tmp_path: Path) -> None:
    apply(tmp_path, FILE, "--yes")
    exported = run("subscriber", "export", "northfield", db=tmp_path / "makeready.db").stdout
    assert 'password = "(stored)"' in exported
    assert "press-gang" not in exported
    assert "Nothing changes." in apply(tmp_path, exported, "--yes").stdout


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("api_key", "apikey", "tharstern.apikey is not a setting. Did you mean api_key?"),
        ('api_key = "makeready"', "", "tharstern.api_key (test) is missing"),
        ("https://mis", "http://mis", "allow_plain_http = true"),
        ("https://mis.northfield.example", "mis", "The address of a server is not one of the web"),
        ("connectors.tharstern.live", "connectors.pace.live", "There is no connector pace"),
        ('"press-gang"', '"env:MAKEREADY_SECRET_NORTHFIELD__NONE"', "__NONE is not set"),
        ("external_user_id = 117", "", "external_user_id"),
        ("[subscribers.northfield]", "[subscriber.northfield]", "unknown table subscriber"),
        ("title =", "title ==", "not a TOML file"),
    ],
)
def test_a_wrong_file_is_refused_whole_with_the_setting_named(
    tmp_path: Path, before: str, after: str, text: str
) -> None:
    done = apply(tmp_path, FILE.replace(before, after, 1), "--yes")
    assert done.returncode == 3
    assert text in done.stderr
    assert "press-gang" not in done.stderr
    assert json.loads(run("subscriber", "list", "--json", db=tmp_path / "makeready.db").stdout) == []


def test_a_subscriber_is_added_from_flags(tmp_path: Path) -> None:
    db = tmp_path / "makeready.db"
    settings = {
        "tharstern.server_url": "https://mis.northfield.example",
        "tharstern.login": "api@northfield.example",
        "tharstern.password": f"env:{VARIABLE}",
        "tharstern.api_key": "makeready",
        "tharstern.live.answer_within_s": "90",
    }
    flags = [flag for name, value in settings.items() for flag in ("--set", f"{name}={value}")]
    add = ("subscriber", "add", "northfield", "--external-user-id", "117", *flags)
    assert f"{VARIABLE} is not set" in run(*add, db=db).stderr
    assert run(*add, db=db, env={VARIABLE: "press-gang"}).returncode == 0
    assert "There is a subscriber northfield already" in run(*add, db=db).stderr
    shown = json.loads(run("subscriber", "show", "northfield", "--json", db=db).stdout)
    assert shown["settings"]["connectors"]["tharstern"]["live"] == {"answer_within_s": 90}
    assert "northfield" in run("subscriber", "list", db=db).stdout
