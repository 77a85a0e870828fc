"""Two processes look at the same order: what is written in the shop is begun by one of them only."""

import pytest
from makeready.orders.fulfilment.model import ShipmentRow, ShipmentState, WatchedOrder
from makeready.orders.model import Cause
from msgspec import structs
from pretend import Bench, order
from steps import ask_to_look, settle

QUIET_S = 300
CAUSE = Cause("a test", 1_000_000.0)


@pytest.fixture
async def watched(bench: Bench) -> WatchedOrder:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    found = await bench.installation.store.progress.of_key("northfield", "6994-1")
    assert found is not None
    return found


def parcel(**changes: object) -> ShipmentRow:
    row = ShipmentRow(
        submission="6994-1", tracking="DP-1", carrier="", shipped_at=1.0, state=ShipmentState.DUE
    )
    return structs.replace(row, **changes)


async def begin_move(bench: Bench, watched: WatchedOrder, stage: str) -> bool:
    """By a process that read the order when ``watched`` was read."""
    quiet_until = CAUSE.at + QUIET_S
    return await bench.installation.store.progress.begin_move(
        watched, watched.lines[0], stage, quiet_until=quiet_until, cause=CAUSE
    )


async def begin_shipment(bench: Bench, watched: WatchedOrder, after_s: float = 0) -> bool:
    cause = Cause("a test", CAUSE.at + after_s)
    return await bench.installation.store.progress.begin_shipment(
        watched, parcel(), quiet_until=cause.at + QUIET_S, cause=cause
    )


async def test_a_move_is_begun_by_one_process_only(bench: Bench, watched: WatchedOrder) -> None:
    assert await begin_move(bench, watched, "Press")
    assert not await begin_move(bench, watched, "Press")
    assert not await begin_move(bench, watched, "Shipping")


async def test_whoever_read_before_a_move_ended_begins_none(bench: Bench, watched: WatchedOrder) -> None:
    await begin_move(bench, watched, "Shipping")
    await bench.installation.store.progress.end_move(
        watched, 1, moving_to="Shipping", stage="Shipping", cause=CAUSE
    )
    assert not await begin_move(bench, watched, "Press")


async def test_nobody_ends_the_move_of_another(bench: Bench, watched: WatchedOrder) -> None:
    await begin_move(bench, watched, "Press")
    progress = bench.installation.store.progress
    await progress.end_move(watched, 1, stage="Shipping", cause=CAUSE)
    found = await progress.of_key("northfield", "6994-1")
    assert found is not None
    assert (found.lines[0].moving_to, found.lines[0].stage) == ("Press", "")


async def test_a_parcel_is_begun_by_one_process_only_until_it_can_no_longer_take_effect(
    bench: Bench, watched: WatchedOrder
) -> None:
    assert await begin_shipment(bench, watched)
    assert not await begin_shipment(bench, watched)
    assert not await begin_shipment(bench, watched, QUIET_S - 1)
    assert await begin_shipment(bench, watched, QUIET_S)


@pytest.mark.parametrize(
    ("state", "again"),
    [(ShipmentState.DUE, True), (ShipmentState.WRITTEN, False), (ShipmentState.REFUSED, False)],
)
async def test_a_parcel_is_begun_again_only_if_it_certainly_is_not_there(
    bench: Bench, watched: WatchedOrder, state: ShipmentState, again: bool
) -> None:
    await begin_shipment(bench, watched)
    await bench.installation.store.progress.end_shipment(watched, "DP-1", state, cause=CAUSE)
    assert await begin_shipment(bench, watched) is again


@pytest.mark.parametrize("reference", ["6994-1", "1", "SO-1"])
async def test_an_order_of_the_mis_is_found_by_what_it_is_called(
    bench: Bench, watched: WatchedOrder, reference: str
) -> None:
    found = await bench.installation.store.ledger.find("northfield", reference)
    assert found is not None
    assert found.key == "6994-1"
    assert await bench.installation.store.ledger.find("another", reference) is None
