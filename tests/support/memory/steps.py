"""Steps of an order's way, and of a price's, that tests share."""

import asyncio
from decimal import Decimal
from typing import Any

import msgspec
from makeready.engine.model import NewWork
from makeready.orders.model import FETCH_ORDER
from makeready.prices.model import PriceRules
from makeready.work import engine_for
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.price import Quote
from makeready_hooks.model.submission import FindResult, MisOrder
from makeready_prices.answer import answer_price_call
from pretend import SITE, Bench, order

PRODUCT = f"117-2284-{SITE}"
LIST = Quote(total=Decimal("82.50"), weight_kg=Decimal(4), unit_price=Decimal("8.25"), from_quantity=10)


async def ask_to_look(bench: Bench, *numbers: str) -> None:
    now = bench.clock()
    work = [NewWork(subscriber="northfield", kind=FETCH_ORDER, key=number, due_at=now) for number in numbers]
    await bench.installation.store.work.add(work)


async def settle(bench: Bench) -> None:
    """Let an engine do all that is due now."""
    engine = engine_for(bench.installation)
    while await engine.run_due():
        await asyncio.sleep(0)


async def took_before(bench: Bench) -> None:
    """The MIS has taken an order of ours, and finds it by our key: now its *not there* is believed."""
    bench.shop.orders["6000"] = order("6000")
    await ask_to_look(bench, "6000")
    await settle(bench)
    assert await states(bench, "6000") == ["accepted"]
    [line] = await bench.installation.store.ledger.of_order("northfield", "6000")
    bench.mis.shown[line.submission] = FindResult(order=MisOrder(id=line.mis_id, number=line.mis_number))
    bench.shop.orders.pop("6000")
    for seen in (bench.mis.received, bench.shop.marks, bench.shop.reads):
        seen.clear()


async def states(bench: Bench, number: str = "6994") -> list[str]:
    """The states of an order's lines, by their numbers."""
    lines = await bench.installation.store.ledger.of_order("northfield", number)
    return [one.state for one in sorted(lines, key=lambda one: one.line)]


def ruled(bench: Bench, **rules: Any) -> Bench:
    """The bench under other price rules."""
    given = msgspec.convert(rules, PriceRules)
    version = bench.subscriber.version + 1
    changed = msgspec.structs.replace(bench.subscriber, prices=given, version=version)
    return msgspec.structs.replace(bench, subscriber=changed)


async def ask(bench: Bench, product: str = PRODUCT, **query: str) -> Any:
    call = IncomingCall(method="POST", headers={}, query=query, body=product.encode())
    connectors = await bench.installation.connectors(bench.subscriber)
    answered = await answer_price_call(bench.installation, bench.subscriber, connectors, "shop", call)
    return msgspec.json.decode(answered.answer.body)


async def save_settings(bench: Bench) -> None:
    """As they are: what a connector says of itself follows from its settings, and is asked for anew."""
    subscribers = bench.installation.store.subscribers
    saved = await subscribers.get("northfield")
    assert saved is not None
    await subscribers.save([saved])
