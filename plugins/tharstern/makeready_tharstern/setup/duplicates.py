"""Learn what a site does with a repeated order, and how it can be asked for one. Test environments only."""

from makeready_hooks.errors import Refused
from makeready_hooks.model.order import PreparedOrder
from makeready_hooks.model.setup import ProbeFinding

from makeready_tharstern.client import TharsternClient

FILTERS = ("uniqueSubmitOrderID", "uniqueSubmitOrderIDs[0]", "ref1", "ref2", "keyword")
"""Names under which a version may take our key. None is seen; the probe finds out."""


async def probe_duplicates(
    client: TharsternClient, prepared: PreparedOrder, absent: PreparedOrder
) -> tuple[ProbeFinding, ...]:
    """Raises Refused if the first submission was refused: nothing can be learned then."""
    first = await client.submit_order(prepared.payload)
    if first.id <= 0:
        raise Refused(f"Tharstern refuses the probe's order: {first.status_details or 'it gives no reason'}")
    return (
        await _repeat(client, prepared, first.id),
        await _read_back(client, prepared.key, absent.key),
    )


async def _repeat(client: TharsternClient, prepared: PreparedOrder, first_id: int) -> ProbeFinding:
    second = await client.submit_order(prepared.payload)
    if second.id <= 0:
        finding = f"A repeated order is refused: {second.status_details or 'without a reason'}."
    elif second.id == first_id:
        finding = f"A repeated order gives the first one's ID again, {first_id}."
    else:
        finding = f"A repeated order makes a second one: {first_id} and {second.id}. Delete both."
    return ProbeFinding(about="duplicates", finding=finding)


async def _read_back(client: TharsternClient, key: str, absent: str) -> ProbeFinding:
    for name in FILTERS:
        there = await client.orders_by(name, key)
        missing = await client.orders_by(name, absent)
        if there and missing == []:
            return ProbeFinding(
                about="read-back",
                finding=f"orders?{name}= finds an order by our key, and shows none for a key that was never sent.",
                setting=("assumptions", "order_reference_filter"),
                value=name,
            )
    finding = (
        f"None of {', '.join(FILTERS)} finds an order by our key: a person decides where an answer was lost."
    )
    return ProbeFinding(about="read-back", finding=finding)
