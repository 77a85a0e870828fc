"""Secrets are taken out of texts in whatever form a vendor repeats them."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks.errors import ConfigError, Refused
from makeready_hooks.secret_filter import HIDDEN_TEXT, SecretFilter

SECRETS = ["press-gang", "Pä ss/w+\"&<'ö%41\\x", "token:ABC+/==", "straße-9"]


def in_base64(before: str, after: str = "") -> Callable[[str], str]:
    return lambda text: base64.b64encode(f"{before}{text}{after}".encode()).decode()


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "folded": str.casefold,
    "JSON": json.dumps,
    "JSON of UTF-8": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON within JSON": lambda text: json.dumps(json.dumps(text)),
    "JSON with escaped slashes": lambda text: json.dumps(text).replace("/", "\\/"),
    "JSON, all escaped": lambda text: re.sub("(....)", r"\\u\1", text.encode("utf-16-be").hex().upper()),
    "percent": lambda text: quote(text, safe=""),
    "percent, lower hex": lambda text: quote(text, safe="").lower(),
    "percent, all": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "HTML": html.escape,
    "HTML, twice": lambda text: html.escape(html.escape(text)),
    "HTML, numbers": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML, hex numbers": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "Base64": in_base64(""),
    "Base64 after a name": in_base64("u:"),
    "Base64 before more": in_base64("ab", ":more"),
    "Base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "Base64, percent": lambda text: quote(in_base64("u:")(text), safe=""),
}


def knowing(*texts: str) -> SecretFilter:
    secrets = SecretFilter()
    secrets.add(*texts)
    return secrets


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_form_of_a_secret_is_left(secret: str, form: str) -> None:
    written = FORMS[form](secret)
    cleaned = knowing("another one", secret).clean(f"refused: {written} is wrong")
    assert cleaned.startswith("refused: ")
    assert cleaned.endswith(" is wrong")
    assert HIDDEN_TEXT in cleaned
    assert len(cleaned) < 45, "a name before it, and more behind it"


@given(
    st.text(min_size=6, max_size=40),
    st.sampled_from(sorted(FORMS.keys() - {"upper case", "lower case", "folded"})),
)
def test_no_form_of_any_secret_is_left(secret: str, form: str) -> None:
    try:
        written = FORMS[form](secret)
    except UnicodeEncodeError:  # half a character, which cannot be sent
        return
    assert written not in knowing(secret).clean(f"it said {written}!")


def test_a_body_of_bytes_is_cleaned_and_stays_what_it_is() -> None:
    secrets = knowing("press-gang")
    assert secrets.clean_bytes(b'{"a": "press\\u002dgang", "b": "\xff\xc3\xa4"}') == (
        b'{"a": "(hidden)", "b": "\xff\xc3\xa4"}'
    )


def test_what_holds_no_secret_is_left_as_it_is() -> None:
    text = 'A sentence with 100 % of "escapes" \\u0041 &amp; %20 in it.'
    assert knowing("press-gang", "abc", "").clean(text) == text
    assert SecretFilter().clean(text) == text
    assert knowing("Makeready").clean("Ask the operator of Makeready.") == "Ask the operator of Makeready."


def test_what_signs_a_request_in_is_known_by_itself() -> None:
    secrets = SecretFilter()
    basic = base64.b64encode(b"run-time-token:").decode()
    secrets.learn(
        [("Authorization", "Bearer first-token"), ("authorization", f"Basic {basic}"), ("Cookie", "s=crumbs")]
    )
    secrets.learn([("authorization", "Basic no-base64!"), ("Accept", "text/html")])
    told = secrets.clean(f"first-token, run-time-token, {basic}, crumbs, text/html")
    assert told == ", ".join([HIDDEN_TEXT] * 4 + ["text/html"])


def test_an_error_leaves_without_it_and_so_does_what_caused_it() -> None:
    secrets = knowing("press-gang")
    with pytest.raises(Refused) as caught, secrets.kept_back():
        try:
            raise ValueError("no: press%2dgang")
        except ValueError as exc:
            raise Refused("It says press-gang.", fix="Change PRESS-GANG.") from exc
    assert (caught.value.message, caught.value.fix) == ("It says (hidden).", "Change (hidden).")
    assert str(caught.value) == "It says (hidden). Change (hidden)."
    assert str(caught.value.__cause__) == "no: (hidden)"
    with pytest.raises(ConfigError, match="without"), secrets.kept_back():
        raise ConfigError("It is without.")
