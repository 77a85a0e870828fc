import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks import Secret
from makeready_hooks.model.product import (
    Choice,
    Pairing,
    ProductBinding,
    ProductDraft,
    ShopProduct,
    Unfinished,
)
from makeready_pressero.assumptions import Assumptions
from makeready_pressero.products.mapping import (
    Part,
    binding_body,
    binding_from,
    binding_left,
    import_file,
    missing_parts,
    product_body,
    sentences,
    shop_product,
    whole,
)
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


DETAILS = {
    "MisId": MIS_ID,
    "ProductGroupCalculators": [pairing("g1", 1), pairing("g2", 2)],
    "Categories": [{"CategoryId": "k1"}],
    "FileUploads": [{"Name": "Artwork"}],
}
"""Of a product that has all that `FULL` asks for."""


def left(draft: ProductDraft, details: dict[str, Any]) -> tuple[str, ...]:
    return sentences(draft, missing_parts(draft, details, SETTINGS), SETTINGS)


def test_details_that_show_everything_leave_nothing_to_do() -> None:
    assert left(FULL, DETAILS) == ()


@pytest.mark.parametrize(
    ("member", "sentence"),
    [
        ("FileUploads", "Require an upload: Catalog > Products > Opening kit > File Upload, name Artwork."),
        ("Categories", "Assign the categories Kits, New: Catalog > Products > Opening kit > Categories."),
        (
            "ProductGroupCalculators",
            f"Enter the MIS Product ID {MIS_ID}: Catalog > Products > Opening kit > Pricing, engine Makeready.",
        ),
        ("MisId", f"Enter the integration id {MIS_ID}: Catalog > Products > Opening kit > Integration."),
    ],
)
@pytest.mark.parametrize("shown", [None, [], "gone"])
def test_each_thing_that_is_not_shown_is_a_sentence(member: str, sentence: str, shown: Any) -> None:
    details = {**DETAILS, member: shown}
    if shown == "gone":
        del details[member]
    assert left(FULL, details) == (sentence,)


def test_an_engine_that_lacks_a_group_or_has_another_id_is_left_to_do() -> None:
    for rows in (
        [pairing("g1", 1)],
        [pairing("g1", 1), {**pairing("g2", 2), "CalcConfiguration": None}],
        [pairing("g1", 1), {**pairing("g2", 2), "CalcConfiguration": "117-9999-acme.shop.example"}],
    ):
        assert missing_parts(FULL, {**DETAILS, "ProductGroupCalculators": rows}, SETTINGS) == {Part.ENGINE}


def test_what_was_not_asked_for_is_not_left_to_do() -> None:
    assert left(BARE, {"MisId": MIS_ID, "ProductGroupCalculators": [pairing("g1", 1)]}) == ()


def test_a_body_of_what_was_seen_has_no_member_that_was_not() -> None:
    sent = json.loads(encode(product_body(FULL, "77", SETTINGS, seen_only=True)), parse_float=Decimal)
    assert set(sent) == {"ProductInfo", "AllowedGroups", "ProductGroupCalculators", "Markups"}
    assert "MisId" not in sent["ProductInfo"]
    assert sent["ProductGroupCalculators"] == [
        {"CalculatorId": "cc1", "GroupId": "g1"},
        {"CalculatorId": "cc1", "GroupId": "g2"},
    ]


def test_the_weight_is_sent_only_where_an_account_has_a_member_for_it() -> None:
    heavy = structs.replace(BARE, weight_kg=Decimal("3.2"))
    assert "Weight" not in body(heavy)["ProductInfo"]
    assert body(heavy, settings=assuming(product_weight="Weight"))["ProductInfo"]["Weight"] == Decimal("3.2")


# What ties a product

configurations = st.one_of(
    st.none(), st.text(min_size=1), st.dictionaries(st.text(), st.integers(), min_size=1)
)
bindings = st.builds(
    ProductBinding,
    part_number=st.text(),
    mis_product_id=st.text(),
    pairings=st.lists(
        st.builds(Pairing, group_id=st.text(), engine_id=st.text(), configuration=configurations), max_size=5
    ).map(tuple),
)


@given(bindings)
def test_a_binding_that_is_written_is_read_back_as_it_was(binding: ProductBinding) -> None:
    sent = json.loads(encode(binding_body(binding, SETTINGS.assumptions)))
    shown = {**sent["ProductInfo"], "ProductGroupCalculators": sent["ProductGroupCalculators"][::-1]}
    assert binding_from(shown, SETTINGS.assumptions) == binding
    assert binding_left(binding, shown, SETTINGS) == ()
    assert set(sent) == {"ProductInfo", "ProductGroupCalculators"}
    assert set(sent["ProductInfo"]) == {"PrintersPartNum", "MisId"}


def test_what_the_shop_does_not_show_as_bound_is_a_sentence_each() -> None:
    wanted = ProductBinding(
        part_number="117-2284",
        mis_product_id=MIS_ID,
        pairings=(Pairing(group_id="g1", engine_id="cc1", configuration=MIS_ID),),
    )
    assert binding_left(wanted, {}, SETTINGS) == (
        "Enter the part number 117-2284: Catalog > Products > Details.",
        f"Choose the pricing engines: Catalog > Products > Pricing, group g1: engine cc1 with MIS Product ID {MIS_ID}.",
        f"Enter the integration id {MIS_ID}: Catalog > Products > Integration.",
    )


def test_the_shop_s_import_file_has_the_columns_that_were_seen_and_none_that_a_person_edits() -> None:
    groups = tuple(Choice(id=f"g{n}", name=f"Group, {n}") for n in range(1, 8))
    rows = (
        Unfinished(shop_product_id="p1", part_number="117-1", engine_product_id="117-1-x", groups=groups[:1]),
        Unfinished(shop_product_id="p2", part_number="117-2", engine_product_id="117-2-x", groups=groups),
    )
    written = import_file(rows, SETTINGS)
    heading, first, second = csv.reader(io.StringIO(written.content.decode("utf-8-sig"), newline=""))
    assert heading[:5] == [
        "Product Id",
        "Part Number",
        "Site Group 1",
        "Pricing Engine price 1",
        "MIS Product ID price 1",
    ]
    assert first == ["p1", "117-1", "Group, 1", "Makeready", "117-1-x"]
    assert len(heading) == len(second) == 2 + 5 * 3
    assert not {"Product Name", "Short Description", "Long Description"} & set(heading)


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
