"""A server whose state file or engine fails tells people all the same."""

import json
from collections.abc import AsyncIterator

import pytest
from makeready.storage.errors import StateFileError
from makeready_alerts.emergency import TOLD_AFTER_S, Emergency
from post import Post, listening, tell
from pretend import Bench

FULL = "the disk of the state file is nearly full: 3 MB are free"


class Server:
    """Whose readiness a test says."""

    def __init__(self, bench: Bench, post: Post) -> None:
        self.trouble = ""
        self.emergency = Emergency(bench.installation, self._ask, post.environ)
        self._bench = bench

    async def _ask(self) -> str:
        return self.trouble

    async def pass_time(self, seconds: float = TOLD_AFTER_S) -> None:
        self._bench.clock.now += seconds
        await self.emergency.look()


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with listening() as made:
        yield made


@pytest.fixture
async def server(bench: Bench, post: Post) -> Server:
    secret = bench.installation.vault.seal("secret")
    await tell(bench, webhook_url=post.hook_url, webhook_secret=secret, email_to=("ada@northfield.example",))
    made = Server(bench, post)
    await made.emergency.look()
    return made


async def test_what_lasts_is_told_once_and_its_end_too(server: Server, post: Post) -> None:
    server.trouble = FULL
    await server.pass_time()
    assert (post.mails, post.hooks) == ([], []), "it may be over in a moment"
    for _ in range(5):
        await server.pass_time()
    [mail], [(_, body)] = post.mails, post.hooks
    assert "Makeready is not at work" in mail
    assert "nearly full" in mail.replace("=\r\n", "")
    assert json.loads(body)["error"] == FULL
    server.trouble = ""
    for _ in range(2):
        await server.pass_time()
    assert "Makeready is at work again" in post.mails[1]
    assert (len(post.mails), len(post.hooks)) == (2, 2)


async def test_nothing_of_it_needs_the_state_file(server: Server, post: Post, bench: Bench) -> None:
    server.trouble = FULL
    await server.pass_time()
    (bench.folder / "test.db").unlink()
    with pytest.raises(StateFileError):
        await bench.installation.store.work.probe()
    await server.pass_time()
    assert (len(post.mails), len(post.hooks)) == (1, 1)


async def test_who_could_not_be_told_is_told_at_the_next_look(server: Server, post: Post) -> None:
    server.trouble, post.status = FULL, b"500 Trouble"
    await server.pass_time()
    await server.pass_time()
    post.status = b"204 No Content"
    await server.pass_time()
    await server.pass_time()
    assert (len(post.mails), len(post.hooks)) == (1, 2)
