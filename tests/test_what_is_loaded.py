"""Commands and an idle server load what they use: the rest costs each start its time, and the server its memory."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from processes import run, started

TELLS = (sys.executable, "-X", "importtime", "-m", "makeready")
LOADED = re.compile(r"import time:\s+\d+ \|\s+\d+ \|\s+(\S+)")
COLOURS = {"rich.text", "pygments.lexer", "greenlet._greenlet"}
"""Deep within: the packages themselves are looked for, and kept away."""
PAGES = {"jinja2", "starlette.routing", "uvicorn", "makeready_admin.routes"}
SECOND_FACTORS = {"segno", "webauthn"}
SERVICES = {"authlib", "joserfc", "apprise", "requests", "aiosmtplib", "prometheus_client"}
"""Of sign-ins through an identity provider, of chats and mail, and of monitoring."""
SECOND_WAY_OUT = {"httpcore", "h11", "anyio._backends._asyncio"}
"""httpx's own, with authorities of its own: our calls have another."""


def loaded(lines: Sequence[str]) -> set[str]:
    """Modules, by their whole names."""
    return {found[1] for line in lines if (found := LOADED.match(line))}


def loaded_by(*arguments: str) -> set[str]:
    done = subprocess.run([*TELLS, *arguments], capture_output=True, text=True, check=True)  # noqa: S603
    return loaded(done.stderr.splitlines())


def test_help_loads_no_library_but_click() -> None:
    found = loaded_by("--help")
    assert "click" in found
    assert (
        found & ({"asyncio", "httpx", "makeready_hooks", "msgspec", "sqlite_utils", "structlog"} | COLOURS)
        == set()
    )


@pytest.fixture
def db(tmp_path: Path) -> Path:
    settings = tmp_path / "subscribers.toml"
    settings.write_text("[subscribers.northfield]\nexternal_user_id = 117\n")
    path = tmp_path / "makeready.db"
    assert run("subscriber", "apply", str(settings), "--yes", db=path).returncode == 0
    return path


def test_a_list_for_a_script_loads_no_page_and_no_socket(db: Path) -> None:
    found = loaded_by("--db", str(db), "orders", "list", "northfield", "--json")
    assert "sqlite_utils" in found
    assert found & (PAGES | SECOND_FACTORS | COLOURS | {"aiohttp"}) == set()


def test_a_server_loads_nothing_for_what_nobody_has_asked_for_yet(db: Path) -> None:
    with started([*TELLS, "--db", str(db), "serve", "--port", "0"]) as server:
        assert server.prints("runs on")
        found = loaded(server.output)
    assert {"aiohttp", "makeready_admin.routes", "uvloop"} <= found
    assert found & (SECOND_FACTORS | SERVICES | SECOND_WAY_OUT | COLOURS | {"jinja2"}) == set()


def test_a_server_that_looks_after_itself_needs_no_second_way_out() -> None:
    ask = "import asyncio, makeready_alerts.emergency as e; print(asyncio.run(e.readiness_of('http://127.0.0.1:1')()))"
    done = subprocess.run([*TELLS[:3], "-c", ask], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.startswith("it does not answer")
    assert loaded(done.stderr.splitlines()) & SECOND_WAY_OUT == set()
