"""The storefront and admin pages: the elements that were seen, and buying from end to end."""

import re
from html import unescape
from typing import Any

import pytest

SITE = "shop.northfield.example"
BUYER = "2eef0af0-280e-4c03-a735-4fc04f7909d7"
PAPER = {
    "ID": "stock",
    "Label": "Paper",
    "Options": [{"Key": "Silk 150", "Value": "s150"}, {"Key": "Gloss 200", "Value": "g200"}],
}


def ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


async def sign_in(shop: Any) -> None:
    response = await shop.http.post("/sign-in", data={"buyer": BUYER})
    assert response.status_code == 303


async def fill_cart(shop: Any, **fields: str) -> Any:
    data = {"urlName": "business-cards", "Q1": "100", **fields}
    files = {"fileUploads[0]": ("art.pdf", b"%PDF")}
    return await shop.http.post("/cart/add", data=data, files=files)


async def test_the_home_page_lists_what_a_visitor_may_buy(shop: Any) -> None:
    page = await shop.http.get("/")
    assert "Business cards" in page.text
    assert "/product/gift-voucher" in page.text
    marketing = await shop.http.get("/?category=marketing")
    assert "Business cards" not in marketing.text


async def test_the_site_is_found_by_host_name_or_by_choice(shop: Any) -> None:
    by_host = await shop.http.get("/", headers={"Host": "trade.northfield.example:8101"})
    assert "Northfield Trade</a>" in by_host.text.split("</header>")[0]
    await shop.http.get("/?site=trade.northfield.example")
    assert "Northfield Trade</a>" in (await shop.http.get("/")).text.split("</header>")[0]


async def test_a_product_page_has_the_elements_that_were_seen(
    shop: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url)
    receiver.will_answer([PAPER])
    html = (await shop.http.get("/product/store-opening-kit")).text
    assert ids(html) >= {
        "urlName",
        "orderItemId",
        "pricingArea",
        "pricingEngineArea",
        "calcParmInputs",
        "Q1",
        "btnAddToCartButton",
        "priceErrorMessage",
        "pricingEngine_lblFinalPrice",
        "pricingEngine_lblPerPiecePrice",
        "hdnTotalCost",
        "hdnTotalWeight",
        "breadcrumb",
        "Options_0_Key",
        "Options_0_Value",
        "fileUploads_0",
    }
    assert 'id="urlName" name="urlName" value="store-opening-kit"' in html
    assert 'class="form-group PriceCalc_CalcParm"' in html
    assert 'data-updating-price="false" data-uploading-files="false"' in html
    assert "col-md-6 product-form" in html
    assert "orderNotesArea" in html


async def test_the_page_asks_a_price_of_the_engine(shop: Any, receiver: Any, a_product: Any) -> None:
    await a_product(receiver.url)
    receiver.will_answer({"Price": 100, "Weight": 3})
    asked = {"pricingParameters": {"Q1": "250", "Options": [{"Key": "stock", "Value": "g200"}]}}
    price = (await shop.http.post("/product/store-opening-kit/pricing", json=asked)).json()
    assert price == {
        "Cost": 115.0,
        "Weight": 3,
        "FormattedCost": "$115.00",
        "FormattedPerUnitCost": "$0.46",
        "ErrorMessage": None,
        "Attributes": [],
    }
    assert receiver.requests[0]["json"]["options"] == [{"Key": "stock", "Value": "g200"}]


@pytest.mark.parametrize(
    ("quantity", "answer", "shown"),
    [("1", {"Price": 0, "Error": "Ask us."}, "Ask us."), ("", {}, "quantity"), ("0", {}, "quantity")],
)
async def test_the_page_is_told_why_there_is_no_price(
    shop: Any, receiver: Any, a_product: Any, quantity: str, answer: Any, shown: str
) -> None:
    await a_product(receiver.url)
    receiver.will_answer(answer)
    asked = {"pricingParameters": {"Q1": quantity}}
    price = (await shop.http.post("/product/store-opening-kit/pricing", json=asked)).json()
    assert price["Cost"] == 0
    assert shown in price["ErrorMessage"]


