"""What needs attention, what goes on, and everything at a glance, through the JSON API."""

import httpx
import msgspec
from api import NORTHFIELD, Api, parked, refused, send
from makeready.outbound.model import CallRow
from makeready_alerts.model import SentAlert
from makeready_alerts.store.sent import sent_alerts_of
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.order import Artwork
from pretend import Bench, line, order
from steps import ask_to_look, settle


async def webhook(client: httpx.AsyncClient, number: str, key: str = "right") -> int:
    answer = await client.post("/hooks/segment/shop", content=number.encode(), headers={"X-Key": key})
    return answer.status_code


async def test_a_subscriber_at_a_glance(bench: Bench, api: Api) -> None:
    await refused(bench, "7001")
    await send(bench, "7002")
    shown = await api.get(f"{NORTHFIELD}/overview")
    glance = shown["glance"]
    assert glance["today"] == {"refused": 1, "accepted": 1}
    assert (glance["prices"]["asked"], glance["stock"]["products"], glance["webhooks"]["taken"]) == (0, 0, 0)
    assert (glance["needs_person"]["refused"], glance["needs_person"]["parked"]) == (1, 0)
    assert {one["connector"]: one["ok"] for one in glance["health"]} == {"shop": True, "mis": True}
    assert (len(shown["days"]), shown["days"][-1]["counts"]) == (14, {"refused": 1, "accepted": 1})
    assert shown["alarms"] == []
    [only] = (await api.get("/overview"))["subscribers"]
    assert only == glance


async def test_what_is_wrong_is_told_at_a_glance(bench: Bench, api: Api) -> None:
    await send(bench, "7001", ConfigError("The API password is wrong."))
    shown = await api.get(f"{NORTHFIELD}/overview")
    assert {one["connector"]: one["ok"] for one in shown["glance"]["health"]}["mis"] is False
    assert "The API password is wrong." in shown["alarms"][0]["title"]
    assert [(one["kind"], one["failing"]) for one in shown["work"] if one["error"]] == [("submit", 1)]
    [stuck] = (await api.get(f"{NORTHFIELD}/inbox"))["work"]
    assert (stuck["key"], stuck["needs_person"]) == ("7001-1", True)


async def test_the_inbox_holds_what_needs_a_person_until_it_is_dealt_with(bench: Bench, api: Api) -> None:
    await refused(bench, "7001", "7002")
    await parked(bench, "7003")
    await send(bench, "7004")
    bench.shop.orders["7004"] = order("7004", line(1, quantity=99))
    await ask_to_look(bench, "7004")
    await settle(bench)
    found = await api.get(f"{NORTHFIELD}/inbox")
    assert [(one["order"], one["state"]) for one in found["lines"]] == [
        ("7001", "refused"),
        ("7002", "refused"),
        ("7003", "parked"),
    ]
    [noticed] = found["noticed"]
    assert (noticed["order"], "became 99" in noticed["notice"]) == ("7004", True)
    first = await api.get(f"{NORTHFIELD}/inbox", limit=2)
    rest = await api.get(f"{NORTHFIELD}/inbox", limit=2, cursor=first["next_cursor"])
    assert ([*first["lines"], *rest["lines"]], rest["next_cursor"]) == (found["lines"], None)
    seen = f"{NORTHFIELD}/orders/7004/lines/1/seen"
    assert await api.post(seen) == {"needs_person": 3}
    assert (await api.get(f"{NORTHFIELD}/inbox"))["noticed"] == []
    assert "waits for a person" in (await api.post(seen, 409))["detail"]
    assert (await api.post(f"{NORTHFIELD}/orders/7004/lines/one/seen", 404))["field"] == "line"


