"""Two shops in one company, whose orders have the same numbers: each is carried once, and each shop hears of its own."""

from typing import Any

import pytest
from makeready.engine.model import NewWork
from makeready.orders.model import RECONCILE
from makeready.orders.reconcile import compare
from makeready.orders.views.preview import preview_order
from makeready.prices.model import PriceRules
from makeready.products.routes import RouteRules
from makeready.webhooks.receive import receive_webhook
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.progress import Shipment
from makeready_hooks.model.submission import FindResult, MisOrder
from msgspec import structs
from pretend import SITE, Bench, Mis, Shop, line, order
from steps import ask_to_look, settle, states
from told import PARCEL, QUIET_S, follow, late, look

THEIRS = "market:6994"


async def arrive(bench: Bench, market: Shop) -> None:
    """Both shops have an order 6994; the market's has two items, of another product."""
    bench.shop.orders["6994"] = order("6994")
    market.orders["6994"] = order("6994", line(1, part_number="117-4107"), line(2, part_number="117-4107"))
    await ask_to_look(bench, "6994", THEIRS)
    await settle(bench)


def keys(mis: Mis) -> list[str]:
    return sorted(one.key for one in mis.received)


async def test_both_orders_of_one_number_arrive_each_once(bench: Bench, market: Shop) -> None:
    await arrive(bench, market)
    await ask_to_look(bench, "6994", THEIRS)
    await settle(bench)
    assert keys(bench.mis) == ["6994-1", f"{THEIRS}-1", f"{THEIRS}-2"]
    assert (await states(bench), await states(bench, THEIRS)) == (["accepted"], ["accepted"] * 2)
    assert ("6994" in bench.shop.reads[0], market.reads[0]) == (True, ("6994",))


async def test_each_shop_is_marked_with_the_number_of_its_own_order(bench: Bench, market: Shop) -> None:
    await arrive(bench, market)
    taken = {one.key: f"SO-{turn}" for turn, one in enumerate(bench.mis.received, 1)}
    assert bench.shop.marks == {("6994", 1): taken["6994-1"]}
    assert market.marks == {("6994", 1): taken[f"{THEIRS}-1"], ("6994", 2): taken[f"{THEIRS}-2"]}


async def test_a_shop_that_takes_no_marks_gets_none_and_the_other_its_own(bench: Bench, market: Shop) -> None:
    market.can = set()
    await arrive(bench, market)
    assert (len(bench.shop.marks), market.marks) == (1, {})


async def test_routes_go_by_shop_after_the_site_and_before_the_fallback(
    bench: Bench, market: Shop, press: Mis
) -> None:
    routes = RouteRules(first_shop="shop", shops={"market": "press"}, fallback="mis")
    await under(bench, routes)
    await arrive(bench, market)
    assert (keys(bench.mis), keys(press)) == (["6994-1"], [f"{THEIRS}-1", f"{THEIRS}-2"])
    await under(bench, structs.replace(routes, sites={f"market:{SITE}": "mis", SITE: "press"}))
    bench.shop.orders["6995"] = market.orders["6995"] = order("6995")
    await ask_to_look(bench, "6995", "market:6995")
    await settle(bench)
    assert ("6995-1" in keys(press), "market:6995-1" in keys(bench.mis)) == (True, True)


async def under(bench: Bench, routes: RouteRules, **rules: Any) -> None:
    now = await bench.installation.subscriber("northfield")
    changed = structs.replace(now, routes=routes, **rules, version=now.version + 1)
    await bench.installation.store.subscribers.save([changed])


async def test_a_site_s_own_stage_is_that_of_the_shop_s_site(bench: Bench, market: Shop) -> None:
    rules = structs.replace(bench.subscriber.orders, site_trigger_stages={f"market:{SITE}": "Print now"})
    await under(bench, bench.subscriber.routes, orders=rules)
    await arrive(bench, market)
    assert keys(bench.mis) == ["6994-1"]


