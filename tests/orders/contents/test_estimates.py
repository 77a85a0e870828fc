"""An order line names the estimate that it was priced by."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from makeready.prices.model import KnownPrice, PriceRules
from makeready.subscribers.setup import install
from makeready_hooks.errors import ConfigError, RetryLater
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import OptionValue, PriceOption, PriceQuery, Quote
from makeready_hooks.model.submission import OrderRequest
from makeready_imports.choices import ImportRequest, check_wished_markup
from makeready_imports.jobs import import_now
from makeready_inspect.check import check_markup
from pretend import SITE, Bench, line, order
from steps import ask_to_look, settle, states

PAPER = PriceOption(
    id="paper",
    label="Paper",
    values=(OptionValue(value="silk", label="Silk"), OptionValue(value="kraft", label="Kraft")),
    default="silk",
)
PLACED = order("6994").placed_at.timestamp()


async def estimated(
    bench: Bench, reference: str, *, paper: str = "silk", at: float = PLACED - 60, **changed: Any
) -> None:
    """An estimate of two pieces, as a price call leaves it."""
    query = PriceQuery(**{"product_id": "2284", "quantity": 2, "site": SITE, **changed})
    quote = Quote(total=Decimal(50), reference=reference, options=(("paper", paper),))
    await bench.installation.store.prices.keep("northfield", "live", query, KnownPrice(quote=quote, at=at))


async def sent(bench: Bench, *, buyer: Buyer | None = None, **changed: Any) -> tuple[str, ...]:
    """The estimates that the MIS is told of with an order of two pieces."""
    bench.mis.options = (PAPER,)
    made = order("6994", line(**changed))
    bench.shop.orders["6994"] = msgspec.structs.replace(made, buyer=buyer or Buyer(id="b1"))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    return msgspec.json.decode(bench.mis.received[-1].payload, type=OrderRequest).estimates


async def test_it_is_the_one_of_the_same_quantity_and_choice(bench: Bench) -> None:
    await estimated(bench, "1", quantity=3)
    await estimated(bench, "2", paper="kraft")
    await estimated(bench, "3")
    await estimated(bench, "4", product_id="4107")
    assert await sent(bench, chosen=(("paper", "kraft"), ("Quantity", "2"))) == ("2",)


async def test_a_choice_that_the_order_does_not_show_is_the_default(bench: Bench) -> None:
    await estimated(bench, "1", paper="kraft")
    await estimated(bench, "2")
    assert await sent(bench) == ("2",)


@pytest.mark.parametrize(("department", "named"), [("sales", "2"), ("other", "1")])
async def test_it_is_the_customer_s_own_or_the_one_of_a_buyer_whom_the_shop_did_not_name(
    bench: Bench, department: str, named: str
) -> None:
    await estimated(bench, "1")
    await estimated(bench, "2", customer="SALES")
    await estimated(bench, "3", customer="TRADE")
    assert await sent(bench, buyer=Buyer(id="b1", department=department)) == (named,)


async def test_of_several_it_is_the_last_one_before_the_order(bench: Bench) -> None:
    for reference, at in (("1", PLACED - 9000), ("2", PLACED - 60), ("3", PLACED + 9000)):
        await estimated(bench, reference, at=at)
    assert await sent(bench) == ("2",)


async def test_one_that_was_made_later_is_better_than_none(bench: Bench) -> None:
    await estimated(bench, "3", at=PLACED + 9000)
    assert await sent(bench) == ("3",)


async def test_a_line_that_was_priced_from_a_list_names_none_and_the_mis_is_not_asked(bench: Bench) -> None:
    bench.mis.options = RetryLater("nobody should ask")
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert msgspec.json.decode(bench.mis.received[-1].payload, type=OrderRequest).estimates == ()


async def test_another_environment_s_estimate_is_not_named(bench: Bench) -> None:
    query = PriceQuery(product_id="2284", quantity=2, site=SITE)
    quote = Quote(total=Decimal(50), reference="1", options=(("paper", "silk"),))
    await bench.installation.store.prices.keep(
        "northfield", "test", query, KnownPrice(quote=quote, at=PLACED)
    )
    assert await sent(bench) == ()


# The mark-up is added once


async def imported(bench: Bench, markup: str) -> None:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    wish = ImportRequest(site=SITE, product_ids=("2284",), markup_percent=markup)
    await import_now(bench.installation, bench.subscriber, wish)
    await settle(bench)


@pytest.mark.parametrize(
    ("rules", "in_shop", "ok"),
    [
        (PriceRules(), "15", True),
        (PriceRules(markup="engine", markup_percent=Decimal(10)), "0", True),
        (PriceRules(markup="engine", markup_percent=Decimal(10)), "15", False),
    ],
)
async def test_two_mark_ups_are_found(bench: Bench, rules: PriceRules, in_shop: str, ok: bool) -> None:
    await imported(bench, in_shop)
    check = await check_markup(bench.installation, msgspec.structs.replace(bench.subscriber, prices=rules))
    assert check.ok is ok
    assert ok or "117-2284" in check.message


def test_a_mark_up_in_the_shop_beside_the_engine_s_is_refused(bench: Bench) -> None:
    marked = msgspec.structs.replace(bench.subscriber, prices=PriceRules(markup="engine"))
    check_wished_markup(marked, Decimal(0))
    check_wished_markup(bench.subscriber, Decimal(15))
    with pytest.raises(ConfigError, match="twice"):
        check_wished_markup(marked, Decimal(15))
