"""A test order for a subscriber's MIS: what does it do with one that comes twice, and can it be asked?

It makes real orders there, so it runs in the test environment only. What it learns decides whether a
lost answer heals by itself or waits for a person.
"""

import secrets
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
from makeready.contexts import SetupContext
from makeready.orders.submission.prepare import map_with_ids
from makeready.subscribers import changes
from makeready.subscribers.model import Subscriber
from makeready_hooks import specs
from makeready_hooks.errors import NotSupported, Refused
from makeready_hooks.model.order import Buyer, Order, OrderLine, Party
from makeready_hooks.model.setup import VendorFinding
from makeready_hooks.model.submission import OrderRequest

TEXT = "Makeready test order, please delete"


async def send(
    context: SetupContext, subscriber: Subscriber, product_id: str, mis: str = ""
) -> tuple[VendorFinding, ...]:
    """To the only MIS, or to ``mis``. What was learned; it is kept with its date, for the check of a subscriber.

    Raises Refused in a live environment, or if the MIS does not take the order.
    """
    if subscriber.environment != "test":
        raise Refused(
            "Test orders are real orders in the MIS, and this subscriber is live.",
            fix='Set environment = "test", send the test order, and set it back.',
        )
    connectors = await context.connectors(subscriber)
    if not connectors.any_has(specs.submit_test_order):
        raise NotSupported("None of the company's connectors can send a test order.", fix="Add one that can.")
    key = f"TEST-{secrets.token_hex(4)}"
    mis = connectors.mis(mis)
    request = _request(context, subscriber, key, product_id)
    prepared, _ = await map_with_ids(connectors, mis, request, may_make=True)
    absent = msgspec.structs.replace(prepared, key=f"{key}-absent")
    learned = await connectors.submit_test_order(mis, prepared, absent)
    await context.store.subscribers.record_learned(subscriber.name, mis, learned, at=context.clock())
    return learned


def _request(context: SetupContext, subscriber: Subscriber, key: str, product_id: str) -> OrderRequest:
    now = datetime.fromtimestamp(context.clock(), UTC)
    party = Party(first_name="Makeready", last_name="Test order")
    line = OrderLine(
        number=1,
        id=key,
        part_number="",
        description=TEXT,
        quantity=1,
        net=Decimal(0),
        ship_to=party,
        required_on=now.date(),
    )
    order = Order(
        number=key,
        id=key,
        site="",
        account_id="",
        placed_at=now,
        buyer=Buyer(id=f"{subscriber.name}-test-order"),
        bill_to=party,
        lines=(line,),
    )
    return OrderRequest(key=key, order=order, product_ids=(product_id,))


async def save_findings(
    context: SetupContext,
    subscriber: Subscriber,
    learned: tuple[VendorFinding, ...],
    actor: str,
    mis: str = "",
) -> list[str]:
    """Put what was learned into the MIS connector's settings; return the changes."""
    exported = changes.export(context, subscriber)
    connectors = await context.connectors(subscriber)
    mis = connectors.mis(mis)
    for one in learned:
        if one.setting:
            changes.put_setting(exported["connectors"][mis], one.setting, one.value)
    proposal = await changes.propose(context, subscriber.name, exported)
    await changes.save(context, [proposal], actor)
    return [str(change) for change in proposal.changes]
