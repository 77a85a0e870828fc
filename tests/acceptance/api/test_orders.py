"""The JSON API, through an ASGI client on the whole application. Every answer must fit the OpenAPI document."""

import re

import httpx
import jsonschema_rs
import msgspec
import pytest
from api import DAY, NORTHFIELD, Api, parked, refused, send, token
from makeready.access.tokens import remove_token
from makeready.extensions import installed
from makeready.subscribers.settings import new_record
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.submission import FindResult, MisOrder
from pretend import Bench, line, order
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from steps import settle, states
from structlog.testing import capture_logs

# Looking


async def test_subscribers_are_those_that_the_token_is_for(bench: Bench, api: Api) -> None:
    other = msgspec.structs.replace(
        bench.subscriber, name="eastgate", external_user_id=118, url_token="other"
    )
    await bench.installation.store.subscribers.save([other])
    [only] = (await api.get("/subscribers"))["subscribers"]
    assert only == {
        "name": "northfield",
        "title": "Northfield Print",
        "environment": "live",
        "connectors": ["mis", "shop"],
    }
    everybody = api.as_(await token(bench, "everybody", ""))
    assert [one["name"] for one in (await everybody.get("/subscribers"))["subscribers"]] == [
        "eastgate",
        "northfield",
    ]
    refusal = await api.get("/subscribers/eastgate/orders", 404)
    assert refusal["field"] == "subscriber"
    assert await api.get("/subscribers/nobody/orders", 404) == {
        **refusal,
        "detail": refusal["detail"].replace("eastgate", "nobody"),
    }
    await everybody.get("/subscribers/eastgate/orders")


async def test_order_lines_come_page_by_page(bench: Bench, api: Api) -> None:
    numbers = [str(number) for number in range(6990, 6997)]
    bench.mis.before_effect = []
    await refused(bench, *numbers)
    found, cursor, pages = [], "", 0
    while cursor is not None:
        page = await api.get(f"{NORTHFIELD}/orders", limit=3, cursor=cursor)
        found += [one["order"] for one in page["lines"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert found == numbers[::-1]
    assert pages == 3


async def test_order_lines_are_found_by_state_time_and_name(bench: Bench, api: Api) -> None:
    await send(bench, "6994")
    bench.clock.now += 10 * DAY
    await refused(bench, "6995")

    async def numbers(**params: object) -> list[str]:
        return [one["order"] for one in (await api.get(f"{NORTHFIELD}/orders", **params))["lines"]]

    assert await numbers() == ["6995", "6994"]
    assert await numbers(state="accepted") == ["6994"]
    assert await numbers(**{"from": "1970-01-20"}) == ["6995"]
    assert await numbers(to="1970-01-12") == ["6994"]
    assert await numbers(**{"from": "1970-01-12T13:46:40Z", "to": "1970-01-12T13:46:41"}) == ["6994"]
    for name in ("6994", "6994-1", "SO-1"):
        assert await numbers(q=name) == ["6994"]
    assert await numbers(q="699") == []
    assert await numbers(q="6994", state="refused") == []


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "W10="}, "cursor"),
        ({"sort": "size"}, "sort"),
    ],
)
async def test_a_parameter_that_is_wrong_is_named(api: Api, params: dict[str, str], field: str) -> None:
    problem = await api.get(f"{NORTHFIELD}/orders", 422, **params)
    assert (problem["status"], problem["title"], problem["field"]) == (422, "Unprocessable Entity", field)


async def test_the_story_of_an_order(bench: Bench, api: Api) -> None:
    await send(bench, "6994")
    story = await api.get(f"{NORTHFIELD}/orders/6994")
    [sent] = story["sent"]
    assert (sent["key"], sent["mis_number"], sent["state"]) == ("6994-1", "SO-1", "accepted")
    assert sent["attempts"][0]["payload"]["key"] == "6994-1"
    assert story["history"][-1]["to_state"] == "accepted"
    assert story["lines"][0]["changed_at"] == "1970-01-12T13:46:40Z"
    assert (await api.get(f"{NORTHFIELD}/orders/404", 404))["field"] == "number"


