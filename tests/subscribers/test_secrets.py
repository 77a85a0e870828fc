import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import example, given
from hypothesis import strategies as st
from makeready.subscribers.secrets import Vault, check_reference, is_sealed
from makeready_hooks.errors import ConfigError

OWN = "MAKEREADY_SECRET_NORTHFIELD__SHOP_PASSWORD"
COMPANY = st.from_regex(r"[a-c][a-c0-9-]{0,5}", fullmatch=True)


def test_what_is_sealed_can_be_opened_and_is_not_readable(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "a.key", {})
    sealed = vault.seal("press-gang")
    assert is_sealed(sealed)
    assert "press-gang" not in sealed
    assert vault.open(sealed, field="password") == "press-gang"


def test_the_key_file_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    sealed = Vault(path, {}).seal("text")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Vault(path, {}).open(sealed, field="password") == "text"
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_from_the_environment_leaves_no_file(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "a.key", {"MAKEREADY_KEY": Fernet.generate_key().decode()})
    assert vault.open(vault.seal("text"), field="password") == "text"
    assert list(tmp_path.iterdir()) == []


def test_another_key_is_an_error_that_names_the_field_and_not_the_secret(tmp_path: Path) -> None:
    sealed = Vault(tmp_path / "a.key", {}).seal("press-gang")
    with pytest.raises(ConfigError, match="password cannot be read") as caught:
        Vault(tmp_path / "b.key", {}).open(sealed, field="password")
    assert "press-gang" not in str(caught.value)


def test_a_key_that_is_none_is_an_error_that_says_where_it_came_from(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="MAKEREADY_KEY"):
        Vault(tmp_path / "a.key", {"MAKEREADY_KEY": "short"}).seal("text")


def test_a_reference_stays_one_and_is_looked_up_when_it_is_needed(tmp_path: Path) -> None:
    environ = {OWN: "storefront"}
    vault = Vault(tmp_path / "a.key", environ)
    assert vault.seal(f"env:{OWN}") == f"env:{OWN}"
    assert vault.open(f"env:{OWN}", field="password", company="northfield") == "storefront"
    environ.clear()
    with pytest.raises(ConfigError, match="SHOP_PASSWORD is not set"):
        vault.open(f"env:{OWN}", field="connectors.shop.password", company="northfield")


def test_a_new_key_seals_and_the_old_one_opens_until_it_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    vault, other_process = Vault(path, {}), Vault(path, {})
    old = other_process.seal("press-gang")
    vault.add_key()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    new = vault.renew(old)
    assert [one.open(sealed, field="x") for one in (vault, other_process) for sealed in (old, new)] == [
        "press-gang"
    ] * 4
    late = other_process.seal("late")
    vault.delete_old_keys()
    assert [other_process.open(one, field="x") for one in (new, late)] == ["press-gang", "late"]
    with pytest.raises(ConfigError, match="sealed with another key"):
        other_process.open(old, field="x")
    assert list(tmp_path.iterdir()) == [path]


def test_keys_of_the_environment_are_renewed_there(tmp_path: Path) -> None:
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    old = Vault(tmp_path / "a.key", {"MAKEREADY_KEY": first}).seal("press-gang")
    both = Vault(tmp_path / "a.key", {"MAKEREADY_KEY": f"{second} {first}"})
    for change in (both.add_key, both.delete_old_keys):
        with pytest.raises(ConfigError, match="with a blank between keys"):
            change()
    new = both.renew(old)
    assert Vault(tmp_path / "a.key", {"MAKEREADY_KEY": second}).open(new, field="x") == "press-gang"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "MAKEREADY_KEY",
        "MAKEREADY_SMTP_URL",
        "PATH",
        "MAKEREADY_SECRET_SOUTHFIELD__PASSWORD",
        "MAKEREADY_SECRET_NORTHFIELD_PASSWORD",
        "MAKEREADY_SECRET_NORTHFIELD__",
        "MAKEREADY_SECRET_NORTHFIELD__B__PASSWORD",
        "MAKEREADY_SECRET_NORTHFIELD___PASSWORD",
        "makeready_secret_northfield__password",
    ],
)
def test_a_reference_to_what_is_not_the_company_s_opens_nothing(tmp_path: Path, name: str) -> None:
    vault = Vault(tmp_path / "a.key", {name: "of somebody else"})
    with pytest.raises(ConfigError, match="begins with MAKEREADY_SECRET_NORTHFIELD__") as caught:
        vault.open(f"env:{name}", field="password", company="northfield")
    assert "of somebody else" not in str(caught.value)
    with pytest.raises(ConfigError):
        vault.open(f"env:{name}", field="password")


def reads(company: str, variable: str) -> bool:
    try:
        check_reference(f"env:{variable}", company, "password")
    except ConfigError:
        return False
    return True


@given(COMPANY, COMPANY, st.from_regex(r"[A-C_]{1,5}", fullmatch=True))
@example("a", "a-b", "X")
@example("a", "a--b", "X")
@example("a", "a-", "X")
def test_no_variable_is_two_companies(one: str, other: str, part: str) -> None:
    variable = f"MAKEREADY_SECRET_{other.upper().replace('-', '_')}__{part}"
    assert one == other or not (reads(one, variable) and reads(other, variable))
