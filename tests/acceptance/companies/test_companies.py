"""All companies in one list: the worst first, found by name, with what changed since yesterday; and from one to another."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from api import parked, refused, send
from browser import OTHER, Browser
from makeready.subscribers.changes import export, propose, save
from makeready.subscribers.model import Subscriber
from makeready_admin.companies.look import all_inputs
from makeready_hooks.errors import ConfigError, RetryLater
from makeready_inspect.alarm_inputs import collect_inputs
from noted import call
from pretend import Bench, line, order
from steps import ask_to_look, settle

AT = "/subscribers/northfield"
DAY = 86_400.0
MOST_READS = 20
"""Of the list, however many companies there are."""


def named(bench: Bench, number: int) -> Subscriber:
    return msgspec.structs.replace(
        bench.subscriber,
        name=f"a-{number}",
        title=f"A {number}",
        external_user_id=200 + number,
        url_token=f"token-{number}",
    )


async def add(bench: Bench, count: int) -> None:
    await bench.installation.store.subscribers.save([named(bench, one) for one in range(count)])


async def olga(new_browser: Callable[[], Browser]) -> Browser:
    browser = new_browser()
    await browser.sign_in("olga")
    return browser


def row(browser: Browser, title: str) -> str:
    """What stands beside a company's name."""
    [found] = [one for one in browser.page.html.split("<tr>") if f">{title}</a>" in one]
    return found


async def test_facts_of_all_are_those_of_each(new_browser, bench: Bench) -> None:
    """What is read for all companies together is what is read for one alone, twins and all."""
    await send(bench, "7001")
    await refused(bench, "7002")
    await send(bench, "7003", RetryLater("The MIS is away."))
    await send(bench, "7004", ConfigError("The API password is wrong."))
    waits = order("7005", line(stage="Proof"))
    bench.shop.orders["7005"] = msgspec.structs.replace(waits, placed_at=datetime(1970, 1, 2, tzinfo=UTC))
    bench.shop.orders["7006"] = order("7006", line(stage="Proof"))
    for number in ("7005", "7006"):
        await ask_to_look(bench, number)
    await settle(bench)
    store = bench.installation.store
    await store.calls.keep([call(bench.clock()), call(bench.clock(), connector="mis", status=503)])
    await bench.installation.store.checkpoints.save("northfield", {"compared": 7.0, "unannounced": 8.0})
    rules = msgspec.structs.replace(bench.subscriber.orders, waiting_days=1e-9)
    northfield = msgspec.structs.replace(bench.subscriber, orders=rules)
    twins = [
        msgspec.structs.replace(northfield, name=name, title=name, external_user_id=number, url_token=name)
        for name, number in (("alderfield", 301), ("twinfield", 302), (OTHER, 118))
    ]
    await store.subscribers.save([northfield, *twins])
    everyone = await store.subscribers.all()
    found = await all_inputs(bench.installation, everyone)
    for one in everyone:
        assert found[one.name] == await collect_inputs(bench.installation, one), one.name
    assert found["northfield"].failing
    assert set(found["northfield"].waiting) == {"7005"}, "7006 was placed just now"
    assert found["northfield"].calls != found["twinfield"].calls


