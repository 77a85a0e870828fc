"""What a person does about orders in the pages."""

import json
import re
from decimal import Decimal
from urllib.parse import quote

import msgspec
import pytest
from api import parked, refused, send
from browser import Browser
from makeready.orders.decisions import Decision, refuse
from makeready_admin.orders.pages import SHOWN
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Party
from makeready_hooks.model.submission import MisOrder, OrderContents, Origin
from makeready_hooks.names import FILE_NAME
from makeready_hooks.testing.orders import ODD_IDS
from pretend import Bench, line, order, product
from steps import ask_to_look, settle, states

AT = "/subscribers/northfield"


async def test_lists_are_filtered_by_their_address(mia: Browser, bench: Bench) -> None:
    await refused(bench, "7001")
    await send(bench, "7002")
    assert "7002-1" in (await mia.get(f"{AT}/orders")).text
    page = await mia.get(f"{AT}/orders?state=refused")
    assert "7001-1" in page.text
    assert "7002-1" not in page.text
    assert "SO-1" in (await mia.get(f"{AT}/orders?q=SO-1")).text
    assert "No orders match" in (await mia.get(f"{AT}/orders?q=9")).text
    assert "No orders match" in (await mia.get(f"{AT}/orders?to=1969-12-31")).text
    page = await mia.get(f"{AT}/orders?from=yesterday", 422)
    assert "2026-03-02" in page.text, "it says how to write a day"
    await mia.get(f"{AT}/orders?state=lost", 422)
    await mia.get(f"{AT}/orders?cursor=x", 422)


async def test_orders_are_found_by_customer_and_product(mia: Browser, bench: Bench) -> None:
    of_lenz = Party(first_name="Carla", last_name="Lenz", business="Lodge & Co", email="carla@lodge.example")
    bench.shop.orders["7001"] = msgspec.structs.replace(order("7001"), bill_to=of_lenz)
    bench.shop.orders["7002"] = order("7002", line(description="Müller's poster", part_number="117-9"))
    bench.mis.products["9"] = product("9", "Poster")
    await ask_to_look(bench, "7001", "7002")
    await settle(bench)
    assert "Carla Lenz, Lodge & Co" in (await mia.get(f"{AT}/orders")).text
    for found, other, query in (
        ("7001", "7002", "customer=LENZ+car"),
        ("7001", "7002", "customer=carla%40lodge.example"),
        ("7001", "7002", "customer=lodge&product=117-2284"),
        ("7002", "7001", "product=MULLER"),
        ("7002", "7001", "product=poster&customer=ada&state=accepted"),
    ):
        page = await mia.get(f"{AT}/orders?{query}")
        assert f"{found}-1" in page.text, query
        assert f"{other}-1" not in page.text, query
    for query in ("customer=enz", "customer=lenz&product=poster", "product=%22%2A", "customer=lenz&q=7002"):
        assert "No orders match" in (await mia.get(f"{AT}/orders?{query}")).text, query


async def test_an_order_leads_to_where_the_vendors_show_it(mia: Browser, bench: Bench) -> None:
    await send(bench, "7 <x>")
    page = await mia.get(f"{AT}/orders/7%20%3Cx%3E")
    assert "https://admin.example/orders/7%20%3Cx%3E" in page.links
    bench.shop.order_pages = "javascript:alert(1)//{number}"
    page = await mia.get(f"{AT}/orders/7%20%3Cx%3E")
    assert not any("javascript" in link for link in page.links)


async def test_a_refusal_leads_to_the_setting_that_made_what_is_refused(mia: Browser, bench: Bench) -> None:
    bench.mis.origins = (Origin(value="b1", text="The code b1 is the <b>buyer's</b> id.", setting="user"),)
    bench.mis.trouble = [Refused("Customer b1 was not found.")]
    bench.shop.orders["7001"] = order("7001")
    await ask_to_look(bench, "7001")
    await settle(bench)
    for address in (f"{AT}/orders/7001", f"{AT}/inbox"):
        page = await mia.get(address)
        assert "Customer b1 was not found. The code b1 is the <b>buyer's</b> id." in page.text
        assert "the setting user of mis" in page.text
        assert f"/admin{AT}/settings/connectors/mis#user" in page.links


