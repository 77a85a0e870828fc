"""Progress of orders in the MIS is shown in the shop: each stage and parcel once, never back, never in a loop."""

import msgspec
import pytest
from makeready.orders.views.history import order_story
from makeready.webhooks.receive import receive_webhook
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.progress import Shipment
from pretend import Bench, line, order
from steps import ask_to_look, settle, states
from told import DAY_S, PARCEL, accepted, causes, follow, look, says, story


async def test_nothing_is_asked_and_nothing_is_written_unless_it_is_switched_on(bench: Bench) -> None:
    await accepted(bench, enabled=False)
    await says(bench, "Dispatched", PARCEL, after_s=10 * DAY_S)
    call = IncomingCall(method="POST", headers={"x-id": "1"}, body=b"SO-1")
    assert not await receive_webhook(bench.installation, bench.subscriber, "mis", call)
    assert bench.mis.asked == []
    assert bench.shop.moves == bench.shop.shipments == []


async def test_a_status_moves_the_shop_s_item_once(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "in production")
    for _ in range(3):
        await look(bench)
    assert bench.shop.moves == [("6994", 1, "Press")]
    assert bench.shop.reads.count(("6994",)) == 1, "the shop is not asked about what has not changed"
    assert len(bench.mis.asked) == 4


async def test_a_parcel_is_written_once_with_its_date_before_the_stage(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "Dispatched", PARCEL)
    for _ in range(2):
        await look(bench)
    assert bench.shop.shipments == [("6994", (1,), PARCEL)]
    told = [
        cause for cause in await causes(bench) if cause.startswith(("the shop shows", "its item is moved"))
    ]
    assert told == ["the shop shows parcel DP-1", "its item is moved to stage Shipping"]


async def test_each_of_several_parcels_is_written(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "Folding", PARCEL)
    second = Shipment(tracking="DP-2")
    await says(bench, "Folding", PARCEL, second)
    assert [one.tracking for _, _, one in bench.shop.shipments] == ["DP-1", "DP-2"]
    assert bench.shop.shipments[1][2].shipped_at.timestamp() == bench.clock.now, "when it was seen first"


async def test_no_parcel_is_written_where_only_stages_are_wanted(bench: Bench) -> None:
    await accepted(bench, ship=False)
    await says(bench, "Dispatched", PARCEL)
    assert bench.shop.moves == [("6994", 1, "Shipping")]
    assert bench.shop.shipments == []


async def test_a_status_that_the_rules_do_not_know_moves_nothing_and_is_shown(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "On hold")
    assert bench.shop.moves == bench.shop.reads == []
    assert [one.status for one in (await story(bench)).progress] == ["On hold"]


async def test_an_item_is_never_moved_back(bench: Bench) -> None:
    await accepted(bench)
    for status in ("Folding", "In production", "Dispatched", "In production"):
        await says(bench, status)
    assert [stage for _, _, stage in bench.shop.moves] == ["Bindery", "Shipping"]


@pytest.mark.parametrize("stage", ["Shipping", "Completed", "Cancelled"])
async def test_a_person_who_moved_the_item_further_is_not_overruled(bench: Bench, stage: str) -> None:
    await accepted(bench)
    bench.shop.at_stage("6994", 1, stage)
    await says(bench, "In production")
    await look(bench)
    assert bench.shop.moves == []
    assert len(bench.shop.reads) == 1, "it is settled"
    assert f"its item stays at stage {stage}" in await causes(bench)


async def test_a_person_who_moved_the_item_back_is_not_overruled_either(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "Folding")
    bench.shop.at_stage("6994", 1, "Press")
    for _ in range(2):
        await look(bench)
    assert bench.shop.moves == [("6994", 1, "Bindery")]
    await says(bench, "Dispatched")
    assert bench.shop.moves[1:] == [("6994", 1, "Shipping")]


async def test_an_item_that_was_denied_is_left_alone(bench: Bench) -> None:
    await accepted(bench)
    bench.shop.orders["6994"] = order("6994", line(denied=True))
    await says(bench, "Dispatched", PARCEL)
    await look(bench)
    assert bench.shop.moves == bench.shop.shipments == []
    assert len(bench.shop.reads) == 1, "it is settled"


async def test_an_item_that_is_gone_is_said_once(bench: Bench) -> None:
    await accepted(bench)
    bench.shop.orders["6994"] = order("6994", line(2, part_number="NF-CARD"))
    await says(bench, "Dispatched", PARCEL)
    await look(bench)
    assert len(bench.shop.reads) == 1
    sent = await story(bench)
    assert sent.progress[0].notice == "The shop does not show this item any more."
    assert [one.error for one in sent.shipments] == ["The shop shows no item of it that is still wanted."]


async def test_our_own_move_coming_back_as_a_webhook_sends_nothing_and_asks_nothing(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "In production")
    bench.mis.asked.clear()
    for number in range(3):
        call = IncomingCall(method="POST", headers={"x-key": "right", "x-id": str(number)}, body=b"6994")
        await receive_webhook(bench.installation, bench.subscriber, "shop", call)
        await settle(bench)
    assert await states(bench) == ["accepted"]
    assert len(bench.mis.received) == 1
    assert bench.mis.asked == []
    assert len(bench.shop.moves) == 1


@pytest.mark.parametrize("reference", ["6994-1", "1", "SO-1"])
async def test_an_event_of_the_mis_brings_its_order_forward(bench: Bench, reference: str) -> None:
    await accepted(bench)
    bench.mis.progress["SO-1"] = ("Folding", ())
    subscriber = await bench.installation.subscriber("northfield")
    call = IncomingCall(method="POST", headers={"x-id": "1"}, body=reference.encode())
    assert await receive_webhook(bench.installation, subscriber, "mis", call)
    await settle(bench)
    assert bench.shop.moves == [("6994", 1, "Bindery")]
    found = await order_story(bench.installation, "northfield", "6994")
    assert [webhook.event for webhook in found.webhooks] == ["Moved"]