async def test_calls_that_were_made_are_listed_page_by_page(bench: Bench, api: Api) -> None:
    row = CallRow(
        subscriber="northfield",
        connector="shop",
        at=bench.clock(),
        host="shop.example",
        method="GET",
        path="/api/Sites",
        status=200,
        error="",
        ms=12.5,
        size=641,
    )
    lost = msgspec.structs.replace(row, at=row.at + 1, status=0, error="time is up", ms=30_000.0)
    await bench.installation.store.calls.keep([row, lost])
    found = await api.get(f"{NORTHFIELD}/calls", limit=1)
    [newest] = found["calls"]
    assert (newest["status"], newest["error"], newest["ms"]) == (None, "time is up", 30_000.0)
    older = await api.get(f"{NORTHFIELD}/calls", limit=1, cursor=found["next_cursor"])
    assert ([one["path"] for one in older["calls"]], older["next_cursor"]) == (["/api/Sites"], None)
    for query, count in (({"failed": "true"}, 1), ({"slower_ms": 1000}, 1), ({"connector": "mis"}, 0)):
        assert len((await api.get(f"{NORTHFIELD}/calls", **query))["calls"]) == count


async def test_schedules_are_listed_with_those_that_are_off(api: Api) -> None:
    found = {one["kind"]: one for one in (await api.get(f"{NORTHFIELD}/schedules"))["schedules"]}
    assert found["reconcile"]["every_s"] == 300
    assert (found["progress"]["every_s"], found["progress"]["next_at"]) == (0, None)


async def test_webhooks_that_came_and_those_that_were_refused_are_listed(
    bench: Bench, api: Api, client: httpx.AsyncClient
) -> None:
    for number in ("7001", "7002", "7003"):
        bench.clock.now += 1
        assert await webhook(client, number) == 200
    for number in ("7004", "7005"):
        assert await webhook(client, number, "wrong") == 401
    orders, cursor = [], ""
    while cursor is not None:
        page = await api.get(f"{NORTHFIELD}/webhooks", limit=2, cursor=cursor)
        orders += [one["order"] for one in page["webhooks"]]
        cursor = page["next_cursor"]
    assert orders == ["7003", "7002", "7001"]
    newest = await api.get(f"{NORTHFIELD}/webhooks/refused", limit=1)
    oldest = await api.get(f"{NORTHFIELD}/webhooks/refused", cursor=newest["next_cursor"])
    assert [one["body"] for one in (*newest["webhooks"], *oldest["webhooks"])] == ["7005", "7004"]
    assert oldest["webhooks"][0]["reason"] == "The key is wrong."
    due = await api.get(f"{NORTHFIELD}/work", limit=2)
    later = await api.get(f"{NORTHFIELD}/work", limit=2, cursor=due["next_cursor"])
    assert [one["key"] for one in (*due["work"], *later["work"])] == ["7001", "7002", "7003"]
    assert (await api.get(f"{NORTHFIELD}/webhooks", 422, cursor="W10="))["field"] == "cursor"


async def test_a_file_that_needs_a_person_is_dealt_with(bench: Bench, api: Api) -> None:
    url = "http://127.0.0.1:9/front.pdf"  # of a private network: it is not fetched
    files = (Artwork(file_name="front.pdf", url=url),)
    bench.shop.orders["7001"] = order("7001", line(files=files))
    await ask_to_look(bench, "7001")
    await settle(bench)
    [bad] = (await api.get(f"{NORTHFIELD}/inbox"))["files"]
    assert (bad["key"], bad["line"], bad["url"]) == ("7001-1", 1, url)
    body = {"line": 1, "url": url}
    assert await api.post(f"{NORTHFIELD}/submissions/7001-1/files/seen", body=body) == {"needs_person": 0}
    assert (await api.get(f"{NORTHFIELD}/inbox"))["files"] == []
    await api.post(f"{NORTHFIELD}/submissions/7001-1/files/seen", 409, body)


async def test_what_people_were_told_is_listed(bench: Bench, api: Api) -> None:
    told = SentAlert(topic="outage:mis", title="The MIS has not taken orders", since=1000.0, told_at=2000.0)
    digest = SentAlert(topic="digest", title="", since=1000.0, told_at=1000.0)
    await sent_alerts_of(bench.installation).keep("northfield", "mail", [told, digest])
    [alert] = (await api.get(f"{NORTHFIELD}/alerts"))["alerts"]
    assert alert == {
        "channel": "mail",
        "topic": "outage:mis",
        "title": "The MIS has not taken orders",
        "since": "1970-01-01T00:16:40Z",
        "told_at": "1970-01-01T00:33:20Z",
    }
