"""Amounts in two currencies are never mixed; where nobody says, nothing is refused, and the check of a company tells."""

import pytest
from makeready.orders.views.preview import preview_order
from makeready.prices.model import PriceRules
from makeready_hooks.errors import Refused
from makeready_hooks.model.setup import Check
from makeready_imports.choices import ImportRequest
from makeready_imports.plan import plan_import
from makeready_inspect.check import check_subscriber
from msgspec import ValidationError, convert
from msgspec.structs import replace
from pretend import SITE, Bench, order
from steps import LIST, ask, ask_to_look, ruled, settle, states

MIXTURE = "are in EUR, and those of mis are in GBP: they are not mixed."


@pytest.fixture
def mixed(bench: Bench) -> Bench:
    bench.shop.currencies = {SITE: "EUR", "": "EUR"}
    bench.mis.currencies = {"": "GBP"}
    return bench


async def finding(bench: Bench) -> Check:
    found = await check_subscriber(bench.installation, bench.subscriber)
    return next(check for _, check in found if check.name == "currency")


async def sent(bench: Bench) -> str:
    """An order is to be sent: the reason why it is not, "" if it was."""
    bench.shop.orders["6994"] = bench.shop.orders.get("6994", order("6994"))
    await ask_to_look(bench, "6994")
    await settle(bench)
    [only] = await bench.installation.store.ledger.of_order("northfield", "6994")
    assert bool(only.reason) == (only.state == "refused")
    return only.reason


async def test_where_nobody_says_nothing_is_refused_and_the_check_tells(bench: Bench) -> None:
    bench.mis.quotes = [LIST]
    assert (await ask(bench))["total"] == "82.50"
    assert await sent(bench) == ""
    found = await finding(bench)
    assert found.ok
    assert found.message.startswith("Currency not stated of shop and mis:")


async def test_no_price_is_asked_in_another_currency(mixed: Bench) -> None:
    mixed.mis.quotes = [LIST]
    assert (await ask(mixed))["reason"] == "There is no price for this product. Please ask us for one."
    assert mixed.mis.questions == []


async def test_an_order_is_refused_with_a_sentence_that_names_both(mixed: Bench) -> None:
    assert f"Amounts of {SITE} {MIXTURE}" in await sent(mixed)
    assert mixed.mis.received == []
    [preview] = await preview_order(mixed.installation, mixed.subscriber, "6994")
    assert MIXTURE in preview.reason


async def test_an_order_s_own_currency_goes_before_its_shop_s(mixed: Bench) -> None:
    mixed.shop.orders["6994"] = replace(order("6994"), currency="GBP")
    assert await sent(mixed) == ""
    assert await states(mixed) == ["accepted"]


async def test_no_import_is_planned_and_the_check_says_what_is_wrong(mixed: Bench) -> None:
    with pytest.raises(Refused, match="they are not mixed"):
        await plan_import(
            mixed.installation, mixed.subscriber, ImportRequest(site=SITE, product_ids=("2284",))
        )
    found = await finding(mixed)
    assert not found.ok
    assert MIXTURE in found.message


async def test_settings_say_it_by_site_and_by_connector_where_a_vendor_does_not(bench: Bench) -> None:
    bench.mis.quotes = [LIST, LIST, LIST]
    given = {"shop": "GBP", f" {SITE.upper()}": "EUR", "mis": "EUR"}
    assert "total" in await ask(ruled(bench, currencies=given))
    assert "total" not in await ask(ruled(bench, currencies={**given, "mis": "GBP"}))
    bench.mis.currencies = {"": "EUR"}
    assert "total" in await ask(ruled(bench, currencies={**given, "mis": "GBP"})), "a vendor knows better"


async def test_a_currency_in_the_settings_is_three_capital_letters() -> None:
    with pytest.raises(ValidationError, match="three capital letters"):
        convert({"currencies": {"mis": "pounds"}}, PriceRules)


async def test_one_currency_everywhere_is_told_so(bench: Bench) -> None:
    bench.shop.currencies = bench.mis.currencies = {SITE: "GBP", "": "GBP"}
    assert (await finding(bench)).message == "All amounts are in one currency."
