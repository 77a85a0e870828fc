import base64
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from connector_strategies import json_values, texts
from hypothesis import example, given
from hypothesis import strategies as st
from makeready_hooks import decode_secret
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import (
    NoPrice,
    OptionsQuestion,
    OptionValue,
    PriceOption,
    PriceQuestion,
    Quote,
)
from makeready_pressero.pricing.engine import read_call, write_options, write_price
from makeready_pressero.settings import PresseroSettings

PRODUCT = "117-2284-shop.example"
CALL = {"operation": "price", "product": PRODUCT, "options": [], "quantity": 250, "customer": None}
PRICES = ("Price", "TotalPrice", "price")
WEIGHTS = ("Weight", "TotalWeight", "weight")
members = st.sampled_from(["operation", "product", "options", "quantity", "customer"])
amounts = st.decimals(min_value="-1", max_value=10**9, places=6)


LOGIN = {
    "admin_url": "https://a.example",
    "user_name": "u",
    "password": "p",
    "subscriber_id": "s",
    "consumer_id": "c",
}
ANY_PRICE = PriceQuestion(product=PRODUCT, quantity=250)
ANY_OPTIONS = OptionsQuestion(product=PRODUCT)


def settings(**changed: Any) -> PresseroSettings:
    return msgspec.convert({**LOGIN, **changed}, PresseroSettings, dec_hook=decode_secret)


PLAIN = settings()


def read(
    body: Any, *, use: PresseroSettings = PLAIN, method: str = "POST", **call: Any
) -> PriceQuestion | OptionsQuestion | CallAnswer:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return read_call(IncomingCall(method=method, **{"headers": {}, **call}, body=raw), use)


def told(answer: Quote | NoPrice, use: PresseroSettings = PLAIN) -> CallAnswer:
    return write_price(ANY_PRICE, answer, use)


def asked(**changed: Any) -> PriceQuestion:
    question = read({**CALL, **changed})
    assert isinstance(question, PriceQuestion)
    return question


def shown(answer: CallAnswer) -> Any:
    """What Pressero reads, its numbers as exact decimals."""
    assert (answer.status, answer.content_type) == (200, "application/json")
    return msgspec.json.Decoder(float_hook=Decimal).decode(answer.body)


@pytest.mark.parametrize("operation", ["price", "GetPrice", "PRICE", "pricing price", "", None])
def test_a_call_with_a_quantity_asks_for_a_price(operation: str | None) -> None:
    assert asked(operation=operation) == PriceQuestion(product=PRODUCT, quantity=250)


def test_a_call_without_an_operation_is_told_by_its_quantity() -> None:
    assert read({"product": PRODUCT, "quantity": 1}) == PriceQuestion(product=PRODUCT, quantity=1)
    assert read({"product": PRODUCT}) == OptionsQuestion(product=PRODUCT)


def test_a_price_call_without_a_quantity_never_becomes_an_options_call() -> None:
    assert read({"operation": "GetPrice", "product": PRODUCT}) == PriceQuestion(product=PRODUCT, quantity=0)


@pytest.mark.parametrize("operation", ["options", "GetOptions", "Options"])
def test_an_options_call_asks_for_options_even_with_a_quantity(operation: str) -> None:
    assert read({**CALL, "operation": operation}) == OptionsQuestion(product=PRODUCT)


@pytest.mark.parametrize(
    ("customer", "buyer"),
    [
        (None, Buyer()),
        ("2eef0af0", Buyer(id="2eef0af0")),
        ("ann@shop.example", Buyer(email="ann@shop.example")),
        (7, Buyer(id="7")),
        (
            {"UserId": "u-1", "Email": "ann@shop.example", "Department": "Sales", "ExternalId": "N1"},
            Buyer(id="u-1", email="ann@shop.example", department="Sales", external_id="N1"),
        ),
        ({"Id": "u-1", "Groups": [{"GroupName": "Staff"}, "odd"]}, Buyer(id="u-1", groups=("Staff",))),
        ({"unknown": 1}, Buyer()),
        ([1], Buyer()),
    ],
)
def test_a_customer_may_be_nothing_a_text_or_an_object(customer: Any, buyer: Buyer) -> None:
    assert asked(customer=customer).buyer == buyer