async def test_pages_of_a_list_hold_every_line_once(mia: Browser, bench: Bench) -> None:
    numbers = [str(number) for number in range(7000, 7000 + 2 * SHOWN + 3)]
    for number in numbers:
        bench.shop.orders[number] = order(number)
    await ask_to_look(bench, *numbers)
    await settle(bench)
    page, seen = await mia.get(f"{AT}/orders?state=accepted"), []
    while True:
        assert len(page.html) < 100_000
        seen += re.findall(r"(\d{4})-1</a>", page.html)
        following = [link for link in page.links if "cursor=" in link]
        if not following:
            break
        assert "state=accepted" in following[0]
        page = await mia.get(f"{AT}/orders{following[0]}")
    assert sorted(seen) == numbers


async def test_a_refused_order_is_repaired_and_arrives(mia: Browser, bench: Bench) -> None:
    await refused(bench, "7001", reason="Customer NORTH01 is on stop.")
    page = await mia.get(f"{AT}/inbox")
    assert "Customer NORTH01 is on stop." in page.text
    await mia.get(f"{AT}/orders/7001")
    bench.shop.orders["7001"] = order("7001", line(quantity=5))
    page = await mia.send("/7001-1/send-again")
    assert "7001-1 will be sent again." in page.text
    await settle(bench)
    page = await mia.get(f"{AT}/orders/7001")
    assert "In the MIS as SO-1" in page.text
    assert "by mia" in page.text
    assert "Different from the attempt before" in page.text
    assert re.search(r'class="add">\+.*&#34;quantity&#34;: 5', page.html)
    assert re.search(r'class="del">-.*&#34;quantity&#34;: 2', page.html)
    assert not [form for form in page.forms if "submissions" in form["action"]], "there is nothing to decide"
    assert "All clear." in (await mia.get(f"{AT}/inbox")).text


async def test_a_parked_order_is_sent_again_only_after_a_look(mia: Browser, bench: Bench) -> None:
    await parked(bench, "7001")
    await mia.get(f"{AT}/orders/7001")
    page = await mia.send("/7001-1/send-again", 422)
    assert "would double it" in page.text
    await mia.get(f"{AT}/orders/7001")
    await mia.send("/7001-1/send-again", looked="yes")
    assert await states(bench, "7001") == ["ready"]


async def test_what_the_mis_shows_is_confirmed_or_looked_at_again(mia: Browser, bench: Bench) -> None:
    await refused(bench, "7001")
    contents = OrderContents(customer="SOUTH", total=Decimal("12.50"))
    bench.mis.numbered = {"SO-7": MisOrder(id="7", number="SO-7", contents=contents)}
    at = f"{AT}/submissions/7001-1/accept?mis_number="
    page = await mia.get(f"{at}SO-7")
    assert "SOUTH" in page.text and "12.50" in page.text and "Accept it as SO-7" in page.text
    page = await mia.get(f"{at}so-7")
    assert "but SO-7" in page.text
    assert any("mis_number=SO-7" in link for link in page.links)
    page = await mia.get(f"{at}SO-8")
    await mia.send("/7001-1/accept", 409, unseen=None)
    page = await mia.get(f"{at}SO-8")
    page = await mia.send("/7001-1/accept", unseen="yes")
    assert "In the MIS as SO-8" in page.text
    assert await states(bench, "7001") == ["accepted"]


async def test_an_order_that_cannot_be_read_has_a_page_with_what_the_shop_tells(
    mia: Browser, bench: Bench
) -> None:
    document = b'[{"OrderNumber": 7001, "Price": "<b>many</b>"}]'
    broken = msgspec.structs.replace(order("7001"), lines=(), problem="No price.", document=document)
    bench.shop.orders["7001"] = broken
    await ask_to_look(bench, "7001")
    await settle(bench)
    for path in ("orders", "orders?q=7001", "orders?state=unreadable", "inbox"):
        page = await mia.get(f"{AT}/{path}")
        assert "No price." in page.text and any(link.endswith("/orders/7001") for link in page.links)
    assert "No orders match" in (await mia.get(f"{AT}/orders?customer=ada")).text
    page = await mia.get(f"{AT}/orders/7001")
    assert "&lt;b&gt;many" in page.html
    bench.shop.orders["7001"] = order("7001")
    await mia.send("/7001/look-again")
    await settle(bench)
    assert await states(bench, "7001") == ["accepted"]


