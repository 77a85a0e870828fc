"""What needs attention, by cause: one decision for a group, what rests until later, who sees to it, and notes."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
from api import parked, send
from browser import Browser, Page
from hypothesis import given
from hypothesis import strategies as st
from makeready_admin.inbox.causes import cause_of, count_alike
from makeready_hooks.errors import Refused
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

AT = "/subscribers/northfield/inbox"


async def rejected(bench: Bench, number: str, reason: str, **members: Any) -> None:
    bench.shop.orders[number] = order(number, line(**members))
    bench.mis.before_effect = [Refused(reason)]
    await ask_to_look(bench, number)
    await settle(bench)


async def decide(who: Browser, page: Page, cause: str, *keys: str, **fields: Any) -> Page:
    """In the group of this cause; with these ticked."""
    [found] = re.findall(r'<h2 id="group-([0-9a-f]+)">(?:(?!</h2>).)*' + re.escape(cause), page.html)
    csrf = page.form("/sign-out")["csrf"][0]
    data = {"csrf": csrf, "group": found, "key": list(keys), **fields}
    answer = await who.client.post(
        f"/admin{AT}", data=data, headers={"Referer": str(page.response.url)}, follow_redirects=True
    )
    return Page(answer)


async def test_orders_with_one_cause_are_one_group_and_are_sent_again_together(
    mia: Browser, bench: Bench
) -> None:
    for number, code in (("7001", "87cd43ae"), ("7002", "99ab-7"), ("7003", "x1@y.example")):
        await rejected(bench, number, f"Customer {code} was not found. Make it first.")
    await rejected(bench, "7004", "The press is on fire.")
    page = await mia.get(AT)
    assert "3 orders : Customer … was not found." in page.text.replace("orders:", "orders :")
    assert "1 order: The press is on fire." in page.text
    assert "50.00" in page.text and "2026-03-09" in page.text and "Ada" in page.text
    page = await decide(mia, page, "Customer …", "7001-1", "7003-1", "7004-1", do="send")
    assert "2 orders are sent again now." in page.text, "what is in another group does not go"
    await settle(bench)
    assert [await states(bench, f"700{one}") for one in (1, 2, 3, 4)] == [
        ["accepted"], ["refused"], ["accepted"], ["refused"],
    ]  # fmt: skip
    page = await decide(mia, page, "The press", whole="yes", do="send")
    assert "1 order is sent again now." in page.text
    page = await decide(mia, await mia.get(AT), "Customer …", do="send")
    assert page.status == 422 and "Nothing is ticked" in page.text


async def test_the_most_urgent_come_first(mia: Browser, bench: Bench) -> None:
    for number, day in (("7001", None), ("7002", date(2026, 5, 1)), ("7003", date(2026, 4, 1))):
        await rejected(bench, number, "On stop.", required_on=day)
    text = (await mia.get(AT)).text
    assert text.index("7003-1") < text.index("7002-1") < text.index("7001-1")


async def test_unconfirmed_ones_go_only_after_a_look(mia: Browser, bench: Bench) -> None:
    await parked(bench, "7001")
    page = await mia.get(AT)
    page = await decide(mia, page, "It is not known", "7001-1", do="send")
    assert "have to be looked for in the MIS first: 7001-1" in page.text
    assert await states(bench, "7001") == ["parked"]
    page = await decide(mia, page, "It is not known", "7001-1", do="send", looked="yes")
    assert "1 order is sent again now." in page.text


async def test_what_rests_is_counted_no_more_until_its_day_or_until_something_happens(
    mia: Browser, bench: Bench
) -> None:
    await rejected(bench, "7001", "On stop.")
    await rejected(bench, "7002", "On stop.")
    page = await mia.get(AT)
    assert "Needs attention 2" in page.text
    bench.clock.now += 60
    page = await decide(mia, page, "On stop.", "7001-1", do="snooze", days="3")
    assert "1 order rests until then." in page.text
    assert "Needs attention 1" in page.text and "1 snoozed order" in page.text
    bench.clock.now += 60
    bench.mis.before_effect = [Refused("Still on stop.")]
    await _send_again(mia, "7001")
    await settle(bench)
    page = await mia.get(AT)
    assert "Needs attention 2" in page.text and "snoozed" not in page.text, "it was refused again"
    bench.clock.now += 60
    page = await decide(mia, page, "Still on stop.", "7001-1", do="snooze", days="1")
    assert "Needs attention 1" in page.text
    bench.clock.now += 2 * 86_400
    await mia.sign_in("mia")
    assert "Needs attention 2" in (await mia.get(AT)).text


async def _send_again(mia: Browser, number: str) -> None:
    await mia.get(f"/subscribers/northfield/orders/{number}")
    await mia.send(f"/{number}-1/send-again")


async def test_a_snoozed_one_is_brought_back(mia: Browser, bench: Bench) -> None:
    await rejected(bench, "7001", "On stop.")
    await decide(mia, await mia.get(AT), "On stop.", "7001-1", do="snooze", days="7")
    page = await mia.get(AT)
    assert "Needs attention Orders" in page.text, "nothing is counted"
    page = await mia.send("/inbox/wake", key="7001-1")
    assert "It is back in the list." in page.text and "Needs attention 1" in page.text


async def test_somebody_sees_to_it_and_notes_stay_beside_it(mia: Browser, bench: Bench) -> None:
    await rejected(bench, "7001", "On stop.")
    page = await decide(mia, await mia.get(AT), "On stop.", "7001-1", do="note", note="<b>Asked</b> Jo.")
    assert "Note : <b>Asked</b> Jo." in page.text
    page = await decide(mia, page, "On stop.", "7001-1", do="assign", person="mia")
    assert "mia sees to it." in page.text
    for wrong in ({"do": "assign", "person": "sam"}, {"do": "note", "note": "x" * 501}, {"do": "burn"}):
        assert (await decide(mia, page, "On stop.", "7001-1", **wrong)).status == 422


async def test_who_cannot_decide_is_told_who_can(new_browser: Callable[[], Browser], bench: Bench) -> None:
    vera = new_browser()
    await vera.sign_in("vera")
    await rejected(bench, "7001", "On stop.")
    page = await vera.get(AT)
    assert "To decide, ask mia." in page.text
    assert not [form for form in page.forms if form["action"].endswith("/inbox")]
    page = await vera.get("/subscribers/northfield/orders/7001")
    assert "To change it, ask mia." in page.text
    refusal: httpx.Response = await vera.client.post(
        f"/admin{AT}", data={"csrf": page.form("/sign-out")["csrf"][0], "do": "send"}
    )
    assert refusal.status_code == 403


async def test_many_of_one_cause_fill_no_page_and_go_as_a_whole(mia: Browser, bench: Bench) -> None:
    for number in range(7000, 7070):
        bench.shop.orders[str(number)] = order(str(number))
    bench.mis.before_effect = [Refused(f"Customer {number} was not found.") for number in range(70)]
    await ask_to_look(bench, *(str(number) for number in range(7000, 7070)))
    await settle(bench)
    page = await mia.get(AT)
    assert "70 orders : Customer … was not found." in page.text.replace("orders:", "orders :")
    assert page.html.count('name="key"') == 50
    page = await decide(mia, page, "Customer …", whole="yes", do="send")
    assert "70 orders are sent again now." in page.text
    await settle(bench)
    await send(bench, "8000")
    assert "All clear." in (await mia.get(AT)).text


def test_a_cause_is_the_reason_without_what_is_of_one_order() -> None:
    for reason, cause in (
        ("Customer 87cd43ae-cb75 was not found. The customer code is b1.", "Customer … was not found."),
        ('PO number: "77 81", it holds at most 3. Correct it.', "PO number: …, it holds at most …."),
        ("Mail ada@x.example bounced", "Mail … bounced"),
        ("", ""),
    ):
        assert cause_of(reason) == cause
    assert count_alike("A 1.", ["A 2. Then.", "A 3.", "B 1."]) == 2


@given(st.text(max_size=200))
def test_any_reason_has_a_cause_and_is_alike_to_itself(reason: str) -> None:
    assert count_alike(reason, [reason]) == 1
    assert cause_of(cause_of(reason)) == cause_of(reason)
