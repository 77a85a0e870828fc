"""Settings in the pages: filled in, looked at, saved, taken back."""

import asyncio
import html
import re
import tomllib
from typing import Annotated

import pytest
from browser import Browser, Page
from makeready.orders.beginning import moment_text
from makeready.subscribers.model import RULES, Subscriber
from makeready_admin.settings.fields import Kind, fields_of
from makeready_admin.settings.forms import MOST_IN_A_SELECT
from makeready_admin.web.asking import KEEP_LISTS_S
from makeready_hooks import Secret
from makeready_hooks.errors import RetryLater
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from msgspec import Meta, Struct
from pretend import SITE, Bench

AT = "/subscribers/northfield/settings"


@pytest.fixture
async def olga(new_browser) -> Browser:
    browser: Browser = new_browser()
    await browser.sign_in("olga")
    return browser


async def now(bench: Bench) -> Subscriber:
    return await bench.installation.subscriber("northfield")


async def changed(olga: Browser, part: str, **fields: object) -> None:
    """Fill in, look at the difference, save."""
    await olga.get(f"{AT}/{part}")
    page = await olga.send(part, **fields)
    assert "Review changes" in page.text
    await olga.send("/settings/save")


async def test_a_rule_is_changed_after_a_look_at_the_difference(olga: Browser, bench: Bench) -> None:
    page = await olga.get(f"{AT}/rules/orders")
    assert "when it reaches this workflow stage in the shop" in page.text, "the code's own words"
    assert page.form("rules/orders")["shared.trigger_stage"] == ["To the MIS"]
    page = await olga.send(
        "rules/orders",
        **{
            "shared.trigger_stage": "Press",
            "shared.site_trigger_stages:name": ["other.example", ""],
            "shared.site_trigger_stages:value": ["Bindery", ""],
        },
    )
    assert "Orders: Send orders at stage To the MIS Press" in page.text, "in people's words"
    assert "Orders: Other stage for a site, other.example not set Bindery" in page.text
    assert (await now(bench)).orders.trigger_stage == "To the MIS", "looking changes nothing"
    page = await olga.send("/settings/save")
    assert "3 settings were changed." in page.text, "our time begins with the first of them"
    orders = (await now(bench)).orders
    assert orders.starts_at == moment_text(bench.clock())
    assert (orders.trigger_stage, orders.site_trigger_stages) == ("Press", {"other.example": "Bindery"})
    history = (await olga.get(f"{AT}/history")).text
    assert "by olga" in history
    assert "Orders: Send orders at stage To the MIS Press" in history


async def test_what_is_left_alone_stays_and_what_is_emptied_is_as_delivered(
    olga: Browser, bench: Bench
) -> None:
    await changed(
        olga,
        "rules/alerts",
        **{
            "shared.email_to": "a@x.example\nb@x.example",
            "shared.gather_s": "5",
            "shared.gather_s:unit": "1",
        },
    )
    assert (await now(bench)).alerts.email_to == ("a@x.example", "b@x.example")
    await changed(olga, "rules/alerts", **{"shared.working_days": ["1", "2"]})
    alerts = (await now(bench)).alerts
    assert (alerts.email_to, alerts.gather_s, alerts.working_days) == (
        ("a@x.example", "b@x.example"),
        5,
        (1, 2),
    )
    await changed(olga, "rules/alerts", **{"shared.email_to": "", "shared.gather_s": ""})
    assert ((await now(bench)).alerts.email_to, (await now(bench)).alerts.gather_s) == ((), 60)
    await olga.get(f"{AT}/rules/alerts")
    assert "Nothing changes." in (await olga.send("rules/alerts")).text


async def test_each_environment_has_its_own_beside_what_both_share(olga: Browser, bench: Bench) -> None:
    await changed(olga, "connectors/shop", **{"test.port": "2", "live.port": "3"})
    record = (await now(bench)).connectors["shop"]
    assert (record.shared["user"], record.test, record.live) == ("u", {"port": 2}, {"port": 3})


