"""The state file is gone, is another one, is damaged, or has no room: it is said, and nothing begins anew in silence."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from joined import Site
from makeready.storage import database
from makeready_alerts.emergency import readiness_of
from makeready_hooks.errors import ConfigError
from pretend import Bench
from processes import run, running
from story import address, prepare, signed_by_the_shop, until


def webhooks(site: Site, url: str) -> Callable[[], int]:
    """Sends one that is genuine, and gives the status of the answer."""
    body = json.dumps({"TypeName": "OrderPlaced", "MessageID": "m-1", "Data": {"OrderNumber": 404}}).encode()
    to, headers = url + address(site, "webhook"), signed_by_the_shop(site, body)
    return lambda: httpx.post(to, content=body, headers=headers, trust_env=False).status_code


def ready(url: str) -> httpx.Response:
    return httpx.get(f"{url}/readyz", trust_env=False)


async def is_ready(url: str, wanted: int) -> bool:
    return ready(url).status_code == wanted


@pytest.mark.parametrize(
    "command",
    [
        ("orders", "list", "northfield"),
        ("subscriber", "list"),
        ("key", "renew"),
        ("worker",),
        ("user", "list"),
    ],
)
def test_a_command_makes_no_state_file_and_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "typo.db"
    done = run(*command, db=path)
    assert done.returncode == ConfigError.exit_code
    assert f"There is no state file at {path}. Give its path with --db" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command", [("token", "add", "ada", "--all"), ("user", "add", "ada", "--role", "operator", "--generate")]
)
def test_what_may_come_first_makes_one_and_says_where(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "new.db"
    done = run(*command, db=path)
    assert (done.returncode, f"A new state file is made: {path}" in done.stderr) == (0, True), done.stderr
    assert "A new state file" not in run("subscriber", "list", db=path).stderr


async def test_a_state_file_that_is_gone_is_not_replaced_unless_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "makeready.db"
    with running("serve", "--port", "0", db=path) as server:
        assert any(f"A new state file is made: {path}" in line for line in server.output)
        await until(lambda: is_ready(server.url, 200), "the server works")
    path.unlink()
    for command in (
        ("serve", "--port", "0"),
        ("worker",),
        ("subscriber", "list"),
        ("token", "add", "a", "--all"),
    ):
        done = run(*command, db=path)
        assert done.returncode == ConfigError.exit_code
        assert f"The state file {path} is gone: makeready.db.witness beside it" in done.stderr
    assert not path.exists()
    with running("--new", "serve", "--port", "0", db=path) as server:
        assert server.prints("another ledger was here before it")
    assert run("--new", "subscriber", "list", db=path).returncode == 2, "there is one now"


@pytest.mark.parametrize("with_another", [False, True])
async def test_a_file_that_goes_from_under_a_server_is_told_and_nothing_is_taken_in(
    site: Site, with_another: bool
) -> None:
    aside = site.db.with_name("aside.db")
    with site.serve() as server:
        prepare(site, server.url)
        send = webhooks(site, server.url)
        assert send() == 200
        site.db.rename(aside)
        if with_another:
            site.db.write_bytes(aside.read_bytes())
        await until(lambda: is_ready(server.url, 503), "the server says that it is not ready")
        assert "was deleted or replaced while it was in use" in ready(server.url).json()["error"]
        assert send() == 503
        aside.rename(site.db)
        await until(lambda: is_ready(server.url, 200), "the server is ready again")
        assert send() == 200


@pytest.mark.parametrize("spoil", [lambda path: b"noise" * 4000, lambda path: path.read_bytes()[:6000]])
def test_a_damaged_file_is_one_sentence_with_the_way_out(site: Site, spoil: Callable[[Path], bytes]) -> None:
    site.db.write_bytes(spoil(site.db))
    done = run("subscriber", "list", db=site.db)
    assert done.returncode == ConfigError.exit_code
    assert re.search(r"the state file \S+ is damaged .* put the last backup at its place", done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("subscriber", "list"), ("serve", "--port", "0"), ("worker",)])
def test_a_key_that_is_lost_is_said_at_once_and_never_replaced(site: Site, command: tuple[str, ...]) -> None:
    key = site.db.with_name(f"{site.db.name}.key")
    aside = key.rename(key.with_name("aside.key"))
    done = run(*command, db=site.db)
    assert done.returncode == ConfigError.exit_code
    assert f"The key file {key} is gone, and the state file holds secrets that only it opens." in done.stderr
    assert not key.exists()
    aside.rename(key)
    assert run("subscriber", "check", "northfield", db=site.db).returncode == 0


def test_a_key_that_cannot_be_read_is_one_sentence(site: Site) -> None:
    key = site.db.with_name(f"{site.db.name}.key")
    key.unlink()
    key.mkdir()
    done = run("subscriber", "list", db=site.db)
    assert done.returncode == ConfigError.exit_code
    assert f"The key file {key} cannot be read: Is a directory. Let the user" in done.stderr


def test_without_secrets_a_key_is_made_when_one_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    assert run("token", "add", "ada", "--all", db=path).returncode == 0
    assert not path.with_name("new.db.key").exists()


async def test_before_the_disk_is_full_webhooks_are_not_taken_in(
    bench: Bench, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"headers": {"x-key": "right"}, "content": b"6994"}
    url = f"/hooks/{bench.subscriber.url_token}/shop"
    assert (await client.get("/readyz")).status_code == 200
    monkeypatch.setattr(database, "LEAST_FREE_BYTES", 10**18)
    assert (await client.post(url, **given)).status_code == 503
    monkeypatch.undo()
    assert (await client.post(url, **given)).status_code == 200


async def test_a_disk_that_is_nearly_full_is_no_readiness(
    bench: Bench, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LEAST_FREE_BYTES", 10**18)
    told = await client.get("/readyz")
    assert (told.status_code, "is nearly full" in told.json()["error"]) == (503, True)


async def test_what_looks_after_a_server_sees_what_somebody_outside_sees(site: Site) -> None:
    with site.serve() as running:
        assert await readiness_of(running.url)() == ""
        aside = site.db.with_name("aside.db")
        site.db.rename(aside)
        trouble = await until(
            readiness_of(running.url), "it is not ready"
        )  # what was found is kept for a moment
        assert "was deleted or replaced" in trouble
        aside.rename(site.db)
    assert "does not answer" in await readiness_of(running.url)()
