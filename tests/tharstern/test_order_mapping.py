import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pycountry
import pytest
from connector_strategies import artworks, days, moments, order_requests, total
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks import Secret
from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Address, Artwork, Buyer, Order, OrderLine, Party
from makeready_hooks.model.submission import OrderRequest
from makeready_tharstern.orders.mapping import (
    country_text,
    customer_name,
    date_text,
    moment_text,
    prepare_order,
)
from makeready_tharstern.settings import TharsternSettings

SAMPLE = Path(__file__).parents[1] / "samples" / "order-submit.json"
countries = st.sampled_from(list(pycountry.countries))
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])


def settings(**changed: Any) -> TharsternSettings:
    given = {
        "server_url": "https://mis.example/TharsternAPI",
        "login": "bridge@printer.example",
        "password": Secret("hush-hush"),
        "api_key": "bridge",
        "customer_code": "ALEY001",
        **changed,
    }
    return TharsternSettings(**given)


@dataclass
class Sent:
    """A prepared body, its numbers as exact decimals."""

    payload: bytes

    @property
    def order(self) -> dict[str, Any]:
        [order] = json.loads(self.payload, parse_float=Decimal, parse_int=Decimal)["Orders"]
        return order

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.order["Items"]


def sent(request: OrderRequest, **changed: Any) -> Sent:
    return Sent(prepare_order(request, settings(**changed)).payload)


def reference_request(**changed: Any) -> OrderRequest:
    """The order of the published sample, as our neutral model holds it."""
    place = Address(
        line1="19 West Main Street", city="Middlefield", region="PA", postcode="17057", country="US"
    )
    party = Party(first_name="Name", last_name="and Last Name", phone="(650) 557-1289", address=place)
    account = "28406876-c50c-4d16-b386-8f2824f19cef"
    folder = f"https://s3-eu-west-1.amazonaws.com/orderingplatform-ams/subscribers/{account}/orders/6994/1"
    line = OrderLine(
        number=1,
        id="item",
        part_number="117-2284",
        description="McDonalds Store Opening Kit",
        quantity=1,
        net=Decimal("25.00"),
        shipping_net=Decimal("10.00"),
        ship_to=party,
        required_on=date(2021, 11, 15),
        files=(
            Artwork(file_name="transparent.png", url=f"{folder}/transparent.png?timestamp=1636983673860"),
        ),
    )
    order = Order(
        number="6994",
        id="order",
        site="shop.example",
        account_id=account,
        placed_at=datetime(2021, 11, 15, 13, 41, 13, 500_000, UTC),
        buyer=Buyer(id="2eef0af0-280e-4c03-a735-4fc04f7909d7", external_id="EXT-9"),
        bill_to=msgspec.structs.replace(party, business="none"),
        lines=(line,),
    )
    order = msgspec.structs.replace(order, **changed)
    return OrderRequest(key="6994-1", order=order, product_ids=("2284",))


def test_the_reference_order_is_the_published_sample_member_for_member() -> None:
    [expected] = json.loads(SAMPLE.read_bytes())["Orders"]
    [order] = json.loads(sent(reference_request()).payload)["Orders"]
    assert order == expected
    assert list(order) == list(expected)  # the order of the members too


@given(order_requests())
def test_no_line_is_lost_and_none_is_invented(request: OrderRequest) -> None:
    lines = request.order.lines
    items = sent(request).items
    assert [item["StockItemID"] for item in items] == list(request.product_ids)
    assert [item["Description"] for item in items] == [line.description for line in lines]
    assert [item["Quantity"] for item in items] == [line.quantity for line in lines]
    assert [len(item["Assets"]["Items"]) for item in items] == [len(line.files) for line in lines]


@given(order_requests())
def test_money_is_exact_to_the_cent(request: OrderRequest) -> None:
    lines, body = request.order.lines, sent(request)
    assert [item["Value"] for item in body.items] == [{"Net": line.net, "Tax": line.tax} for line in lines]
    assert total([item["Value"]["Net"] for item in body.items]) == total([line.net for line in lines])
    shipping = body.order["Shipping"]["Value"]
    assert shipping["Net"] == total([line.shipping_net for line in lines])
    assert shipping["Tax"] == total([line.shipping_tax for line in lines])


@given(order_requests())
def test_the_same_request_gives_the_same_bytes(request: OrderRequest) -> None:
    again = msgspec.json.decode(msgspec.json.encode(request), type=OrderRequest)
    assert sent(request) == sent(again)


