"""The kit keeps what it finds of a connector beside it."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from makeready_hooks import EDITION, ConnectorType, Role
from makeready_hooks.testing.results import VARIABLE, note_result, read_result
from msgspec import Struct


@pytest.fixture
def kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> ConnectorType:
    """Of a package in a folder of the test's."""
    name = f"makeready_{request.function.__name__}"
    package = ModuleType(name)
    package.__file__ = str(tmp_path / "__init__.py")
    monkeypatch.setitem(sys.modules, name, package)
    monkeypatch.setenv(VARIABLE, "yes")
    settings = type("Settings", (Struct,), {"__module__": f"{name}.settings"}, frozen=True)
    return ConnectorType(name=name, title="Acme", role=Role.MIS, settings=settings, build=lambda *_: object())


def test_a_run_is_kept_with_what_it_was_of(kind: ConnectorType) -> None:
    note_result(kind, "test_b", failed=False)
    note_result(kind, "test_a", failed=False)
    note_result(kind, "test_c", failed=True)
    result = read_result(kind)
    assert result
    assert (result.passed, result.failed, result.edition, result.version) == (
        ("test_a", "test_b"),
        ("test_c",),
        EDITION,
        "",
    )


def test_what_failed_once_in_a_run_has_failed(kind: ConnectorType) -> None:
    for failed in (False, True, False):
        note_result(kind, "test_a", failed=failed)
    result = read_result(kind)
    assert result
    assert (result.passed, result.failed) == ((), ("test_a",))


def test_a_run_begins_the_file_anew(kind: ConnectorType, tmp_path: Path) -> None:
    (tmp_path / "kit.json").write_text(
        '{"connector": "x", "version": "0", "edition": 1, "passed": ["test_gone"]}'
    )
    note_result(kind, "test_a", failed=False)
    result = read_result(kind)
    assert result
    assert result.passed == ("test_a",)


def test_nothing_is_written_unless_it_is_asked_for(
    kind: ConnectorType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    note_result(kind, "test_a", failed=False)
    assert read_result(kind) is None


def test_a_file_that_cannot_be_read_is_none(kind: ConnectorType, tmp_path: Path) -> None:
    (tmp_path / "kit.json").write_text("{")
    assert read_result(kind) is None