async def test_amounts_of_an_order_are_in_the_currency_of_its_own_shop(bench: Bench, market: Shop) -> None:
    stated = {"shop": "GBP", "market": "EUR", "mis": "EUR"}
    await under(bench, bench.subscriber.routes, prices=PriceRules(currencies=stated))
    await arrive(bench, market)
    assert (await states(bench), await states(bench, THEIRS)) == (["refused"], ["accepted"] * 2)


async def test_a_webhook_is_about_the_order_of_the_shop_that_sent_it(bench: Bench, market: Shop) -> None:
    bench.shop.orders["6994"] = market.orders["6994"] = order("6994")
    call = IncomingCall(method="POST", headers={"x-key": "right"}, body=b"6994")
    assert await receive_webhook(bench.installation, bench.subscriber, "market", call)
    await settle(bench)
    assert keys(bench.mis) == [f"{THEIRS}-1"]
    assert await receive_webhook(bench.installation, bench.subscriber, "shop", call)
    await settle(bench)
    assert keys(bench.mis) == ["6994-1", f"{THEIRS}-1"]


@pytest.mark.parametrize("away", ["shop", "market"])
async def test_one_that_is_away_holds_up_no_order_of_the_other(bench: Bench, market: Shop, away: str) -> None:
    shops = {"shop": bench.shop, "market": market}
    shops[away].away = RetryLater("no connection")
    await arrive(bench, market)
    first, second = ("6994", THEIRS) if away == "market" else (THEIRS, "6994")
    assert set(await states(bench, first)) == {"accepted"}
    assert await states(bench, second) == []
    shops[away].away = None
    bench.clock.now += 5
    await settle(bench)
    assert set(await states(bench, second)) == {"accepted"}


@pytest.mark.parametrize("away", ["shop", "market"])
async def test_comparing_reads_both_and_tells_by_its_name_which_is_away(
    bench: Bench, market: Shop, away: str
) -> None:
    """Nothing counts as gone of a shop that did not say so, nor of one that shows it under the same number."""
    bench.clock.now = order("6994").placed_at.timestamp() + 60
    await arrive(bench, market)
    bench.shop.orders["6990"] = market.orders["6990"] = order("6990", line(1, approved=False))
    await ask_to_look(bench, "6990", "market:6990")
    await settle(bench)
    bench.shop.orders["6995"] = market.orders["6995"] = order("6995")
    shops = {"shop": bench.shop, "market": market}
    shops[away].away = RetryLater("no connection")
    await bench.installation.store.work.add(
        [NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=bench.clock())]
    )
    await settle(bench)
    seen = "6995" if away == "market" else "market:6995"
    assert ([seen], ["accepted"]) == (
        [one for one in ("6995", "market:6995") if await states(bench, one)],
        await states(bench, seen),
    )
    [failing] = await bench.installation.store.work.failing("northfield", [RECONCILE])
    assert failing.error == f"{away}: no connection"
    shops[away].away = None
    del market.orders["6994"]
    found = await compare(
        bench.installation,
        bench.subscriber,
        order("1").placed_at.replace(hour=0),
        order("1").placed_at.replace(hour=23),
    )
    assert [(one.order, one.text) for one in found.drift] == [
        (THEIRS, "the shop does not show this order any more")
    ]


async def test_progress_and_parcels_land_in_the_shop_that_has_the_order(bench: Bench, market: Shop) -> None:
    await arrive(bench, market)
    await follow(bench)
    taken = {one.key: f"SO-{turn}" for turn, one in enumerate(bench.mis.received, 1)}
    bench.mis.progress[taken[f"{THEIRS}-2"]] = ("In production", (PARCEL,))
    await look(bench)
    assert (bench.shop.moves, bench.shop.shipments) == ([], [])
    assert market.moves == [("6994", 2, "Press")]
    assert [(number, lines, one.tracking) for number, lines, one in market.shipments] == [
        ("6994", (2,), PARCEL.tracking)
    ]
    bench.mis.progress[taken["6994-1"]] = ("Folding", ())
    await look(bench)
    assert (bench.shop.moves, len(market.moves)) == ([("6994", 1, "Bindery")], 1)