@given(order_requests())
def test_the_order_is_needed_when_its_first_line_is(request: OrderRequest) -> None:
    body = sent(request)
    assert body.order["RequiredDate"] == min(item["RequiredDate"] for item in body.items)
    asked = [line.required_on or request.order.placed_at.date() for line in request.order.lines]
    assert [item["RequiredDate"] for item in body.items] == [date_text(day) for day in asked]


@given(days)
def test_a_day_is_written_as_its_midnight(day: date) -> None:
    assert date_text(day) == f"{day:%Y-%m-%d}T00:00:00"


@given(moments, zones)
def test_a_moment_has_no_zone_no_trailing_zeros_and_is_the_same_instant_there(
    moment: datetime, zone: str
) -> None:
    text = moment_text(moment, zone)
    assert not text.endswith((".", "Z")) and not ("." in text and text.endswith("0"))
    read = datetime.fromisoformat(text)
    assert read.tzinfo is None
    instants = [read.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)]
    assert moment in instants  # two, in the hour that comes twice in autumn


@given(countries)
def test_a_country_has_one_name_whether_the_shop_gives_code_or_name(country: Any) -> None:
    name = country_text(country.alpha_2, "name")
    assert {country_text(given, "name") for given in (country.alpha_3, country.name, name)} == {name}
    assert {country_text(given, "code") for given in (country.name, name)} == {country.alpha_2}


@given(countries, st.text())
def test_countries_as_given_and_what_is_no_country_stay_untouched(country: Any, text: str) -> None:
    for text_given in (country.alpha_2, country.name, text):
        assert country_text(text_given, "as-given") == text_given
    nonsense = f"{text} is not a country"
    assert [country_text(nonsense, form) for form in ("name", "code")] == [nonsense, nonsense]


@pytest.mark.parametrize(
    ("party", "name"),
    [
        (Party(first_name="Ann", last_name="Lee", business="Acme"), "Ann Lee (Acme)"),
        (Party(first_name="Ann", last_name="Lee"), "Ann Lee ()"),
        (Party(last_name="Lee", business="Acme"), "Lee (Acme)"),
    ],
)
def test_a_customer_is_named_with_the_business_in_brackets(party: Party, name: str) -> None:
    assert customer_name(party) == name


def test_what_a_party_leaves_empty_is_null() -> None:
    empty = sent(reference_request(bill_to=Party(email="", phone=""))).order["InvoiceCustomer"]
    assert empty["ContactEmail"] is None
    assert set(empty["Address"].values()) == {None}


@given(artworks)
def test_a_file_is_named_without_its_extension(file: Artwork) -> None:
    [line] = reference_request().order.lines
    request = reference_request(lines=(msgspec.structs.replace(line, files=(file,)),))
    [asset] = sent(request).items[0]["Assets"]["Items"]
    assert f"{asset['Filename']}{file.file_name[-4:]}" == file.file_name
    assert asset["Content_URL"] == file.url


def test_without_a_company_there_is_no_company_id() -> None:
    assert "CompanyID" not in sent(reference_request(), customer_code="").order
    omitted = {"assumptions": msgspec.convert({"company_id": "omit"}, type(settings().assumptions))}
    assert "CompanyID" not in sent(reference_request(), **omitted).order
    assert sent(reference_request(), company_id="NORTH01").order["CompanyID"] == "NORTH01"


def test_the_initial_status_is_only_sent_if_set_and_under_the_assumed_member() -> None:
    assert "Status" not in sent(reference_request()).order
    assert sent(reference_request(), initial_status="New").order["Status"] == "New"
    names = msgspec.convert({"initial_status": "OrderStatus"}, type(settings().assumptions))
    order = sent(reference_request(), initial_status="New", assumptions=names).order
    assert order["OrderStatus"] == "New" and "Status" not in order


@pytest.mark.parametrize(
    ("rule", "buyer", "code"),
    [
        ("buyer-id", Buyer(id="B-1", external_id="E-1"), "B-1"),
        ("buyer-external-id", Buyer(id="B-1", external_id="E-1"), "E-1"),
        ("fixed", Buyer(id="B-1", external_id="E-1"), "ALEY001"),
        ("buyer-id", Buyer(external_id="E-1"), "ALEY001"),
        ("buyer-external-id", Buyer(id="B-1"), "ALEY001"),
    ],
)
def test_a_customer_code_comes_by_the_rule_and_falls_back_to_the_set_one(
    rule: str, buyer: Buyer, code: str
) -> None:
    order = sent(reference_request(buyer=buyer), customer_code_rule=rule).order
    assert [order["InvoiceCustomer"]["Code"], order["DeliveryCustomer"]["Code"]] == [code, code]


