"""A connector talks through `makeready capture` to its vendor's emulator, each a process of its own."""

import json
import re
import tomllib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w
from makeready.outbound.client import ConnectorHttp, Outbound
from makeready_hooks import ConnectorContext, ConnectorType, decode_secret, new_manager
from makeready_hooks.http import Http
from makeready_hooks.model.order import OrderRef
from makeready_hooks.model.product import ProductSearch
from makeready_hooks.model.submission import OrderRequest
from makeready_hooks.testing.emulation import EmulatorType
from makeready_hooks.testing.kit import an_order
from makeready_hooks.testing.samples import SampleHttp, read_sample
from makeready_lab.demo.orders import live_order
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_pressero_emulator import EMULATOR as SHOP
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from makeready_tharstern_emulator import EMULATOR as MIS
from plain_server import THIS_MACHINE
from processes import Running, run, running

PEOPLE = (
    "Ada",
    "Quill",
    "Northfield Museums",
    "ada@northfield.example",
    "2 Mill Lane",
    "LS1 4AP",
    "0113 496 0000",
)


def hooks_of(kind: ConnectorType, settings: Mapping[str, Any], http: Http) -> Any:
    manager = new_manager()
    built = msgspec.convert(settings, kind.settings, dec_hook=decode_secret)
    manager.register(kind.build(built, ConnectorContext(subscriber="northfield", http=http)))
    return manager.hook


async def captured(
    kind: ConnectorType,
    emulator: EmulatorType,
    address: str,
    out: Path,
    use: Callable[[Any, Any], Awaitable[None]],
) -> tuple[list[str], dict[str, Any]]:
    """What the command said; the settings that the connector had."""
    with running("emulate", emulator.name) as vendor:
        async with aclosing(emulator.driver(vendor.url)) as driver:
            settings = dict(await driver.connector_settings())
            with capturing(kind, vendor.url, out, settings) as proxy:
                async with aclosing(Outbound(reach=THIS_MACHINE)) as outbound:
                    http = ConnectorHttp(outbound, "northfield", kind.name, None)
                    await use(hooks_of(kind, {**settings, address: proxy.url}, http), driver)
            return proxy.output, settings


@contextmanager
def capturing(kind: ConnectorType, to: str, out: Path, settings: Mapping[str, Any]) -> Iterator[Running]:
    """Nothing is on the disk until it ends."""
    known = out.parent / "settings.toml"
    known.write_text(tomli_w.dumps(settings))
    arguments = ["capture", kind.name, "--to", to, "--out", str(out), "--settings", str(known)]
    with running(*arguments, says=r"captured at (http://\S+)") as proxy:
        yield proxy
        assert not out.exists()
        assert proxy.stop() == 0


def assert_nobody_is_in(text: str, *more: str) -> None:
    found = [one for one in (*more, *PEOPLE) if re.search(rf"\b{re.escape(one)}\b", text, re.IGNORECASE)]
    assert found == []


async def first(hook: Any, *args: Any, **given: Any) -> Any:
    answers = [await one for one in hook(*args, **given)]
    return answers[0]


async def use_mis(hook: Any, driver: Any) -> None:
    await first(hook.check_connection)
    page = await first(hook.search_mis_products, search=ProductSearch())
    assert page.products
    request = OrderRequest(key="7101-1", order=an_order(), product_ids=("2284",))
    prepared = hook.map_order(request=request)
    accepted = await first(hook.submit_order, prepared=prepared)
    assert len(await first(hook.read_order_progress, accepted=(accepted,))) == 1


async def test_an_mis_is_captured_without_a_secret_or_a_person_and_plays_back(tmp_path: Path) -> None:
    out = tmp_path / "sample.json"
    said, settings = await captured(THARSTERN, MIS, "server_url", out, use_mis)
    assert_nobody_is_in(out.read_text(), settings["password"], settings["api_key"], settings["login"])
    assert read_sample(out).exchanges[0].path.endswith("authentication/GenerateAPIToken")
    verdicts = {line.split()[0]: line.split()[1] for line in said if len(line.split()) > 2}
    assert verdicts["product_code"] == verdicts["order_number"] == verdicts["order_status"] == "confirmed"
    assert "estimate_price" not in verdicts

    http = SampleHttp(read_sample(out))
    settings = {**settings, "server_url": "https://vendor.example", "allow_plain_http": False}
    hook = hooks_of(THARSTERN, settings, http)
    page = await first(hook.search_mis_products, search=ProductSearch())
    assert page.products[0].price > Decimal(0)
    with pytest.raises(LookupError, match="no answer to GET"):
        await first(hook.read_mis_products, product_ids=("1", "2"))


async def test_an_assumption_that_is_wrong_is_refuted_by_what_was_said(tmp_path: Path) -> None:
    out, known = tmp_path / "sample.json", tmp_path / "settings.toml"
    await captured(THARSTERN, MIS, "server_url", out, use_mis)
    given = {
        **tomllib.loads(known.read_text()),
        "assumptions": {"product_code": "ItemCode", "stock_on_hand": "QtyInStock"},
    }
    known.write_text(tomli_w.dumps(given))
    done = run("assumptions", "tharstern", "--settings", str(known), "--capture", str(out), "--json")
    told = {one["name"]: one for one in json.loads(done.stdout)}
    assert told["product_code"]["verdict"] == "refuted"
    assert "ItemCode" in told["product_code"]["seen"]
    assert told["stock_on_hand"]["verdict"] == "confirmed"
    assert told["customer_filter"]["verdict"] == "not seen"


async def use_shop(hook: Any, driver: Any) -> None:
    site = (await driver.sites())[0]
    part = next(one["PrintersPartNum"] for one in await driver.products() if one.get("PrintersPartNum"))
    placed = await driver.place_order(live_order(site, part))
    await first(hook.check_connection)
    assert await first(hook.list_sites)
    await first(hook.read_site_choices, site=site)
    now = datetime.now(UTC)
    page = await first(
        hook.list_orders, start=now - timedelta(days=2), end=now + timedelta(days=1), cursor=None
    )
    order = next(one for one in page.orders if one.number == str(placed.order_number))
    assert order.lines[0].ship_to.last_name == "Quill"
    await first(hook.read_orders, refs=(OrderRef(number=order.number),))


async def test_a_shop_is_captured_without_a_secret_or_a_person(tmp_path: Path) -> None:
    out = tmp_path / "sample.json"
    said, settings = await captured(PRESSERO, SHOP, "admin_url", out, use_shop)
    assert_nobody_is_in(out.read_text(), settings["password"], settings["user_name"])
    assert '"PrintersPartNum"' in out.read_text()
    verdicts = {line.split()[0]: line.split()[1] for line in said if len(line.split()) > 2}
    assert verdicts["sites_path"] == verdicts["groups_path"] == verdicts["workflow_id"] == "confirmed"


def test_what_cannot_be_captured_is_said_in_a_sentence(tmp_path: Path) -> None:
    out = str(tmp_path / "sample.json")
    done = run("capture", "nobody", "--to", "http://127.0.0.1:1", "--out", out)
    assert (done.returncode, "There is no connector nobody." in done.stderr) == (3, True)
    done = run("capture", "tharstern", "--to", "mis.example", "--out", out)
    assert (done.returncode, "mis.example is no address of a vendor." in done.stderr) == (3, True)
