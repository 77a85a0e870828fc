"""The older form of the pricing engine."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
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
from makeready_pressero import plain_xml
from makeready_pressero.orders.mapping import chosen_options
from makeready_pressero.pricing.engine import read_call, write_options, write_price
from makeready_pressero.settings import PresseroSettings

LOGIN = {
    "admin_url": "https://a.example",
    "user_name": "u",
    "password": "p",
    "subscriber_id": "s",
    "consumer_id": "c",
}
PLAIN = msgspec.convert(LOGIN, PresseroSettings, dec_hook=decode_secret)
SECURED = msgspec.convert({**LOGIN, "pricing_token": "hush"}, PresseroSettings, dec_hook=decode_secret)
SOAP11, SOAP12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
PRODUCT = "117-2284-shop.example"
PAPER = "<PricingParameterOption><Key>engine:paper</Key><Value>s150</Value></PricingParameterOption>"


def envelope(inner: str, namespace: str = SOAP11) -> bytes:
    return (
        f'<?xml version="1.0"?><s:Envelope xmlns:s="{namespace}"><s:Header/><s:Body>{inner}</s:Body></s:Envelope>'
    ).encode()


def operation(
    name: str = "GetPriceForProduct", options: str = PAPER, more: str = "<quantity>250</quantity>"
) -> str:
    return (
        f'<{name} xmlns="http://shop.example/"><user>u</user><accessToken>t</accessToken>'
        f"<productID>{PRODUCT}</productID><options>{options}</options>{more}</{name}>"
    )


def read(body: bytes, use: PresseroSettings = PLAIN) -> PriceQuestion | OptionsQuestion | CallAnswer:
    return read_call(IncomingCall(method="POST", headers={"content-type": "text/xml"}, body=body), use)


def result(answer: CallAnswer, name: str) -> ET.Element:
    """The result element of an answer, read by another parser than ours."""
    found = ET.fromstring(answer.body).find(f".//{{http://shop.example/}}{name}Result")  # noqa: S314 - our own answer
    assert found is not None
    return found


@pytest.mark.parametrize("namespace", [SOAP11, SOAP12])
def test_both_operations_are_understood_in_both_versions(namespace: str) -> None:
    price = read(envelope(operation(), namespace))
    assert isinstance(price, PriceQuestion)
    assert (price.product, price.quantity, price.options) == (PRODUCT, 250, (("paper", "s150"),))
    options = read(envelope(operation("GetOptionsForProduct"), namespace))
    assert isinstance(options, OptionsQuestion)
    assert (options.product, options.options) == (PRODUCT, (("paper", "s150"),))


@pytest.mark.parametrize("key", ["Quantity", "qty", "Q1"])
def test_a_quantity_may_be_an_option(key: str) -> None:
    given_ = f"{PAPER}<PricingParameterOption><Key>{key}</Key><Value>250</Value></PricingParameterOption>"
    price = read(envelope(operation(options=given_, more="<customer>u-1</customer>")))
    assert isinstance(price, PriceQuestion)
    assert (price.quantity, price.options, price.buyer) == (250, (("paper", "s150"),), Buyer(id="u-1"))


def test_a_price_is_answered_in_the_caller_s_version_and_namespace() -> None:
    for namespace, kind in ((SOAP11, "text/xml"), (SOAP12, "application/soap+xml")):
        question = read(envelope(operation(), namespace))
        answer = write_price(question, Quote(total=Decimal("82.50"), weight_kg=Decimal("4.2")), PLAIN)
        assert (answer.status, answer.content_type.split(";")[0]) == (200, kind)
        members = {one.tag.rpartition("}")[2]: one.text for one in result(answer, "GetPriceForProduct")}
        assert members["Price"] == members["TotalPrice"] == "82.5"
        assert (members["Weight"], members["WeightUnit"], members["success"]) == ("4.2", "kg", "true")
        assert "Error" not in members


@pytest.mark.parametrize(
    "none", [NoPrice(reason="Please <call> & ask \x00us"), Quote(total=Decimal(0)), NoPrice(reason="")]
)
def test_no_price_is_zero_with_an_error(none: Quote | NoPrice) -> None:
    answer = write_price(read(envelope(operation())), none, PLAIN)
    members = {one.tag.rpartition("}")[2]: one.text for one in result(answer, "GetPriceForProduct")}
    assert (members["Price"], members["success"]) == ("0", "false")
    assert members["Error"]


def test_options_are_a_list_of_parameters() -> None:
    question = read(envelope(operation("GetOptionsForProduct")))
    paper = PriceOption(id="paper", label="Paper & board", values=(OptionValue(value="s<1", label="Silk"),))
    [parameter] = result(write_options(question, (paper,)), "GetOptionsForProduct")
    texts = [one.text for one in parameter.iter() if one.text]
    assert texts == ["paper", "Paper & board", "Silk", "s<1"]
    assert list(result(write_options(question, ()), "GetOptionsForProduct")) == []


@pytest.mark.parametrize("namespace", [SOAP11, SOAP12])
def test_options_that_nobody_knows_just_now_are_a_fault(namespace: str) -> None:
    question = read(envelope(operation("GetOptionsForProduct"), namespace))
    answer = write_options(question, NoPrice(reason="Not now."))
    assert answer.status == 500
    assert b"Fault" in answer.body
    assert b"Not now." in answer.body


def test_the_token_of_the_call_is_checked() -> None:
    with pytest.raises(CallRejected) as caught:
        read(envelope(operation()), SECURED)
    assert caught.value.status == 401


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"<",
        b"<a/>",
        b"\xff\xfe<",
        envelope("<Other/>"),
        envelope(operation(), "http://nobody.example/"),
        envelope(operation().replace(PRODUCT, "")),
        envelope(operation(more="<quantity>many</quantity>")),
        (BOMB + envelope(operation().replace(PRODUCT, "&b;")).decode().partition("?>")[2]).encode(),
        (OUTSIDE + envelope(operation().replace(PRODUCT, "&a;")).decode().partition("?>")[2]).encode(),
        b"<a>" * 100_000,
        envelope("<b/>" * 10_000),
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_what_is_no_such_call_is_rejected(body: bytes) -> None:
    with pytest.raises(CallRejected) as caught:
        read(body)
    assert caught.value.status == 400
    assert "aaaa" not in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: envelope(text)))
def test_any_body_is_a_question_or_rejected(body: bytes) -> None:
    try:
        question = read(body)
    except CallRejected:
        return
    assert isinstance(question, PriceQuestion | OptionsQuestion)


@given(st.text(max_size=50))
def test_any_reason_makes_well_formed_xml(reason: str) -> None:
    answer = write_price(read(envelope(operation())), NoPrice(reason=reason), PLAIN)
    assert result(answer, "GetPriceForProduct") is not None


def test_the_service_describes_itself_with_the_names_that_it_reads() -> None:
    call = IncomingCall(method="GET", headers={}, query={"WSDL": ""})
    answer = read_call(call, PLAIN, "https://bridge.example/price/a?b&c")
    assert isinstance(answer, CallAnswer)
    root = plain_xml.read(answer.body)
    names = ET.fromstring(answer.body).iter()  # noqa: S314 - our own answer
    values = {value for one in names for value in one.attrib.values()}
    assert root.name == "definitions"
    for name in (
        "GetOptionsForProduct",
        "GetPriceForProduct",
        "productID",
        "accessToken",
        "quantity",
        "Price",
    ):
        assert name in values
    assert "https://bridge.example/price/a?b&c" in values


def test_the_options_of_an_order_item_are_read_from_its_xml() -> None:
    info = "<PricingParms><Options><Option><Key>e:paper</Key><Value>s150</Value></Option></Options></PricingParms>"
    assert chosen_options(info) == (("paper", "s150"),)
    for odd in (
        "",
        "  ",
        "no xml",
        "<PricingParms/>",
        "<PricingParms><Options /></PricingParms>",
        BOMB + "<x/>",
    ):
        assert chosen_options(odd) == ()
