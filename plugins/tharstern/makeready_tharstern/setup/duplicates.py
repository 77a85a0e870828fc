"""Learn what a site does with a repeated order, and how it can be asked for one. Test environments only."""

from makeready_hooks.errors import Refused
from makeready_hooks.model.setup import VendorFinding
from makeready_hooks.model.submission import PreparedOrder

from makeready_tharstern.client import TharsternClient

FILTERS = ("uniqueSubmitOrderID", "uniqueSubmitOrderIDs[0]", "ref1", "ref2", "keyword")
"""Names under which a version may take our key. None is seen; a test order finds out."""


async def submit_test_order(
    client: TharsternClient, prepared: PreparedOrder, absent: PreparedOrder
) -> tuple[VendorFinding, ...]:
    """Raises Refused if the first submission was refused: nothing can be learned then."""
    first = await client.submit_order(prepared.payload)
    if first.id <= 0:
        raise Refused(f"Tharstern refuses the test order: {first.status_details or 'it gives no reason'}")
    return (
        await _repeat(client, prepared, first.id),
        await _read_back(client, prepared.key, absent.key),
    )


async def _repeat(client: TharsternClient, prepared: PreparedOrder, first_id: int) -> VendorFinding:
    second = await client.submit_order(prepared.payload)
    if second.id <= 0:
        finding = f"A repeated order is refused: {second.status_details or 'without a reason'}."
    elif second.id == first_id:
        finding = f"A repeated order gives the first one's ID again, {first_id}."
    else:
        finding = f"A repeated order makes a second one: {first_id} and {second.id}. Delete both."
    return VendorFinding(about="duplicates", finding=finding)


async def _read_back(client: TharsternClient, key: str, absent: str) -> VendorFinding:
    for name in FILTERS:
        there = await client.orders_by(name, key)
        missing = await client.orders_by(name, absent)
        if there and missing == []:
            return VendorFinding(
                about="read-back",
                finding=f"orders?{name}= finds an order by our key, and shows none for a key that was never sent.",
                setting=("assumptions", "order_reference_filter"),
                value=name,
            )
    finding = (
        f"None of {', '.join(FILTERS)} finds an order by our key: a person decides where an answer was lost."
    )
    return VendorFinding(about="read-back", finding=finding)
