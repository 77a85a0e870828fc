"""A capture holds no secret and no person, whatever they are written in, and its references still fit."""

import base64
import json
import re
from html import escape
from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape as xml_escape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from makeready_hooks.testing.samples import Exchange, Sample
from makeready_lab.captures.personal import Kind, kind_of
from makeready_lab.captures.redaction import Redaction
from makeready_lab.captures.sample import Recorded, written

KEY = b"for a test"
LETTERS = st.sampled_from("bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZäöüéøßŁж")
WORD = st.text(LETTERS, min_size=6, max_size=12)
"""Without vowels: no word of a document's own is one of them."""
NAME = st.builds(
    lambda one, more: f"{one}{more}", WORD, st.sampled_from(["", "-Q", "'q", ' "q"', " & q", " <q", "\\q"])
)
MAIL = st.builds(
    lambda one, at: f"{one}@{at}.test",
    *[st.text("bcdfghjklmnpqrstvwxz0123456789", min_size=5, max_size=9)] * 2,
)
NUMBER = st.builds(
    lambda digits: f"+49 {digits[:3]} {digits[3:]}", st.text("0123456789", min_size=9, max_size=11)
)
STREET = st.builds(lambda number, name: f"{number} {name}", st.integers(100, 999), WORD)
PASSWORD = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_characters="\x7f"), min_size=8, max_size=24
)


def redact(*exchanges: Recorded, secrets: tuple[str, ...] = (), host: str = "") -> str:
    redaction = Redaction(secrets, host=host, key=KEY)
    for one in exchanges:
        redaction.learn(one)
    made = tuple(redaction.redacted(one) for one in exchanges)
    return written(Sample(connector="acme", made_on="2026-01-01", exchanges=made)).decode()


def call(answer: Any = b"", **more: Any) -> Recorded:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return Recorded(**{"method": "GET", "path": "/orders", "answer": content, **more})


def forms(text: str) -> list[str]:
    """In which it could be found in a file of JSON."""
    inside = [text, quote(text), quote(text, safe=""), escape(text), xml_escape(text), json.dumps(text)[1:-1]]
    inside += [json.dumps(text, ensure_ascii=False)[1:-1], urlencode({"": text})[1:]]
    inside += [base64.b64encode(text.encode()).decode().rstrip("=")]
    return [*inside, *(json.dumps(one, ensure_ascii=False)[1:-1] for one in inside)]


def assert_gone(text: str, told: str) -> None:
    lower = told.lower()
    assert [one for one in forms(text) if one.lower() in lower] == []


@given(NAME, MAIL, NUMBER, STREET, st.data())
def test_people_are_gone_wherever_and_however_they_are_written(
    name: str, mail: str, phone: str, street: str, data: st.DataObject
) -> None:
    people = {
        "LastName": name,
        "EmailAddress": mail,
        "Phone": phone,
        "Address": {"Line1": street, "PostCode": street[::-1]},
    }
    real = data.draw(st.sampled_from([name, mail, phone, street]))
    xml = f"<Order><Text>{xml_escape(real)}</Text><Ref a={quote_attribute(real)}/></Order>"
    elsewhere = {
        "Description": f"for {real}, urgent",
        "Escaped": json.dumps({"Inner": real}),
        "Link": f"https://files.test/{quote(real, safe='')}/a.pdf?who={quote(real)}",
        "Encoded": base64.b64encode(f"by {real}.".encode()).decode(),
        "Xml": xml,
        "Html": escape(real),
    }
    told = redact(
        call({"Items": [people, elsewhere]}, path=f"/customers/{real}", query=(("keyword", real),)),
        call(xml.encode(), request=urlencode({"keyword": real}).encode()),
        call(json.dumps({real: 1, "Who": real}, ensure_ascii=False).encode()) if "@" in real else call(),
    )
    for one in (name, mail, phone, street):
        assert_gone(one, told)


def quote_attribute(text: str) -> str:
    return '"' + escape(text) + '"'


