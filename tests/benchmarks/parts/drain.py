"""Many orders at once under the shop's real limit of calls: how long, how many calls, and do they hold up others?

One company's orders reach the stage at the same moment; when half of them are in the MIS, another company's single
order does. The bound is the limit: 10 calls in 10 seconds.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from benchmarks.figures import Part
from benchmarks.sizes import Sizes
from benchmarks.whole import NAME, NUMBER, SHOP, SITE, STAGE, Whole
from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.model import FETCH_ORDER
from makeready_lab.demo.orders import plain_order

QUIET, QUIET_NUMBER, QUIET_PREFIX = "southgate", 118, "S-"
"""It shares an account of the MIS with the busy company."""
CALLS, WINDOW_S = 10, 10.0
BURST = 400
"""From so many on, what is learned of the first ones is worth its calls."""
LOOK_S = 0.25
Calls = Mapping[str, int]


async def measure(part: Part, sizes: Sizes) -> None:
    with Whole() as whole:
        await whole.emulate("--scenario", str(SHOP), mis=())
        await whole.mis_driver.set_stock("2284", 100_000_000)
        whole.apply_all({NAME: _rules(whole, NUMBER, ""), QUIET: _rules(whole, QUIET_NUMBER, QUIET_PREFIX)})
        whole.serve()
        whole.install()
        await _let_them_come(part, whole, sizes.burst)
        await whole.aclose()


def _rules(whole: Whole, number: int, prefix: str) -> dict[str, object]:
    orders = {"trigger_stage": STAGE, "reference_prefix": prefix}
    return {"external_user_id": number, "orders": orders, "connectors": whole.connectors}


async def _let_them_come(part: Part, whole: Whole, count: int) -> None:
    shop, mis = whole.shop_driver, whole.mis_driver
    placed = [await shop.place_order(plain_order(SITE, "117-2284", number)) for number in range(count)]
    before, started = await shop.calls(), time.monotonic()
    for one in placed:
        await shop.move_to_stage(one.order_number, 1, STAGE)

    async def arrived(wanted: int) -> bool:
        return len(await mis.orders()) >= wanted

    unmarked = deque(placed)

    async def marked() -> bool:
        """Whether all are: those that were seen so are not looked at again."""
        while unmarked and await shop.mis_number(unmarked[0].order_number, 1):
            unmarked.popleft()
        return not unmarked

    await _until(lambda: arrived(count // 2))
    alone_s = await _one_more(whole)
    await _until(lambda: arrived(count + 1))
    in_mis_s, so_far = time.monotonic() - started, await shop.calls()
    await _until(marked)
    all_s, first, calls = (
        time.monotonic() - started,
        _since(before, so_far),
        _since(before, await shop.calls()),
    )
    reading = first - _since(_writing(before), _writing(so_far))
    of, is_burst = f"{count} orders at once", count >= BURST
    part.add(
        f"calls an order until all are in the MIS, {of}",
        [first / count],
        "",
        aim="≤ 0.15" if is_burst else "",
    )
    part.add(f"the same without marks, {of}", [reading / count], "")
    part.add(f"calls an order until all are marked, {of}", [calls / count], "")
    part.ratio(
        f"until all are in the MIS, {of}",
        [in_mis_s],
        [_bound(count)],
        "one call an order",
        aim="≤ 0.1" if is_burst else "",
    )
    part.add(f"until all are in the MIS, {of}", [in_mis_s], "s")
    part.ratio(
        f"until all are marked, {of}", [all_s], [_bound(calls)], "what the limit takes for these calls"
    )
    part.add(f"until all are marked, {of}", [all_s], "s")
    part.add("another company's order in their midst, webhook to MIS", [alone_s], "s")


def _bound(calls: int) -> float:
    """Seconds that the limit takes for so many calls."""
    return max(1.0, (calls - 1) // CALLS * WINDOW_S)


def _writing(calls: Calls) -> Calls:
    return {name: count for name, count in calls.items() if name.startswith("PUT")}


def _since(before: Calls, after: Calls) -> int:
    return sum(after.values()) - sum(before.values())


async def _one_more(whole: Whole) -> float:
    """The quiet company has no webhook of its own at this account: what one asks for is asked."""
    one = await whole.shop_driver.place_order(plain_order(SITE, f"{QUIET_NUMBER}-2284", 1))
    await whole.shop_driver.move_to_stage(one.order_number, 1, STAGE)
    started, key = time.monotonic(), f"{QUIET_PREFIX}{one.order_number}-1"
    async with Installation.opened(whole.db) as installation:
        look = NewWork(subscriber=QUIET, kind=FETCH_ORDER, key=str(one.order_number), due_at=time.time())
        await installation.store.work.add([look])

    async def there() -> bool:
        return any(order["reference"] == key for order in await whole.mis_driver.orders())

    await _until(there)
    return time.monotonic() - started


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    while not await look():
        await asyncio.sleep(LOOK_S)