RULES = {
    "group_customer_codes": {"Staff": "STAFF01", "Trade": "TRADE01", "Desk": "TRADE01"},
    "site_customer_codes": {"shop.northfield.example": "SITE01"},
    "department_customer_codes": {"Marketing": "MARK01"},
}


@pytest.mark.parametrize(
    ("buyer", "code"),
    [
        (Buyer(id="B-1", groups=("Everyone", "Staff")), "STAFF01"),
        (Buyer(id="B-1", groups=("Desk", "Trade")), "TRADE01"),  # two groups, one code
        (Buyer(id="B-1", groups=("Everyone",)), "SITE01"),
        (Buyer(id="B-1", groups=()), "SITE01"),
        (Buyer(id="B-1", groups=("Staff",), department="Marketing"), "MARK01"),
        (Buyer(id="B-1", groups=None, department="Marketing"), "MARK01"),
    ],
)
def test_a_group_s_customer_code_comes_after_the_department_s_and_before_the_site_s(
    buyer: Buyer, code: str
) -> None:
    order = sent(reference_request(buyer=buyer, site="shop.northfield.example"), **RULES).order
    assert [order["InvoiceCustomer"]["Code"], order["DeliveryCustomer"]["Code"]] == [code, code]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (None, "did not tell which groups the buyer is in"),
        (("Trade", "Staff"), r"different customer codes \(Staff: STAFF01, Trade: TRADE01\)"),
    ],
)
def test_an_order_whose_group_s_code_is_not_certain_is_refused(
    groups: tuple[str, ...] | None, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        sent(reference_request(buyer=Buyer(id="B-1", groups=groups)), **RULES)


def test_groups_that_nobody_asked_for_do_not_matter_without_a_rule() -> None:
    order = sent(reference_request(buyer=Buyer(id="B-1", groups=None))).order
    assert order["InvoiceCustomer"]["Code"] == "B-1"


@pytest.mark.parametrize("rule", ["buyer-id", "buyer-external-id", "fixed"])
def test_an_order_of_nobody_is_refused_with_the_fix(rule: str) -> None:
    with pytest.raises(Refused, match=r"6994.*customer_code") as refusal:
        sent(reference_request(buyer=Buyer()), customer_code="", customer_code_rule=rule)
    assert rule in refusal.value.message and "customer_code" in refusal.value.fix


def test_an_order_without_lines_is_refused() -> None:
    with pytest.raises(Refused, match="6994-1"):
        sent(reference_request(lines=()))


FACTS = {
    "po_number": "CustomerOrderNo",
    "order_number": "Items.Ref1",
    "requested_ship_date": "ShipBy",
    "payment_method": "Payment",
    "cost_centre": "CostCentre",
    "note": "Notes",
}


def with_facts() -> OrderRequest:
    request = reference_request(po_number="PO-77", payment_method="Invoice", cost_centre="CC-12")
    return msgspec.structs.replace(request, note="Mind the discount.")


def test_what_the_settings_name_goes_to_the_members_that_they_name() -> None:
    order = sent(with_facts(), order_members=FACTS).order
    told = [order[name] for name in ("CustomerOrderNo", "Payment", "CostCentre", "Notes")]
    assert told == ["PO-77", "Invoice", "CC-12", "Mind the discount."]
    assert order["ShipBy"] == order["RequiredDate"]
    assert [item["Ref1"] for item in order["Items"]] == ["6994"]


def test_without_names_nothing_of_it_is_sent_and_what_is_not_told_has_no_member() -> None:
    request = msgspec.structs.replace(with_facts(), note="")
    published = json.loads(SAMPLE.read_text())["Orders"][0]
    assert sent(request).order.keys() == published.keys()
    bare = reference_request(po_number="")
    assert "CustomerOrderNo" not in sent(bare, order_members=FACTS).order


def test_a_note_without_a_place_for_it_is_refused() -> None:
    with pytest.raises(Refused, match="Mind the discount"):
        sent(with_facts())


@pytest.mark.parametrize("member", ["", "UniqueSubmitOrderID", "Items", "Items.Quantity"])
def test_a_member_that_carries_something_else_is_refused(member: str) -> None:
    with pytest.raises(ValueError, match=r"order_members\.po_number"):
        settings(order_members={"po_number": member})