def exchanges_with(password: str, token: str) -> list[Recorded]:
    basic = base64.b64encode(f"{token}:".encode()).decode()
    login = call(
        {"Details": {"Token": token}},
        query=(("email", "ada@northfield.test"), ("password", password)),
        request=json.dumps({"Password": password}).encode(),
    )
    use = call(
        {
            "Error": f"the token {token} is of {password}",
            "Echo": f"Basic {basic}",
            "Url": f"/a?t={quote(token)}",
        },
        path=f"/authentication/{token}",
        request_headers=(("Authorization", f"Basic {basic}"), ("X-Api-Key", password)),
        headers=(("Set-Cookie", f"s={token}; Path=/"), ("Location", f"https://x.test/?t={quote(token)}")),
    )
    xml = call(f"<A><Password>{xml_escape(password)}</Password><B>{xml_escape(token)}</B></A>".encode())
    return [login, use, xml]


OTHERS = ("mq7-Zz.x!1", "pv8_Yy~w?2")


@given(PASSWORD, PASSWORD, st.booleans())
def test_secrets_are_gone_wherever_and_however_they_are_written(
    password: str, token: str, known: bool
) -> None:
    anyway = redact(*exchanges_with(*OTHERS), secrets=OTHERS).lower()  # with "Location", say
    assume(not any(one.lower() in anyway for secret in (password, token) for one in forms(secret)))
    told = redact(*exchanges_with(password, token), secrets=(password, token) if known else ())
    assert_gone(password, told)
    assert_gone(token, told)
    assert base64.b64encode(f"{token}:".encode()).decode().rstrip("=") not in told


@given(WORD, MAIL)
def test_the_same_is_the_same_everywhere(name: str, mail: str) -> None:
    told = redact(
        call({"Users": [{"UserId": "u-1", "LastName": name, "Email": mail}]}),
        call({"Orders": [{"BuyerEmail": mail.upper(), "Text": f"of {name}"}]}, query=(("email", mail),)),
    )
    first, second = (json.loads(told)["exchanges"][at]["body"]["json"] for at in (0, 1))
    user, order = first["Users"][0], second["Orders"][0]
    assert order["BuyerEmail"].lower() == user["Email"].lower()
    assert order["Text"] == f"of {user['LastName']}"
    assert json.loads(told)["exchanges"][1]["query"] == [["email", user["Email"]]]
    assert user["UserId"] == "u-1"
    assert user["LastName"] != name


def test_an_invented_text_has_the_shape_of_the_real_one() -> None:
    told = redact(
        call(
            {
                "FirstName": "Ada",
                "Phone": "+44 1632 960-123",
                "Email": "ada@northfield.example",
                "Zip": "NF1 2AB",
            }
        )
    )
    made = json.loads(told)["exchanges"][0]["body"]["json"]
    assert re.fullmatch(r"[A-Z][a-z]{2}", made["FirstName"])
    assert re.fullmatch(r"\+\d\d \d{4} \d{3}-\d{3}", made["Phone"])
    assert re.fullmatch(r"[a-z]{3}@[a-z]{10}\.example", made["Email"])
    assert re.fullmatch(r"[A-Z]{2}\d \d[A-Z]{2}", made["Zip"])


def test_what_is_nobody_s_stays_as_it_came() -> None:
    document = (
        b'{"ID": 4711, "Price": 10.50, "Code": "TOTE-1", "State": "Open", "Options": [{"Key": "paper", "Value": "silk"}],'
        b' "Name": "Tote bag", "Big": 12345678901234567890, "None": null, "Yes": true, "Date": "2026-01-31T00:00:00"}'
    )
    told = redact(
        call(document, path="/products", headers=(("Content-Type", "application/json"), ("X-Odd", "x")))
    )
    exchange = json.loads(told, parse_float=str)["exchanges"][0]
    assert exchange["body"]["json"] == json.loads(document, parse_float=str)
    assert exchange["headers"] == {"content-type": "application/json"}


def test_a_name_is_personal_beside_an_address_and_not_of_a_product() -> None:
    told = redact(
        call({"Items": [{"Name": "Northfield Print", "PostCode": "NF1 2AB"}]}, path="/accounts"),
        call({"Items": [{"Name": "Ada Lovelace", "Code": "C1"}]}, path="/api/customers"),
        call({"Items": [{"Name": "Tote bag", "Code": "P1"}]}, path="/api/products"),
    )
    names = [one["body"]["json"]["Items"][0]["Name"] for one in json.loads(told)["exchanges"]]
    assert names[0] != "Northfield Print"
    assert names[1] != "Ada Lovelace"
    assert names[2] == "Tote bag"


