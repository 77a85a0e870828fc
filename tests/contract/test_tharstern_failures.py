"""Failures on the way to Tharstern: an order is never sent twice, and never taken for refused by mistake."""

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.product import ProductSearch
from makeready_hooks.model.submission import OrderRequest
from makeready_hooks.testing.kit import Vendor, an_order, emulating
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.plugin import Tharstern, build
from makeready_tharstern.settings import TharsternSettings
from makeready_tharstern_emulator import EMULATOR

LOGIN = {"server_url": "https://mis.example", "login": "l", "password": "p", "api_key": "k"}
TOKEN = b'{"Status":{"Success":true},"Details":{"Token":"7b0e8f52-3c1d-4a6e-9f27-51c0a4d2be90"}}'
FAILED = b'{"Status":{"Success":false},"Details":{"Result":{"Problems":["bad token in Ref1"]}}}'
REQUEST = OrderRequest(key="7101-1", order=an_order(), product_ids=("2284",))


class Site:
    def __init__(self) -> None:
        self.submissions = 0

    async def send(self, request: HttpRequest) -> HttpAnswer:
        submission = request.url.endswith("orders/submit")
        self.submissions += submission
        return HttpAnswer(status=200, headers={}, body=FAILED if submission else TOKEN)


async def test_an_order_is_not_repeated_because_a_text_speaks_of_a_token() -> None:
    """It would be sent twice, if the failure is about the order and not about the login."""
    site = Site()
    client = TharsternClient(msgspec.convert(LOGIN, TharsternSettings, dec_hook=decode_secret), site)
    with pytest.raises(OutcomeUnknown):
        await client.submit_order(b"{}")
    assert site.submissions == 1


def connector(vendor: Vendor) -> Tharstern:
    given = {**vendor.settings, "answer_within_s": 0.5}
    settings = msgspec.convert(given, TharsternSettings, dec_hook=decode_secret)
    return build(settings, ConnectorContext(subscriber="a", http=vendor.http))


@pytest.mark.parametrize(
    ("fault", "orders"),
    [
        ({"answer-lost": "1"}, 1),
        ({"error-after": "1"}, 1),
        ({"error-after": "1", "error-body": "json"}, 1),
        ({"error-after": "1", "error-body": "empty", "error-status": "502"}, 1),
        ({"html-answer": "1"}, 1),
        ({"truncated": "1"}, 1),
        ({"error-before": "1"}, 0),
        ({"error-before": "1", "error-status": "503"}, 0),
        ({"empty-success": "1"}, 0),
        ({"reset": "1"}, 0),
        ({"hang": "1"}, 0),
    ],
    ids=str,
)
async def test_an_order_whose_answer_is_none_has_an_unknown_outcome_and_is_sent_once(
    fault: dict[str, str], orders: int
) -> None:
    switches = {"artwork": "off", "fault-path": "orders/submit", **fault}
    async with emulating(EMULATOR, switches) as vendor:
        tharstern = connector(vendor)
        with pytest.raises(OutcomeUnknown):
            await tharstern.submit_order(tharstern.map_order(REQUEST))
        assert len(await vendor.driver.orders()) == orders
        assert [path for _, path in vendor.http.sent if path.endswith("orders/submit")] == [
            "/TharsternAPI/api/orders/submit"
        ]


@pytest.mark.parametrize(
    "fault", ["answer-lost", "error-after", "error-before", "html-answer", "truncated", "reset", "hang"]
)
async def test_a_reading_without_an_answer_is_try_later(fault: str) -> None:
    async with emulating(EMULATOR, {"fault-path": "products", fault: "1"}) as vendor:
        with pytest.raises(RetryLater):
            await connector(vendor).search_mis_products(ProductSearch())


@pytest.mark.parametrize(("first", "later"), [("5", "3"), ("5", "1"), ("3", "5"), ("5", "7")])
async def test_a_list_that_changes_its_pages_is_read_whole_or_not_at_all(first: str, later: str) -> None:
    async with emulating(EMULATOR, {"page-size-limit": first, "page-size-later": later}) as vendor:
        try:
            page = await connector(vendor).search_mis_products(ProductSearch(page_size=100))
        except MakereadyError:
            return
        assert page.total > int(first)
        assert len({product.id for product in page.products}) == page.total


@pytest.mark.parametrize(("mode", "ids"), [("same-id", 1), ("second-order", 2), ("refuse", 1)])
async def test_what_a_repeated_order_does_is_the_site_s_own_and_never_an_error_of_ours(
    mode: str, ids: int
) -> None:
    async with emulating(EMULATOR, {"artwork": "off", "duplicate-orders": mode}) as vendor:
        tharstern = connector(vendor)
        prepared, seen = tharstern.map_order(REQUEST), set()
        for _ in range(2):
            try:
                seen.add((await tharstern.submit_order(prepared)).id)
            except Refused as refused:
                assert mode == "refuse"
                assert "7101-1" in str(refused)
        assert len(seen) == ids
