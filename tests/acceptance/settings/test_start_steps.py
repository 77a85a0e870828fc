"""The guided start without a browser's help: what is wrong, what is left out, who may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from browser import Browser
from makeready_hooks import hookimpl
from makeready_hooks.model.setup import Check
from msgspec.structs import replace
from pretend import Bench, Clock, Shop, new_bench

AT = "/subscribers/northfield/start"


class CheckedShop(Shop):
    """One whose connection can be looked at."""

    checks: tuple[Check, ...] = ()

    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        return self.checks


@pytest.fixture
async def bench(tmp_path: Path, clock: Clock) -> AsyncIterator[Bench]:
    made = new_bench(tmp_path, clock, shop=CheckedShop())
    await made.installation.store.subscribers.save([made.subscriber])
    yield made
    await made.installation.aclose()


@pytest.fixture
async def olga(new_browser, bench: Bench) -> Browser:
    """At a company that is not live yet."""
    company = await bench.installation.subscriber("northfield")
    orders = replace(company.orders, reference_prefix="N-")  # the other company sends to the same MIS
    await bench.installation.store.subscribers.save([replace(company, environment="test", orders=orders)])
    browser: Browser = new_browser()
    await browser.sign_in("olga")
    return browser


async def test_a_sign_in_is_tried_before_anything_is_saved(olga: Browser, bench: Bench) -> None:
    before = (await bench.installation.subscriber("northfield")).version
    bench.shop.checks = (Check(name="login", ok=False, message="The login is refused.", fix="Correct it."),)
    await olga.get(f"{AT}?step=shop")
    page = await olga.send("/start/shop", 422, **{"shared.user": "w", "shared.password": "hunter-2-hunter"})
    assert "The login is refused. Correct it." in page.text
    assert page.form("/start/shop")["shared.user"] == ["w"]
    assert "hunter" not in page.html
    assert (await bench.installation.subscriber("northfield")).version == before
    bench.shop.checks = (Check(name="login", ok=True, message="2 sites are seen."),)
    page = await olga.send("/start/shop")
    assert "Signed in to Shop. 2 sites are seen." in page.text
    now = await bench.installation.subscriber("northfield")
    secret = now.connectors["shop"].shared["password"]
    assert bench.installation.vault.open(secret, field="password") == "hunter-2-hunter"


async def test_a_stage_that_the_shop_has_not_is_told_at_its_field(olga: Browser, bench: Bench) -> None:
    await olga.get(f"{AT}?step=flow")
    page = await olga.send("/start/flow", 422, **{"shared.trigger_stage": "Nowhere"})
    assert "Send orders at stage : The shop has no stage Nowhere." in page.text
    page = await olga.send("/start/flow", **{"shared.trigger_stage": bench.shop.stages[0]})
    assert f"Orders go to the MIS at the stage {bench.shop.stages[0]}." in page.text


async def test_what_orders_need_cannot_be_left_out(olga: Browser, bench: Bench) -> None:
    await olga.get(f"{AT}?step=pages")
    await olga.send("/start/pages/later")
    answer = await olga.client.post(
        f"/admin{AT}/shop/later", data={"csrf": olga.page.form("/sign-out")["csrf"][0]}
    )
    assert answer.status_code == 422
    page = await olga.get(f"{AT}?step=alerts")
    assert "Set up Northfield Print" in page.text


async def test_an_alert_that_cannot_be_sent_says_so_and_the_address_is_kept(
    olga: Browser, bench: Bench
) -> None:
    await olga.get(f"{AT}?step=alerts")
    page = await olga.send("/start/alerts", 422, **{"shared.email_to": "nobody"})
    assert "nobody is not an e-mail address." in page.text
    page = await olga.send("/start/alerts", **{"shared.email_to": "prepress@northfield.example"})
    assert (
        "It is saved, but the test could not be sent: A message goes by e-mail, but no mail server is set."
        in page.text
    )
    now = await bench.installation.subscriber("northfield")
    assert now.alerts.email_to == ("prepress@northfield.example",)


async def test_it_goes_live_after_a_look_at_what_that_does(olga: Browser, bench: Bench) -> None:
    page = await olga.get(f"{AT}?step=live")
    assert "Shop: Server: live uses the address of the test." in page.text
    page = await olga.send("/start/live")
    assert "Company: Environment Test Live" in page.text
    assert "Orders go to the live MIS from now on." in page.text
    await olga.send("/settings/save")
    assert (await bench.installation.subscriber("northfield")).environment == "live"
    page = await olga.get(AT)
    assert "Northfield Print today" in page.text, "there is nothing left to set up"


async def test_why_it_cannot_go_live_is_told_where_it_was_asked(olga: Browser, bench: Bench) -> None:
    company = await bench.installation.subscriber("northfield")
    orders = replace(company.orders, reference_prefix="")
    await bench.installation.store.subscribers.save([replace(company, orders=orders)])
    await olga.get(f"{AT}?step=live")
    page = await olga.send("/start/live", 422)
    assert "Orders of Southgate Print go to mis at port 1 (live) as well" in page.text
    assert "Before you go live" in page.text


async def test_a_problem_is_told_among_the_pages_of_its_company(olga: Browser, bench: Bench) -> None:
    page = await olga.get("/subscribers/northfield/settings/rules/nothing", 404)
    assert "Needs attention" in page.text


async def test_it_is_for_operators(olga: Browser, mia: Browser, bench: Bench) -> None:
    assert "Set up: " in (await mia.get("/subscribers/northfield")).text
    await mia.get(AT, 403)