async def test_secrets_go_in_and_never_come_out(olga: Browser, bench: Bench) -> None:
    vault = bench.installation.vault

    async def secret() -> str:
        return vault.open((await now(bench)).connectors["shop"].shared["password"], field="password")

    seen = [(await olga.get(f"{AT}/connectors/shop")).html]
    await changed(olga, "connectors/shop", **{"shared.user": "v"})
    assert await secret() == "secret", "an empty field keeps what is stored"
    await olga.get(f"{AT}/connectors/shop")
    seen.append((await olga.send("connectors/shop", **{"shared.password": "hunter-2-hunter"})).html)
    seen.append((await olga.send("/settings/save")).html)
    assert await secret() == "hunter-2-hunter"
    seen += [(await olga.get(f"{AT}{part}")).html for part in ("", "/history", "/connectors/shop", "/file")]
    assert not [page for page in seen if "hunter" in page or '"secret"' in page.replace('type="secret"', "")]
    await olga.get(f"{AT}/connectors/shop")
    page = await olga.send("connectors/shop", 422, **{"forget:shared.password": "yes"})
    assert "password" in page.text
    assert await secret() == "hunter-2-hunter"


async def test_what_is_wrong_is_said_beside_what_was_filled_in(olga: Browser, bench: Bench) -> None:
    for part, fields, text in (
        ("connectors/shop", {"shared.port": "many"}, "many is not a number"),
        ("rules/orders", {"shared.reconcile_days": "1000"}, "Look back : Give 90 days or less."),
        ("rules/orders", {"shared.reference_prefix": "W 1"}, "W 1 cannot be used here."),
        ("rules/alerts", {"shared.email_to": "not an address"}, "not an address is not an e-mail address."),
        ("rules/alerts", {"shared.time_zone": "Nowhere/Land"}, "Nowhere/Land"),
    ):
        await olga.get(f"{AT}/{part}")
        page = await olga.send(part, 422, **fields)
        assert text in page.text
        [(name, value)] = fields.items()
        assert page.form(part)[name] == [value], "nobody types it twice"
    await olga.get(f"{AT}/rules/status", 200)
    await olga.get(f"{AT}/rules/nothing", 404)
    await olga.get(f"{AT}/connectors/nothing", 404)


def drop_down(page: Page, name: str) -> list[str]:
    """What can be chosen in the first select of this name."""
    select = re.search(rf'<select[^>]* name="{name}".*?</select>', page.html)
    assert select, name
    return re.findall(r"<option[^>]*>([^<]*)", select[0])


async def test_what_the_vendors_name_is_chosen_from_their_lists(olga: Browser, bench: Bench) -> None:
    await changed(olga, "rules/orders", **{"shared.trigger_stage": "press"})
    page = await olga.get(f"{AT}/rules/orders")
    stages = drop_down(page, "shared.trigger_stage")
    assert stages == ["Default (Order Received)", "press", *bench.shop.stages], (
        "another spelling is the same stage"
    )
    bench.shop.stages = ("Prepress", "Shipping")
    bench.clock.now += KEEP_LISTS_S + 1
    page = await olga.get(f"{AT}/rules/orders")
    assert drop_down(page, "shared.trigger_stage")[1] == "press (not offered any more)"
    assert page.form("rules/orders")["shared.trigger_stage"] == ["press"], "it stays until it is changed"
    assert drop_down(page, "shared.site_groupings:name") == ["", SITE, "other.example"]
    assert drop_down(page, "shared.site_groupings:value") == [
        "",
        "One MIS order per line",
        "One MIS order per shop order",
    ]


async def test_an_item_s_way_is_a_list_of_statuses_and_stages(olga: Browser, bench: Bench) -> None:
    page = await olga.get(f"{AT}/rules/status")
    assert "The list of statuses cannot be shown, so type it: No connector lists statuses." in page.text
    names, values = ["Printing", "", "Gone"], ["Press", "", "Shipping"]
    at = "shared.stages"
    for wrong, text in (
        (["Printing", "", ""], "A row is not complete"),
        (["Gone", "", "Gone"], "A name stands there twice."),
    ):
        page = await olga.send("rules/status", 422, **{f"{at}:name": wrong, f"{at}:value": values})
        assert text in page.text
        assert page.form("rules/status")[f"{at}:value"][:2] == ["Press", "Shipping"], (
            "nobody chooses it twice"
        )
    await changed(olga, "rules/status", **{f"{at}:name": names, f"{at}:value": values})
    assert (await now(bench)).status.stages == {"Printing": "Press", "Gone": "Shipping"}
    await olga.get(f"{AT}/rules/status")
    assert "Nothing changes." in (await olga.send("rules/status")).text
    await changed(olga, "rules/status", **{f"{at}:name": [""], f"{at}:value": [""]})
    assert (await now(bench)).status.stages == {}


