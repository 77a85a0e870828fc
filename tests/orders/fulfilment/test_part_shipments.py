"""A part shipment is written on its lines with its quantities, and the order is followed until all is gone."""

from typing import Any

import msgspec
import pytest
from listeners import listen
from makeready.orders.fulfilment.model import PartShipped
from makeready.orders.settings import OrderRules
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.order import OrderPart
from makeready_hooks.model.progress import ProgressKind, Shipment, ShippedLine
from pretend import STAGE, Bench, line
from told import PARCEL, QUIET_S, accepted, late, look, says, story

PARCEL_OF_ALL = Shipment(tracking="DP-2")


def parcel(tracking: str, **quantities: int) -> Shipment:
    """``_1=40``: 40 of line 1."""
    lines = tuple(ShippedLine(line=int(one[1:]), quantity=of) for one, of in quantities.items())
    return Shipment(tracking=tracking, carrier="Dales Parcels", lines=lines)


async def together(bench: Bench, *lines: Any, **rules: Any) -> None:
    """One MIS order of several lines, followed for its parcels alone."""
    changed = OrderRules(
        trigger_stage=STAGE, starts_at=bench.subscriber.orders.starts_at, grouping="order", **rules
    )
    await bench.installation.store.subscribers.save(
        [msgspec.structs.replace(bench.subscriber, orders=changed)]
    )
    await accepted(bench, *lines, stages={})


def written(bench: Bench) -> list[tuple[str, tuple[int, ...], list[tuple[int, int]]]]:
    return [
        (one.tracking, lines, [(each.line, each.quantity) for each in one.lines])
        for _, lines, one in bench.shop.shipments
    ]


async def test_a_part_is_written_on_its_lines_until_all_is_gone(bench: Bench) -> None:
    await together(bench, line(1, quantity=100), line(2, quantity=50))
    first, second = parcel("DP-1", _1=40), parcel("DP-2", _1=60, _2=50)
    await says(bench, "Packing", first)
    assert (await story(bench)).part_shipped == (
        PartShipped(line=1, gone=40, ordered=100),
        PartShipped(line=2, gone=0, ordered=50),
    )
    await says(bench, "Packing", first, second)
    await look(bench)
    assert written(bench) == [("DP-1", (1,), [(1, 40)]), ("DP-2", (1, 2), [(1, 60), (2, 50)])]
    assert (await story(bench)).part_shipped == ()
    asked = len(bench.mis.asked)
    await look(bench)
    assert len(bench.mis.asked) == asked, "all is gone: it is looked at no more"


async def test_a_parcel_without_lines_holds_the_whole_order(bench: Bench) -> None:
    await together(bench, line(1), line(2))
    await says(bench, "Packing", PARCEL)
    assert written(bench) == [("DP-1", (1, 2), [])]
    assert (await story(bench)).part_shipped == ()


@pytest.mark.parametrize(("kind", "more"), [(ProgressKind.PART_SHIPPED, True), (ProgressKind.SHIPPED, False)])
async def test_what_the_mis_says_of_the_whole_goes_before_what_was_counted(
    bench: Bench, kind: ProgressKind, more: bool
) -> None:
    await together(bench, line(1, quantity=100))
    bench.mis.kinds["SO-1"] = (kind, "")
    await says(bench, "Packing", PARCEL if more else parcel("DP-1", _1=99))
    asked = len(bench.mis.asked)
    await look(bench)
    assert (len(bench.mis.asked) > asked) is more


async def test_quantities_are_in_the_shop_s_packs(bench: Bench) -> None:
    await together(bench, line(1, quantity=4, pack_size=250))
    await says(bench, "Packing", parcel("DP-1", _1=500), parcel("DP-2", _1=300))
    assert written(bench) == [("DP-1", (1,), [(1, 2)]), ("DP-2", (1,), [(1, 0)])], "300 are no whole packs"


async def test_what_the_mis_counts_in_packs_stays_so(bench: Bench) -> None:
    await together(bench, line(1, quantity=4, pack_size=250), counted_in="packs")
    await says(bench, "Packing", parcel("DP-1", _1=3))
    assert written(bench) == [("DP-1", (1,), [(1, 3)])]


async def test_parts_of_a_kit_are_written_on_the_kit_without_a_quantity(bench: Bench) -> None:
    parts = tuple(OrderPart(part_number=f"117-{one}", description="", quantity=2) for one in ("2284", "4107"))
    await together(bench, line(1, part_number="KIT", parts=parts), line(2))
    rows = (ShippedLine(line=1, quantity=2), ShippedLine(line=1, quantity=2))
    await says(bench, "Packing", Shipment(tracking="DP-1", lines=rows))
    assert written(bench) == [("DP-1", (1,), [(1, 0)])]
    assert (await story(bench)).part_shipped == (PartShipped(line=2, gone=0, ordered=2),)


@pytest.mark.parametrize("effect", [True, False])
async def test_after_a_lost_answer_it_is_written_once_with_what_was_in_it(bench: Bench, effect: bool) -> None:
    await together(bench, line(1, quantity=100), line(2))
    error = OutcomeUnknown("lost") if effect else RetryLater("busy")
    bench.shop.shipment_trouble.append(late(error) if effect else error)
    await says(bench, "Packing", parcel("DP-1", _1=40))
    await says(bench, "Packing", parcel("DP-1", _2=1), after_s=QUIET_S)
    for _ in range(2):
        await look(bench)
    assert written(bench) == [("DP-1", (1,), [(1, 40)])], "what was about to be written first stands"


async def test_a_line_that_the_shop_does_not_have_is_for_a_person(bench: Bench) -> None:
    await together(bench, line(1))
    await says(bench, "Packing", parcel("DP-1", _7=1))
    assert written(bench) == []
    [row] = (await story(bench)).shipments
    assert (row.state, row.error) == ("refused", "The shop shows no item of it that is still wanted.")


async def test_the_news_of_a_parcel_names_its_lines(bench: Bench) -> None:
    await together(bench, line(1), line(2))
    ear = await listen(bench, hooks=["shipment_recorded"])
    await says(bench, "Packing", parcel("DP-1", _2=1))
    await says(bench, "Packing", parcel("DP-1", _2=1), PARCEL_OF_ALL)
    assert [one.lines for one in ear.of("shipment_recorded")] == [(2,), (1, 2)]