async def test_an_event_about_an_order_that_is_not_ours_asks_for_nothing(bench: Bench) -> None:
    await accepted(bench)
    subscriber = await bench.installation.subscriber("northfield")
    call = IncomingCall(method="POST", headers={"x-id": "1"}, body=b"SO-77")
    assert not await receive_webhook(bench.installation, subscriber, "mis", call)


async def test_events_that_name_no_order_are_one_look_within_a_minute(bench: Bench) -> None:
    await accepted(bench)
    subscriber = await bench.installation.subscriber("northfield")
    for number in range(5):
        call = IncomingCall(method="POST", headers={"x-id": str(number)}, body=b"")
        await receive_webhook(bench.installation, subscriber, "mis", call)
        await settle(bench)
    assert bench.mis.asked == []
    await look(bench, 60)
    assert bench.mis.asked == [("SO-1",)]


async def test_a_parcel_that_leaves_after_all_was_told_is_written_when_an_event_tells_of_it(
    bench: Bench,
) -> None:
    await accepted(bench)
    await says(bench, "Dispatched", PARCEL)
    await look(bench)
    bench.mis.asked.clear()
    await look(bench)
    assert bench.mis.asked == [], "it is finished"
    bench.mis.progress["SO-1"] = ("Dispatched", (PARCEL, Shipment(tracking="DP-2")))
    subscriber = await bench.installation.subscriber("northfield")
    call = IncomingCall(method="POST", headers={"x-id": "1"}, body=b"SO-1")
    await receive_webhook(bench.installation, subscriber, "mis", call)
    await settle(bench)
    assert [one.tracking for _, _, one in bench.shop.shipments] == ["DP-1", "DP-2"]


@pytest.mark.parametrize("rules", [{}, {"ship": False}, {"stages": {}}])
async def test_a_finished_order_is_looked_at_no_more(bench: Bench, rules) -> None:
    await accepted(bench, **rules)
    await says(bench, "Dispatched", PARCEL)
    bench.mis.asked.clear()
    await look(bench)
    assert bench.mis.asked == []


async def test_a_dispatched_order_waits_for_its_tracking_number(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "Dispatched")
    await says(bench, "Dispatched", PARCEL)
    assert bench.shop.shipments == [("6994", (1,), PARCEL)]


async def test_an_old_order_is_looked_at_no_more(bench: Bench) -> None:
    await accepted(bench, watch_days=2)
    await look(bench, 1.9 * DAY_S)
    await look(bench, 0.2 * DAY_S)
    assert len(bench.mis.asked) == 1


async def test_an_order_of_the_live_environment_is_not_looked_for_in_the_test_one(bench: Bench) -> None:
    await accepted(bench)
    subscriber = await bench.installation.subscriber("northfield")
    test = msgspec.structs.replace(subscriber, environment="test")
    await bench.installation.store.subscribers.save([test])
    await says(bench, "Dispatched", PARCEL)
    assert [asked for asked in bench.mis.asked if asked] == []
    assert bench.shop.moves == bench.shop.shipments == []


async def test_an_order_of_one_server_is_not_looked_for_on_another(bench: Bench) -> None:
    await accepted(bench)
    stored = await bench.installation.subscriber("northfield")
    mis = stored.connectors["mis"]
    moved = {**stored.connectors, "mis": msgspec.structs.replace(mis, shared={**mis.shared, "port": 2})}
    await bench.installation.store.subscribers.save([msgspec.structs.replace(stored, connectors=moved)])
    await says(bench, "Dispatched", PARCEL)
    assert [asked for asked in bench.mis.asked if asked] == []
    assert bench.shop.moves == bench.shop.shipments == []


async def test_an_order_that_goes_as_one_is_told_of_on_each_of_its_items(bench: Bench) -> None:
    rules = msgspec.structs.replace(bench.subscriber.orders, grouping="order")
    grouped = msgspec.structs.replace(
        bench, subscriber=msgspec.structs.replace(bench.subscriber, orders=rules)
    )
    await bench.installation.store.subscribers.save([grouped.subscriber])
    await accepted(grouped, line(1), line(2), line(3, part_number="NF-CARD"))
    await says(grouped, "Dispatched", PARCEL)
    assert bench.shop.shipments == [("6994", (1, 2), PARCEL)]
    assert bench.shop.moves == [("6994", 1, "Shipping"), ("6994", 2, "Shipping")]


async def test_many_orders_are_asked_about_together(bench: Bench) -> None:
    numbers = [str(number) for number in range(7000, 7020)]
    bench.shop.orders = {number: order(number) for number in numbers}
    await ask_to_look(bench, *numbers)
    await settle(bench)
    await follow(bench)
    bench.shop.reads.clear()
    bench.mis.progress = {f"SO-{number}": ("Folding", ()) for number in range(1, 21)}
    await settle(bench)
    assert [len(asked) for asked in bench.mis.asked] == [20]
    assert [len(read) for read in bench.shop.reads if len(read) > 1] == [20]
    assert len(bench.shop.moves) == 20


async def test_nothing_is_written_on_either_of_two_orders_that_the_shop_shows_under_one_number(
    bench: Bench,
) -> None:
    await accepted(bench)
    bench.shop.orders["b"] = msgspec.structs.replace(order("6994"), id="id-b", site="trade.example")
    await says(bench, "Dispatched", PARCEL)
    assert bench.shop.moves == bench.shop.shipments == []