async def test_without_a_list_a_name_is_typed_and_the_reason_told(olga: Browser, bench: Bench) -> None:
    async def away() -> None:
        raise RetryLater("The shop cannot be reached.")

    bench.shop.listing = away
    page = await olga.get(f"{AT}/rules/orders")
    assert "The list of stages cannot be shown, so type it: The shop cannot be reached." in page.text
    assert '<input type="text" id="in:shared.trigger_stage"' in page.html
    bench.shop.listing = None
    assert drop_down(await olga.get(f"{AT}/rules/orders"), "shared.trigger_stage"), "it is asked again"


async def test_a_long_list_is_typed_with_suggestions(olga: Browser, bench: Bench) -> None:
    bench.shop.stages = tuple(f"Stage {number}" for number in range(3 * MOST_IN_A_SELECT))
    page = await olga.get(f"{AT}/rules/orders")
    assert '<input type="text" id="in:shared.trigger_stage"' in page.html
    assert (
        page.html.count("<option value=&quot;Stage 7&quot;>") + page.html.count('<option value="Stage 7">')
        == 1
    )
    assert "To the MIS is not offered any more." in page.text


async def test_a_form_does_not_wait_for_a_vendor_that_is_slow(olga: Browser, bench: Bench) -> None:
    answering = asyncio.Event()

    async def slow() -> None:
        await answering.wait()

    bench.shop.listing = slow
    page = await olga.get(f"{AT}/rules/orders")
    assert "Asking the shop and the MIS" in page.text
    assert "rules/orders" not in [form["action"] for form in page.forms]
    [part] = re.findall(r'data-part="([^"]*)" aria-live="polite" aria-busy="true"', page.html)
    [whole] = re.findall(r'content="0; url=([^"]*)"', page.html)
    answering.set()
    page = await olga.get(html.unescape(part))
    assert "<html" not in page.html
    assert drop_down(page, "shared.trigger_stage")
    assert "<html" in (await olga.get(html.unescape(whole))).html


async def test_a_change_is_taken_back_and_later_ones_stay(olga: Browser, bench: Bench) -> None:
    await changed(olga, "rules/orders", **{"shared.trigger_stage": "Press", "shared.reconcile_days": "9"})
    await changed(olga, "rules/orders", **{"shared.grouping": "order"})
    await changed(olga, "rules/alerts", **{"shared.email_to": "a@x.example"})
    first = (await bench.installation.store.subscribers.changes("northfield", 10))[-1]
    await olga.get(f"{AT}/history")
    page = await olga.send(f"/history/{first.id}/undo")
    assert (await now(bench)).orders.trigger_stage == "Press", "the difference is shown first"
    assert "Press" in page.text
    await olga.send("/settings/save")
    orders = (await now(bench)).orders
    assert (orders.trigger_stage, orders.reconcile_days, orders.grouping) == ("To the MIS", 3.0, "order")
    assert (await now(bench)).alerts.email_to == ("a@x.example",)


async def test_a_draft_is_ours_unchanged_and_of_this_company(olga: Browser, bench: Bench) -> None:
    await olga.get(f"{AT}/rules/orders")
    await olga.send("rules/orders", **{"shared.trigger_stage": "Press"})
    form = olga.page.form("/settings/save")
    other = await olga.client.post("/admin/subscribers/southgate/settings/save", data=form)
    assert other.status_code == 403
    for draft in ("", "sealed:x", '{"name": "northfield"}', form["draft"][0][:-3]):
        answer = await olga.client.post(f"/admin{AT}/save", data={**form, "draft": draft})
        assert answer.status_code == 422, draft
    await changed(olga, "rules/orders", **{"shared.grouping": "order"})
    late = await olga.client.post(f"/admin{AT}/save", data=form)
    assert (late.status_code, "changed meanwhile" in late.text) == (409, True)
    assert (await now(bench)).orders.trigger_stage == "To the MIS"


