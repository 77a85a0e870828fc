"""What settings are chosen from: statuses of orders, and customers."""

from makeready_hooks.model.setup import Option

from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.client import TharsternClient


async def statuses(client: TharsternClient) -> tuple[Option, ...]:
    return tuple(Option(value=name) for name in await client.order_statuses())


async def customers(client: TharsternClient, assumed: Assumptions) -> tuple[Option, ...]:
    rows = [(str(row.get("Code") or ""), row) for row in await client.customers()]
    return tuple(
        Option(value=code, label=str(row.get(assumed.customer_name) or "")) for code, row in rows if code
    )
