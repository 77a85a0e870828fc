"""Settings through the JSON API: looked at, compared, applied, taken back; connections tested; a new subscriber."""

from typing import Any

import pytest
from api import NORTHFIELD, Api, token
from makeready.orders.beginning import moment_text
from makeready.subscribers.changes import MEMBERS, export, save
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_admin.settings.api import Settings
from makeready_admin.settings.drafts import Draft, propose_draft
from makeready_hooks.errors import Refused
from makeready_hooks.model.setup import Installed, InstallKind, InstallState
from pretend import Bench

SETTINGS = f"{NORTHFIELD}/settings"


@pytest.fixture
async def operator(bench: Bench, api: Api) -> Api:
    return api.as_(await token(bench, "olga", "", operator=True))


async def shown(operator: Api) -> dict[str, Any]:
    found: dict[str, Any] = await operator.get(SETTINGS)
    return {"version": found["version"], "settings": found["settings"]}


def test_the_document_knows_every_table_of_a_settings_file() -> None:
    assert set(Settings.__struct_fields__) == set(MEMBERS)


async def test_settings_are_compared_then_applied_as_a_whole(operator: Api, bench: Bench) -> None:
    body = await shown(operator)
    body["settings"]["orders"]["trigger_stage"] = "Press"
    body["settings"]["connectors"]["shop"]["port"] = 7
    changes = [
        "~ subscribers.northfield.orders.trigger_stage: 'To the MIS' becomes 'Press'",
        f"+ subscribers.northfield.orders.starts_at = {moment_text(bench.clock())!r}",
        "+ subscribers.northfield.connectors.shop.port = 7",
    ]
    looked = await operator.post(f"{SETTINGS}/propose", body=body)
    assert (looked["applied"], looked["changes"]) == (False, changes)
    assert (await shown(operator))["version"] == body["version"]
    done = await operator.post(f"{SETTINGS}/apply", body=body)
    assert (done["applied"], done["changes"], done["version"]) == (True, changes, body["version"] + 1)
    now = await bench.installation.subscriber("northfield")
    assert (now.orders.trigger_stage, now.connectors["shop"].shared["port"]) == ("Press", 7)
    assert (await shown(operator))["version"] == done["version"]


async def test_two_people_do_not_overwrite_one_another(operator: Api) -> None:
    body = await shown(operator)
    body["settings"]["title"] = "First"
    await operator.post(f"{SETTINGS}/apply", body=body)
    body["settings"]["title"] = "Second"
    for call in ("propose", "apply"):
        assert "changed meanwhile" in (await operator.post(f"{SETTINGS}/{call}", 409, body))["detail"]
    assert (await shown(operator))["settings"]["title"] == "First"


async def test_the_later_of_two_at_the_same_moment_changes_nothing(bench: Bench) -> None:
    """Both have compared before either saves."""
    installation = bench.installation
    now = await installation.subscriber("northfield")
    drafts = [
        Draft(name="northfield", version=now.version, settings={**export(installation, now), "title": title})
        for title in ("First", "Second")
    ]
    first, second = [await propose_draft(installation, draft) for draft in drafts]
    await save(installation, [first], "ada")
    with pytest.raises(Refused, match="changed meanwhile"):
        await save(installation, [second], "otto")
    assert (await installation.subscriber("northfield")).title == "First"
    assert [one.actor for one in await installation.store.subscribers.changes("northfield", 10)] == ["ada"]


async def test_secrets_go_in_and_never_come_out(operator: Api, bench: Bench) -> None:
    body = await shown(operator)
    assert body["settings"]["connectors"]["shop"]["password"] == "(stored)"
    body["settings"]["connectors"]["shop"]["password"] = "hunter-2-hunter"
    body["settings"]["alerts"] |= {"webhook_url": "https://a.example/", "webhook_secret": "hunter-3-hunter"}
    seen = [
        await operator.post(f"{SETTINGS}/propose", body=body),
        await operator.post(f"{SETTINGS}/apply", body=body, **{"Idempotency-Key": "k"}),
        await shown(operator),
        await operator.get(f"{SETTINGS}/history"),
        await operator.get("/audit"),
    ]
    assert "hunter" not in str(seen)
    now = await bench.installation.subscriber("northfield")
    sealed = now.connectors["shop"].shared["password"]
    assert bench.installation.vault.open(sealed, field="password") == "hunter-2-hunter"
    for file in bench.folder.iterdir():
        assert b"hunter" not in file.read_bytes()


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("orders", "grouping"), "pallet", "settings.orders.grouping"),
        (("orders", "colour"), "red", "colour"),
        (("alerts", "time_zone"), "Nowhere/Land", "settings.alerts.time_zone"),
        (("status",), {"enabled": True, "stages": {"a": "To the MIS"}}, "settings.status.stages"),
        (("connectors", "shop", "colour"), "red", "settings.connectors.shop.colour"),
        (("connectors", "letters"), {}, "settings.connectors.letters"),
        (("connectors", "shop"), {}, "settings.connectors.shop.user"),
        (("external_user_id",), -1, "settings.external_user_id"),
    ],
)
async def test_a_setting_that_is_wrong_is_named_and_nothing_is_applied(
    operator: Api, path: tuple[str, ...], value: object, field: str
) -> None:
    body = await shown(operator)
    table = body["settings"]
    for name in path[:-1]:
        table = table[name]
    table[path[-1]] = value
    problem = await operator.post(f"{SETTINGS}/apply", 422, body)
    assert problem["field"] == field
    assert (await shown(operator))["version"] == body["version"]