async def test_settings_go_out_and_come_in_as_a_file(olga: Browser, bench: Bench) -> None:
    text = (await olga.get(f"{AT}/file")).html
    assert tomllib.loads(text)["subscribers"]["northfield"]["connectors"]["shop"]["password"] == "(stored)"
    await olga.get(AT)
    page = await olga.send("/settings/file", file=text.replace("To the MIS", "Bindery"))
    assert "Bindery" in page.text
    await olga.send("/settings/save")
    assert (await now(bench)).orders.trigger_stage == "Bindery"
    for wrong in ("x", "[subscribers.southgate]\nexternal_user_id = 1", "a = 1"):
        await olga.get(AT)
        await olga.send("/settings/file", 422, file=wrong)


async def test_a_company_is_set_up_from_nothing(olga: Browser, bench: Bench) -> None:
    await olga.get("/new-company")
    page = await olga.send("/new-company", title="Westbank Print", name="westbank")
    assert "Not connected yet." in (await olga.get("/subscribers/westbank/settings")).text
    at = "/subscribers/westbank/settings"
    await olga.get(f"{at}/connectors/shop")
    await olga.send("connectors/shop", **{"shared.user": "w", "shared.password": "a secret word"})
    page = await olga.send("/settings/save")
    assert "Shop" in page.text
    await olga.get("/new-company")
    await olga.send("/new-company", 422, name="westbank", title="Again")
    await olga.get("/new-company")
    await olga.send("/new-company", 422, name="North", title="North", external_user_id="117")


async def test_the_snippet_for_the_shop_s_pages_is_there_to_be_copied(mia: Browser, bench: Bench) -> None:
    assert "On the shop's pages" not in (await mia.get(AT)).text, "nothing can load from an unknown address"
    await bench.installation.store.subscribers.set_public_url("http://bridge.example")
    page = await mia.get(AT)
    assert '<script src="https://bridge.example/.js"></script>' in page.text
    assert "&lt;script src=" in page.html, "as text, not as a script of ours"
    assert re.search(r'<textarea id="snippet-1"[^>]* readonly>', page.html)
    assert 'data-copies="snippet-1"' in page.html


async def test_connections_are_tested_and_findings_told(mia: Browser, bench: Bench) -> None:
    await mia.get(AT)
    page = await mia.send("/settings/check")
    assert "lost answers" in page.text
    assert [form["action"] for form in page.forms if "csrf" in form["fields"]] == ["/admin/sign-out"]


class Strange(Struct, kw_only=True):
    """Every kind of setting."""

    text: str
    secret: Secret | None = None
    yes: Annotated[bool, Meta(description="Said in the code.")] = True
    whole: int = 3
    several: tuple[str, ...] = ("a",)
    numbers: tuple[int, ...] = ()
    pairs: dict[str, str] = {}
    inner: "Inner | None" = None
    tables: tuple[dict[str, int], ...] = ()


class Inner(Struct):
    a: int = 1


def test_every_kind_of_setting_has_a_field() -> None:
    kinds = {field.name: field.kind for field in fields_of(Strange)}
    assert kinds == {
        "text": Kind.TEXT,
        "secret": Kind.SECRET,
        "yes": Kind.YES_NO,
        "whole": Kind.NUMBER,
        "several": Kind.LINES,
        "numbers": Kind.LINES,
        "pairs": Kind.ROWS,
        "inner": Kind.TOML,
        "tables": Kind.TOML,
    }
    described = {field.name: field for field in fields_of(Strange)}
    assert described["yes"].description == "Said in the code."
    assert (described["text"].required, described["several"].default_words) == (True, "a")


@pytest.mark.parametrize("kind", [PRESSERO.settings, THARSTERN.settings, *RULES.values()])
def test_the_settings_that_there_are_all_make_a_form(kind: type[Struct]) -> None:
    assert [field.name for field in fields_of(kind)] == list(kind.__struct_fields__)


async def test_addresses_for_the_vendors_are_shown_to_operators_who_can_renew_them(
    olga: Browser, mia: Browser, bench: Bench
) -> None:
    await bench.installation.store.subscribers.set_public_url("http://bridge.example")
    assert "segment" not in (await mia.get(AT)).html
    assert "http://bridge.example/price/segment/shop" in (await olga.get(AT)).html
    page = await olga.send("/settings/addresses")
    assert "those of before are not answered any more" in page.text
    assert "segment" not in page.html
    assert f"/price/{(await now(bench)).url_token}/shop" in page.html
