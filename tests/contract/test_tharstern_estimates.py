"""Prices of made-to-order products, through the hooks and against the emulator."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret, new_manager
from makeready_hooks.errors import NotPriced, OutcomeUnknown, RetryLater
from makeready_hooks.model.price import NoPriceCause, PriceQuery, Quote
from makeready_hooks.model.submission import OrderRequest
from makeready_hooks.testing.kit import Vendor, an_order, emulating
from makeready_tharstern.plugin import CONNECTOR
from makeready_tharstern_emulator import EMULATOR

PAPER = {
    "path": "Parts[0].PaperCode",
    "label": "Paper",
    "default": "SILK350",
    "values": {"SILK350": "Silk", "COTTON600": "Cotton", "GOLD": "Gold"},
}


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with emulating(EMULATOR, {"artwork": "off"}) as made:
        made.settings["estimate_options"] = {"23": {"paper": PAPER}}
        yield made


def hook_of(vendor: Vendor) -> Any:
    settings = msgspec.convert(vendor.settings, CONNECTOR.settings, dec_hook=decode_secret)
    manager = new_manager()
    manager.register(CONNECTOR.build(settings, ConnectorContext(subscriber="s", http=vendor.http)))
    return manager.hook


async def quote(hook: Any, product: str = "4112", quantity: int = 500, **options: str) -> Quote:
    query = PriceQuery(
        product_id=product, quantity=quantity, customer="NORTH01", options=tuple(options.items())
    )
    [waiting] = hook.quote_price(query=query)
    found: Quote = await waiting
    return found


async def test_an_estimate_has_the_buyer_s_choice_its_id_and_the_weight(vendor: Vendor) -> None:
    hook = hook_of(vendor)
    plain, dear = await quote(hook), await quote(hook, paper="COTTON600", unknown="x")
    assert (plain.total, plain.options) == (Decimal("61.75"), (("paper", "SILK350"),))
    assert (dear.total, dear.options) == (Decimal("114.25"), (("paper", "COTTON600"),))
    assert (dear.reference, dear.source, dear.weight_kg) == ("88002", "estimate E0088002", 1)


async def test_type_and_example_are_read_once_and_each_question_is_one_request(vendor: Vendor) -> None:
    hook = hook_of(vendor)
    await quote(hook)
    vendor.http.sent.clear()
    await quote(hook, quantity=1000)
    assert [path.rpartition("/")[2] for _, path in vendor.http.sent] == ["estrequest"]


async def test_a_lost_answer_to_an_estimate_is_found_and_makes_no_second_one(vendor: Vendor) -> None:
    hook = hook_of(vendor)
    await quote(hook)
    vendor.http.lose = 1
    found = await quote(hook, quantity=1000)
    assert (found.reference, found.total) == ("88002", Decimal("99.25"))


async def test_an_estimate_whose_fate_nobody_knows_is_an_unknown_outcome(vendor: Vendor) -> None:
    hook = hook_of(vendor)
    await quote(hook)
    vendor.http.cut = True
    with pytest.raises((OutcomeUnknown, RetryLater)):  # the second where the looking was lost too
        await quote(hook, quantity=1000)


@pytest.mark.parametrize(
    ("product", "options", "cause"),
    [
        ("4112", {"paper": "GOLD"}, NoPriceCause.CHOICE),  # Tharstern has no such paper
        ("4112", {"paper": "PLASTIC"}, NoPriceCause.CHOICE),  # nor have the settings
        ("4114", {}, NoPriceCause.ON_REQUEST),  # a work type that cannot be estimated
        ("999999", {}, NoPriceCause.UNKNOWN_PRODUCT),
        ("6001", {}, NoPriceCause.ON_REQUEST),  # a part is not for sale
    ],
)
async def test_what_cannot_be_priced_says_why(
    vendor: Vendor, product: str, options: dict, cause: str
) -> None:
    with pytest.raises(NotPriced) as caught:
        await quote(hook_of(vendor), product, **options)
    assert caught.value.cause is cause


async def test_a_template_that_does_not_fit_is_a_finding_and_leaves_other_products_alone(
    vendor: Vendor,
) -> None:
    vendor.settings["estimate_options"] = {
        "23": {"paper": {**PAPER, "path": "Parts[7].PaperCode"}},
        "99": {"p": PAPER},
    }
    hook = hook_of(vendor)
    checks = [
        check
        for waiting in hook.check_connection()
        for check in await waiting
        if "product type" in check.name
    ]
    assert [(check.name, check.ok) for check in checks] == [
        ("options of product type 23", False),
        ("options of product type 99", False),
    ]
    assert "Parts[7].PaperCode" in checks[0].message
    with pytest.raises(NotPriced) as caught:
        await quote(hook)
    assert caught.value.cause is NoPriceCause.ON_REQUEST
    assert (await quote(hook, "4107")).total == 1700


async def test_a_price_that_the_estimate_does_not_show_is_no_price(vendor: Vendor) -> None:
    vendor.settings["assumptions"] = {"estimate_price": "NoSuchMember"}
    with pytest.raises(NotPriced, match="estimate_price"):
        await quote(hook_of(vendor))


@pytest.mark.parametrize("told", ["asked", "listed"])
async def test_a_customer_has_prices_of_its_own(told: str) -> None:
    """Some sites may tell them to who asks for the customer, others in the product."""
    async with emulating(EMULATOR, {"artwork": "off", "customer-prices": told}) as vendor:
        await _prices_of_4181(hook_of(vendor))


async def _prices_of_4181(hook: Any) -> None:
    for customer, total in (("ALEY001", "31"), ("", "38")):
        [waiting] = hook.quote_price(query=PriceQuery(product_id="4181", quantity=100, customer=customer))
        assert (await waiting).total == Decimal(total)
    [waiting] = hook.quote_price(query=PriceQuery(product_id="4181", quantity=100, customer="NORTH01"))
    with pytest.raises(NotPriced):  # that customer does not see it
        await waiting


async def test_an_order_names_the_estimates_of_its_lines(vendor: Vendor) -> None:
    hook = hook_of(vendor)
    made = await quote(hook)
    order = an_order()
    for estimates, there in (((made.reference,), 88001), (("",), None), ((), None)):
        request = OrderRequest(key="7101-1", order=order, product_ids=("4112",), estimates=estimates)
        prepared = hook.map_order(request=request)
        [item] = msgspec.json.decode(prepared.payload)["Orders"][0]["Items"]
        assert item.get("EstimateID") == there
