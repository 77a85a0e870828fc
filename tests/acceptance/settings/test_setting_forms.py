"""Forms of settings: units, boxes, search, what is wrong; in the words of people."""

import re

import pytest
from browser import Browser, Page
from makeready.subscribers.model import RULES, Subscriber
from makeready_admin.settings.fields import fields_of
from pretend import SITE, Bench, line, order
from steps import ask_to_look, settle

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


async def test_all_that_is_wrong_is_told_at_once_and_no_secret_is_typed_twice(
    olga: Browser, bench: Bench
) -> None:
    await olga.get(f"{AT}/connectors/shop")
    page = await olga.send(
        "connectors/shop",
        422,
        **{
            "shared.user": "",
            "shared.port": "many",
            "live.port": "more",
            "shared.password": "hunter-2-hunter",
        },
    )
    assert "3 things have to be corrected" in page.text
    assert "User : User is required." in page.text
    assert [link for link in page.links if link in ("#user", "#port")] == ["#port", "#port", "#user"]
    assert "hunter" not in page.html
    kept = page.form("connectors/shop")["kept:shared.password"][0]
    assert kept.startswith("sealed:")
    await olga.send("connectors/shop", **{"shared.user": "v", "shared.port": "8", "live.port": "9"})
    await olga.send("/settings/save")
    record = (await now(bench)).connectors["shop"]
    assert bench.installation.vault.open(record.shared["password"], field="password") == "hunter-2-hunter"
    assert (record.shared["user"], record.shared["port"], record.live["port"]) == ("v", 8, 9)


async def test_a_secret_that_is_kept_is_for_this_person_and_this_input_alone(
    olga: Browser, new_browser, bench: Bench
) -> None:
    async def kept_in(page: Page) -> str:
        return page.form("connectors/shop")["kept:shared.password"][0]

    await olga.get(f"{AT}/connectors/shop")
    page = await olga.send(
        "connectors/shop", 422, **{"shared.port": "x", "shared.password": "hunter-2-hunter"}
    )
    kept = await kept_in(page)
    for wrong in (bench.installation.vault.seal("hunter-2-hunter"), "sealed:x", kept[:-2]):
        await olga.get(f"{AT}/connectors/shop")
        page = await olga.send("connectors/shop", 422, **{"kept:shared.password": wrong})
    await olga.get(f"{AT}/connectors/mis")
    page = await olga.send("connectors/mis", 422, **{"kept:shared.password": kept})
    assert "Type it again" in page.text


async def test_a_length_of_time_is_a_number_and_a_unit(olga: Browser, bench: Bench) -> None:
    page = await olga.get(f"{AT}/rules/stock")
    assert 'placeholder="Default: 6 hours"' in page.html
    assert page.form("rules/stock")["shared.stale_after_s:unit"] == ["3600"]
    at = "shared.stale_after_s"
    page = await olga.send("rules/stock", **{at: "1,5", f"{at}:unit": "86400"})
    assert "Stock: Hide stock older than default: 6 hours 36 hours" in page.text
    await olga.send("/settings/save")
    assert (await now(bench)).stock.stale_after_s == 1.5 * 86_400
    page = await olga.get(f"{AT}/rules/stock")
    form = page.form("rules/stock")
    assert (form[at], form[f"{at}:unit"]) == (["36"], ["3600"])
    page = await olga.send(
        "rules/stock", 422, **{"shared.poll_every_s": "2", "shared.poll_every_s:unit": "1"}
    )
    assert "Give 10 seconds or more." in page.text


async def test_texts_for_buyers_are_written_in_boxes(olga: Browser, bench: Bench) -> None:
    await changed(
        olga, "rules/stock", **{"shared.texts:fr:out": "Épuisé.", "shared.texts:en:out": "Sold out."}
    )
    assert (await now(bench)).stock.texts == {"en": {"out": "Sold out."}, "fr": {"out": "Épuisé."}}
    page = await olga.get(f"{AT}/rules/stock")
    assert page.form("rules/stock")["shared.texts:fr:out"] == ["Épuisé."]
    assert "Nothing changes." in (await olga.send("rules/stock")).text