async def test_options_are_drawn_with_what_the_buyer_chose(shop: Any, receiver: Any, a_product: Any) -> None:
    await a_product(receiver.url)
    receiver.will_answer([PAPER])
    asked = {"pricingParameters": {"Q1": 1, "Options": [{"Key": "stock", "Value": "g200"}]}}
    html = (await shop.http.post("/product/store-opening-kit/options/0", json=asked)).text
    assert 'name="Options[0].Value" id="Options_0_Value" value="g200"' in html
    assert '<option value="g200" selected>Gloss 200</option>' in html
    assert "<html" not in html


async def test_the_head_snippet_is_on_every_page_at_the_bottom_of_the_head(shop: Any) -> None:
    snippet = '<script src="http://127.0.0.1:9/alert.js" data-user="###USERINFO, email###"></script>'
    response = await shop.http.put(f"/_emulator/sites/{SITE}/head", json={"html": snippet})
    assert response.status_code == 204
    await sign_in(shop)
    shown = snippet.replace("###USERINFO, email###", "buyer@northfield.example")
    for path in ("/", "/product/business-cards", "/cart", "/orders"):
        assert f"{shown}\n</head>" in (await shop.http.get(path)).text, path


async def test_a_buyer_orders_with_a_file_and_it_is_approved(shop: Any) -> None:
    await sign_in(shop)
    assert (await fill_cart(shop)).headers["location"] == "/cart"
    cart = (await shop.http.get("/cart")).text
    assert "art.pdf" in cart
    assert "$45.00" in cart
    address = re.findall(r'<option value="([0-9a-f-]{36})">\s*19 West', unescape(cart))[0]
    method = re.findall(r'<option value="([0-9a-f-]{36})">Standard', cart)[0]
    fields = {
        "address": address,
        "method": method,
        "poNumber": "P7",
        "shipDate": "2026-12-01",
        "approval": "on",
    }
    placed = await shop.http.post("/checkout", data=fields)
    assert placed.headers["location"] == "/complete/6994"
    assert "6994" in (await shop.http.get("/complete/6994")).text
    item = (await shop.get("/api/v2/orders/6994/Item/1/Details")).json()
    assert (item["PONumber"], item["IsApproved"], item["Shipping"]) == ("P7", False, 7.9)
    assert item["RequestedShipDate"] == "2026-12-01T00:00:00"
    assert (await shop.http.get(item["Files"][0]["Url"])).content == b"%PDF"
    assert "Waits for approval" in (await shop.http.get("/orders")).text
    assert "6994-1" in (await shop.http.get("/approvals")).text
    await shop.http.post("/approvals/6994/1/approve")
    assert "Received" in (await shop.http.get("/orders")).text
    assert "It is empty" in (await shop.http.get("/cart")).text


async def test_a_visitor_signs_in_before_he_can_fill_a_cart(shop: Any) -> None:
    response = await fill_cart(shop)
    assert response.headers["location"].startswith("/sign-in")


async def test_signing_in_never_leads_to_another_host(shop: Any) -> None:
    for back in ("https://other.example/", "//other.example/"):
        response = await shop.http.post("/sign-in", data={"buyer": BUYER, "back": back})
        assert response.headers["location"] == "/"


@pytest.mark.parametrize("quantity", ["", "0", "many"])
async def test_a_cart_needs_a_quantity(shop: Any, quantity: str) -> None:
    await sign_in(shop)
    response = await fill_cart(shop, Q1=quantity)
    assert response.status_code == 400
    assert "quantity" in response.text
    assert await shop.effects("cart-item-added") == []


async def test_a_product_that_needs_a_file_is_not_taken_without_one(
    shop: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url, FileUploads=[{"Name": "Artwork", "Required": True}])
    receiver.will_answer({"Price": 100, "Weight": 3})
    await sign_in(shop)
    response = await shop.http.post(
        "/cart/add", data={"urlName": "store-opening-kit", "Q1": "1"}, files={"fileUploads[0]": ("", b"")}
    )
    assert response.status_code == 400
    assert "Artwork" in response.text


