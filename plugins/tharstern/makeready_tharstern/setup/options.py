"""What settings are chosen from: statuses of orders, and customers."""

from makeready_hooks.model.setup import ListedName

from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.client import TharsternClient


async def statuses(client: TharsternClient) -> tuple[ListedName, ...]:
    return tuple(ListedName(value=name) for name in await client.order_statuses())


async def customers(client: TharsternClient, assumed: Assumptions) -> tuple[ListedName, ...]:
    rows = [(str(row.get("Code") or ""), row) for row in await client.customers()]
    return tuple(
        ListedName(value=code, label=str(row.get(assumed.customer_name) or "")) for code, row in rows if code
    )