async def test_a_preview_sends_nothing(bench: Bench, api: Api) -> None:
    bench.shop.orders["6994"] = order("6994", line(1), line(2, approved=False))
    sent, stays = (await api.get(f"{NORTHFIELD}/orders/6994/preview"))["previews"]
    assert sent["payload"]["key"] == "6994-1"
    assert (stays["payload"], "waits for approval" in stays["reason"]) == (None, True)
    assert bench.mis.received == []
    await api.get(f"{NORTHFIELD}/orders/404/preview", 404)


async def test_evidence_is_json_or_a_page(bench: Bench, api: Api, client: httpx.AsyncClient) -> None:
    await send(bench, "6994")
    path = f"{NORTHFIELD}/orders/6994/evidence"
    assert [one["kind"] for one in (await api.get(path))["entries"]].count("sent") == 1
    headers = {"Authorization": f"Bearer {api.token}", "Accept": "text/html,*/*;q=0.8"}
    page = await client.get(f"/api/v1{path}", headers=headers)
    assert page.headers["content-type"].startswith("text/html")
    assert "Order 6994 of northfield" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    await api.get(f"{NORTHFIELD}/orders/404/evidence", 404)


@pytest.mark.parametrize(
    ("trouble", "status", "header"),
    [
        (RetryLater("The shop is away.", after_s=1.5), 503, "2"),
        (Refused("The site is closed."), 409, None),
        (OutcomeUnknown("cut"), 502, None),
    ],
)
async def test_trouble_of_the_other_side_is_told(
    bench: Bench, api: Api, trouble: MakereadyError, status: int, header: str | None
) -> None:
    bench.shop.away = trouble
    answer = await api.call("GET", f"{NORTHFIELD}/orders/6994/preview", status)
    assert answer.json()["detail"] == str(trouble)
    assert answer.headers.get("retry-after") == header


# Deciding


async def test_decisions_carry_the_token_s_name(bench: Bench, api: Api) -> None:
    await refused(bench, "6994", "6995", "6996")
    at = f"{NORTHFIELD}/submissions"
    assert await api.post(f"{at}/6994-1/send-again") == {"key": "6994-1", "decision": "send-again"}
    shown = await api.get(f"{at}/6995-1/in-mis", mis_number="SO-77")
    assert (shown["asked"], shown["found"], shown["ours"]["lines"]) == (
        False,
        None,
        [{"product_id": "2284", "quantity": 2}],
    )
    unconfirmed = await api.post(f"{at}/6995-1/accept", 422, body={"mis_number": "SO-77"})
    assert unconfirmed["field"] == "confirmed"
    await api.post(f"{at}/6995-1/accept", body={"mis_number": "SO-77", "confirmed": True})
    await api.post(f"{at}/6996-1/ignore", body={"reason": "made by hand"})
    await settle(bench)
    found = [await states(bench, number) for number in ("6994", "6995", "6996")]
    assert found == [["accepted"], ["accepted"], ["ignored"]]
    story = await api.get(f"{NORTHFIELD}/orders/6996")
    assert (story["history"][-1]["actor"], story["history"][-1]["cause"]) == ("ada", "made by hand")


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("submissions/6994-1/accept", {}, 422, "mis_number"),
        ("submissions/6994-1/accept", {"mis_number": ""}, 422, "mis_number"),
        ("submissions/6994-1/accept", {"mis_number": 7}, 422, "mis_number"),
        ("submissions/6994-1/accept", {"mis_number": "7", "note": "x"}, 422, "note"),
        ("submissions/6994-1/accept", [], 422, ""),
        ("submissions/6994-1/ignore", {}, 422, "reason"),
        ("submissions/6994-1/send-again", {"now": True}, 422, "now"),
        ("submissions/404-1/send-again", {}, 404, "key"),
        ("submissions/7000-1/send-again", {}, 409, ""),
        ("orders/404/retry", {}, 404, "number"),
        ("orders/replay", {"states": []}, 422, "states"),
        ("orders/replay", {"states": ["accepted"]}, 422, "states"),
        ("orders/replay", {"from": "soon"}, 422, "from"),
        ("orders/replay", {"states": ["parked"]}, 422, "parked_are_not_in_the_mis"),
        ("reconcile", {}, 422, "from"),
        ("reconcile", {"from": ""}, 422, "from"),
        ("reconcile", {"from": "0001-01-01"}, 422, "from"),
        ("reconcile", {"from": "2026-03-01", "to": "9999-12-31"}, 422, "to"),
    ],
)
async def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(
    bench: Bench, api: Api, path: str, body: object, status: int, field: str
) -> None:
    await refused(bench, "6994")
    await send(bench, "7000")
    problem = await api.post(f"{NORTHFIELD}/{path}", status, body)
    assert problem["field"] == field
    assert await states(bench) == ["refused"]
    assert len(bench.mis.received) == 1