def test_option_keys_lose_their_prefix_and_values_may_be_numbers() -> None:
    given_options = [{"Key": "engine:paper", "Value": "s150"}, {"Key": "a:b:sides", "Value": 2}, {"Key": "x"}]
    assert asked(options=given_options).options == (("paper", "s150"), ("sides", "2"), ("x", ""))
    assert asked(options=[None, "x", []]).options == asked(options="x").options == ()


@pytest.mark.parametrize(("quantity", "read_as"), [(250, 250), ("250", 250), (250.0, 250), (0, 0), (-1, -1)])
def test_a_quantity_may_be_a_number_or_a_text(quantity: Any, read_as: int) -> None:
    assert asked(quantity=quantity).quantity == read_as


@pytest.mark.parametrize("quantity", ["many", True, [], {}, "NaN", 2.5, "1e99999999"])
def test_a_quantity_that_is_no_whole_number_is_rejected_by_name(quantity: Any) -> None:
    with pytest.raises(CallRejected, match="quantity") as caught:
        asked(quantity=quantity)
    assert caught.value.status == 400


@pytest.mark.parametrize("product", [None, "", "  ", [], {}])
def test_a_call_without_a_product_is_rejected_with_the_place_to_enter_it(product: Any) -> None:
    with pytest.raises(CallRejected, match="MIS Product ID"):
        asked(product=product)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"x"', b"null", b'{"a":"\xff"}', b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_rejected(body: bytes) -> None:
    with pytest.raises(CallRejected, match="Send a JSON object") as caught:
        read(body)
    assert caught.value.status == 400


@given(st.dictionaries(members | texts, json_values, max_size=6))
def test_any_object_is_a_question_or_rejected(body: dict[str, Any]) -> None:
    try:
        question = read(body)
    except CallRejected:
        return
    assert question.product


@given(members, json_values, texts, json_values)
@example("quantity", "1e99999999", "more", None)
def test_an_odd_or_extra_member_is_a_question_or_rejected(
    member: str, odd: Any, extra: str, value: Any
) -> None:
    try:
        question = read({extra: value, **CALL, member: odd})
    except CallRejected as rejected:
        assert member in ("product", "quantity") and rejected.status == 400
    else:
        assert question.product


@given(amounts, st.decimals(min_value=0, max_value=1000, places=3))
def test_no_answer_is_a_zero_price_without_an_error(total: Decimal, weight: Decimal) -> None:
    answer = shown(told(Quote(total=total, weight_kg=weight)))
    if total > 0:
        assert answer["Price"] > 0
        assert (answer["success"], answer["Error"]) == (True, None)
    else:
        assert (answer["Price"], answer["success"]) == (0, False)
        assert answer["Error"]


@given(amounts, st.decimals(min_value=0, max_value=1000, places=3))
def test_all_names_of_a_number_agree(total: Decimal, weight: Decimal) -> None:
    answer = shown(told(Quote(total=total, weight_kg=weight)))
    assert len({answer[name] for name in PRICES}) == 1
    assert {answer[name] for name in WEIGHTS} == {weight if total > 0 else 0}
    assert {answer[name] for name in ("Cost", "TotalCost", "cost")} == {0}


@given(st.decimals(min_value="0.000001", max_value=10**9, places=6))
def test_a_price_is_rounded_to_the_cent_and_never_down_to_nothing(total: Decimal) -> None:
    price = Decimal(shown(told(Quote(total=total)))["Price"])
    assert price == price.quantize(Decimal("0.01"))
    assert price >= Decimal("0.01")
    assert abs(price - total) <= Decimal("0.005") or total < price == Decimal("0.01")


@pytest.mark.parametrize(
    ("total", "text"), [("82.50", b"82.5"), ("100.00", b"100"), ("1E+3", b"1000"), ("0.001", b"0.01")]
)
def test_a_price_is_written_as_a_plain_number(total: str, text: bytes) -> None:
    assert b'"Price":' + text + b"," in told(Quote(total=Decimal(total))).body