async def test_it_is_accepted_under_a_number_or_ignored_with_a_reason(mia: Browser, bench: Bench) -> None:
    await parked(bench, "7001")
    await refused(bench, "7002")
    await mia.get(f"{AT}/orders/7001")
    page = await mia.get(f"{AT}/submissions/7001-1/accept?mis_number=yes+it+is")
    assert "can be no number" in page.text
    assert not [one for one in page.forms if one["action"].endswith("/accept")]
    page = await mia.get(f"{AT}/submissions/7001-1/accept?mis_number=SO-0042")
    assert "nobody can check" in page.text
    assert await states(bench, "7001") == ["parked"]
    page = await mia.send("/7001-1/accept")
    assert "In the MIS as SO-0042" in page.text
    page = await mia.send("/7001-1/take-back")
    assert "waits again" in page.text
    assert await states(bench, "7001") == ["parked"]
    await mia.get(f"{AT}/orders/7002")
    await mia.send("/7002-1/ignore", 422, reason="")
    await mia.get(f"{AT}/orders/7002")
    page = await mia.send("/7002-1/ignore", reason="made by hand")
    assert "made by hand" in page.text
    assert await states(bench, "7002") == ["ignored"]


async def test_a_form_that_came_too_late_says_so(mia: Browser, bench: Bench) -> None:
    await refused(bench, "7001")
    await mia.get(f"{AT}/orders/7001")
    form = mia.page.form("/7001-1/ignore")
    await mia.send("/7001-1/send-again")
    at = f"/admin{AT}/submissions/7001-1/ignore"
    await settle(bench)
    answer = await mia.client.post(at, data={**form, "reason": "late"})
    assert answer.status_code == 409
    assert "does not wait for a person" in answer.text
    assert await states(bench, "7001") == ["accepted"]


async def test_many_are_sent_again_after_they_were_counted(mia: Browser, bench: Bench) -> None:
    await refused(bench, "7001", "7002", reason="NORTH01 is on stop")
    await refused(bench, "7003", reason="another thing")
    page = await mia.get(f"{AT}/replay?state=refused&reason=on stop")
    assert "2 would be sent again" in page.text
    assert "7001-1, 7002-1" in page.text
    assert await states(bench, "7001") == ["refused"], "counting sends nothing"
    page = await mia.send("/replay")
    assert "2 will be sent again." in page.text
    assert [await states(bench, number) for number in ("7001", "7002", "7003")] == [
        ["ready"],
        ["ready"],
        ["refused"],
    ]
    await mia.get(f"{AT}/replay?state=accepted", 422)


async def test_parked_ones_are_sent_again_together_only_after_a_look(mia: Browser, bench: Bench) -> None:
    await parked(bench, "7001")
    await mia.get(f"{AT}/replay?state=parked")
    await mia.send("/replay", 422)
    await mia.get(f"{AT}/replay?state=parked")
    await mia.send("/replay", looked="yes")
    assert await states(bench, "7001") == ["ready"]


async def test_what_waits_for_its_next_try_is_tried_at_once(mia: Browser, bench: Bench) -> None:
    await send(bench, "7001", RetryLater("The MIS is away."))
    page = await mia.get(f"{AT}/orders/7001")
    assert "Will be tried again: The MIS is away." in page.text
    page = await mia.send("/7001/retry")
    assert "1 tried again now." in page.text
    await settle(bench)
    assert await states(bench, "7001") == ["accepted"]


async def test_a_setting_that_no_longer_works_is_in_the_inbox(mia: Browser, bench: Bench) -> None:
    await send(bench, "7001", ConfigError("The API password is wrong.", fix="Enter the new one."))
    page = await mia.get(f"{AT}/inbox")
    assert "The API password is wrong. Enter the new one." in page.text
    assert "trouble" in (await mia.get(AT)).html
    await mia.get(f"{AT}/inbox")
    await mia.send("/northfield/retry")
    await settle(bench)
    assert "All clear." in (await mia.get(f"{AT}/inbox")).text


async def test_a_change_after_transfer_waits_until_somebody_has_dealt_with_it(
    mia: Browser, bench: Bench
) -> None:
    await send(bench, "7001")
    bench.shop.orders["7001"] = order("7001", line(quantity=9))
    await ask_to_look(bench, "7001")
    await settle(bench)
    page = await mia.get(f"{AT}/inbox")
    assert "quantity 2 became 9" in page.text
    await mia.send("/inbox/line")
    assert "All clear." in (await mia.get(f"{AT}/inbox")).text
    assert "quantity 2 became 9" in (await mia.get(f"{AT}/orders/7001")).text, "it stays with the order"
    bench.shop.orders["7001"] = order("7001", line(quantity=10))
    await ask_to_look(bench, "7001")
    await settle(bench)
    assert "quantity 2 became 10" in (await mia.get(f"{AT}/inbox")).text, "a new change waits again"


