"""Pause and go on by one press each, from every page."""

from collections.abc import Callable

import pytest
from browser import Browser
from makeready.engine import pauses
from makeready.engine.model import Flow
from pretend import Bench, order
from steps import ask_to_look, settle, states

AT = "/subscribers/northfield"


async def place(bench: Bench, number: str = "6994") -> None:
    bench.shop.orders[number] = order(number)
    await ask_to_look(bench, number)
    await settle(bench)


async def test_a_pause_holds_orders_and_one_press_lets_them_go(mia: Browser, bench: Bench) -> None:
    page = await mia.get(AT)
    assert "/admin/subscribers/northfield/pause" in page.links
    await mia.get(f"{AT}/pause")
    page = await mia.send("/pause", reason="The press is being cleaned.")
    assert "It is paused" in page.text
    await place(bench)
    assert await states(bench, "6994") == ["ready"]
    page = await mia.get(f"{AT}/orders")
    assert "Paused: orders" in page.text
    assert "by mia. The press is being cleaned. 1 waits for it." in page.text
    page = await mia.send("/pause/end")
    assert "It goes on" in page.text
    assert "Paused" not in page.text
    await settle(bench)
    assert await states(bench, "6994") == ["accepted"]


async def test_a_pause_can_end_by_itself(mia: Browser, bench: Bench) -> None:
    await mia.get(f"{AT}/pause")
    await mia.send("/pause", reason="Lunch.", ends="3600", flow=["orders"])
    await place(bench)
    assert await states(bench, "6994") == ["ready"]
    bench.clock.now += 3601
    await settle(bench)
    assert await states(bench, "6994") == ["accepted"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"reason": " "}, "A pause needs a reason."),
        ({"flow": None}, "Nothing is chosen."),
        ({"flow": ["everything"]}, "Nothing is chosen."),
        ({"ends": "1"}, "It cannot end then."),
        ({"reason": "x" * 501}, "The reason is too long."),
    ],
)
async def test_what_makes_no_pause_is_told(mia: Browser, given: dict[str, object], text: str) -> None:
    await mia.get(f"{AT}/pause")
    page = await mia.send("/pause", 422, **{"reason": "Lunch.", **given})
    assert text in page.text


async def test_all_companies_are_paused_by_an_operator_alone(
    bench: Bench, new_browser: Callable[[], Browser]
) -> None:
    olga, mia, vera = new_browser(), new_browser(), new_browser()
    for browser, name in ((olga, "olga"), (mia, "mia"), (vera, "vera")):
        await browser.sign_in(name)
    await mia.get("/pause", 403)
    await vera.get(f"{AT}/pause", 403)
    assert "/admin/subscribers/northfield/pause" not in (await vera.get(AT)).links
    await olga.get("/pause")
    await olga.send("/pause", reason="New servers.")
    page = await mia.get(AT)
    assert "Paused for all companies" in page.text
    assert "An operator lets it go on." in page.text
    assert not [form for form in page.forms if form["action"].endswith("/pause/end")]
    page = await olga.get(AT)
    page = await olga.send("/pause/end")
    assert "It goes on" in page.text
    assert not await pauses_of(bench)


async def pauses_of(bench: Bench) -> list[object]:
    return list(await bench.installation.store.pauses.of("northfield", bench.clock()))


async def test_a_pause_that_somebody_else_ended_is_told(mia: Browser, bench: Bench) -> None:
    await pauses.pause(bench.installation, "northfield", [Flow.STOCK], reason="Count.", actor="ada")
    await mia.get(AT)
    await pauses.resume(bench.installation, "northfield", [Flow.STOCK])
    page = await mia.send("/pause/end", 409)
    assert "Nothing of northfield is paused" in page.text
