"""An engine that ends by an error nobody foresaw: a worker says so and ends, a server starts it again."""

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from processes import run, running
from story import until

DEFECT = """
import os
import pathlib

from makeready.engine.worker import Engine

_rest = Engine._rest
_marker = pathlib.Path(os.environ["DEFECT_WHILE"])


async def rest(self, *given):
    if _marker.exists():
        raise RuntimeError("a defect that nobody foresaw")
    await _rest(self, *given)


Engine._rest = rest
"""


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """As long as this file is there, the engine has a defect."""
    made = tmp_path / "defect"
    made.touch()
    return made


@pytest.fixture
def defect(tmp_path: Path, marker: Path) -> dict[str, str]:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(DEFECT)
    paths = [str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(paths), "DEFECT_WHILE": str(marker)}


def test_a_worker_whose_engine_ends_says_so_and_ends_with_an_error(
    tmp_path: Path, defect: dict[str, str]
) -> None:
    done = run("--new", "worker", db=tmp_path / "test.db", env=defect)
    assert done.returncode == 1
    assert "the engine ended by a defect" in done.stdout + done.stderr


def mend(marker: Path) -> None:
    marker.unlink()


async def test_a_server_is_not_ready_while_its_engine_does_not_run_and_starts_it_again(
    tmp_path: Path, defect: dict[str, str], marker: Path
) -> None:
    with running("serve", "--port", "0", db=tmp_path / "test.db", env=defect) as server:

        def answers(status: int) -> Callable[[], Awaitable[str]]:
            async def ready() -> str:
                answer = httpx.get(server.url + "/readyz")
                return answer.text if answer.status_code == status else ""

            return ready

        reason = await until(answers(503), "the server says that it is not ready")
        assert re.search("engine", reason)
        mend(marker)
        await until(answers(200), "the engine runs again")
