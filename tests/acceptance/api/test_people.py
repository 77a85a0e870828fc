"""Users, tokens and the audit log through the JSON API."""

import json

import pytest
from api import Api, refused, token
from browser import PASSWORD, Browser
from makeready_admin.audit.store import AuditFilter, AuditLog
from pretend import Bench


@pytest.fixture
async def operator(bench: Bench, api: Api) -> Api:
    return api.as_(await token(bench, "root", "", operator=True))


async def test_a_user_is_added_and_the_password_is_shown_once(
    operator: Api, new_browser, bench: Bench
) -> None:
    body = {"name": "pia", "role": "viewer", "subscriber": "northfield"}
    key = {"Idempotency-Key": "k"}
    made = await operator.post("/users", body=body, **key)
    assert "shown once" in (await operator.post("/users", 409, body, **key))["detail"]
    pia: Browser = new_browser()
    page = await pia.sign_in("pia", made["password"])
    assert "Northfield Print" in page.text
    for file in bench.folder.iterdir():
        assert made["password"].encode() not in file.read_bytes()
    assert made["password"] not in str(await operator.get("/users")) + str(await operator.get("/audit"))
    again = await operator.post("/users/pia/password")
    assert again["password"] != made["password"]
    await pia.get("")
    assert "sign-in" in str(pia.page.response.url), "a new password ends sessions"


async def test_a_role_counts_from_the_next_page_on(operator: Api, new_browser) -> None:
    mia: Browser = new_browser()
    await mia.sign_in("mia")
    await mia.get("/users", 403)
    await operator.post("/users/mia/role", body={"role": "operator"})
    await mia.get("/users")
    await operator.post("/users/mia/role", body={"role": "viewer", "subscriber": "northfield"})
    await mia.get("/users", 403)
    for body, field in (
        ({"role": "manager"}, "subscriber"),
        ({"role": "manager", "subscriber": "nowhere"}, "subscriber"),
        ({"role": "operator", "subscriber": "northfield"}, "subscriber"),
        ({"role": "king"}, "role"),
    ):
        assert (await operator.post("/users/mia/role", 422, body))["field"] == field


async def test_a_disabled_user_is_out_until_that_is_taken_back(operator: Api, new_browser) -> None:
    mia: Browser = new_browser()
    await mia.sign_in("mia")
    await operator.post("/users/mia/disable")
    await mia.get("")
    assert "sign-in" in str(mia.page.response.url)
    again: Browser = new_browser()
    await again.get("/sign-in")
    page = await again.send("/sign-in", 401, name="mia", password=PASSWORD)
    assert "The name or the password is wrong." in page.text
    listed = {one["name"]: one["disabled"] for one in (await operator.get("/users"))["users"]}
    assert (listed["mia"], listed["olga"]) == (True, False)
    await operator.post("/users/mia/enable")
    await mia.sign_in("mia")
    assert "Northfield Print" in mia.page.text


async def test_an_operator_is_always_left(operator: Api, new_browser) -> None:
    viewer = {"role": "viewer", "subscriber": "northfield"}
    for call, body in (("disable", {}), ("remove", {}), ("role", viewer)):
        assert "only operator" in (await operator.post(f"/users/olga/{call}", 409, body))["detail"]
    await operator.post("/users/mia/role", body={"role": "operator"})
    await operator.post("/users/mia/disable")
    assert "only operator" in (await operator.post("/users/olga/remove", 409))["detail"]
    await operator.post("/users/mia/enable")
    await operator.post("/users/olga/remove")
    assert "olga" not in [one["name"] for one in (await operator.get("/users"))["users"]]
    for call in ("role", "disable", "enable", "password", "remove"):
        body = viewer if call == "role" else {}
        assert (await operator.post(f"/users/nobody/{call}", 404, body))["field"] == "name"