def test_the_vendor_s_host_is_gone() -> None:
    told = redact(
        call(
            {
                "Next": "https://mis.northfield.example:8443/api/orders?page=2",
                "Host": "MIS.northfield.example:8443",
            }
        ),
        host="mis.northfield.example:8443",
    )
    assert "northfield" not in told.lower()
    assert (
        json.loads(told)["exchanges"][0]["body"]["json"]["Next"] == "https://vendor.example/api/orders?page=2"
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 Ada Lovelace", "application/pdf"),
        (b"<html><td>Ada Lovelace", "text/html"),
        (b"Ada;Lovelace;1", "text/csv"),
    ],
)
def test_of_what_has_no_members_only_the_size_is_kept(content: bytes, kind: str) -> None:
    told = redact(call(content, headers=(("Content-Type", kind),)))
    assert json.loads(told)["exchanges"][0]["body"] == {"left_out": f"{len(content)} bytes of {kind}"}


def test_the_content_of_a_file_is_left_out() -> None:
    content = base64.b64encode(b"%PDF Ada Lovelace" * 40).decode()
    assert content[:60] not in redact(call({"Content_Base64": content}))


def test_other_members_can_be_said_to_be_personal() -> None:
    redaction = Redaction(personal=("CheckoutFormValue1",), key=KEY)
    one = call({"CheckoutFormValue1": "Grace Hopper"})
    redaction.learn(one)
    exchange: Exchange = redaction.redacted(one)
    assert b"Grace" not in exchange.body.content()


def test_a_token_that_is_the_whole_answer_of_a_login_is_a_secret() -> None:
    told = redact(
        call("f3b1c0de", path="/api/login"), call({"Echo": "f3b1c0de"}), call("f3b1cafe", path="/api/words")
    )
    assert "f3b1c0de" not in told
    assert "f3b1cafe" in told


@pytest.mark.parametrize(
    ("name", "beside", "above", "kind"),
    [
        ("BillToFirstName", (), (), Kind.PERSON),
        ("ShipToPostal", (), (), Kind.PLACE),
        ("ShipToAddress2", (), (), Kind.PLACE),
        ("ShipToCountry", (), (), None),
        ("OrderedByEmail", (), (), Kind.EMAIL),
        ("mobile_phone", (), (), Kind.PHONE),
        ("a:Surname", (), (), Kind.PERSON),
        ("State", ("City", "Zip"), (), Kind.PLACE),
        ("State", ("Number",), (), None),
        ("Name", ("Code",), ("api", "customers"), Kind.PERSON),
        ("Name", ("Code",), ("Items", "Contact"), Kind.PERSON),
        ("Name", ("Code",), ("api", "products"), None),
        ("ProductName", ("Code",), ("api", "products"), None),
        ("Warehouse", (), (), None),
        ("Capacity", (), (), None),
        ("Key", ("Value",), (), None),
        ("Key", (), (), Kind.SECRET),
        ("access_token", (), (), Kind.SECRET),
        ("Notes", (), (), Kind.WORDS),
        ("Quantity", (), (), None),
    ],
)
def test_what_a_member_holds(
    name: str, beside: tuple[str, ...], above: tuple[str, ...], kind: Kind | None
) -> None:
    assert kind_of(name, beside, above) is kind


@pytest.mark.parametrize(
    ("signs_in", "secret"),
    [
        (("Authorization", "Basic " + base64.b64encode(b"ada:pr3ss-gang").decode()), "pr3ss-gang"),
        (("Authorization", "Bearer t0k3n-of-ours"), "t0k3n-of-ours"),
        (("Cookie", "a=1; session=c00k13-of-ours"), "c00k13-of-ours"),
        (("X-Api-Key", "k3y-of-ours"), "k3y-of-ours"),
    ],
)
def test_what_signs_a_call_in_is_nowhere_else(signs_in: tuple[str, str], secret: str) -> None:
    assert secret not in redact(call({"Echo": f"you are {secret}"}, request_headers=(signs_in,)))
    assert secret not in redact(
        call({"Echo": f"you are {secret}"}), call(headers=(("Set-Cookie", f"s={secret}; Path=/"),))
    )


@pytest.mark.parametrize(
    "one",
    [
        call(path="/api/ada@northfield.test/orders"),
        call(query=(("q", "of ada@northfield.test"),)),
        call(["ada@northfield.test"]),
    ],
)
def test_an_address_is_somebody_s_wherever_it_stands_alone(one: Recorded) -> None:
    assert "northfield" not in redact(one)
