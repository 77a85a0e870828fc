"""What the shop changed after an order was sent: a person sees it on a page, confirms, and the MIS is told."""

from typing import Any

import pytest
from api import send
from browser import Browser
from makeready_hooks import Capability
from makeready_hooks.errors import Refused
from pretend import Bench, line, order
from steps import ask_to_look, save_settings, settle, states

AT = "/subscribers/northfield"
BUTTON = "/submissions/7001-1/amend"


@pytest.fixture
async def show(bench: Bench) -> Any:
    bench.mis.can = frozenset({Capability.CHANGE_ORDER, Capability.CANCEL_ORDER})
    await send(bench, "7001")

    async def as_changed(**members: Any) -> None:
        bench.shop.orders["7001"] = order("7001", line(mis_number="SO-1", **members))
        await ask_to_look(bench, "7001")
        await settle(bench)

    return as_changed


async def test_the_difference_is_seen_before_it_is_changed_in_the_mis(
    mia: Browser, bench: Bench, show: Any
) -> None:
    page = await mia.get(f"{AT}/orders/7001")
    assert not any(link.endswith(BUTTON) for link in page.links), "nothing differs"
    await show(notes="<b>Ring</b> first")
    page = await mia.get(f"{AT}/orders/7001")
    assert any(link.endswith(BUTTON) for link in page.links)
    page = await mia.get(AT + BUTTON)
    assert "line 1: notes (none) became <b>Ring</b> first" in page.text
    assert "Change SO-1 in the MIS" in page.text
    assert bench.mis.amended == []
    page = await mia.send(BUTTON)
    assert "7001-1 is being changed in the MIS." in page.text
    await settle(bench)
    assert len(bench.mis.amended) == 1
    page = await mia.get(f"{AT}/orders/7001")
    assert "Changed in the shop" not in page.text
    assert "by mia" in page.text and "SO-1 is changed in the MIS: Amended" in page.text
    assert (await mia.get(AT + BUTTON)).text.count("as it was sent") == 1


async def test_a_cancellation_is_confirmed_and_a_refusal_is_read_on_the_order_s_page(
    mia: Browser, bench: Bench, show: Any
) -> None:
    await show(denied=True)
    bench.mis.before_amending = [Refused("SO-1 is on the press.")]
    page = await mia.get(AT + BUTTON)
    assert "Cancel SO-1 in the MIS" in page.text
    await mia.send(BUTTON)
    await settle(bench)
    page = await mia.get(f"{AT}/orders/7001")
    assert "denied in the shop. The MIS refuses that: SO-1 is on the press." in page.text
    bench.clock.now += 1
    await mia.get(AT + BUTTON)
    await mia.send(BUTTON)
    await settle(bench)
    assert await states(bench, "7001") == ["cancelled"]
    page = await mia.get(f"{AT}/orders/7001")
    assert "Withdrawn by customer" in page.text
    assert "The MIS is asked to cancel 7001-1" in page.text


async def test_it_is_not_offered_where_the_mis_takes_no_changes_nor_to_who_may_only_look(
    mia: Browser, new_browser: Any, bench: Bench, show: Any
) -> None:
    await show(quantity=5)
    vera = new_browser()
    await vera.sign_in("vera")
    page = await vera.get(f"{AT}/orders/7001")
    assert not any(link.endswith(BUTTON) for link in page.links)
    await vera.get(AT + BUTTON, 403)
    bench.mis.can = frozenset()
    await save_settings(bench)
    page = await mia.get(f"{AT}/orders/7001")
    assert "quantity 2 became 5" in page.text
    assert not any(link.endswith(BUTTON) for link in page.links)
    page = await mia.get(AT + BUTTON)
    assert "by hand" in page.text and not any(form["action"].endswith(BUTTON) for form in page.forms)