async def test_lists_come_page_by_page(operator: Api, new_browser) -> None:
    names, cursor = [], ""
    while cursor is not None:
        page = await operator.get("/users", limit=2, cursor=cursor)
        names += [one["name"] for one in page["users"]]
        cursor = page["next_cursor"]
    assert names == sorted(names)
    assert {"mia", "olga", "otto", "vera"} <= set(names)
    for path in ("/users", "/tokens", "/audit"):
        assert (await operator.get(path, 422, cursor="nonsense"))["field"] == "cursor"
        assert (await operator.get(path, 422, limit=0))["field"] == "limit"


async def test_a_token_is_made_used_and_revoked(operator: Api, bench: Bench) -> None:
    body = {"name": "ci", "subscriber": "northfield", "read_only": False, "expires_days": 1}
    made = await operator.post("/tokens", body=body, **{"Idempotency-Key": "k"})
    ci = operator.as_(made["token"])
    await ci.get("/subscribers/northfield/orders")
    listed = {one["name"]: one for one in (await operator.get("/tokens"))["tokens"]}
    assert (listed["ci"]["scopes"], listed["ci"]["subscriber"]) == (["read", "change"], "northfield")
    assert listed["root"]["scopes"] == ["read", "change", "operator"]
    secret = made["token"].split("_", 2)[2]
    assert secret not in str(listed) + str(await operator.get("/audit"))
    for file in bench.folder.iterdir():
        assert secret.encode() not in file.read_bytes()
    await operator.post("/tokens/ci/revoke")
    await ci.get("/subscribers", 401)
    assert (await operator.post("/tokens/ci/revoke", 404))["field"] == "name"
    for wrong, field in (
        ({**body, "name": "root"}, "name"),
        ({**body, "subscriber": "nowhere"}, "subscriber"),
        ({**body, "operator": True}, "subscriber"),
        ({**body, "expires_days": -1}, "expires_days"),
    ):
        assert (await operator.post("/tokens", 422, wrong))["field"] == field


async def test_the_audit_log_is_filtered_and_exported(operator: Api, api: Api, bench: Bench) -> None:
    await refused(bench, "7001")
    at = "/subscribers/northfield/submissions/7001-1/ignore"
    await api.post(at, body={"reason": "made by hand"})
    await api.post(at, 409, body={"reason": "once more"})
    await operator.post("/tokens", body={"name": "ci", "subscriber": ""})
    [done, not_done] = reversed((await operator.get("/audit", action="orders"))["acts"])
    assert (done["actor"], done["via"], done["action"], done["target"], done["outcome"]) == (
        "ada",
        "api",
        "orders ignore",
        "7001-1",
        "done",
    )
    assert not_done["outcome"].startswith("not done")
    page = await operator.get("/audit", limit=1)
    assert page["acts"][0]["action"] == "token add"
    older = await operator.get("/audit", limit=1, cursor=page["next_cursor"])
    assert older["acts"] == [not_done]
    exported = await operator.raw("/audit/export?actor=ada")
    assert exported.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line) for line in exported.text.splitlines()] == [not_done, done]
    kept = await AuditLog(bench.installation.store.database).find(AuditFilter(), limit=10)
    assert len(kept) == 3, "looking is not kept"


async def test_an_invitation_is_made_listed_and_withdrawn(operator: Api, new_browser, bench: Bench) -> None:
    await bench.installation.set_public_url("http://pages.example")
    body = {"whom": "pia@northfield.example", "role": "viewer", "subscriber": "northfield", "days": 2}
    made = await operator.post("/invitations", body=body)
    [listed] = (await operator.get("/invitations"))["invitations"]
    assert (listed["id"], listed["whom"], listed["role"]) == (made["id"], body["whom"], "viewer")
    assert listed["invited_by"] == "root"
    assert made["link"] not in str(listed)
    path = made["link"].removeprefix("http://pages.example")
    await new_browser().get(path)
    await operator.post(f"/invitations/{made['id']}/withdraw")
    await new_browser().get(path, 404)
    assert (await operator.post(f"/invitations/{made['id']}/withdraw", 404))["detail"].startswith(
        "There is no invitation"
    )
    assert (await operator.post("/invitations", 422, body | {"mail": True}))["field"] == "mail"
