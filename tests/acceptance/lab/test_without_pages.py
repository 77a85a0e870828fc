"""The core without the pages: what `pip install makeready` alone gives."""

import os
from pathlib import Path

import httpx
import pytest
from processes import run, running

NO_PAGES = """
import importlib.metadata as metadata

_real = metadata.entry_points


def entry_points(**wanted):
    return metadata.EntryPoints(one for one in _real(**wanted) if "makeready_admin" not in one.value)


metadata.entry_points = entry_points
"""


@pytest.fixture
def without_pages(tmp_path: Path) -> dict[str, str]:
    """The environment of a process in which makeready-admin is not installed."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NO_PAGES)
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])}


def test_a_server_without_pages_has_the_api_alone(tmp_path: Path, without_pages: dict[str, str]) -> None:
    with running("serve", "--port", "0", db=tmp_path / "test.db", env=without_pages) as server:
        found = {
            path: httpx.get(server.url + path).status_code
            for path in ("/readyz", "/admin", "/api/v1/openapi.json", "/api/v1/users")
        }
    assert found == {"/readyz": 200, "/admin": 404, "/api/v1/openapi.json": 200, "/api/v1/users": 404}


def test_its_commands_are_those_of_what_is_installed(without_pages: dict[str, str]) -> None:
    shown = run("--help", env=without_pages).stdout
    assert "  serve " in shown
    assert "  user " not in shown


def test_the_demonstration_says_that_there_are_no_pages(
    tmp_path: Path, without_pages: dict[str, str]
) -> None:
    options = ("--headless", "--switch", "pressero.rate-limit=off", "--out", str(tmp_path / "out"))
    done = run("demo", *options, env=without_pages)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pages: none: install makeready-admin to see them" in done.stdout
