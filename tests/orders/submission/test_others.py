"""Two installations on one shop: the newcomer notices and stops, never the one that was there."""

import pytest
from makeready.engine import pauses
from makeready.engine.model import Flow
from makeready.orders.life import check_in
from makeready_hooks.errors import Refused, RetryLater
from pretend import Bench, order
from steps import ask_to_look, settle, states


async def send(bench: Bench, number: str = "6994") -> list[str]:
    bench.shop.orders[number] = order(number)
    await ask_to_look(bench, number)
    await settle(bench)
    return await states(bench, number)


async def test_the_newcomer_stops_before_its_first_order_and_says_who_is_there(bench: Bench) -> None:
    bench.shop.neighbours = ("bridge.example",)
    assert (await send(bench), bench.mis.received) == (["ready"], [])
    [stopped, *_] = await bench.installation.store.pauses.of("northfield", bench.clock())
    assert stopped.reason == "Another installation serves this shop: bridge.example."
    with pytest.raises(Refused, match=r"bridge\.example"):
        await pauses.resume(bench.installation, "northfield", [Flow.ORDERS])


async def test_a_person_hands_over_with_one_press(bench: Bench) -> None:
    bench.clock.now = order("6994").placed_at.timestamp() + 600
    bench.shop.neighbours = ("bridge.example",)
    await send(bench)
    await check_in.take_over(bench.installation, "mia")
    bench.clock.now += 200
    await settle(bench)
    assert await states(bench) == ["parked"], "the other one may have sent what was placed before"


async def test_whoever_has_sent_orders_goes_on(bench: Bench) -> None:
    assert await send(bench) == ["accepted"]
    bench.shop.neighbours = ("bridge.example",)
    assert await send(bench, "6995") == ["accepted"]


async def test_a_shop_that_cannot_be_asked_just_now_holds_the_first_order_up(bench: Bench) -> None:
    bench.shop.neighbours = RetryLater("down", after_s=30)
    assert await send(bench) == ["ready"]
    bench.shop.neighbours = ()
    bench.clock.now += 31
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def test_it_is_asked_once(bench: Bench) -> None:
    for number in ("6994", "6995", "6996"):
        await send(bench, number)
    assert bench.shop.asked_for_others == 1
