from typing import Any

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_pressero.plugin import limit
from makeready_pressero.settings import PresseroSettings

GIVEN = {
    "admin_url": "https://admin.shop.example",
    "user_name": "bridge",
    "password": "hush-hush",
    "subscriber_id": "0a5d2c1e",
    "consumer_id": "c0ffee",
}


def read(**changed: Any) -> PresseroSettings:
    """Settings as they are read from a file."""
    return msgspec.convert({**GIVEN, **changed}, PresseroSettings, dec_hook=decode_secret)


def test_http_is_refused_with_the_field_and_the_way_to_allow_it() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"admin_url.*https://.*allow_plain_http = true"):
        read(admin_url="http://admin.shop.example")
    assert read(admin_url="http://a.example", allow_plain_http=True).api_url == "http://a.example/api"


@pytest.mark.parametrize("url", ["", "admin.shop.example", "ftp://a.example", "https://", "https://["])
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"admin_url must be .*https://admin\.chi"):
        read(admin_url=url)


@pytest.mark.parametrize("typed", ["", "/", "/api", "/api/", "/API"])
def test_the_api_is_found_from_whatever_part_of_its_address_was_typed(typed: str) -> None:
    assert read(admin_url=f"{GIVEN['admin_url']}{typed}").api_url.lower() == "https://admin.shop.example/api"


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_what_is_missing_is_named(missing: str) -> None:
    given = {name: value for name, value in GIVEN.items() if name != missing}
    with pytest.raises(msgspec.ValidationError, match=missing):
        msgspec.convert(given, PresseroSettings, dec_hook=decode_secret)


def test_unknown_members_are_refused_by_name() -> None:
    with pytest.raises(msgspec.ValidationError, match="passwort"):
        read(passwort="x")
    with pytest.raises(msgspec.ValidationError, match=r"no_such_name.*assumptions"):
        read(assumptions={"no_such_name": "x"})


@pytest.mark.parametrize(
    "odd",
    [
        {"calls_per_10_s": 0},
        {"read_buyers": False, "read_user_groups": True},
        {"answer_within_s": 0},
        {"upload_name": ""},
    ],
)
def test_a_setting_that_would_stop_everything_is_refused_by_name(odd: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match=next(iter(odd))):
        read(**odd)


def test_the_vendor_s_limit_holds_unless_the_settings_say_otherwise() -> None:
    assert (limit(read()).calls, limit(read()).per_s) == (10, 10.0)
    assert limit(read(calls_per_10_s=4)).calls == 4


def test_no_form_of_the_settings_shows_a_secret() -> None:
    settings = read(webhook_key="hook-hush")
    assert not any(secret in f"{settings!r} {settings}" for secret in ("hush-hush", "hook-hush"))
