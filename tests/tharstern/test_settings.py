from typing import Any

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_tharstern.settings import TharsternSettings

GIVEN = {
    "server_url": "https://mis.example",
    "login": "bridge@printer.example",
    "password": "hush-hush",
    "api_key": "bridge",
}


def read(**changed: Any) -> TharsternSettings:
    """Settings as they are read from a file."""
    return msgspec.convert({**GIVEN, **changed}, TharsternSettings, dec_hook=decode_secret)


def test_http_is_refused_with_the_field_and_the_way_to_allow_it() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"server_url.*https://.*allow_plain_http = true"):
        read(server_url="http://mis.example")
    assert read(server_url="http://mis.example", allow_plain_http=True).api_url.startswith("http://mis")


@pytest.mark.parametrize(
    "url", ["", "mis.example", "ftp://mis.example", "https://", "https://[", "file:///x"]
)
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"server_url must be .*https://mis\.example"):
        read(server_url=url)


@pytest.mark.parametrize(
    "typed",
    [
        "https://mis.example",
        "https://mis.example/",
        "https://mis.example/TharsternAPI",
        "https://mis.example/TharsternAPI/",
        "https://mis.example/TharsternAPI/api",
        "https://mis.example/TharsternAPI/api/",
    ],
)
def test_the_api_is_found_from_whatever_part_of_its_address_was_typed(typed: str) -> None:
    assert read(server_url=typed).api_url == "https://mis.example/TharsternAPI/api"


def test_the_address_is_kept_in_its_own_spelling_and_folder() -> None:
    assert (
        read(server_url="https://mis.example/tharsternapi").api_url == "https://mis.example/tharsternapi/api"
    )
    assert read(server_url="https://mis.example/a").api_url == "https://mis.example/a/TharsternAPI/api"


@pytest.mark.parametrize("zone", ["Nowhere/Else", "", "../etc/passwd", "Europe", "Europe/London\x00"])
def test_an_unknown_time_zone_is_refused_with_an_example(zone: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"time_zone .* is not known.*Europe/London"):
        read(time_zone=zone)


def test_unknown_members_are_refused_by_name() -> None:
    with pytest.raises(msgspec.ValidationError, match="passwort"):
        read(passwort="x")
    with pytest.raises(msgspec.ValidationError, match=r"no_such_name.*assumptions"):
        read(assumptions={"no_such_name": "x"})


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=missing):
        msgspec.convert(
            {k: v for k, v in GIVEN.items() if k != missing}, TharsternSettings, dec_hook=decode_secret
        )


def test_no_form_of_the_settings_shows_the_password() -> None:
    settings = read()
    assert "hush-hush" not in f"{settings!r} {settings} {settings.password!r} {settings.password}"
    assert settings.password.reveal() == "hush-hush"


def test_one_server_is_the_same_far_end_however_it_is_written_and_whoever_signs_in() -> None:
    forms = (
        "https://mis.example",
        "https://MIS.example:443/",
        "https://mis.example/tharsternapi",
        "https://mis.example/TharsternAPI/api/",
    )
    ends = {read(server_url=form, login=f"{form}@x", answer_within_s=9).far_end for form in forms}
    assert ends == {"mis.example/tharsternapi/api"}
    others = ("https://mis-test.example", "https://mis.example:8443", "https://mis.example/second")
    assert len({read(server_url=form).far_end for form in (*forms, *others)}) == 1 + len(others)