async def test_many_are_sent_again_by_a_filter(bench: Bench, api: Api) -> None:
    await refused(bench, "6994", "6995")
    await refused(bench, "6996", reason="Unknown product.")
    path = f"{NORTHFIELD}/orders/replay"
    looked = await api.post(path, body={"reason": "ON STOP", "dry_run": True})
    assert (looked["count"], looked["keys"], looked["dry_run"]) == (2, ["6994-1", "6995-1"], True)
    assert bench.mis.received == []
    assert (await api.post(path, body={"reason": "on stop"}))["keys"] == ["6994-1", "6995-1"]
    await settle(bench)
    assert sorted(one.key for one in bench.mis.received) == ["6994-1", "6995-1"]
    assert (await api.post(path, body={"to": "1970-01-01"}))["count"] == 0
    assert (await api.post(path))["keys"] == ["6996-1"]


async def test_parked_ones_are_sent_again_only_by_who_has_looked(bench: Bench, api: Api) -> None:
    await parked(bench, "6994")
    path, body = f"{NORTHFIELD}/orders/replay", {"states": ["parked"]}
    assert (await api.post(path, body={**body, "dry_run": True}))["count"] == 1
    assert "double" in (await api.post(path, 422, body))["detail"]
    done = await api.post(path, body={**body, "parked_are_not_in_the_mis": True})
    assert done["keys"] == ["6994-1"]
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def test_what_waits_for_its_next_try_is_tried_at_once(bench: Bench, api: Api) -> None:
    away = RetryLater("The MIS is away.", after_s=3600)
    await send(bench, "6994", away)
    await send(bench, "6995", away)
    assert await api.post(f"{NORTHFIELD}/orders/6994/retry") == {"count": 1}
    await settle(bench)
    assert [await states(bench, number) for number in ("6994", "6995")] == [["accepted"], ["ready"]]
    assert await api.post(f"{NORTHFIELD}/orders/6994/retry") == {"count": 0}
    assert await api.post(f"{NORTHFIELD}/retry") == {"count": 1}
    await settle(bench)
    assert await states(bench, "6995") == ["accepted"]


async def test_a_period_is_compared_with_the_shop(bench: Bench, api: Api) -> None:
    bench.shop.orders["6994"] = order("6994")
    path, period = f"{NORTHFIELD}/reconcile", {"from": "2026-03-01", "to": "2026-03-02"}
    looked = await api.post(path, body={**period, "dry_run": True})
    assert looked == {"dry_run": True, "looked_at": 1, "missing": ["6994"], "drift": []}
    assert await states(bench) == []
    await api.post(path, body=period)
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert (await api.post(path, body={"from": "2026-02-01", "to": "2026-03-01"}))["looked_at"] == 0
    await send(bench, "6995")
    bench.mis.shown["6995-1"] = FindResult(order=MisOrder(id="2", number="SO-2"))
    bench.mis.find = lambda key: FindResult(certain=True)
    [gone] = (await api.post(path, body={**period, "ask_mis": True}))["drift"]
    assert "the MIS does not show 6994-1" in gone["text"]


# Who may


async def test_without_a_token_that_is_valid_nothing_is_told(bench: Bench, api: Api) -> None:
    short = await token(bench, "short", expires_days=1)
    removed = await token(bench, "gone")
    await remove_token(bench.installation, "gone")
    await api.as_(short).get("/subscribers")
    bench.clock.now += DAY
    wrong = api.token[:-1] + ("a" if api.token[-1] != "a" else "b")
    for text in ("", "nonsense", wrong, removed, short, "mkr_ada_", "mkr__", f"{api.token}x", "mkr_é_x"):
        refusal = await api.as_(text).call("GET", "/subscribers", 401)
        assert refusal.headers["www-authenticate"].startswith("Bearer")
    plain = await api.call("GET", "/subscribers", 401, headers={"Authorization": f"Basic {api.token}"})
    assert plain.json()["field"] == "Authorization"


