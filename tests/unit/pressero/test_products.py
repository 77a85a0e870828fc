import json
from decimal import Decimal
from typing import Any

import pytest
from makeready_hooks import Secret
from makeready_hooks.model.product import Choice, ProductDraft, ShopProduct
from makeready_pressero.assumptions import Assumptions
from makeready_pressero.mapping import left_to_do, product_body, shop_product, whole
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import encode
from msgspec import structs

SETTINGS = PresseroSettings(
    admin_url="https://admin.shop.example",
    user_name="bridge",
    password=Secret("hush-hush"),
    subscriber_id="0a5d2c1e",
    consumer_id="c0ffee",
)
MIS_ID = "117-2284-acme.shop.example"
BARE = ProductDraft(
    site="acme.shop.example",
    name="Opening kit",
    part_number="117-2284",
    public_part_number="KIT-01",
    url_name="opening-kit-2284",
    engine_product_id=MIS_ID,
    engine_id="cc1",
)
FULL = structs.replace(
    BARE,
    markup_percent=Decimal("15.5"),
    groups=(Choice(id="g1", name="Everyone"), Choice(id="g2", name="Staff")),
    categories=(Choice(id="k1", name="Kits"), Choice(id="k2", name="New")),
    workflow_id="d4",
    upload_required=True,
)


def body(draft: ProductDraft, stock_id: str = "", settings: PresseroSettings = SETTINGS) -> dict[str, Any]:
    """As it leaves, its numbers exact."""
    return json.loads(encode(product_body(draft, stock_id, settings)), parse_float=Decimal)


def assuming(**names: str) -> PresseroSettings:
    return structs.replace(SETTINGS, assumptions=Assumptions(**names))  # type: ignore[arg-type]


def pairing(group: str, place: int) -> dict[str, Any]:
    return {"CalculatorId": "cc1", "GroupId": group, "Priority": place, "CalcConfiguration": MIS_ID}


def test_a_full_draft_has_every_member_under_its_name() -> None:
    assert body(FULL, "77") == {
        "ProductInfo": {
            "ProductName": "Opening kit",
            "UrlName": "opening-kit-2284",
            "PrintersPartNum": "117-2284",
            "PublicPartNum": "KIT-01",
            "WorkflowId": "d4",
            "StockId": "77",
            "MisId": MIS_ID,
        },
        "AllowedGroups": ["g1", "g2"],
        "ProductGroupCalculators": [pairing("g1", 1), pairing("g2", 2)],
        "Markups": [{"MinQty": 1, "MaxQty": 999_999, "Markup": Decimal("15.5")}],
        "Categories": ["k1", "k2"],
        "FileUploads": [{"Name": "Artwork", "Required": True}],
    }


def test_what_is_empty_is_left_out() -> None:
    sent = body(BARE)
    assert set(sent) == {"ProductInfo", "AllowedGroups", "ProductGroupCalculators"}
    assert not {"WorkflowId", "StockId"} & set(sent["ProductInfo"])


def test_members_that_nobody_has_seen_are_named_by_the_assumptions() -> None:
    renamed = assuming(categories_member="CategoryIds", uploads_member="Uploads", engine_product_id="Config")
    sent = body(FULL, settings=renamed)
    assert sent["CategoryIds"] == ["k1", "k2"]
    assert "Uploads" in sent and "FileUploads" not in sent
    assert sent["ProductGroupCalculators"][0]["Config"] == MIS_ID
    without = assuming(categories_member="", uploads_member="", engine_product_id="", product_mis_id="")
    sent = body(FULL, settings=without)
    assert "" not in {*sent, *sent["ProductInfo"], *sent["ProductGroupCalculators"][0]}


def test_an_answer_that_echoes_everything_leaves_nothing_to_do() -> None:
    assert left_to_do(FULL, body(FULL), SETTINGS) == ()


@pytest.mark.parametrize(
    ("member", "sentence"),
    [
        ("FileUploads", "Require an upload: Catalog > Products > Opening kit > File Upload, name Artwork."),
        ("Categories", "Assign the categories Kits, New: Catalog > Products > Opening kit > Categories."),
        (
            "ProductGroupCalculators",
            f"Enter the MIS Product ID {MIS_ID}: Catalog > Products > Opening kit > Pricing, engine Makeready.",
        ),
    ],
)
@pytest.mark.parametrize("echo", [None, [], "gone"])
def test_each_thing_that_is_not_echoed_is_a_sentence(member: str, sentence: str, echo: Any) -> None:
    answer = {**body(FULL), member: echo}
    if echo == "gone":
        del answer[member]
    assert left_to_do(FULL, answer, SETTINGS) == (sentence,)


def test_an_engine_without_the_product_id_or_with_another_is_left_to_do() -> None:
    for config in (None, "", "117-9999-acme.shop.example"):
        answer = {"ProductGroupCalculators": [{**pairing("g1", 1), "CalcConfiguration": config}]}
        [sentence] = left_to_do(BARE, answer, SETTINGS)
        assert MIS_ID in sentence


def test_what_was_not_asked_for_is_not_left_to_do() -> None:
    answer = {"ProductGroupCalculators": [pairing("g1", 1)]}
    assert left_to_do(BARE, answer, SETTINGS) == ()


@pytest.mark.parametrize(
    "row",
    [
        {"PublicPartNumber": "KIT-01", "SiteName": "Acme", "IsActive": True},
        {"PublicPartNum": "KIT-01", "Attributes": []},
    ],
)
def test_a_product_is_read_from_a_list_from_details_and_from_an_answer(row: dict[str, Any]) -> None:
    found = {"ProductId": "p1", "ProductName": "Kit", "PrintersPartNum": "117-2284", "UrlName": "kit", **row}
    expected = ShopProduct(
        id="p1", name="Kit", part_number="117-2284", public_part_number="KIT-01", url_name="kit"
    )
    assert shop_product(found) == shop_product({"ProductInfo": found, "AllowedGroups": []}) == expected


def test_a_product_keeps_what_is_left_to_do() -> None:
    assert shop_product({"ProductId": 7}, ("Do this.",)) == ShopProduct(id="7", by_hand=("Do this.",))
    assert shop_product({}).id == shop_product({"ProductInfo": None}).id == ""


@pytest.mark.parametrize(("level", "pieces"), [(None, 0), ("12.9", 12), ("-3", 0), ("0", 0), ("250", 250)])
def test_a_stock_level_is_whole_pieces_and_never_below_zero(level: str | None, pieces: int) -> None:
    assert whole(None if level is None else Decimal(level)) == pieces
