"""Trouble while the shop is told of progress: lost answers, refusals, outages, wrong rules."""

import pytest
from makeready_hooks.errors import NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.progress import Shipment
from pretend import Bench, order
from steps import ask_to_look, settle
from told import PARCEL, POLL_S, QUIET_S, STAGES, accepted, causes, follow, late, look, says, story


async def test_a_lost_answer_to_a_move_is_settled_by_looking(bench: Bench) -> None:
    await accepted(bench)
    bench.shop.move_trouble = [late(OutcomeUnknown("cut"))]
    await says(bench, "In production")
    assert (await story(bench)).progress[0].moving_to == "Press"
    await look(bench, QUIET_S)
    assert bench.shop.moves == [("6994", 1, "Press")]
    assert "the move to stage Press took effect" in await causes(bench)
    assert (await story(bench)).progress[0].stage == "Press"


async def test_a_move_that_was_lost_before_its_effect_is_made_again_after_the_quiet_period(
    bench: Bench,
) -> None:
    await accepted(bench)
    bench.shop.move_trouble = [OutcomeUnknown("cut")]
    await says(bench, "In production")
    await look(bench, QUIET_S - 1)
    assert bench.shop.moves == []
    await look(bench, 1)
    assert bench.shop.moves == [("6994", 1, "Press")]


async def test_no_other_move_is_made_while_one_may_still_take_effect(bench: Bench) -> None:
    await accepted(bench)
    bench.shop.move_trouble = [OutcomeUnknown("cut")]
    await says(bench, "In production")
    await says(bench, "Dispatched", after_s=QUIET_S / 2)
    assert bench.shop.moves == []
    bench.shop.at_stage("6994", 1, "Press")  # it takes effect late
    await look(bench, QUIET_S / 2)
    assert bench.shop.moves == [("6994", 1, "Shipping")]


BEFORE = Shipment(tracking="DP-0", carrier=PARCEL.carrier, shipped_at=PARCEL.shipped_at)
"""A parcel that the shop takes and shows: it can be asked for."""


async def parcel_is_lost(bench: Bench, *, takes_effect: bool) -> None:
    lost = OutcomeUnknown("cut")
    bench.shop.shipment_trouble = [late(lost) if takes_effect else lost]
    await says(bench, "Folding", *bench.mis.progress["SO-1"][1], PARCEL)


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_parcel_whose_answer_was_lost_is_there_once(bench: Bench, takes_effect: bool) -> None:
    await accepted(bench)
    await says(bench, "Folding", BEFORE)
    written = await bench.installation.store.progress.newest_written("northfield", 3)
    assert written == [("6994", 1, BEFORE.tracking)]
    await parcel_is_lost(bench, takes_effect=takes_effect)
    await look(bench, QUIET_S)
    assert [one for _, _, one in bench.shop.shipments] == [BEFORE, PARCEL]
    assert [one.state for one in (await story(bench)).shipments] == ["written", "written"]


@pytest.mark.parametrize("takes_effect", [True, False])
@pytest.mark.parametrize("lie", ["it shows none of them", "it has taken none yet"])
async def test_a_parcel_is_not_written_again_if_nobody_can_tell_whether_it_is_there(
    bench: Bench, takes_effect: bool, lie: str
) -> None:
    await accepted(bench)
    if lie == "it shows none of them":
        await says(bench, "Folding", BEFORE)
    else:
        bench.mis.progress["SO-1"] = ("Folding", ())
    bench.shop.hides_shipments = True
    await parcel_is_lost(bench, takes_effect=takes_effect)
    for _ in range(3):
        await look(bench, QUIET_S)
    assert [one for _, _, one in bench.shop.shipments].count(PARCEL) == takes_effect
    told = (await story(bench)).shipments[-1]
    assert (told.state, "nobody can tell whether it shows it" in told.error) == ("refused", True)