async def test_no_token_is_kept_or_logged(bench: Bench, api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    await api.get(f"{NORTHFIELD}/orders/404", 404)
    await api.as_(api.token + "x").get("/subscribers", 401)
    secret = api.token.split("_", 2)[2]
    captured = capsys.readouterr()
    assert "API call rejected" in captured.out + captured.err
    assert secret not in captured.out + captured.err
    for file in bench.folder.iterdir():
        assert secret.encode() not in file.read_bytes()


# The document, and addresses beside it


async def test_the_document_describes_every_operation_and_needs_no_token(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    described = {one["operationId"] for paths in document["paths"].values() for one in paths.values()}
    assert described == {operation.name for operation in installed().operations}
    listing = document["paths"]["/subscribers/{subscriber}/orders"]["get"]
    names = {one["name"]: one for one in listing["parameters"]}
    assert names.keys() == {
        *("subscriber", "state", "from", "to", "q", "customer", "product", "limit", "cursor")
    }
    assert names["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert "refused" in str(names["state"]["schema"])
    assert "$ref" not in str(listing["parameters"])


async def test_the_document_is_openapi_3_1(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    OPENAPI_31_VALIDATOR.validate(document)
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', str(document).replace("'", '"')))
    assert named <= document["components"]["schemas"].keys()
    del document["info"]["title"]
    assert not OPENAPI_31_VALIDATOR.is_valid(document)


async def test_the_document_names_what_each_operation_needs_and_how_it_may_fail(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    for operation in installed().operations:
        described = document["paths"][operation.path][operation.method.lower()]
        assert described["security"] == [{"token": list(operation.scopes)}]
        assert described["tags"] == [operation.group]
        assert {"401", "500"} <= described["responses"].keys()
        assert ("403" in described["responses"]) == (operation.scopes != ("read",))
    assert {tag["name"] for tag in document["tags"]} == {
        operation.group for operation in installed().operations
    }


async def test_a_page_shows_every_operation_and_loads_nothing(client: httpx.AsyncClient) -> None:
    page = await client.get("/api/v1/docs")
    assert all(f'id="{operation.name}"' in page.text for operation in installed().operations)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<(script|link|img)|https?://", page.text)
    assert "<td>mis_number</td>" in page.text
    document = (await client.get("/api/v1/openapi.json")).json()
    assert all(f'<section id="{name}">' in page.text for name in document["components"]["schemas"])
    links = set(re.findall(r'href="#(\w+)"', page.text))
    assert links == set(re.findall(r'<section id="(\w+)"', page.text)) & links, "each leads somewhere"
    assert len(page.content) < 130_000


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/subscribers", 405), ("GET", f"{NORTHFIELD}/retry", 405)],
)
async def test_what_is_no_address_is_a_problem_too(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, f"/api/v1{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


async def test_a_body_that_is_no_json_or_too_large_is_a_problem(api: Api) -> None:
    path = f"{NORTHFIELD}/orders/replay"
    assert (
        (await api.call("POST", path, 400, content=b"{")).json()["detail"].startswith("The body is not JSON")
    )
    assert "1000000 bytes" in (await api.call("POST", path, 413, content=b" " * 1_000_001)).text


async def test_a_defect_is_a_problem_that_tells_where_the_log_has_it_and_nothing_else(
    bench: Bench, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("the secret is hush-hush")

    monkeypatch.setattr(bench.installation, "connectors", fails)
    with capture_logs() as logs:
        problem = await api.get(f"{NORTHFIELD}/orders/6994/preview", 500)
    [logged] = [entry for entry in logs if entry["log_level"] == "error"]
    assert problem["detail"].endswith(f"under {logged['reference']}.")
    assert "hush-hush" not in str(problem)
    bench.shop.away = None


async def test_settings_that_do_not_work_are_our_trouble(bench: Bench, api: Api) -> None:
    broken = msgspec.structs.replace(
        bench.subscriber, connectors={"mis": new_record(bench.installation.vault)}
    )
    await bench.installation.store.subscribers.save([broken])
    problem = await api.get(f"{NORTHFIELD}/orders/6994/preview", 503)
    assert "is missing" in problem["detail"]
