"""Without the pages, and without any extension: what `pip install makeready` alone gives."""

import json
import os
import re
from pathlib import Path

import httpx
import pytest
from members import EXTENSIONS
from processes import run, running

pytestmark = pytest.mark.waits

NOT_INSTALLED = """
import importlib.metadata as metadata
import sys

GONE = {gone}
_real = metadata.entry_points


def entry_points(**wanted):
    return metadata.EntryPoints(one for one in _real(**wanted) if one.value.split(".")[0] not in GONE)


metadata.entry_points = entry_points
sys.modules.update(dict.fromkeys(GONE))
"""
OF_EXTENSIONS = (
    "/price/a/b",
    "/admin",
    "/metrics",
    "/integrations/availability",
    "/integrations/makeready.js",
    "/api/v1/overview",
    "/api/v1/users",
    "/api/v1/tokens",
    "/api/v1/audit",
    "/api/v1/connectors",
    "/api/v1/subscribers/northfield/inbox",
    "/api/v1/subscribers/northfield/calls",
    "/api/v1/subscribers/northfield/webhooks",
    "/api/v1/subscribers/northfield/work",
    "/api/v1/subscribers/northfield/settings",
    "/api/v1/subscribers/northfield/setup",
    "/api/v1/subscribers/northfield/alerts",
    "/api/v1/subscribers/northfield/rehearsal",
    "/api/v1/subscribers/northfield/price",
    "/api/v1/subscribers/northfield/products",
    "/api/v1/subscribers/northfield/imports",
    "/api/v1/subscribers/northfield/links",
    "/api/v1/subscribers/northfield/submissions/6994-1/amendment",
)
NEEDED_BY_EXTENSIONS = ("prometheus_client", "argon2", "itsdangerous", "python_multipart")


def without(folder: Path, *gone: str) -> dict[str, str]:
    """The environment of a process in which these packages are not installed: none can be imported."""
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(NOT_INSTALLED.format(gone=gone))
    return {"PYTHONPATH": os.pathsep.join([str(folder / "site"), os.environ.get("PYTHONPATH", "")])}


@pytest.fixture
def without_pages(tmp_path: Path) -> dict[str, str]:
    return without(tmp_path, "makeready_admin")


def test_the_core_alone_serves_the_api_and_what_connectors_call(tmp_path: Path) -> None:
    alone = without(tmp_path, *[path.name for path in EXTENSIONS], *NEEDED_BY_EXTENSIONS)
    with running("serve", "--port", "0", db=tmp_path / "test.db", env=alone) as server:
        found = {
            path: httpx.get(server.url + path).status_code
            for path in ("/readyz", "/api/v1/openapi.json", "/hooks/a/b", *OF_EXTENSIONS)
        }
    assert found == {
        "/readyz": 200,
        "/api/v1/openapi.json": 200,
        "/hooks/a/b": 405,
        **dict.fromkeys(OF_EXTENSIONS, 404),
    }
    shown = run("--help", env=alone)
    commands = shown.stdout.partition("Commands:")[2].partition("Exit codes")[0]
    assert re.findall(r"^  (\w+) ", commands, re.MULTILINE) == ["serve", "token", "worker"]
    tokens = run("token", "list", "--json", db=tmp_path / "test.db", env=alone)
    assert (tokens.returncode, json.loads(tokens.stdout)) == (0, []), tokens.stderr


@pytest.mark.parametrize(
    ("beside", "error"),
    [((), "There is nothing at this address."), (("makeready_prices",), "Nobody has this address.")],
)
def test_buyers_are_answered_by_prices_beside_the_core(
    tmp_path: Path, beside: tuple[str, ...], error: str
) -> None:
    others = [path.name for path in EXTENSIONS if path.name not in beside]
    with running("serve", "--port", "0", db=tmp_path / "test.db", env=without(tmp_path, *others)) as server:
        answer = httpx.post(server.url + "/price/a/b")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith(error)


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
    """Its orders are refused, so that it ends at once: until then it goes the same way with pages and without."""
    refused = ("--switch", "pressero.rate-limit=off", "--switch", "tharstern.strict-customer=on")
    done = run("demo", "--headless", "--out", str(tmp_path / "out"), *refused, env=without_pages)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Tharstern refuses the order" in done.stdout
    assert "pages: none: install makeready-admin to see them" in done.stdout
