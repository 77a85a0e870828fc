"""Tokens: minting, both Basic forms, expiry in three forms."""

import base64
from typing import Any

import pytest

NO_TOKEN = "00000000-0000-0000-0000-000000000000"


async def mint(api: Any, **login: str) -> str:
    given = {"email": "api@northfield.example", "password": "press-gang", "applicationId": "makeready"}
    details = await api.details("authentication/GenerateAPIToken", **{**given, **login})
    token: str = details["Token"]
    return token


@pytest.mark.parametrize("wrong", ["email", "password", "applicationId"])
async def test_a_wrong_login_is_a_success_with_the_zero_guid(api: Any, wrong: str) -> None:
    assert await mint(api, **{wrong: "something else"}) == NO_TOKEN


async def test_a_right_login_gets_a_guid_that_is_not_zero(api: Any) -> None:
    token = await mint(api)
    assert len(token) == 36
    assert token != NO_TOKEN


async def test_the_zero_guid_opens_nothing(api: Any) -> None:
    api.headers = {"Authorization": f"Basic {base64.b64encode(NO_TOKEN.encode()).decode()}"}
    assert (await api.get("products")).status_code == 401


@pytest.mark.parametrize("form", ["{}", "{}:"])
async def test_a_token_is_taken_with_and_without_the_colon(api: Any, form: str) -> None:
    text = form.format(await mint(api))
    api.headers = {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}
    assert (await api.get("products", id=2284)).status_code == 200


@pytest.mark.parametrize("header", ["", "Basic", "Basic %%%", "Bearer abc", "Basic /w==", "Basic OjI="])
async def test_a_call_without_a_token_is_denied(api: Any, header: str) -> None:
    api.headers = {"Authorization": header} if header else {}
    answer = await api.get("products")
    assert answer.status_code == 401
    assert answer.json() == {"Message": "Authorization has been denied for this request."}


@pytest.mark.parametrize("path", ["AUTHENTICATION/generateapitoken", "/Authentication/GenerateAPIToken"])
async def test_paths_ignore_case_and_take_a_doubled_slash(api: Any, path: str) -> None:
    assert (await mint_at(api, f"http://tharstern.test/THARSTERNAPI/api/{path}")) != NO_TOKEN


async def mint_at(api: Any, url: str) -> str:
    query = {"EMAIL": "api@northfield.example", "password": "press-gang", "applicationid": "makeready"}
    token: str = (await api.http.get(url, params=query)).json()["Details"]["Token"]
    return token


async def test_a_token_lasts_as_many_calls_as_the_switch_says(start: Any) -> None:
    api = await start({"token-calls": "2"})
    statuses = [(await api.get("products", id=2284)).status_code for _ in range(3)]
    assert statuses == [200, 200, 401]


async def test_a_new_token_retires_the_last_one_if_tokens_rotate(start: Any) -> None:
    api = await start({"token-rotate": "on"})
    old = dict(api.headers)
    await api.sign_in()
    assert (await api.get("products", id=2284)).status_code == 200
    api.headers = old
    assert (await api.get("products", id=2284)).status_code == 401


async def test_tokens_live_side_by_side_if_they_do_not_rotate(api: Any) -> None:
    old = dict(api.headers)
    await api.sign_in()
    api.headers = old
    assert (await api.get("products", id=2284)).status_code == 200


async def test_an_expired_token_can_be_told_by_a_page(start: Any) -> None:
    api = await start({"expired-reply": "401-html"})
    await api.control("POST", "tokens/expire", {})
    answer = await api.get("products")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "text/html")


async def test_an_expired_token_can_be_told_by_a_failure_with_status_200(start: Any) -> None:
    api = await start({"expired-reply": "200-false"})
    await api.control("POST", "tokens/expire", {})
    answer = await api.get("products")
    assert answer.status_code == 200
    assert answer.json()["Status"] == {
        "Success": False,
        "Message": "The API token is invalid or has expired.",
    }


async def test_the_journal_does_not_show_passwords_or_tokens(api: Any) -> None:
    await mint(api, password="not this one")
    text = (await api.http.get("/_emulator/journal")).text
    assert "press-gang" not in text
    assert "not this one" not in text
    assert NO_TOKEN not in text
