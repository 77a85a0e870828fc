"""First day, rehearsal, the ledger's page and what is told of pauses, as people meet them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from browser import OTHER, Browser
from makeready.engine import pauses
from makeready.engine.model import Flow
from makeready.orders.life import check_in
from makeready.orders.life.model import BreakKind
from makeready.orders.life.witness import WitnessFile
from makeready.subscribers.changes import export, propose, save
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_admin.home.charts import COLOURS
from makeready_admin.orders.first_day import SHOWN
from makeready_hooks import Capability
from makeready_hooks.errors import RetryLater
from makeready_hooks.model.submission import FindResult, MisLine, MisOrder, OrderContents
from pretend import Bench, line, order
from steps import ask_to_look, save_settings, settle, states

AT = "/subscribers/northfield"
PLACED = datetime(2026, 3, 2, 9, 15, tzinfo=UTC).timestamp()
"""When the invented orders are placed."""


async def look(bench: Bench, *numbers: str) -> None:
    await ask_to_look(bench, *numbers)
    await settle(bench)


async def begin(bench: Bench, at: float = PLACED + 3600) -> None:
    """Shop and MIS are connected now."""
    bench.clock.now = at
    now = await bench.installation.subscriber("northfield")
    await save(
        bench.installation, [await propose(bench.installation, "northfield", export(bench.installation, now))]
    )


@pytest.fixture
async def day_one(bench: Bench) -> Bench:
    """Three orders from before our time; the last one became ready only after it."""
    await begin(bench)
    bench.shop.orders |= {number: order(number) for number in ("7001", "7002")}
    bench.shop.orders["7003"] = order("7003", line(approved=False))
    await look(bench, "7001", "7002", "7003")
    bench.clock.now += 60
    bench.shop.orders["7003"] = order("7003")
    await look(bench, "7003")
    return bench


@pytest.fixture
async def olga(new_browser: Callable[[], Browser]) -> Browser:
    """The operator, signed in."""
    browser = new_browser()
    await browser.sign_in("olga")
    return browser


async def told(bench: Bench) -> list[tuple[str, str, str]]:
    """Whom the audit log names, the newest first."""
    found = await AuditLog(bench.installation.store.database).find(AuditFilter(), limit=100)
    return [(one.actor, one.action, one.target) for one in found if "sign" not in one.action]


async def test_what_is_from_before_our_time_is_shown_with_its_reasons(day_one: Bench, mia: Browser) -> None:
    page = await mia.get(f"{AT}/first-day")
    assert "Our time began 2026-03-02 10:15:00" in page.text
    assert "3 lines from before our time" in page.text
    assert "placed before our time began (2026-03-02T10:15:00Z)" in page.text
    assert "1 became ready only after our time began" in page.text
    for path in ("", "/orders"):
        page = await mia.get(AT + path)
        assert "3 order lines are from before our time" in page.text or "3 lines are from" in page.text
        assert f"/admin{AT}/first-day" in page.links


async def test_an_operator_is_led_to_the_setting_of_its_beginning(day_one: Bench, olga: Browser) -> None:
    assert f"/admin{AT}/settings/rules/orders" in (await olga.get(f"{AT}/first-day")).links


async def test_nothing_before_our_time_is_told_as_nothing(mia: Browser, bench: Bench) -> None:
    page = await mia.get(f"{AT}/first-day")
    assert "Our time has not begun" in page.text
    assert "No order line waits from before our time" in page.text
    assert "before our time and wait" not in (await mia.get(AT)).text
    assert "before our time and wait" not in (await mia.get(f"{AT}/orders")).text


async def test_one_is_included_after_it_was_counted(day_one: Bench, mia: Browser) -> None:
    page = await mia.get(f"{AT}/orders/7001")
    assert f"/admin{AT}/first-day/decide?order=7001" in page.links
    page = await mia.get(f"{AT}/first-day/decide?order=7001")
    assert "1 line from before our time" in page.text
    assert "7001-1" in page.text
    page = await mia.send("/first-day/include")
    assert "1 line will be sent." in page.text
    await settle(day_one)
    assert [await states(day_one, one) for one in ("7001", "7002")] == [["accepted"], ["before_start"]]
    assert (await told(day_one))[0] == ("mia", "orders include", "7001")


async def test_a_selection_is_dismissed(day_one: Bench, mia: Browser) -> None:
    page = await mia.get(f"{AT}/first-day/decide?order=7001&order=7002")
    assert "2 lines from before our time" in page.text
    assert "2 lines will not be sent." in (await mia.send("/first-day/dismiss")).text
    assert [await states(day_one, one) for one in ("7001", "7002", "7003")] == [
        ["ignored"],
        ["ignored"],
        ["before_start"],
    ]
    assert (await told(day_one))[0] == ("mia", "orders dismiss", "7001, 7002")


@pytest.mark.parametrize(
    ("which", "sent"), [("everything", ["7001", "7002", "7003"]), ("ready_after", ["7003"])]
)
async def test_all_of_them_or_those_that_nobody_else_can_have_sent_go_together(
    day_one: Bench, mia: Browser, which: str, sent: list[str]
) -> None:
    await mia.get(f"{AT}/first-day/decide?{which}=yes")
    await mia.send("/first-day/include")
    await settle(day_one)
    assert sorted(one.key for one in day_one.mis.received) == [f"{number}-1" for number in sent]


async def test_nothing_ticked_is_not_everything(day_one: Bench, mia: Browser) -> None:
    page = await mia.get(f"{AT}/first-day/decide", 422)
    assert "No order is ticked" in page.text
    await mia.get(f"{AT}/first-day/decide?everything=yes")
    form = mia.page.form("/first-day/dismiss")
    given = {"csrf": form["csrf"], "counted": form["counted"]}
    answer = await mia.client.post(f"/admin{AT}/first-day/dismiss", data=given)
    assert answer.status_code == 422
    assert await states(day_one, "7001") == ["before_start"]


@pytest.mark.parametrize("what", ["include", "dismiss"])
async def test_what_has_changed_since_it_was_counted_is_counted_again(
    day_one: Bench, mia: Browser, what: str
) -> None:
    await mia.get(f"{AT}/first-day/decide?everything=yes")
    day_one.shop.orders["7004"] = order("7004")
    await look(day_one, "7004")
    page = await mia.send(f"/first-day/{what}", 409)
    assert "It would be 4 lines now" in page.text
    assert await states(day_one, "7001") == ["before_start"]
    assert day_one.mis.received == []


async def test_the_mis_is_asked_with_a_press(day_one: Bench, mia: Browser) -> None:
    other = OrderContents(customer="OTHER", lines=(MisLine(product_id="4107", quantity=9),))
    day_one.mis.can = frozenset({Capability.FIND_SUBMITTED_ORDER})
    await save_settings(day_one)
    day_one.mis.contents = OrderContents(customer="NORTH", lines=(MisLine(product_id="2284", quantity=2),))
    day_one.mis.shown["7001-1"] = FindResult(order=MisOrder(id="77", number="SO-77"))
    day_one.mis.shown["7002-1"] = FindResult(order=MisOrder(id="78", number="SO-78", contents=other))
    assert "SO-77" not in (await mia.get(f"{AT}/first-day")).text
    page = await mia.get(f"{AT}/first-day?ask=yes&wait=yes")
    assert "already in the MIS" in page.text
    assert "SO-77" in page.text
    assert "Different: customer OTHER, not NORTH" in page.text
    assert day_one.mis.received == []
    part = await mia.get(f"{AT}/first-day?ask=yes&part=yes")
    assert "SO-77" in part.text
    assert "html" not in part.markup, "with a script only this is put in"


async def test_a_long_list_comes_page_by_page(bench: Bench, new_browser: Callable[[], Browser]) -> None:
    await begin(bench)
    mia = new_browser()
    await mia.sign_in("mia")
    numbers = [str(number) for number in range(7000, 7000 + SHOWN + 2)]
    bench.shop.orders |= {number: order(number) for number in numbers}
    await look(bench, *numbers)
    first, second = [await mia.get(f"{AT}/first-day{query}") for query in ("", "?page=1")]
    shown = [[one for one in numbers if f"{one}-1" in page.text] for page in (first, second)]
    assert sorted(shown[0] + shown[1]) == numbers
    assert len(shown[1]) == 2


async def test_a_viewer_sees_them_and_decides_nothing(
    new_browser: Callable[[], Browser], day_one: Bench
) -> None:
    vera = new_browser()
    await vera.sign_in("vera")
    page = await vera.get(f"{AT}/first-day")
    assert "7001-1" in page.text
    assert not [link for link in page.links if "decide" in link]
    assert 'type="checkbox"' not in page.html
    await vera.get(f"{AT}/first-day/decide?everything=yes", 403)
    page = await vera.get("/account")
    csrf = next(form["fields"]["csrf"][0] for form in page.forms if "csrf" in form["fields"])
    given = {"csrf": csrf, "everything": "yes", "counted": "3"}
    for what in ("include", "dismiss"):
        answer = await vera.client.post(f"/admin{AT}/first-day/{what}", data=given)
        assert answer.status_code == 403
    assert await states(day_one, "7001") == ["before_start"]


async def test_another_company_sees_none_of_them(new_browser: Callable[[], Browser], day_one: Bench) -> None:
    otto = new_browser()
    await otto.sign_in("otto")
    assert "7001" not in (await otto.get(f"/subscribers/{OTHER}/first-day")).text
    for path in ("first-day", "first-day/decide?everything=yes", "rehearsal?days=3"):
        await otto.get(f"{AT}/{path}", 404)


async def test_the_state_has_its_label_wherever_states_are(day_one: Bench, mia: Browser) -> None:
    page = await mia.get(f"{AT}/orders?state=before_start")
    assert "before our time" in page.text
    assert "before start" not in page.text
    assert all(f"{one}-1" in page.text for one in ("7001", "7002", "7003"))
    chart = await mia.client.get(f"/admin{AT}/charts/orders.svg")
    assert 'class="past"' in chart.text
    assert set(COLOURS.values()) <= {"wait", "past", "work", "good", "bad", "doubt", "warn", "rest", "gone"}


# Rehearsal


async def test_a_rehearsal_says_of_each_order_what_would_happen(day_one: Bench, mia: Browser) -> None:
    day_one.mis.can = frozenset({Capability.FIND_SUBMITTED_ORDER})
    await save_settings(day_one)
    day_one.shop.orders["7004"] = order("7004", line(approved=False))
    day_one.mis.shown["7001-1"] = FindResult(order=MisOrder(id="77", number="SO-77"))
    page = await mia.get(f"{AT}/rehearsal")
    assert "Choose how many days" in page.text
    page = await mia.get(f"{AT}/rehearsal?days=3&wait=yes")
    assert "4 orders, read 2026-03-02 10:16:00" in page.text
    assert "SO-77" in page.text
    assert "<summary>7002-1</summary>" in page.html
    assert day_one.mis.received == []
    page = await mia.get(f"{AT}/rehearsal?days=3&wait=yes&outcome=already+in+the+MIS")
    assert "7001" in page.text
    assert "7002" not in page.text
    part = await mia.get(f"{AT}/rehearsal?days=3&part=yes")
    assert "4 orders, read" in part.text
    assert "html" not in part.markup


@pytest.mark.parametrize("odd", ["0", "91", "x", "-1", "1.5", "²"])
async def test_days_are_a_number(mia: Browser, bench: Bench, odd: str) -> None:
    assert "number of days" in (await mia.get(f"{AT}/rehearsal?days={odd}", 422)).text


async def test_a_shop_that_is_away_is_told(mia: Browser, bench: Bench) -> None:
    bench.shop.away = RetryLater("The shop is away.")
    assert "The shop is away." in (await mia.get(f"{AT}/rehearsal?days=3&wait=yes")).text


# Pauses and the ledger


async def test_what_is_paused_is_told_on_every_page(mia: Browser, bench: Bench) -> None:
    assert "Paused" not in (await mia.get(AT)).text
    chosen = [Flow.ORDERS, Flow.STOCK]
    await pauses.pause(
        bench.installation, "northfield", chosen, reason="<b>Stocktaking</b> until noon.", actor="ada"
    )
    for path in ("", "/orders", "/inbox", "/products", "/settings", "/activity", "/first-day", "/rehearsal"):
        page = await mia.get(AT + path)
        assert (
            "Paused: orders, stock , since 1970-01-12 13:46 by ada. <b>Stocktaking</b> until noon."
            in page.text
        )
        assert "<b>Stocktaking" not in page.html


async def test_a_pause_of_another_company_is_not_told_and_one_of_all_is(
    new_browser: Callable[[], Browser], bench: Bench
) -> None:
    otto = new_browser()
    await otto.sign_in("otto")
    await pauses.pause(bench.installation, "northfield", [Flow.ORDERS], reason="Ours.", actor="ada")
    assert "Paused" not in (await otto.get(f"/subscribers/{OTHER}")).text
    await pauses.pause(bench.installation, "", [Flow.PRICES], reason="New servers.", actor="ada")
    page = await otto.get(f"/subscribers/{OTHER}")
    assert "Paused for all companies: prices" in page.text
    assert "Ours." not in page.text


@pytest.fixture
async def copied(bench: Bench) -> Bench:
    """A state file that came here without its witness."""
    await check_in.check_in(bench.installation)
    witness = bench.installation.witness
    assert isinstance(witness, WitnessFile)
    witness.path.unlink()
    await check_in.check_in(bench.installation)
    return bench


async def test_a_ledger_that_has_stopped_is_told_with_what_to_do(
    mia: Browser, olga: Browser, copied: Bench
) -> None:
    page = await mia.get(f"{AT}/orders")
    assert "Nothing is sent" in page.text
    assert "there is no test.db.witness beside it" in page.text
    assert "An operator makes sure" in page.text
    assert "/admin/ledger" not in page.links
    for path in (f"{AT}/orders", "", "/users"):
        assert "/admin/ledger" in (await olga.get(path)).links


async def test_an_operator_takes_over_once_nobody_else_is_at_work(olga: Browser, copied: Bench) -> None:
    page = await olga.get("/ledger")
    assert "copied" in page.text
    assert "orders, products, stock, write-back stand still" in page.text
    page = await olga.send("/ledger/take-over", 422)
    assert "would send each order twice" in page.text
    assert await check_in.stopped(copied.installation)
    await olga.get("/ledger")
    page = await olga.send("/ledger/take-over", alone="yes")
    assert "This installation goes on." in page.text
    assert await check_in.stopped(copied.installation) == []
    assert [one["action"] for one in page.forms if "take-over" in one["action"]] == []
    assert (await told(copied))[0] == ("olga", "ledger take-over", "")
    found = await copied.installation.store.lives.breaks()
    assert [one.kind for one in found] == [BreakKind.TAKEN_OVER, BreakKind.COPIED]


async def test_there_is_nothing_to_take_over_while_nothing_has_stopped(olga: Browser, bench: Bench) -> None:
    page = await olga.get("/ledger")
    assert "has witnessed all that was sent" in page.text
    csrf = page.form("/ledger/mark-restored")["csrf"]
    answer = await olga.client.post("/admin/ledger/take-over", data={"csrf": csrf, "alone": "yes"})
    assert answer.status_code == 409
    assert "nothing to take over" in answer.text
    assert await bench.installation.store.lives.breaks() == []


async def test_an_operator_says_that_the_file_was_restored(olga: Browser, bench: Bench) -> None:
    await olga.get("/ledger")
    await olga.send("/ledger/mark-restored", 422, reason=" ")
    await olga.get("/ledger")
    page = await olga.send("/ledger/mark-restored", reason="the disk of <Monday>")
    assert "looked for in the MIS before they are sent" in page.text
    assert "the disk of <Monday>" in page.text
    assert "declared" in page.text
    [broken] = await bench.installation.store.lives.breaks()
    assert (broken.kind, broken.actor) == (BreakKind.DECLARED, "olga")
    assert (await told(bench))[0] == ("olga", "ledger mark-restored", "the disk of <Monday>")


@pytest.mark.parametrize("name", ["mia", "vera", "otto"])
async def test_the_ledger_is_for_operators(
    new_browser: Callable[[], Browser], copied: Bench, name: str
) -> None:
    browser = new_browser()
    await browser.sign_in(name)
    await browser.get("/ledger", 403)
    page = await browser.get("/account")
    csrf = next(form["fields"]["csrf"][0] for form in page.forms if "csrf" in form["fields"])
    for what in ("mark-restored", "take-over"):
        given = {"csrf": csrf, "alone": "yes", "reason": "mine"}
        assert (await browser.client.post(f"/admin/ledger/{what}", data=given)).status_code == 403
    assert await check_in.stopped(copied.installation)