async def test_a_change_is_taken_back_and_later_ones_stay(operator: Api, bench: Bench) -> None:
    for name, value in (("trigger_stage", "Press"), ("grouping", "order")):
        body = await shown(operator)
        body["settings"]["orders"][name] = value
        await operator.post(f"{SETTINGS}/apply", body=body)
    page = await operator.get(f"{SETTINGS}/history", limit=1)
    older = await operator.get(f"{SETTINGS}/history", cursor=page["next_cursor"])
    [first] = older["changes"]
    assert (first["actor"], "trigger_stage" in first["changes"][0]) == ("olga", True)
    undo = f"{SETTINGS}/history/{first['id']}/undo"
    looked = await operator.post(undo, body={"dry_run": True})
    assert (looked["applied"], len(looked["changes"])) == (False, 1)
    assert (await operator.post(undo))["applied"]
    orders = (await bench.installation.subscriber("northfield")).orders
    assert (orders.trigger_stage, orders.grouping) == ("To the MIS", "order")
    assert (await operator.post(f"{SETTINGS}/history/99/undo", 404))["field"] == "change"
    assert (await operator.post(f"{SETTINGS}/history/x/undo", 404))["field"] == "change"


async def test_a_subscriber_is_added_once(operator: Api, bench: Bench) -> None:
    body = {"name": "southgate", "settings": {"title": "Southgate Print", "external_user_id": 118}}
    added = await operator.post("/subscribers", body=body)
    assert (added["name"], added["version"]) == ("southgate", 1)
    assert (await operator.post("/subscribers", 422, body))["field"] == "name"
    taken = {**body, "name": "westgate"}
    assert (await operator.post("/subscribers", 422, taken))["field"] == "settings.external_user_id"
    page = await operator.get("/subscribers", limit=1)
    rest = await operator.get("/subscribers", cursor=page["next_cursor"])
    assert [one["name"] for one in (*page["subscribers"], *rest["subscribers"])] == [
        "northfield",
        "southgate",
    ]
    kept = await AuditLog(bench.installation.store.database).find(
        AuditFilter(action="subscriber add"), limit=10
    )
    first = kept[-1]
    assert (first.actor, first.via, first.target, first.outcome) == ("olga", "api", "southgate", "done")


async def test_connectors_are_told_with_the_schema_of_their_settings(api: Api) -> None:
    found = {one["name"]: one for one in (await api.get("/connectors"))["connectors"]}
    assert found["shop"]["role"] == "storefront"
    properties = found["shop"]["settings"]["$defs"]["PretendSettings"]["properties"]
    assert properties["password"] == {"type": "string", "format": "secret"}


async def test_connections_are_tested_and_what_is_needed_is_installed(operator: Api, api: Api) -> None:
    found = await api.post(f"{NORTHFIELD}/check")
    assert {one["connector"] for one in found["findings"]} >= {"shop", "mis"}
    assert found["ok"] == all(one["ok"] for one in found["findings"])
    assert (await operator.post(f"{NORTHFIELD}/install", 422))["field"] == "public_url"
    wrong = {"public_url": "bridge"}
    assert (await operator.post(f"{NORTHFIELD}/install", 422, wrong))["field"] == "public_url"
    made = await operator.post(f"{NORTHFIELD}/install", body={"public_url": "https://bridge.example"})
    assert [(one["connector"], one["kind"], one["id"]) for one in made["installed"]] == [
        ("shop", "pricing-engine", "engine-1")
    ]
    setup = await operator.get(f"{NORTHFIELD}/setup")
    assert setup["installed"] == made["installed"]
    assert setup["addresses"]["shop"]["webhook"] == "https://bridge.example/hooks/segment/shop"


async def test_only_an_operator_is_shown_the_addresses_and_can_renew_them(
    operator: Api, api: Api, bench: Bench
) -> None:
    store = bench.installation.store.subscribers
    await store.set_public_url("https://bridge.example")
    by_hand = ("Enter:", "URL: https://bridge.example/price/segment/shop")
    left = Installed(kind=InstallKind.WEBHOOK, state=InstallState.BY_HAND, title="Webhook", by_hand=by_hand)
    await store.record_installed("northfield", "shop", left)
    reader = api.as_(await token(bench, "rita", "northfield", read_only=True))
    for one in (api, reader):
        shown = await one.get(f"{NORTHFIELD}/setup")
        assert "segment" not in str(shown)
        assert shown["addresses"]["shop"]["pricing"] == "https://bridge.example/price/(hidden)/shop"
        assert shown["installed"][0]["by_hand"][1] == "URL: https://bridge.example/price/(hidden)/shop"
        await one.post(f"{NORTHFIELD}/setup/renew-addresses", 403)
    renewed = (await operator.post(f"{NORTHFIELD}/setup/renew-addresses"))["addresses"]["shop"]["pricing"]
    assert "segment" not in renewed
    assert (await bench.installation.subscriber("northfield")).url_token in renewed


async def test_names_that_a_setting_can_hold_are_told(api: Api, bench: Bench) -> None:
    found = await api.get(f"{NORTHFIELD}/names", of="stages")
    assert [one["value"] for one in found["names"]] == list(bench.shop.stages)
    nothing = await api.get(f"{NORTHFIELD}/names", of="customers")
    assert (nothing["names"], bool(nothing["trouble"])) == ([], True)
    assert (await api.get(f"{NORTHFIELD}/names", 422, of="colours"))["field"] == "of"
