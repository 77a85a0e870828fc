"""Steps of a followed order: the MIS says something, time passes, the shop is told."""

from datetime import UTC, datetime

import msgspec
from makeready.orders.fulfilment.model import StatusRules
from makeready.orders.views.history import SentOrder, order_story
from makeready.subscribers.changes import Change, Proposal, save
from makeready_hooks.model.order import OrderLine
from makeready_hooks.model.progress import Shipment
from pretend import Bench, order
from steps import ask_to_look, settle

QUIET_S, POLL_S, DAY_S = 300, 900, 86_400
STAGES = {"In production": "Press", "Folding": "Bindery", "Dispatched": "Shipping"}
PARCEL = Shipment(tracking="DP-1", carrier="Dales Parcels", shipped_at=datetime(2026, 3, 8, tzinfo=UTC))


async def follow(bench: Bench, **rules: object) -> None:
    """Switch it on, as `makeready subscriber apply` does."""
    status = StatusRules(**{"enabled": True, "stages": STAGES, **rules})
    now = await bench.installation.subscriber("northfield")
    changes = (Change(path="status"),)
    changed = msgspec.structs.replace(now, status=status)
    proposal = Proposal(subscriber=changed, changes=changes, version=now.version)
    await save(bench.installation, [proposal])


async def accepted(bench: Bench, *lines: OrderLine, **rules: object) -> None:
    """Order 6994 is in the MIS as SO-1 and followed; all calls so far are forgotten."""
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)
    await follow(bench, **rules)
    await settle(bench)
    bench.shop.reads.clear()
    bench.mis.asked.clear()


async def look(bench: Bench, after_s: float = POLL_S) -> None:
    bench.clock.now += after_s
    await settle(bench)


async def says(bench: Bench, status: str, *shipments: Shipment, after_s: float = POLL_S) -> None:
    """The MIS says so from now on, and the next look comes."""
    bench.mis.progress["SO-1"] = (status, shipments)
    await look(bench, after_s)


async def story(bench: Bench) -> SentOrder:
    found = await order_story(bench.installation, "northfield", "6994")
    assert found is not None
    [sent] = found.sent
    return sent


async def causes(bench: Bench) -> list[str]:
    history = await bench.installation.store.ledger.history("northfield", "6994")
    return [row.cause for row in history]


def late(error: Exception) -> Exception:
    """An error after the effect."""
    error.after_the_effect = True  # type: ignore[attr-defined]  # read by the pretend shop
    return error