async def test_what_the_shop_refuses_at_checkout_stays_in_the_cart(shop: Any) -> None:
    await sign_in(shop)
    await fill_cart(shop, urlName="gift-voucher", Q1="501")
    cart = (await shop.http.get("/cart")).text
    address = re.findall(r'<option value="([0-9a-f-]{36})">\s*19 West', cart)[0]
    response = await shop.http.post("/checkout", data={"address": address})
    assert response.status_code == 400
    assert "out of stock" in response.text
    assert "Gift voucher" in (await shop.http.get("/cart")).text


async def test_text_of_people_is_escaped(shop: Any, receiver: Any, a_product: Any) -> None:
    nasty = "<script>alert(1)</script>"
    info = {"ProductName": nasty, "UrlName": "nasty", "PrintersPartNum": nasty}
    await a_product(receiver.url, ProductInfo=info)
    receiver.will_answer([{"ID": "x", "Label": nasty, "Options": []}])
    for path in ("/", "/product/nasty", "/admin/products"):
        assert nasty not in (await shop.http.get(path)).text


async def test_admin_pages_show_orders_products_webhooks_and_more(
    shop: Any, people: Any, an_order: Any, receiver: Any
) -> None:
    await shop.post("/api/WebHooks", {"Description": "To us", "Url": receiver.url, "Events": ["OrderPlaced"]})
    await people.place_order(an_order(needs_approval=True))
    await shop.idle()
    expected = {
        "/admin": "Deliveries",
        "/admin/orders": "waits for approval",
        "/admin/orders/6994": "Order Completed",
        "/admin/products": "NF-CARD",
        "/admin/webhooks": "OrderPlaced",
        "/admin/workflows": "Tharstern Xfr",
        "/admin/journal": "/_emulator/orders",
        "/admin/sites": "bottom of &lt;head&gt;",
    }
    for path, text in expected.items():
        response = await shop.http.get(path)
        assert response.status_code == 200, path
        assert text in response.text, path


async def test_an_administrator_approves_and_moves_an_item(shop: Any, people: Any, an_order: Any) -> None:
    await people.place_order(an_order(needs_approval=True))
    path = "/admin/orders/6994/1"
    assert (await shop.http.post(path, data={"do": "approve"})).status_code == 303
    assert (await shop.http.post(path, data={"do": "deny"})).status_code == 409
    stage = re.findall(r'<option value="([^"]+)">Prepress', (await shop.http.get("/admin/orders/6994")).text)[
        0
    ]
    await shop.http.post(path, data={"do": "stage", "stage": stage})
    item = (await shop.get("/api/v2/orders/6994/items")).json()[0]
    assert (item["IsApproved"], item["WorkflowStagePrinter"]) == (True, "Prepress")


async def test_the_head_html_is_set_on_the_admin_page(shop: Any) -> None:
    await shop.http.post(f"/admin/sites/{SITE}/head", data={"html": "<!-- here -->"})
    assert "<!-- here -->\n</head>" in (await shop.http.get("/")).text


async def test_pages_need_nothing_from_elsewhere(shop: Any) -> None:
    html = (await shop.http.get("/product/business-cards")).text
    for path in re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', html):
        assert path.startswith("/content/")
        assert (await shop.http.get(path)).status_code == 200
    assert (await shop.http.get("/content/other.js")).status_code == 404


async def test_a_browser_that_asks_for_what_is_not_there_gets_a_page(shop: Any) -> None:
    for path in ("/product/no-such", "/nowhere", "/complete/1"):
        response = await shop.http.get(path, headers={"Accept": "text/html,*/*"})
        assert (response.status_code, "<h1>" in response.text) == (404, True), path
    api = await shop.http.get("/api/nowhere", headers={"Accept": "text/html,*/*"})
    assert api.headers["content-type"].startswith("application/json")
