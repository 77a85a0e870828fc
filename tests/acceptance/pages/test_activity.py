"""What goes on, and a company at a glance."""

import msgspec
from api import parked, refused, send
from browser import Browser
from makeready.access.model import AuditRow
from makeready.attention.model import AlertRules
from makeready.engine.model import NewWork
from makeready.orders.model import RECONCILE
from makeready.subscribers.setup import install
from makeready.web.refusals import KEPT
from makeready.webhooks.receive import KEPT_BODY_BYTES
from makeready_admin.activity.store import Activity
from makeready_alerts.model import Alert, SentAlert
from makeready_alerts.store.history import history_of
from makeready_alerts.store.sent import sent_alerts_of
from makeready_hooks.errors import ConfigError, RetryLater
from noted import call
from pretend import Bench, order
from steps import settle

AT = "/subscribers/northfield"


async def hook(browser: Browser, body: str, key: str) -> int:
    answer = await browser.client.post("/hooks/segment/shop", content=body, headers={"X-Key": key})
    return answer.status_code


async def test_webhooks_are_shown_the_refused_ones_with_the_reason(mia: Browser, bench: Bench) -> None:
    bench.shop.orders["7001"] = order("7001")
    assert await hook(mia, "7001", "right") == 200
    assert await hook(mia, "<b>7002</b>" + "x" * 9000, "wrong") == 401
    page = await mia.get(f"{AT}/activity")
    assert "Changed" in page.text
    assert "The key is wrong." in page.text
    assert "<b>7002</b>" in page.text
    assert f"/admin{AT}/orders/7001" in page.links
    [kept] = await Activity(bench.installation.store.database).refused_webhooks("northfield", 10)
    assert len(kept.body) == KEPT_BODY_BYTES


async def test_refused_webhooks_do_not_fill_the_disk(mia: Browser, bench: Bench) -> None:
    """Of those of a minute the first; of all the last."""
    for number in range(KEPT + 5):
        assert await hook(mia, str(number), "wrong") == 401
    kept = await Activity(bench.installation.store.database).refused_webhooks("northfield", 1000)
    assert [one.body for one in kept] == [str(number).encode() for number in reversed(range(KEPT))]


async def test_work_and_what_was_told_are_shown(mia: Browser, bench: Bench) -> None:
    await send(bench, "7001", RetryLater("The MIS is away."))
    told = SentAlert(topic="outage:mis", title="The MIS has not taken orders", since=1000.0, told_at=2000.0)
    await sent_alerts_of(bench.installation).keep("northfield", "mail", [told])
    assert "The MIS is away." in (await mia.get(f"{AT}/activity")).text
    text = "1 order waits. Retry all now does it at once, or: makeready orders retry."
    raised = Alert(topic="person:1", raised_at=1000.0, kind="alarms", title="Something is wrong", text=text)
    await history_of(bench.installation).keep("northfield", [raised], (), now=1000.0, before=0.0)
    page = await mia.get(f"{AT}/alerts")
    assert "1 order waits. Retry all now does it at once." in page.text
    assert "Not over yet" in page.text
    assert "makeready orders" not in page.text
    assert "The MIS has not taken orders" in page.text
    assert "E-mail" in page.text


async def test_today_is_a_glance(mia: Browser, bench: Bench) -> None:
    page = await mia.get(AT)
    assert "Nothing was asked of it yet." in page.text
    await send(bench, "6001")
    bench.clock.now += 86_400
    await refused(bench, "7001")
    await parked(bench, "7002")
    await send(bench, "7003")
    await mia.sign_in("mia")
    page = await mia.get(AT)
    for text in ("2 need attention", "1 In the MIS", "1 Rejected", "1 Unconfirmed"):
        assert text in page.text, text
    await bench.installation.store.calls.keep([call(bench.clock(), connector="mis")])
    assert "Its last calls went well." in (await mia.get(AT)).text


async def test_the_last_two_weeks_are_counted_by_day(mia: Browser, bench: Bench) -> None:
    await send(bench, "6001")
    bench.clock.now += 86_400
    await refused(bench, "7001")
    await send(bench, "7002")
    await mia.sign_in("mia")
    page = await mia.get(AT)
    assert "day lines In the MIS Rejected 13 Jan 2 1 1 12 Jan 1 1 11 Jan 0" in page.text


async def test_what_people_did_for_a_company_is_seen_by_its_own(mia: Browser, bench: Bench) -> None:
    assert "Nobody has changed anything of this company yet." in (await mia.get(f"{AT}/activity")).text
    await refused(bench, "7001")
    await mia.get(f"{AT}/orders/7001")
    await mia.send("/submissions/7001-1/ignore", reason="made by hand")
    page = await mia.get(f"{AT}/activity")
    assert "mia page orders ignore 7001-1" in page.text
    row = AuditRow(
        at=1.0, actor="otto", via="page", address="", subscriber="southgate", action="orders ignore"
    )
    await bench.installation.store.audit.begin(row)
    assert "otto" not in (await mia.get(f"{AT}/activity")).text


async def test_what_is_left_to_set_up_is_told_until_the_company_is_live(mia: Browser, bench: Bench) -> None:
    assert "Set up:" not in (await mia.get(AT)).text
    live = await bench.installation.subscriber("northfield")
    subscribers = bench.installation.store.subscribers
    await subscribers.save([msgspec.structs.replace(live, environment="test")])
    next_one = "Set up: 3 of 9, next: Webhook and pricing engine"
    assert next_one in (await mia.get(AT)).text, "shop, MIS and a stage are there"
    assert next_one in (await mia.get(f"{AT}/orders")).text, "on each of its pages"
    await subscribers.set_public_url("http://pages.example")
    await install.install(bench.installation, bench.subscriber)
    await send(bench, "7001")
    page = await mia.get(AT)
    assert "Set up: 6 of 9, next: Stock on the shop's pages" in page.text, (
        "what an accepted order shows is done"
    )


async def test_today_begins_at_midnight_in_the_company_s_time_zone(new_browser, bench: Bench) -> None:
    rules = AlertRules(time_zone="Pacific/Auckland")  # 12 hours ahead, in 1970
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, alerts=rules)])
    bench.clock.now = 10 * 86_400 + 11.5 * 3600  # 23:30 there
    await send(bench, "7001")
    mia = new_browser()
    assert "1 In the MIS" in (await mia.sign_in("mia")).text
    bench.clock.now += 3600
    assert "No orders today. Last order:" in (await mia.get(AT)).text


async def test_a_connection_that_fails_is_told_on_the_first_page(new_browser, bench: Bench) -> None:
    await send(bench, "7001", ConfigError("The API password is wrong."))
    bench.shop.away = RetryLater("The shop is away.")
    compare = NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=bench.clock())
    await bench.installation.store.work.add([compare])
    await settle(bench)
    olga = new_browser()
    page = await olga.sign_in("olga")
    assert page.html.count('class="state trouble"') == 2
    page = await olga.get(AT)
    assert "The API password is wrong." in page.text
    assert "The shop is away." in page.text
    bench.shop.away = None
    bench.clock.now += 1000
    await settle(bench)
    page = await olga.get(AT)
    assert page.html.count('class="state trouble"') == 0
