import asyncio
from decimal import Decimal

import msgspec
import pytest
from makeready.flows import pricing
from makeready_hooks.errors import ConfigError, Refused, RetryLater
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.price import Quote
from pretend import SITE, Bench


async def ask(bench: Bench, product: str = f"117-2284-{SITE}") -> dict:
    call = IncomingCall(method="POST", headers={}, body=product.encode())
    answer = await pricing.answer_price_call(bench.installation, bench.subscriber, "shop", call)
    return msgspec.json.decode(answer.body)


async def test_the_mis_s_price_is_the_answer(bench: Bench) -> None:
    bench.mis.quotes = [Quote(total=Decimal("82.50"), weight_kg=Decimal(4))]
    assert (await ask(bench))["total"] == "82.50"


@pytest.mark.parametrize(
    ("trouble", "shown"),
    [
        (Refused("There is no price for a quantity of 10."), "There is no price for a quantity of 10."),
        (RetryLater("no connection"), "The price is not available just now"),
        (ConfigError("The login is refused."), "The price is not available."),
        (Quote(total=Decimal(0)), "There is no price for this product."),
        (Quote(total=Decimal(-1)), "There is no price for this product."),
    ],
)
async def test_where_there_is_no_price_the_buyer_reads_why(bench: Bench, trouble, shown: str) -> None:
    bench.mis.quotes = [trouble]
    answer = await ask(bench)
    assert "total" not in answer
    assert shown in answer["reason"]


async def test_a_product_of_somebody_else_has_no_price(bench: Bench) -> None:
    assert "118-2284" in (await ask(bench, "118-2284-shop.example"))["reason"]


async def test_an_mis_that_hangs_does_not_hold_the_shop(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pricing, "DEADLINE_S", 0.05)

    async def hang(query: object) -> Quote:
        await asyncio.Event().wait()
        raise AssertionError

    connectors = await bench.installation.connectors(bench.subscriber)
    monkeypatch.setattr(connectors, "quote_price", hang)
    assert "just now" in (await ask(bench))["reason"]
