"""Tokens, and the conventions that every call follows."""

from typing import Any

import pytest

SITES = "/api/Sites"


async def call(shop: Any, header: str) -> int:
    response = await shop.http.get(SITES, headers={"Authorization": header})
    return int(response.status_code)


async def test_member_names_of_the_login_are_read_whatever_their_case(shop: Any) -> None:
    login = {
        "username": "api@northfield.example",
        "PASSWORD": "storefront",
        "SubscriberID": "28406876-c50c-4d16-b386-8f2824f19cef",
        "ConsumerId": "7d0b6c52-93f4-4d0e-a8f1-5c2e9b3a4f60",
    }
    response = await shop.http.post("/api/v2/authentication", json=login)
    assert await call(shop, f"Token {response.json()['Token']}") == 200


async def test_the_older_route_gives_a_token_in_data(shop: Any) -> None:
    login = {
        "UserName": "api@northfield.example",
        "Password": "storefront",
        "SubscriberId": "28406876-c50c-4d16-b386-8f2824f19cef",
        "ConsumerID": "7d0b6c52-93f4-4d0e-a8f1-5c2e9b3a4f60",
    }
    said = (await shop.http.post("/api/token", json=login)).json()
    assert said["Code"] == 200
    assert await call(shop, f"token {said['Data']}") == 200
    await shop.switch(v1_token="off")
    assert (await shop.http.post("/api/token", json=login)).status_code == 404


@pytest.mark.parametrize("wrong", ["UserName", "Password", "SubscriberId", "ConsumerID"])
async def test_a_login_with_one_wrong_part_is_refused(shop: Any, wrong: str) -> None:
    login = {
        "UserName": "api@northfield.example",
        "Password": "storefront",
        "SubscriberId": "28406876-c50c-4d16-b386-8f2824f19cef",
        "ConsumerID": "7d0b6c52-93f4-4d0e-a8f1-5c2e9b3a4f60",
    }
    response = await shop.http.post("/api/V2/Authentication", json=login | {wrong: "other"})
    assert response.status_code == 401
    assert "not valid" in response.json()["Message"]


async def test_only_the_token_scheme_opens_the_api(shop: Any) -> None:
    assert await call(shop, f"token {shop.token}") == 200
    assert await call(shop, f"Bearer {shop.token}") == 401
    assert await call(shop, shop.token) == 401
    assert await call(shop, "token 00000000-0000-0000-0000-000000000000") == 401
    assert await call(shop, "") == 401


async def test_a_bare_token_is_accepted_by_switch(shop: Any) -> None:
    await shop.switch(bare_token="on")
    assert await call(shop, shop.token) == 200


async def test_a_token_expires_after_so_many_calls_and_a_new_one_opens_again(shop: Any) -> None:
    await shop.switch(token_calls="2")
    await shop.sign_in()
    assert [(await shop.get(SITES)).status_code for _ in range(3)] == [200, 200, 401]
    await shop.sign_in()
    assert (await shop.get(SITES)).status_code == 200


async def test_a_token_expires_after_so_many_minutes(shop: Any) -> None:
    await shop.switch(token_minutes="10")
    await shop.http.post("/_emulator/clock", json={"seconds": 599})
    assert (await shop.get(SITES)).status_code == 200
    await shop.http.post("/_emulator/clock", json={"seconds": 2})
    assert (await shop.get(SITES)).status_code == 401


async def test_a_token_can_be_validated(shop: Any) -> None:
    good = await shop.http.get(f"/api/v2/Authentication/{shop.token}/Validate")
    bad = await shop.http.get("/api/v2/Authentication/00000000-0000-0000-0000-000000000000/Validate")
    assert good.status_code == 200
    assert bad.status_code == 401
    assert "Unauthorized" in bad.json()["Message"]


async def test_paths_match_whatever_their_case_and_slashes(shop: Any) -> None:
    for path in ("/api/sites", "/API/Sites/", "/api//Sites", "//api/SITES//"):
        assert (await shop.get("http://pressero.test" + path)).status_code == 200, path


async def test_an_unknown_route_is_404_and_a_wrong_verb_405(shop: Any) -> None:
    missing, wrong = await shop.get("/api/nothing"), await shop.put(SITES, {})
    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert "/api/nothing" in missing.json()["Message"]
    assert "PUT" in wrong.json()["Message"]


async def test_a_body_that_is_not_json_is_400_with_the_reason(shop: Any) -> None:
    response = await shop.send("POST", "/api/v2/Orders/Search", content=b"{nonsense")
    assert response.status_code == 400
    assert "not JSON" in response.json()["Message"]


async def test_the_journal_never_holds_the_password_or_a_token(shop: Any) -> None:
    await shop.http.get(f"/api/v2/Authentication/{shop.token}/Validate")
    text = (await shop.http.get("/_emulator/journal")).text
    assert "/api/V2/Authentication" in text
    assert "storefront" not in text
    assert shop.token not in text
