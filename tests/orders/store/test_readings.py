"""Two processes over one state file: what one has read earlier does not stand in the way of what another reads."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from makeready.orders.model import FETCH_ORDER
from makeready.orders.reconcile import compare
from makeready.webhooks.receive import receive_webhook
from makeready.work import engine_for
from makeready_hooks import hookimpl
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.order import Order, OrderRef
from pretend import Bench, Clock, Mis, Shop, line, new_bench, order
from steps import ask_to_look, settle, states

PERIOD = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


class SlowShop(Shop):
    """What it has read reaches the caller when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.has_read, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()
        self.completing: Any = None

    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        found = tuple(self.orders[ref.number] for ref in refs if ref.number in self.orders)
        self.reads.append(tuple(ref.number for ref in refs))
        self.has_read.set()
        await self.goes_on.wait()
        return found

    @hookimpl
    async def read_order_details(self, order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order:
        if self.completing is not None:
            completing, self.completing = self.completing, None
            await completing()
        chosen = tuple(line for line in order.lines if line.number in lines)
        return msgspec.structs.replace(order, lines=chosen)


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[tuple[Bench, Bench]]:
    """The same company in two installations, each with a clock of its own, over one file."""
    shop, mis = SlowShop(), Mis()
    one, other = (new_bench(tmp_path, Clock(), shop, mis) for _ in range(2))
    await one.installation.store.subscribers.save([one.subscriber])
    yield one, other
    await one.installation.aclose()
    await other.installation.aclose()


async def look_only(bench: Bench) -> None:
    """Read the order, and send nothing yet."""
    await ask_to_look(bench, "6994")
    await engine_for(bench.installation, only=frozenset({FETCH_ORDER})).run_due()


async def take_in_all(bench: Bench) -> None:
    """The regular comparison with the shop."""
    await compare(bench.installation, await bench.installation.subscriber("northfield"), *PERIOD)


async def webhook(bench: Bench, text: str) -> None:
    subscriber = await bench.installation.subscriber("northfield")
    call = IncomingCall(method="POST", headers={"x-key": "right"}, body=text.encode())
    assert await receive_webhook(bench.installation, subscriber, "shop", call)


def sent_quantities(bench: Bench) -> list[int]:
    return [msgspec.json.decode(one.payload)["order"]["lines"][0]["quantity"] for one in bench.mis.received]


@pytest.mark.parametrize("step_s", [0, -3600, 3600])
async def test_an_older_reading_that_arrives_after_a_newer_one_changes_nothing(
    two: tuple[Bench, Bench], step_s: float
) -> None:
    one, other = two
    other.clock.now += step_s
    shop: Any = one.shop
    shop.orders["6994"] = order("6994", line(stage="Order Received"))
    shop.goes_on.clear()
    await ask_to_look(one, "6994")
    looking = asyncio.create_task(engine_for(one.installation, only=frozenset({FETCH_ORDER})).run_due())
    await shop.has_read.wait()
    shop.orders["6994"] = order("6994")
    await take_in_all(other)
    assert await states(other) == ["ready"]
    shop.goes_on.set()
    await looking
    assert await states(one) == ["ready"], "the older reading has not written over the newer one"
    await settle(other)
    assert await states(other) == ["accepted"]


@pytest.mark.parametrize("step_s", [0, -3600, 3600])
async def test_an_approved_order_does_not_fall_back_to_what_another_process_remembers(
    two: tuple[Bench, Bench], step_s: float
) -> None:
    one, other = two
    other.clock.now += step_s
    one.shop.orders["6994"] = order("6994", line(stage="Order Received"))
    await look_only(one)
    assert await states(one) == ["waiting"]
    one.shop.orders["6994"] = order("6994")
    await take_in_all(other)
    one.clock.now = max(one.clock.now, other.clock.now)
    await settle(one)
    assert await states(one) == ["accepted"]


@pytest.mark.parametrize("news", ["a newer reading", "a webhook"])
async def test_content_that_is_older_than_what_the_file_knows_of_is_not_sent(
    two: tuple[Bench, Bench], news: str
) -> None:
    one, other = two
    one.shop.orders["6994"] = order("6994", line(quantity=2))
    await look_only(one)
    one.shop.orders["6994"] = order("6994", line(quantity=5))
    if news == "a webhook":
        await webhook(other, "changed 6994")
    else:
        await take_in_all(other)
    await settle(one)
    assert sent_quantities(one) == [5]


async def test_a_webhook_while_an_order_is_prepared_makes_it_be_prepared_again(
    two: tuple[Bench, Bench],
) -> None:
    one, other = two
    shop: Any = one.shop
    shop.orders["6994"] = order("6994", line(quantity=2))

    async def somebody_changes_it() -> None:
        shop.orders["6994"] = order("6994", line(quantity=5))
        await webhook(other, "changed 6994")

    shop.completing = somebody_changes_it
    await ask_to_look(one, "6994")
    await settle(one)
    assert one.mis.received == []
    one.clock.now += 1
    await settle(one)
    assert sent_quantities(one) == [5]


async def test_what_was_seen_just_now_and_nobody_has_touched_is_sent_without_another_reading(
    two: tuple[Bench, Bench],
) -> None:
    one, _ = two
    one.shop.orders["6994"] = order("6994")
    await webhook(one, "6994")
    await settle(one)
    assert await states(one) == ["accepted"]
    assert len(one.shop.reads) == 1


async def test_a_newer_reading_that_shows_the_same_holds_nothing_up(two: tuple[Bench, Bench]) -> None:
    one, other = two
    shop: Any = one.shop
    shop.orders["6994"] = order("6994")
    shop.completing = lambda: take_in_all(other)
    await ask_to_look(one, "6994")
    await settle(one)
    assert await states(one) == ["accepted"]


async def test_a_refusal_for_a_price_that_was_corrected_meanwhile_is_none(two: tuple[Bench, Bench]) -> None:
    one, other = two
    one.shop.orders["6994"] = order("6994", line(net=None))
    await look_only(one)
    one.shop.orders["6994"] = order("6994")
    await take_in_all(other)
    await settle(one)
    assert await states(one) == ["accepted"]
