"""Users and operators' tokens on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from makeready.cli import cli
from makeready_hooks.errors import ConfigError, Refused
from unguarded import unguarded


def run(db: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["--db", str(db), *arguments], catch_exceptions=True)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result.stdout


def test_a_user_gets_another_role_and_is_kept_out_for_a_while(tmp_path: Path) -> None:
    db = tmp_path / "makeready.db"

    def users() -> dict[str, tuple[str, bool]]:
        listed = json.loads(run(db, "user", "list", "--json"))
        return {one["name"]: (one["role"], one["disabled"]) for one in listed}

    for name in ("ada", "olga"):
        run(db, "user", "add", name, "--role", "operator", "--generate")
    run(db, "subscriber", "add", "northfield", "--external-user-id", "117")
    assert run(db, "user", "role", "ada", "--role", "viewer", "--subscriber", "northfield") == (
        "ada is viewer now.\n"
    )
    assert run(db, "user", "disable", "ada") == "ada cannot sign in.\n"
    assert users() == {"ada": ("viewer", True), "olga": ("operator", False)}
    assert run(db, "user", "enable", "ada") == "ada can sign in again.\n"
    for command in ("disable", "remove"):
        with pytest.raises(Refused, match="only operator"):
            run(db, "user", command, "olga")
    assert users() == {"ada": ("viewer", False), "olga": ("operator", False)}


def test_an_operator_s_token_is_for_all(tmp_path: Path) -> None:
    db = tmp_path / "makeready.db"
    assert run(db, "token", "add", "ops", "--all", "--operator").startswith("mkr_ops_")
    [token] = json.loads(run(db, "token", "list", "--json"))
    assert token["operator"] is True
    assert "read, change, operator" in run(db, "token", "list")


def test_lost_factors_are_removed_at_the_machine_and_that_is_kept(tmp_path: Path) -> None:
    db = tmp_path / "makeready.db"
    run(db, "user", "add", "olga", "--role", "operator", "--generate")

    def has_factor() -> bool:
        [olga] = json.loads(run(db, "user", "list", "--json"))
        return bool(olga["second_factor"])

    assert not has_factor()
    with unguarded(db) as state:
        columns = "user, kind, title, sealed, credential_id, public_key, counter, created_at, used_at"
        state.execute(
            f"insert into factors ({columns}) values ('olga', 'app', 'phone', '', '', x'', 0, 0, 0)"
        )
    assert has_factor()
    assert run(db, "user", "remove-factors", "olga") == "olga had 1 second factor, and has none now.\n"
    assert not has_factor()
    with pytest.raises(ConfigError, match="no user nobody"):
        run(db, "user", "remove-factors", "nobody")
    assert run(db, "user", "require-factor", "operators") == "A second factor is a must for operators.\n"
    kept = json.loads(run(db, "audit", "list", "--json"))
    assert [(row["action"], row["target"], row["outcome"][:8]) for row in kept][:3] == [
        ("second factor required", "operators", "done"),
        ("user remove-factors", "nobody", "not done"),
        ("user remove-factors", "olga", "done"),
    ]


def test_somebody_is_invited_at_the_machine_and_that_is_taken_back(tmp_path: Path) -> None:
    db = tmp_path / "makeready.db"
    assert run(db, "user", "invite", "ada", "--role", "operator").startswith("/admin/invitation/")
    run(db, "subscriber", "add", "northfield", "--external-user-id", "117")
    viewer = ("--role", "viewer", "--subscriber", "northfield")
    run(db, "user", "invite", "pia@northfield.example", *viewer, "--days", "3")
    invited = {one["whom"]: one for one in json.loads(run(db, "user", "invitations", "--json"))}
    assert {name: one["role"] for name, one in invited.items()} == {
        "pia@northfield.example": "viewer",
        "ada": "operator",
    }
    assert "pia@northfield.example" in run(db, "user", "invitations")
    number = str(invited["ada"]["id"])
    assert run(db, "user", "withdraw", number) == f"Invitation {number} is withdrawn.\n"
    with pytest.raises(ConfigError, match="There is no invitation"):
        run(db, "user", "withdraw", number)
    with pytest.raises(ConfigError, match="A viewer is for one company"):
        run(db, "user", "invite", "pia", "--role", "viewer")
