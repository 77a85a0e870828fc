"""The state file does not take changes for a while: nothing that was acknowledged is lost, and it is told."""

import asyncio
import json
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing, contextmanager

import httpx
import pytest
from joined import Site
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from msgspec import Struct
from processes import Running, running
from story import STAGE, address, import_product, order, prepare, signed_by_the_shop, until

pytestmark = pytest.mark.waits

ORDERS = 6
LONGER_THAN_THE_STORE_WAITS_S = 17.0


class Waiting(Struct, frozen=True, kw_only=True):
    """A server with acknowledged orders before it. It stands still until it is woken."""

    server: Running
    site: Site

    def wake(self) -> None:
        self.server.process.send_signal(signal.SIGCONT)

    async def ready(self) -> httpx.Response:
        return await _get(f"{self.server.url}/readyz")

    def told(self, text: str) -> int:
        return sum(text in line for line in self.server.output)

    async def webhook(self, number: str) -> int:
        """A genuine webhook for an order that nobody knows; what it is answered with."""
        body = json.dumps(
            {"TypeName": "OrderPlaced", "MessageID": number, "Data": {"OrderNumber": 404}}
        ).encode()
        signed = signed_by_the_shop(self.site, body)
        url = self.server.url + address(self.site, "webhook")
        async with httpx.AsyncClient(trust_env=False, timeout=40) as client:
            return (await client.post(url, content=body, headers=signed)).status_code


async def _get(url: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=40) as client:
        return await client.get(url)


@pytest.fixture
async def waiting(site: Site) -> AsyncIterator[Waiting]:
    """Another process takes the webhooks in and does none of the work."""
    shop = PRESSERO.driver(site.shop_url)
    with ExitStack() as stack:
        taking = stack.enter_context(running("serve", "--no-work", "--port", "0", db=site.db))
        prepare(site, taking.url)
        import_product(site, "2284")
        server = stack.enter_context(site.serve())
        await until(lambda: _is_ready(server), "the server works")
        stack.callback(server.process.send_signal, signal.SIGCONT)
        await until(lambda: _stands_still(server, site), "the server stands still and holds no lock")
        for _ in range(ORDERS):
            placed = await shop.place_order(order("117-2284", needs_approval=False))
            await shop.move_to_stage(placed.order_number, 1, STAGE)
        await until(lambda: _acknowledged(site), "all webhooks are acknowledged")
        await shop.aclose()
        yield Waiting(server=server, site=site)


async def _is_ready(server: Running) -> bool:
    return (await _get(f"{server.url}/readyz")).status_code == 200


async def _stands_still(server: Running, site: Site) -> bool:
    server.process.send_signal(signal.SIGSTOP)
    with closing(sqlite3.connect(site.db, isolation_level=None, timeout=0)) as db:
        [[busy]] = db.execute("select count(*) from work where owner != ''")
        try:
            db.execute("begin immediate")
        except sqlite3.OperationalError:
            busy = True
    if busy:
        server.process.send_signal(signal.SIGCONT)
    return not busy


async def _acknowledged(site: Site) -> bool:
    with closing(sqlite3.connect(site.db)) as db:
        [[count]] = db.execute("select count(*) from work where kind = 'fetch-order'")
    return bool(count >= ORDERS)


@contextmanager
def write_lock(site: Site) -> Iterator[None]:
    with closing(sqlite3.connect(site.db, isolation_level=None)) as db:
        db.execute("begin immediate")
        yield
        db.execute("rollback")


@contextmanager
def full_disk(server: Running) -> Iterator[None]:
    """No file takes a byte more from this process, until the end of the block."""
    pid = server.process.pid
    _, hard = before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def all_arrive(waiting: Waiting) -> None:
    mis = THARSTERN.driver(waiting.site.mis_url)

    async def arrived() -> bool:
        return len(await mis.orders_received()) >= ORDERS and (await waiting.ready()).status_code == 200

    await until(arrived, "every order is in the MIS and the server is ready")
    assert len(await mis.orders_received()) == ORDERS
    await mis.aclose()


async def test_what_was_acknowledged_is_done_after_a_long_write_lock_without_a_restart(
    waiting: Waiting,
) -> None:
    with write_lock(waiting.site):
        waiting.wake()
        over = asyncio.get_running_loop().time() + LONGER_THAN_THE_STORE_WAITS_S
        await until(lambda: _is_unready(waiting, "does not take changes"), "it is told that writing fails")
        await asyncio.to_thread(waiting.server.prints, "the state file fails; work waits")
        await asyncio.sleep(
            over - asyncio.get_running_loop().time()
        )  # the lock itself is what takes this long
    await all_arrive(waiting)
    assert waiting.told("the state file fails; work waits") == waiting.told("the state file works again") == 1


async def test_what_was_acknowledged_is_done_after_a_full_disk_and_nothing_is_acknowledged_meanwhile(
    waiting: Waiting,
) -> None:
    with full_disk(waiting.server):
        waiting.wake()
        assert await asyncio.to_thread(waiting.server.prints, "the state file fails; work waits")
        await until(lambda: _is_unready(waiting, "does not take changes"), "it is told that writing fails")
        assert [await waiting.webhook(number) for number in "ab"] == [503, 503]
        assert (await _get(f"{waiting.server.url}/healthz")).status_code == 200
    await all_arrive(waiting)
    assert waiting.told("the state file fails; work waits") == waiting.told("the state file works again") == 1
    assert await waiting.webhook("a") == 200


async def _is_unready(waiting: Waiting, reason: str) -> bool:
    answer = await waiting.ready()
    return answer.status_code == 503 and reason in answer.json()["error"]
