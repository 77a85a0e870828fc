"""Settings in the pages: filled in, looked at, saved, taken back."""

import tomllib

import pytest
from api import send
from browser import Browser
from makeready.records import RULES, Subscriber
from makeready.web.pages.fields import Kind, fields_of
from makeready_hooks import Secret
from makeready_hooks.errors import RetryLater
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from msgspec import Struct
from pretend import Bench

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
    assert "What changes" in page.text
    await olga.send("/settings/save")


async def test_a_rule_is_changed_after_a_look_at_the_difference(olga: Browser, bench: Bench) -> None:
    page = await olga.get(f"{AT}/rules/orders")
    assert "Name of the shop's workflow stage" in page.text, "the code's own words"
    assert page.form("rules/orders")["shared.trigger_stage"] == ["To the MIS"]
    page = await olga.send(
        "rules/orders", **{"shared.trigger_stage": "Press", "shared.site_trigger_stages": "a.example = X=Y\n"}
    )
    assert "To the MIS" in page.text
    assert (await now(bench)).orders.trigger_stage == "To the MIS", "looking changes nothing"
    page = await olga.send("/settings/save")
    assert "2 settings were changed." in page.text
    orders = (await now(bench)).orders
    assert (orders.trigger_stage, orders.site_trigger_stages) == ("Press", {"a.example": "X=Y"})
    assert "by olga" in (await olga.get(f"{AT}/history")).text


async def test_what_is_left_alone_stays_and_what_is_emptied_is_as_delivered(
    olga: Browser, bench: Bench
) -> None:
    await changed(
        olga, "rules/alerts", **{"shared.email_to": "a@x.example\nb@x.example", "shared.gather_s": "5"}
    )
    assert (await now(bench)).alerts.email_to == ("a@x.example", "b@x.example")
    await changed(olga, "rules/alerts", **{"shared.working_days": "1\n2"})
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
        ("connectors/shop", {"shared.port": "many"}, "many is not a whole number"),
        ("rules/orders", {"shared.site_groupings": "line"}, "write name = value"),
        ("rules/orders", {"shared.reconcile_days": "1000"}, "reconcile_days"),
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
    page = await olga.send("/new-company", name="westbank", title="Westbank Print")
    assert "There is no shop and no MIS yet" in page.text
    at = "/subscribers/westbank/settings"
    await olga.get(f"{at}/connectors/shop")
    await olga.send("connectors/shop", **{"shared.user": "w", "shared.password": "a secret word"})
    page = await olga.send("/settings/save")
    assert "Shop" in page.text
    await olga.get("/new-company")
    await olga.send("/new-company", 422, name="westbank", title="Again")
    await olga.get("/new-company")
    await olga.send("/new-company", 422, name="North", title="North", external_user_id="117")


async def test_connections_are_tested_and_findings_told(mia: Browser, bench: Bench) -> None:
    await mia.get(AT)
    page = await mia.send("/settings/check")
    assert "lost answers" in page.text
    assert [form["action"] for form in page.forms] == ["/admin/sign-out"]


class Strange(Struct, kw_only=True):
    """Every kind of setting."""

    text: str
    secret: Secret | None = None
    yes: bool = True
    """Said in the code."""
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
        "pairs": Kind.PAIRS,
        "inner": Kind.TOML,
        "tables": Kind.TOML,
    }
    described = {field.name: field for field in fields_of(Strange)}
    assert described["yes"].description == "Said in the code."
    assert (described["text"].required, described["several"].default) == (True, "a")


@pytest.mark.parametrize("kind", [PRESSERO.settings, THARSTERN.settings, *RULES.values()])
def test_the_settings_that_there_are_all_make_a_form(kind: type[Struct]) -> None:
    assert [field.name for field in fields_of(kind)] == list(kind.__struct_fields__)


async def test_stages_and_sites_are_chosen_from_what_the_shop_has(olga: Browser, bench: Bench) -> None:
    page = await olga.get(f"{AT}/rules/orders")
    assert page.options["shared.trigger_stage"] == ["", *bench.shop.stages]
    assert page.options["shared.site_groupings:value"][:3] == ["", "line", "order"]
    assert page.options["shared.site_trigger_stages:key"] == ["", "shop.example", "other.example"] * 3
    await changed(
        olga,
        "rules/orders",
        **{
            "shared.trigger_stage": "Press",
            "shared.site_trigger_stages:key": ["other.example", ""],
            "shared.site_trigger_stages:value": ["Bindery", ""],
        },
    )
    orders = (await now(bench)).orders
    assert (orders.trigger_stage, orders.site_trigger_stages) == ("Press", {"other.example": "Bindery"})
    page = await olga.get(f"{AT}/rules/orders")
    assert page.form("rules/orders")["shared.site_trigger_stages:value"][:1] == ["Bindery"]
    assert "2 settings" not in (await olga.send("rules/orders")).text, "as it stands, nothing changes"


async def test_a_stage_that_is_gone_stays_until_somebody_chooses_another(olga: Browser, bench: Bench) -> None:
    bench.shop.stages = ("Press",)
    page = await olga.get(f"{AT}/rules/orders")
    assert page.form("rules/orders")["shared.trigger_stage"] == ["To the MIS"]
    assert "To the MIS (not there any more)" in page.text
    assert "Nothing changes." in (await olga.send("rules/orders")).text


async def test_a_row_of_which_half_is_missing_is_said_and_kept(olga: Browser) -> None:
    await olga.get(f"{AT}/rules/orders")
    half = {"shared.site_trigger_stages:key": [""], "shared.site_trigger_stages:value": ["Press"]}
    page = await olga.send("rules/orders", 422, **half)
    assert "write name = value" in page.text
    assert page.form("rules/orders")["shared.site_trigger_stages:value"][:1] == ["Press"]


@pytest.mark.parametrize("away", [True, False])
async def test_names_are_typed_where_nobody_offers_them_or_somebody_wants_to(
    olga: Browser, bench: Bench, away: bool
) -> None:
    bench.shop.list_trouble = RetryLater("The shop is away.") if away else None
    form = "rules/status" if away else "rules/status?typed=yes"
    page = await olga.get(f"{AT}/{form}")
    assert ("The list could not be read: The shop is away." in page.text) is away
    await olga.send(form, **{"shared.stages": "Dispatched = Shipping"})
    await olga.send("/settings/save")
    assert (await now(bench)).status.stages == {"Dispatched": "Shipping"}


async def test_statuses_that_the_mis_has_told_are_offered(olga: Browser, bench: Bench) -> None:
    """No list of them is asked for where a connector knows none."""
    await send(bench, "7001")
    [order] = await bench.installation.store.progress.watched("northfield", 0)
    await bench.installation.store.progress.see_status(order, "In production", bench.clock())
    page = await olga.get(f"{AT}/rules/status")
    assert page.options["shared.stages:key"][:2] == ["", "In production"]