@pytest.mark.parametrize(("reason", "error"), [("Please call us.", "Please call us."), ("", "no price")])
def test_without_a_price_the_buyer_sees_a_reason(reason: str, error: str) -> None:
    answer = shown(told(NoPrice(reason=reason)))
    assert {answer[name] for name in PRICES} == {0}
    assert error in answer["Error"]


def test_options_are_lists_of_labels_and_values() -> None:
    paper = PriceOption(id="stock", label="Paper", values=(OptionValue(value="s150", label="Silk 150"),))
    [written, free] = shown(write_options(ANY_OPTIONS, (paper, PriceOption(id="note", label="Note"))))
    assert written == {"ID": "stock", "Label": "Paper", "Options": [{"Key": "Silk 150", "Value": "s150"}]}
    assert free == {"ID": "note", "Label": "Note", "Options": []}
    assert shown(write_options(ANY_OPTIONS, ())) == []


def test_the_default_is_offered_first_since_the_page_selects_the_first() -> None:
    values = (OptionValue(value="a", label="A"), OptionValue(value="b", label="B"))
    option = PriceOption(id="x", label="X", values=values, default="b")
    [written] = shown(write_options(ANY_OPTIONS, (option,)))
    assert [one["Value"] for one in written["Options"]] == ["b", "a"]


def test_options_that_nobody_knows_just_now_are_an_error_and_not_an_empty_list() -> None:
    assert shown(write_options(ANY_OPTIONS, NoPrice(reason="Not now.")))["Error"] == "Not now."


@pytest.mark.parametrize(
    ("unit", "weight"), [("kg", "1.5"), ("g", "1500"), ("lb", "3.306934"), ("oz", "52.910943")]
)
def test_the_weight_is_told_in_the_sites_unit(unit: str, weight: str) -> None:
    answer = shown(told(Quote(total=Decimal(1), weight_kg=Decimal("1.5")), settings(weight_unit=unit)))
    assert ({answer[name] for name in WEIGHTS}, answer["WeightUnit"]) == ({Decimal(weight)}, unit)


SECURED = settings(pricing_user="north", pricing_token="hush")
BASIC = "Basic " + base64.b64encode(b"north:hush").decode()
WRONG_BASIC = "Basic " + base64.b64encode(b"north:guess").decode()


@pytest.mark.parametrize(
    "call",
    [
        {},
        {"headers": {"authorization": BASIC}},
        {"headers": {"authorization": "Bearer hush"}},
        {"headers": {"authorization": "Digest what"}},
        {"headers": {"authorization": "Basic ???"}},
        {"query": {"user": "north", "AccessToken": "hush"}},
    ],
)
def test_the_right_user_and_token_may_come_in_any_place_or_not_at_all(call: dict) -> None:
    assert read(CALL, use=SECURED, **call) == ANY_PRICE
    assert read(CALL, use=PLAIN, **call) == ANY_PRICE


@pytest.mark.parametrize(
    ("body", "call"),
    [
        (CALL, {"headers": {"authorization": WRONG_BASIC}}),
        (CALL, {"headers": {"authorization": "Bearer guess"}}),
        (CALL, {"query": {"user": "south"}}),
        (CALL, {"query": {"user": "north", "accessToken": "gu\u00e9ss"}}),
        ({**CALL, "user": "north", "accessToken": "guess"}, {}),
    ],
)
def test_a_wrong_user_or_token_is_rejected_without_showing_the_right_one(body: dict, call: dict) -> None:
    with pytest.raises(CallRejected) as caught:
        read(body, use=SECURED, **call)
    assert caught.value.status == 401
    assert "hush" not in str(caught.value)
    assert isinstance(read(body, use=PLAIN, **call), PriceQuestion)


def test_a_get_is_no_question() -> None:
    with pytest.raises(CallRejected) as caught:
        read(b"", method="GET")
    assert caught.value.status == 405
