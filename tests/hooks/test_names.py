import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks.names import by_name, name_key, nearest, same_name

names = st.text(max_size=12)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("order received ", "Order Received"),
        ("Order  Received", "Order Received"),
        ("Order\u00a0Received", "Order Received"),
        ("STRASSE", "straße"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\uff2f\uff2b", "ok"),
    ],
)
def test_a_name_is_the_same_however_it_is_typed(typed: str, shown: str) -> None:
    assert same_name(typed, shown)
    assert by_name({typed: 1}, shown) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Order", "Orders"), ("A-1", "A1"), ("", "x"), ("résumé", "resume")]
)
def test_another_name_is_another(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert by_name({one: 1}, other) is None


@given(names)
def test_spelling_a_name_otherwise_changes_nothing(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert same_name(unicodedata.normalize(form, name), name)
    assert same_name(f" {name}\t", name)


@given(names, names)
def test_what_is_near_is_only_offered(name: str, other: str) -> None:
    assert nearest(name, [other]) in ("", other)
    assert nearest("Order Recieved", ["Approval", "Order Received"]) == "Order Received"
    assert nearest(name, []) == ""