async def test_the_list_asks_as_often_for_sixty_as_for_three(
    new_browser, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await olga(new_browser)
    database, reads = bench.installation.store.database, []
    read = database.read

    async def counted(function: Callable[..., object]) -> object:
        reads.append(function)
        return await read(function)

    monkeypatch.setattr(database, "read", counted)
    await browser.get("")
    few = len(reads)
    await add(bench, 60)
    reads.clear()
    page = await browser.get("")
    assert page.html.count("<tr>") == 63
    assert len(reads) == few <= MOST_READS


async def test_the_worst_come_first_and_say_what_is_wrong(new_browser, bench: Bench) -> None:
    await add(bench, 120)
    await refused(bench, "7001", "7002")
    await bench.installation.store.calls.keep(
        [call(bench.clock(), subscriber=OTHER, connector="mis", status=503, error="It is away.")]
    )
    browser = await olga(new_browser)
    html = browser.page.html
    assert html.index("Southgate Print</a>") < html.index("Northfield Print</a>") < html.index("A 10</a>")
    assert "Mis does not work: It is away." in row(browser, "Southgate Print")
    assert "2 lines rejected" in row(browser, "Northfield Print")
    assert "stuck" not in row(browser, "Southgate Print")
    assert browser.page.text.count("In trouble 2") == 1
    assert "122 in all" in browser.page.text
    page = await browser.get("?page=1")
    assert page.html.count("<tr>") == 23
    page = await browser.get("?show=trouble")
    assert page.html.count("<tr>") == 3
    page = await browser.get("?q=northf")
    assert page.html.count("<tr>") == 2
    assert "No company is like this." in (await browser.get("?q=nobody")).text


async def test_what_changed_since_yesterday_is_told(new_browser, bench: Bench) -> None:
    bench.clock.now += DAY / 2
    await refused(bench, "6990")
    bench.clock.now += 3 * DAY
    await send(bench, "7001")
    await refused(bench, "7002", "7003")
    browser = await olga(new_browser)
    assert "2 new troubles</span>, 1 order sent" in row(browser, "Northfield Print"), (
        "6990 was rejected before"
    )
    await browser.get(f"{AT}/inbox")
    await browser.get(f"{AT}/orders/7003")
    await browser.send("/submissions/7003-1/ignore", reason="made by hand")
    await browser.get("")
    assert "1 new trouble</span>, 1 ended, 1 order sent" in row(browser, "Northfield Print")
    given = export(bench.installation, await bench.installation.subscriber("northfield"))
    proposal = await propose(bench.installation, "northfield", {**given, "title": "Northfield"})
    await save(bench.installation, [proposal], actor="mia")
    await browser.get("?show=changed")
    assert f'href="/admin{AT}/settings/history">Settings</a>: mia' in row(browser, "Northfield")
    assert browser.page.html.count("<tr>") == 2
    assert "1 new trouble , 1 ended, 1 order sent Settings : mia" in (await browser.get(AT)).text, (
        "of one company as well"
    )


async def test_from_one_company_to_the_same_page_of_another(new_browser, bench: Bench) -> None:
    await add(bench, 3)
    browser = await olga(new_browser)
    await browser.get(f"{AT}/orders")
    page = await browser.get("?go=yes&at=orders&q=southg")
    assert page.response.url.path == f"/admin/subscribers/{OTHER}/orders"
    page = await browser.get("?go=yes&at=orders&q=a-")
    assert page.html.count("<tr>") == 4, "several are called so: they are listed"
    page = await browser.get("?go=yes&at=//elsewhere&q=southgate")
    assert page.response.url.path == f"/admin/subscribers/{OTHER}"
    page = await browser.get("/company-names?q=print&at=inbox")
    assert f"/admin/subscribers/{OTHER}/inbox" in page.links
    assert "No company is called so." in (await browser.get("/company-names?q=nobody")).text


async def test_who_has_one_company_sees_no_other(mia: Browser) -> None:
    page = await mia.get(AT)
    assert "company-name" not in page.html
    assert "Southgate" not in (await mia.get("")).text
    await mia.get("/company-names?q=south", 403)


async def test_the_first_page_begins_with_what_needs_attention(mia: Browser, bench: Bench) -> None:
    assert "All clear. No orders yet" in (await mia.get(AT)).text
    await send(bench, "7000")
    assert "All clear. Last order" in (await mia.get(AT)).text
    await refused(bench, "7001", "7002")
    await parked(bench, "7003")
    page = await mia.get(AT)
    assert "2 orders: Customer … is on stop." in page.text
    assert page.text.index("is on stop") < page.text.index("Orders today")
    assert "in the MIS 1 on the way 0 stuck 3" in page.text
    await mia.send("/inbox", do="send")
    await settle(bench)
    page = await mia.get(AT)
    assert "is on stop" not in page.text
    assert "stuck 1" in page.text


async def test_the_last_ten_orders_are_shown_with_customer_and_value(mia: Browser, bench: Bench) -> None:
    for number in range(7001, 7013):
        placed = datetime(2026, 3, 2, 9, number - 7000, tzinfo=UTC)
        two = order(str(number), line(1), line(2, net=Decimal("7.50")))
        bench.shop.orders[str(number)] = msgspec.structs.replace(two, placed_at=placed, currency="GBP")
        await ask_to_look(bench, str(number))
    await settle(bench)
    page = await mia.get(AT)
    shown = list(dict.fromkeys(re.findall(r"/orders/(\d+)", page.html)))
    assert shown == [str(number) for number in range(7012, 7002, -1)]
    assert page.text.count("Ada 57.50 GBP In the MIS") == 10, "each order once, with both of its lines"