async def test_a_setting_is_found_by_its_words(olga: Browser, mia: Browser, bench: Bench) -> None:
    page = await olga.get(f"{AT}?find=mark-up+added")
    assert "Prices: Mark-up is added by" in page.text
    assert "/admin/subscribers/northfield/settings/rules/prices#markup" in page.links
    assert "No setting has these words." in (await mia.get(f"{AT}?find=stage+weather")).text, "all of them"


async def test_what_a_change_will_do_is_counted_before_it_is_saved(olga: Browser, bench: Bench) -> None:
    bench.shop.orders["7002"] = order("7002", line(1, stage="Elsewhere"))
    await ask_to_look(bench, "7002")
    await settle(bench)
    await olga.get(f"{AT}/rules/orders")
    page = await olga.send("rules/orders", **{"shared.trigger_stage": "Press"})
    assert "1 order line that waits is judged by it." in page.text
    await olga.send("/settings/save")
    assert "settings save Orders" in (await olga.get("/audit")).text, "the audit log says of what"


INTERNAL = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


async def test_no_page_of_settings_shows_a_field_s_own_name(olga: Browser, bench: Bench) -> None:
    await changed(olga, "rules/orders", **{"shared.trigger_stage": "Press", "shared.grouping": "order"})
    await changed(olga, "rules/stock", **{"shared.settle_s": "9", "shared.settle_s:unit": "60"})
    shown = {
        part: (await olga.get(f"{AT}{part}")).text
        for part in ("", "/history", "/general", "/connectors/shop")
    }
    shown |= {name: (await olga.get(f"{AT}/rules/{name}")).text for name in RULES}
    await olga.get(f"{AT}/rules/calls")
    wrong = {
        "checks of a Struct": await olga.send("rules/calls", 422, **{"shared.keep": "7"}),
    }
    await olga.get(f"{AT}/rules/prices")
    wrong["checks of rules"] = await olga.send("rules/prices", 422, **{"shared.markup_percent": "30"})
    await olga.get(f"{AT}/rules/status")
    wrong["of two"] = await olga.send("rules/status", 422, **{"shared.enabled": "yes", "shared.ship": "no"})
    shown |= {name: page.text for name, page in wrong.items()}
    assert {name: found for name, text in shown.items() if (found := INTERNAL.findall(text))} == {}
    assert not [name for name, text in shown.items() if "TOML" in text]


EXAMPLES = {
    ("orders", "starts_at"): "2026-03-02T09:15:00Z",
    ("orders", "reference_prefix"): "W-",
    ("alerts", "quiet_hours"): "22:00-06:00",
    ("alerts", "digest_at"): "07:00",
    ("alerts", "working_hours"): "08:00-18:00",
    ("alerts", "time_zone"): "Europe/London",
    ("stock", "language"): "fr",
    ("prices", "shop_markups_removed_at"): "2026-03-02 09:15:00",
}
ROW_EXAMPLES = {
    ("routes", "products"): ("ACME-*", "mis"),
    ("stock", "domains"): ("www.shop.example", SITE),
    ("prices", "currencies"): ("shop", "GBP"),
}


async def test_the_examples_of_the_help_can_be_typed(new_browser, bench: Bench) -> None:
    bench.clock.now = 1_800_000_000.0  # after all of them
    olga: Browser = new_browser()
    await olga.sign_in("olga")
    for (name, setting), example in EXAMPLES.items():
        [field] = [one for one in fields_of(RULES[name]) if one.name == setting]
        assert example in field.description or example in field.default_words, (name, setting)
        await olga.get(f"{AT}/rules/{name}")
        await olga.send(f"rules/{name}", **{f"shared.{setting}": example})
    for (name, setting), (key, value) in ROW_EXAMPLES.items():
        [field] = [one for one in fields_of(RULES[name]) if one.name == setting]
        assert key in field.description or value in field.description, (name, setting)
        await olga.get(f"{AT}/rules/{name}")
        at = f"shared.{setting}"
        await olga.send(f"rules/{name}", **{f"{at}:name": key, f"{at}:value": value})


def test_every_example_of_a_help_text_is_tried() -> None:
    """Whoever writes another one tries it too."""
    told = {
        (name, field.name)
        for name, kind in RULES.items()
        for field in fields_of(kind)
        if re.search(r"[Ss]uch as [^aw]", field.description)
    }
    assert told <= {*EXAMPLES, *ROW_EXAMPLES, ("orders", "too_long")}