async def test_each_shop_has_stages_of_its_own_for_what_the_mis_says(bench: Bench, market: Shop) -> None:
    market.stages = ("To the MIS", "Printing", "Away")
    await arrive(bench, market)
    await follow(bench, shop_stages={"market": {"Plates made": "Printing", "Dispatched": "Away"}})
    for status in ("Plates made", "In production"):
        for number in ("SO-1", "SO-2", "SO-3"):
            bench.mis.progress[number] = (status, ())
        await look(bench)
    assert bench.shop.moves == [("6994", 1, "Press")]
    assert sorted(market.moves) == [("6994", 1, "Printing"), ("6994", 2, "Printing")]


async def test_a_shop_that_is_away_is_told_later_and_the_other_one_now(bench: Bench, market: Shop) -> None:
    await arrive(bench, market)
    await follow(bench)
    for number in ("SO-1", "SO-2", "SO-3"):
        bench.mis.progress[number] = ("In production", ())
    bench.shop.away = RetryLater("no connection")
    await look(bench)
    assert (bench.shop.moves, len(market.moves)) == ([], 2)
    bench.shop.away = None
    await look(bench)
    assert (bench.shop.moves, len(market.moves)) == ([("6994", 1, "Press")], 2)


async def test_parcels_of_one_shop_tell_nothing_of_what_the_other_shows(bench: Bench, market: Shop) -> None:
    """The first shop shows a parcel that it took; that the market shows none is still not known."""
    await arrive(bench, market)
    await follow(bench)
    taken = {one.key: f"SO-{turn}" for turn, one in enumerate(bench.mis.received, 1)}
    bench.mis.progress[taken["6994-1"]] = ("", (Shipment(tracking="DP-0", carrier="Dales Parcels"),))
    await look(bench)
    assert len(bench.shop.shipments) == 1
    market.hides_shipments, market.shipment_trouble = True, [late(OutcomeUnknown("cut"))]
    bench.mis.progress[taken[f"{THEIRS}-1"]] = ("", (PARCEL,))
    await look(bench)
    await look(bench, QUIET_S)
    assert len(market.shipments) == 1
    parcels = await bench.installation.store.progress.shipments("northfield", f"{THEIRS}-1")
    assert [one.state for one in parcels] == ["refused"]


async def test_a_doubt_is_settled_for_the_order_that_it_is_about(bench: Bench, market: Shop) -> None:
    market.orders["6994"] = order("6994")
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await ask_to_look(bench, THEIRS)
    await settle(bench)
    assert await states(bench, THEIRS) == ["in_doubt"]
    bench.mis.shown[f"{THEIRS}-1"] = FindResult(order=MisOrder(id="7", number="SO-7"))
    bench.clock.now += 200
    await settle(bench)
    assert (await states(bench, THEIRS), market.marks) == (["accepted"], {("6994", 1): "SO-7"})
    assert (bench.shop.marks, keys(bench.mis)) == ({}, [f"{THEIRS}-1"])


async def test_another_installation_at_one_of_them_is_seen_by_its_first_order(
    bench: Bench, market: Shop
) -> None:
    """Also where the company has sent orders of its first shop for long."""
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    market.neighbours = ("bridge.example",)
    market.orders["6994"] = order("6994")
    await ask_to_look(bench, THEIRS)
    await settle(bench)
    assert (await states(bench), await states(bench, THEIRS)) == (["accepted"], ["ready"])
    assert (bench.shop.asked_for_others, market.asked_for_others) == (1, 1)


async def test_the_preview_says_which_shop_has_the_order(bench: Bench, market: Shop) -> None:
    bench.shop.orders["6994"] = market.orders["6994"] = order("6994")
    for number, shop in (("6994", "shop"), (THEIRS, "market")):
        [one] = await preview_order(bench.installation, bench.subscriber, number)
        assert (one.shop, one.key) == (shop, f"{number}-1")


async def test_with_one_shop_nothing_is_said_or_told_apart(bench: Bench) -> None:
    bench.shop.orders["market:6994"] = order("market:6994")
    [one] = await preview_order(bench.installation, bench.subscriber, "market:6994")
    assert (one.shop, one.key) == ("", "market:6994-1")
