"""The server and workers as processes of their own, over one state file."""

from contextlib import ExitStack, contextmanager

from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import running
from story import STAGE, import_product, order, prepare, until


@contextmanager
def server_and_workers(site, count: int):
    with ExitStack() as stack:
        server = stack.enter_context(running("serve", "--no-work", "--port", "0", db=site.db))
        for _ in range(count):
            stack.enter_context(running("worker", db=site.db, says=r"works on (\S+)"))
        yield server


async def test_two_workers_send_each_order_once(site) -> None:
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    with server_and_workers(site, 2) as server:
        prepare(site, server.url)
        import_product(site, "2284")
        placed = [await shop.place_order(order("117-2284", needs_approval=False)) for _ in range(5)]
        for one in placed:
            await shop.move_to_stage(one.order_number, 1, STAGE)

        async def all_marked() -> bool:
            return all([await shop.mis_number(one.order_number, 1) for one in placed])

        await until(all_marked, "every item is marked")
    assert len(await mis.orders_received()) == len(placed)
    await shop.aclose()
    await mis.aclose()


async def test_a_server_and_a_worker_bring_a_hundred_orders_through_before_anything_is_compared(site) -> None:
    """No order falls back to what one of the two has read before the other."""
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    with site.serve() as server, running("worker", db=site.db, says=r"works on (\S+)"):
        prepare(site, server.url)
        import_product(site, "2284")
        for name in await shop.stock_levels():
            await shop.set_stock_level(name, 100_000)
        placed = [await shop.place_order(order("117-2284", needs_approval=False)) for _ in range(100)]
        for one in placed:
            await shop.move_to_stage(one.order_number, 1, STAGE)

        async def all_marked() -> bool:
            return all([await shop.mis_number(one.order_number, 1) for one in placed])

        await until(all_marked, "every item is marked")
    assert len(await mis.orders_received()) == len(placed)
    await shop.aclose()
    await mis.aclose()