async def test_an_outage_after_a_lost_answer_does_not_make_it_known(bench: Bench) -> None:
    await accepted(bench)
    await says(bench, "Folding", BEFORE)
    await parcel_is_lost(bench, takes_effect=True)
    bench.shop.shipment_trouble = [RetryLater("down", after_s=30)]
    await look(bench, QUIET_S)
    bench.shop.hides_shipments = True
    for _ in range(3):
        await look(bench, QUIET_S)
    assert [one for _, _, one in bench.shop.shipments] == [BEFORE, PARCEL]
    assert [one.state for one in (await story(bench)).shipments] == ["written", "refused"]


async def test_what_the_shop_cannot_take_just_now_is_tried_again_soon(bench: Bench) -> None:
    await accepted(bench)
    bench.shop.shipment_trouble = [RetryLater("down", after_s=30)]
    bench.shop.move_trouble = [RetryLater("down")]
    await says(bench, "Dispatched", PARCEL)
    assert bench.shop.moves == bench.shop.shipments == []
    await look(bench, 30)
    assert bench.shop.shipments == [("6994", (1,), PARCEL)]
    assert bench.shop.moves == [("6994", 1, "Shipping")]


async def test_trouble_with_one_order_does_not_hold_up_the_others(bench: Bench) -> None:
    bench.shop.orders = {number: order(number) for number in ("6994", "6995")}
    await ask_to_look(bench, "6994", "6995")
    await settle(bench)
    bench.mis.progress = {f"SO-{number}": ("Folding", ()) for number in (1, 2)}
    bench.shop.move_trouble = [ZeroDivisionError("a defect")]
    await follow(bench)
    await settle(bench)
    assert len(bench.shop.moves) == 1


@pytest.mark.parametrize("trouble", [Refused("It says no."), NotSupported("No such call.")])
async def test_what_the_shop_refuses_is_shown_and_not_tried_again(bench: Bench, trouble: Exception) -> None:
    await accepted(bench)
    bench.shop.move_trouble, bench.shop.shipment_trouble = [trouble], [trouble]
    await says(bench, "Dispatched", PARCEL)
    for _ in range(3):
        await look(bench)
    assert bench.shop.moves == bench.shop.shipments == []
    sent = await story(bench)
    assert str(trouble) in sent.progress[0].notice
    assert [(one.state, one.error) for one in sent.shipments] == [("refused", str(trouble))]


async def test_a_stage_that_the_shop_does_not_have_is_said_once_and_the_next_one_is_tried(
    bench: Bench,
) -> None:
    await accepted(bench, stages={**STAGES, "Folding": "Bndery"})
    await says(bench, "Folding")
    for _ in range(3):
        await look(bench)
    notice = (await story(bench)).progress[0].notice
    assert notice.startswith("The workflow of the shop's item has no stage Bndery; it has To the MIS, Press")
    assert len(bench.shop.reads) == 1, "no endless retry"
    await says(bench, "Dispatched")
    assert bench.shop.moves == [("6994", 1, "Shipping")]


async def test_corrected_rules_are_tried_at_once(bench: Bench) -> None:
    await accepted(bench, stages={"Folding": "Bndery"})
    await says(bench, "Folding")
    await follow(bench)
    await settle(bench)
    assert bench.shop.moves == [("6994", 1, "Bindery")]
    assert (await story(bench)).progress[0].notice == ""


async def test_an_mis_that_does_not_tell_is_asked_again_at_its_turn_only(bench: Bench, monkeypatch) -> None:
    await accepted(bench)

    async def cannot(*asked) -> None:
        bench.mis.asked.append(asked)
        raise NotSupported("This MIS does not tell.")

    connectors = await bench.installation.connectors(await bench.installation.subscriber("northfield"))
    monkeypatch.setattr(connectors, "read_order_progress", cannot)
    await look(bench)
    await look(bench, POLL_S - 1)
    assert len(bench.mis.asked) == 1
    await look(bench, 1)
    assert len(bench.mis.asked) == 2


async def test_switching_it_off_ends_it(bench: Bench) -> None:
    await accepted(bench)
    await follow(bench, enabled=False)
    await says(bench, "Dispatched", PARCEL)
    await look(bench)
    assert bench.mis.asked == []
    assert await bench.installation.store.work.waiting("northfield", "progress") == 0
