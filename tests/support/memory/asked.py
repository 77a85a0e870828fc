"""Prices as a pretend shop asks for them."""

from decimal import Decimal
from typing import Any

import msgspec
from makeready.prices.model import PriceRules
from makeready.prices.quote import answer_price_call
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.price import Quote
from pretend import SITE, Bench

PRODUCT = f"117-2284-{SITE}"
LIST = Quote(total=Decimal("82.50"), weight_kg=Decimal(4), unit_price=Decimal("8.25"), from_quantity=10)


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
