"""Plugins hear what has happened: after it was committed, each on its own, at least once."""

import asyncio
from decimal import Decimal

import msgspec
import pytest
from listeners import listen
from makeready.engine.observers.store import TELL
from makeready.subscribers.setup import install
from makeready.work import engine_for
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.product import StockLevel
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from makeready_prices.answer import answer_price_call
from pretend import SITE, Bench, line, order
from steps import LIST, PRODUCT, ask_to_look, settle, states
from told import PARCEL, accepted, says


async def waiting(bench: Bench) -> int:
    return await bench.installation.store.work.waiting("northfield", TELL)


async def test_an_order_is_told_from_its_first_sight_to_the_mis(bench: Bench) -> None:
    ear = await listen(bench)
    await bench.installation.set_public_url("https://bridge.example")
    bench.shop.orders["6994"] = order("6994", line(1), line(2))
    await ask_to_look(bench, "6994")
    await settle(bench)
    [seen] = ear.of("order_received")
    assert (seen.order_number, seen.lines, seen.reason) == ("6994", (1, 2), "seen in the shop")
    assert seen.page.startswith("https://bridge.example/admin/")
    taken = ear.of("order_accepted")
    assert sorted(one.lines for one in taken) == [(1,), (2,)]
    assert sorted(one.mis_number for one in taken) == ["SO-1", "SO-2"]
    assert {name for name, _ in ear.heard} == {"order_received", "order_accepted"}
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert len(ear.heard) == 3, "nothing is new"


@pytest.mark.parametrize(
    ("trouble", "hooks"),
    [
        (Refused("no such product"), {"order_received", "order_refused", "order_needs_person"}),
        (OutcomeUnknown("cut"), {"order_received", "order_in_doubt"}),
    ],
)
async def test_what_goes_wrong_is_told_with_its_reason(
    bench: Bench, trouble: Exception, hooks: set[str]
) -> None:
    ear = await listen(bench)
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [trouble]
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert {name for name, _ in ear.heard} == hooks
    [told] = ear.of("order_refused") or ear.of("order_in_doubt")
    assert str(trouble) in told.reason


async def test_who_needs_a_person_is_told_of_what_the_shop_changed_and_of_what_cannot_be_read(
    bench: Bench,
) -> None:
    ear = await listen(bench, hooks=["order_needs_person"])
    bench.shop.orders["6994"] = order("6994", line(1))
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6994"] = order("6994", line(1, quantity=77))
    bench.shop.orders["6995"] = msgspec.structs.replace(order("6995"), problem="It has no date.")
    await ask_to_look(bench, "6994", "6995")
    await settle(bench)
    told = sorted((one.order_number, one.lines, one.reason) for one in ear.of("order_needs_person"))
    assert told == [
        ("6994", (1,), "the shop has changed it after it was sent"),
        ("6995", (), "It has no date."),
    ]


async def test_a_parcel_that_the_shop_shows_is_told(bench: Bench) -> None:
    await accepted(bench)
    ear = await listen(bench, hooks=["shipment_recorded"])
    await says(bench, "Dispatched", PARCEL)
    [told] = ear.of("shipment_recorded")
    assert (told.order_number, told.lines, told.tracking, told.carrier) == (
        "6994",
        (1,),
        "DP-1",
        "Dales Parcels",
    )


async def test_the_end_of_an_import_is_told_with_what_became_of_its_products(bench: Bench) -> None:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    ear = await listen(bench, hooks=["import_finished"])
    subscriber = await bench.installation.subscriber("northfield")
    wish = ImportRequest(
        site=SITE, product_ids=("2284", "4107"), groups=("Everyone",), workflow="MIS transfer"
    )
    await import_now(bench.installation, subscriber, wish)
    await settle(bench)
    [told] = ear.of("import_finished")
    assert (told.number, told.site, told.products) == (1, SITE, {"created": 2})