async def test_the_preview_says_what_would_be_sent_and_sends_nothing(mia: Browser, bench: Bench) -> None:
    await refused(bench, "7001")
    bench.shop.orders["7001"] = order("7001", line(quantity=7))
    page = await mia.get(f"{AT}/orders/7001/preview")
    assert re.search(r"quantity&#34;: 7", page.html)
    bench.shop.away = RetryLater("The shop is away.")
    assert "The shop is away." in (await mia.get(f"{AT}/orders/7001/preview")).text
    assert bench.mis.received == []


async def test_evidence_is_handed_out(mia: Browser, bench: Bench) -> None:
    await send(bench, "7001")
    answer = await mia.client.get(f"/admin{AT}/orders/7001/evidence.json")
    kinds = [entry["kind"] for entry in json.loads(answer.text)["entries"]]
    assert {"decided", "sent", "answered"} <= set(kinds)
    await mia.get(f"{AT}/orders/404", 404)


@pytest.mark.parametrize("path", ["", "/orders", "/inbox", "/replay"])
async def test_an_empty_page_says_what_to_do_next(mia: Browser, path: str) -> None:
    assert 'class="empty"' in (await mia.get(AT + path)).html


async def test_a_viewer_is_offered_no_change(new_browser, bench: Bench) -> None:
    await refused(bench, "7001")
    vera = new_browser()
    await vera.sign_in("vera")
    for path in ("/orders/7001", "/inbox"):
        page = await vera.get(AT + path)
        assert [form["action"] for form in page.forms if "csrf" in form["fields"]] == ["/admin/sign-out"]


async def test_an_order_in_doubt_can_be_ended_by_a_person_but_not_sent_again(
    mia: Browser, bench: Bench
) -> None:
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await send(bench, "7001")
    page = await mia.get(f"{AT}/orders/7001")
    actions = [form["action"].rpartition("/")[2] for form in page.forms if "/submissions/" in form["action"]]
    assert actions == ["accept", "ignore"]
    await mia.send(f"{AT}/submissions/7001-1/ignore", reason="the old MIS is gone")
    assert await states(bench, "7001") == ["ignored"]


async def test_what_the_mis_rejects_later_is_told_everywhere_and_sent_again_as_a_new_order(
    mia: Browser, bench: Bench
) -> None:
    await send(bench, "7001")
    decision = Decision(subscriber="northfield", key="7001-1", actor="mia")
    await refuse(bench.installation, decision, "no paper of that weight")
    for path in ("orders", "inbox", "orders/7001"):
        text = (await mia.get(f"{AT}/{path}")).text
        assert "rejected later by the MIS" in text, path
        assert "taken it as SO-1: no paper of that weight" in text, path
    page = await mia.get(f"{AT}/orders/7001")
    assert "was in the MIS as SO-1" in page.text
    assert "Send again as a new order" in page.text
    await mia.send("/submissions/7001-1/send-again")
    await settle(bench)
    assert [one.key for one in bench.mis.received] == ["7001-1", "7001-1-R2"]


async def test_the_mis_s_own_ids_stand_on_the_order_s_page(mia: Browser, bench: Bench) -> None:
    bench.mis.customers = {"nobody": "C/7-A"}
    await send(bench, "7001")
    text = (await mia.get(f"{AT}/orders/7001")).text
    assert "customer in the MIS C/7-A, found by the id" in text


@pytest.mark.parametrize("number", ODD_IDS)
async def test_an_order_whose_number_is_any_text_is_reached_from_the_list_and_decided(
    mia: Browser, bench: Bench, number: str
) -> None:
    await refused(bench, number)
    page = await mia.get(f"{AT}/orders")
    [link] = [one for one in page.links if one.startswith(f"/admin{AT}/orders/")]
    page = await mia.get(link.removeprefix("/admin"))
    assert f"Order {number}" in page.text
    [file] = [one for one in page.links if one.endswith("/evidence.json")]
    kept = await mia.get(file.removeprefix("/admin"))
    name = quote(FILE_NAME.write(f"order-{number}-evidence.json"), safe="")
    assert kept.response.headers["content-disposition"].endswith(f"'{name}")
    await mia.get(link.removeprefix("/admin"))
    page = await mia.send("/send-again")
    assert page.response.url.raw_path.decode() == link
    assert f"{number}-1 will be sent again" in page.text
    await settle(bench)
    assert await states(bench, number) == ["accepted"]
