"""A rejected order is corrected on its page, by the API and by a command, each beside what the shop shows."""

import json

from api import NORTHFIELD, Api, refused
from browser import Browser
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.order import Address, Party
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

AT = "/subscribers/northfield/submissions/7001-1/correct"
QUAY = Party(first_name="Quill", address=Address(line1="1 Quay Street", city="Leith"))


async def too_long(bench: Bench) -> None:
    """Two lines that go together to one address, which the MIS cannot hold."""
    bench.mis.limits = (Limit(member="ship_to.address.line1", longest=6),)
    bench.shop.orders["7001"] = order("7001", line(1, ship_to=QUAY))
    await ask_to_look(bench, "7001")
    await settle(bench)
    assert await states(bench, "7001") == ["refused"]


async def test_what_the_mis_cannot_hold_is_shown_first_and_corrected(mia: Browser, bench: Bench) -> None:
    await too_long(bench)
    page = await mia.get("/subscribers/northfield/orders/7001")
    assert f"/admin{AT}" in page.links
    page = await mia.get(f"{AT}?wait=yes")
    first = page.text.index("What the MIS cannot hold")
    assert (
        first
        < page.text.index("it holds at most 6, and this has 13 characters")
        < page.text.index("PO number")
    )
    page = await mia.send("/correct", 422)
    assert "every value is as it was" in page.text
    await mia.get(f"{AT}?wait=yes")
    page = await mia.send(
        "/correct", **{"value.1.ship_to.address.line1": "Unit 5", "value.0.customer": "ALEY7"}
    )
    assert "7001-1 is sent again now." in page.text
    await settle(bench)
    page = await mia.get("/subscribers/northfield/orders/7001")
    assert (
        'Line 1 of the delivery address "Unit 5" instead of "1 Quay Street": corrected by mia.' in page.text
    )
    assert "a person has corrected it" in page.text
    payload = json.loads(bench.mis.received[-1].payload)
    assert payload["customer"] == "ALEY7"
    assert payload["order"]["lines"][0]["ship_to"]["address"]["line1"] == "Unit 5"
    page = await mia.get(f"{AT}?wait=yes")
    assert "was not rejected" in page.text


async def test_what_somebody_changed_in_the_shop_meanwhile_is_not_written_over(
    mia: Browser, bench: Bench
) -> None:
    await refused(bench, "7001")
    await mia.get(f"{AT}?wait=yes")
    bench.shop.orders["7001"] = order("7001", line(notes="Fold twice."))
    page = await mia.send("/correct", 409, **{"value.1.notes": "Do not fold."})
    assert 'the shop shows "Fold twice." by now' in page.text
    assert await states(bench, "7001") == ["refused"]


async def test_lines_that_go_to_one_address_share_its_fields(mia: Browser, bench: Bench) -> None:
    together = replace(bench.subscriber.orders, grouping="order")
    await bench.installation.store.subscribers.save([replace(bench.subscriber, orders=together)])
    bench.mis.limits = (Limit(member="ship_to.address.line1", longest=6),)
    bench.shop.orders["7001"] = order("7001", line(1, ship_to=QUAY), line(2, ship_to=QUAY))
    await ask_to_look(bench, "7001")
    await settle(bench)
    await mia.get("/subscribers/northfield/submissions/7001/correct?wait=yes")
    await mia.send("/correct", **{"value.1+2.ship_to.address.line1": "Unit 5"})
    await settle(bench)
    lines = json.loads(bench.mis.received[-1].payload)["order"]["lines"]
    assert [one["ship_to"]["address"]["line1"] for one in lines] == ["Unit 5", "Unit 5"]


async def test_the_api_shows_and_corrects(api: Api, bench: Bench) -> None:
    await refused(bench, "7001")
    found = await api.get(f"{NORTHFIELD}/submissions/7001-1/corrections")
    [customer] = [one for one in found["values"] if one["member"] == "customer"]
    assert customer == {
        "line": 0, "member": "customer", "mis": "mis", "label": "Customer code", "was": "", "value": "",
    }  # fmt: skip
    wrong = {"values": [{"member": "total", "value": "1"}]}
    problem = await api.post(f"{NORTHFIELD}/submissions/7001-1/correct", 422, wrong)
    assert "total cannot be corrected" in problem["detail"]
    await api.post(
        f"{NORTHFIELD}/submissions/7001-1/correct",
        body={"values": [{"member": "customer", "mis": "mis", "value": "ALEY7"}]},
    )
    await settle(bench)
    assert json.loads(bench.mis.received[-1].payload)["customer"] == "ALEY7"
    await api.get(f"{NORTHFIELD}/submissions/7001-1/corrections", 409)
