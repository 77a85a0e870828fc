"""Looking for products, and making one again after its answer was lost."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import Refused
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.product import ProductDraft
from makeready_pressero.plugin import Pressero, build
from makeready_pressero.settings import PresseroSettings
from msgspec import structs
from scripted_http import ScriptedHttp, answer

SITE = "acme.shop.example"
LOGIN = {
    "admin_url": "https://admin.shop.example",
    "user_name": "bridge",
    "password": "hush-hush",
    "subscriber_id": "0a5d2c1e",
    "consumer_id": "c0ffee",
}
DRAFT = ProductDraft(
    site=SITE,
    name="Kit",
    part_number="117-2284",
    public_part_number="117-2284",
    url_name="kit",
    engine_product_id=f"117-2284-{SITE}",
    engine_id="cc1",
    stock=Decimal("12.9"),
    may_exist=True,
)


class Shop:
    """A Pressero that ignores filters: it shows all of its products and stock items, whatever is asked."""

    def __init__(self, products: list[dict[str, Any]], stock: list[dict[str, Any]]) -> None:
        self.lists = {"/products": products, "/StockInventory": stock}
        self.finds_nothing = False
        """Whatever its filters ask for."""
        self.http = ScriptedHttp(self._answer)
        settings = msgspec.convert(LOGIN, PresseroSettings, dec_hook=decode_secret)
        self.connector: Pressero = build(settings, ConnectorContext(subscriber="a", http=self.http))

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith("/V2/Authentication"):
            return answer({"Token": "t"})
        if request.changes_something:
            return answer({"Stock": {"StockId": "new"}, "ProductInfo": {"ProductId": "p-new"}})
        if request.url.endswith("/products/p-new"):
            return answer({"ProductId": "p-new"})
        rows = self.lists[f"/{request.url.rpartition('/')[2]}"]
        if self.finds_nothing and json.loads(request.body or b"[]"):
            rows = []
        return answer({"Items": rows, "TotalItems": len(rows)})

    def stock_given(self) -> str:
        [made] = [one for one in self.http.sent_to("/products") if one.changes_something]
        return json.loads(made.body)["ProductInfo"]["StockId"]


@pytest.mark.parametrize(("wanted", "found"), [("kit", "p-2"), ("KIT", "p-2"), ("ki", None), ("", None)])
async def test_a_product_is_found_by_exactly_its_url_name(wanted: str, found: str | None) -> None:
    shop = Shop([{"ProductId": "p-1", "UrlName": "kit-large"}, {"ProductId": "p-2", "UrlName": "Kit"}], [])
    product = await shop.connector.find_shop_product(SITE, wanted)
    assert (product and product.id) == found


async def test_a_stock_item_that_was_made_before_is_used_again() -> None:
    shop = Shop(
        [], [{"StockId": "s-9", "StockName": "117-22840"}, {"StockId": "s-1", "StockName": "117-2284"}]
    )
    await shop.connector.create_shop_product(DRAFT)
    assert shop.stock_given() == "s-1"


async def test_a_stock_item_of_another_name_is_not_taken_for_ours() -> None:
    shop = Shop([], [{"StockId": "s-9", "StockName": "117-22840"}])
    await shop.connector.create_shop_product(DRAFT)
    assert shop.stock_given() == "new"


@pytest.mark.parametrize("lie", ["it finds none of them", "there is none"])
async def test_no_stock_item_is_made_again_if_nobody_can_tell_whether_it_is_there(lie: str) -> None:
    shop = Shop([], [] if lie == "there is none" else [{"StockId": "s-9", "StockName": "117-4107"}])
    shop.finds_nothing = True
    with pytest.raises(Refused, match="Nobody can tell whether"):
        await shop.connector.create_shop_product(DRAFT)
    assert not [one for one in shop.http.sent_to("/StockInventory") if one.changes_something]


async def test_a_stock_item_that_only_the_list_shows_is_used_again() -> None:
    shop = Shop([], [{"StockId": "s-1", "StockName": "117-2284"}])
    shop.finds_nothing = True
    await shop.connector.create_shop_product(DRAFT)
    assert shop.stock_given() == "s-1"


async def test_the_first_attempt_asks_for_no_stock_item() -> None:
    shop = Shop([], [])
    await shop.connector.create_shop_product(structs.replace(DRAFT, may_exist=False))
    assert shop.stock_given() == "new"