async def test_another_stock_is_told_and_a_first_or_the_same_is_not(bench: Bench) -> None:
    ear = await listen(bench, hooks=["stock_changed"])
    await bench.installation.connectors(await bench.installation.subscriber("northfield"))
    for on_hand in (5, 5, 7):
        level = StockLevel(product_id="2284", on_hand=Decimal(on_hand), allocated=Decimal(1))
        await bench.installation.store.stock.save_levels("northfield", [level], read_at=bench.clock())
    await settle(bench)
    assert [(one.product_id, one.on_hand) for one in ear.of("stock_changed")] == [("2284", Decimal(7))]


async def test_prices_are_told_behind_the_answer_and_a_slow_ear_costs_a_buyer_nothing(bench: Bench) -> None:
    ear = await listen(bench, hooks=["price_answered"])
    bench.mis.quotes = [LIST]
    let_go = asyncio.Event()
    ear.before["price_answered"] = let_go.wait
    subscriber = await bench.installation.subscriber("northfield")
    connectors = await bench.installation.connectors(subscriber)
    call = IncomingCall(method="POST", headers={}, query={}, body=PRODUCT.encode())
    for _ in range(30):
        await answer_price_call(bench.installation, subscriber, connectors, "shop", call)
    await asyncio.sleep(0)
    assert ear.heard == []
    let_go.set()
    while len(ear.heard) < 20:
        await asyncio.sleep(0)
    assert ear.of("price_answered")[0].total == Decimal("82.50")
    assert len(ear.heard) == 20, "what comes while many wait is not told"


async def test_each_is_told_on_its_own_and_again_only_if_it_asks_for_that(bench: Bench) -> None:
    good = await listen(bench, "good", ["order_received"])
    late = await listen(bench, "late", ["order_received"])
    wrong = await listen(bench, "wrong", ["order_received"])
    errors = [RetryLater("down"), RetryLater("down")]

    def down() -> None:
        if errors:
            raise errors.pop()

    def no() -> None:
        raise Refused("not mine")

    late.before["order_received"], wrong.before["order_received"] = down, no
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (len(good.heard), len(late.heard), len(wrong.heard), await waiting(bench)) == (1, 0, 0, 1)
    for _ in range(3):
        bench.clock.now += 5
        await settle(bench)
    assert (len(good.heard), len(late.heard), len(wrong.heard), await waiting(bench)) == (1, 1, 0, 0)


async def test_one_that_is_always_away_is_given_up(bench: Bench) -> None:
    ear = await listen(bench, hooks=["order_received"])

    def down() -> None:
        raise RetryLater("down")

    ear.before["order_received"] = down
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    for _ in range(14):
        await settle(bench)
        bench.clock.now += 700
    assert await waiting(bench) == 0


async def test_what_was_not_told_when_a_process_ended_is_told_by_the_next(bench: Bench) -> None:
    ear = await listen(bench, hooks=["order_accepted"])
    ear.before["order_accepted"] = asyncio.Event().wait
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    engine = engine_for(bench.installation)
    while await states(bench) != ["accepted"] or not await waiting(bench):
        run = asyncio.create_task(engine.run_due())
        await asyncio.wait({run}, timeout=0.2)
        run.cancel()
    engine.abandon()
    await asyncio.sleep(0)
    assert ear.heard == []
    ear.before.clear()
    bench.clock.now += 60
    await settle(bench)
    assert [one.mis_number for one in ear.of("order_accepted")] == ["SO-1"]


async def test_where_nobody_listens_nothing_is_kept(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [Refused("no")]
    await ask_to_look(bench, "6994")
    engine = engine_for(bench.installation)
    while await engine.run_due():
        assert await waiting(bench) == 0
    assert await states(bench) == ["refused"]


async def test_who_listens_no_more_is_told_nothing(bench: Bench) -> None:
    ear = await listen(bench, hooks=["order_received"])
    await bench.installation.connectors(await bench.installation.subscriber("northfield"))
    await bench.installation.store.subscribers.save([bench.subscriber])
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (ear.heard, await waiting(bench)) == ([], 0)
