"""A connector's own defects: findings that name it, its hook and its version, and the end of nothing else."""

import asyncio
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from makeready import plugins
from makeready.connectors import Connectors
from makeready.connectors.trouble import HookTroubles
from makeready.connectors.watchdog import BLOCKED_S, watchdog
from makeready_hooks import CONNECTORS, ConnectorType, Role, hookimpl
from makeready_hooks.errors import ConfigError, OutcomeUnknown, RetryLater
from makeready_hooks.model.names import OrderNames
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.model.product import ShopProduct
from makeready_hooks.model.submission import PreparedOrder
from makeready_inspect.check import check_subscriber
from pretend import Bench, PretendSettings, order
from steps import ask_to_look, settle, states
from structlog.testing import capture_logs

QUERY = PriceQuery(product_id="1", quantity=1)
QUOTE = Quote(total=Decimal(5))


class Entry:
    """As a distribution names a connector."""

    name, value = "acme", "acme:OFFER"

    class dist:  # noqa: N801 - as in importlib.metadata
        name, version = "makeready-acme", "1.2"


class Acme:
    """Every hook does what the test says."""

    def __init__(self, does: Callable[[], Any]) -> None:
        self._does = does

    @hookimpl
    async def list_shop_products(self, site: str) -> Any:
        return self._does()

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> Any:
        return self._does()

    @hookimpl
    async def order_accepted(self) -> Any:
        return self._does()

    @hookimpl
    def adjust_quote(self) -> Any:
        return self._does()

    @hookimpl
    def order_address(self) -> Any:
        return self._does()


def acme(does: Callable[[], Any]) -> tuple[Connectors, HookTroubles]:
    kind = ConnectorType(
        name="acme", title="Acme", role=Role.OBSERVER, settings=PretendSettings, build=lambda *_: None
    )
    troubles = HookTroubles(lambda: 7.0)
    return Connectors({"acme": kind}, {"acme": Acme(does)}, company="northfield", troubles=troubles), troubles


def raising(error: BaseException) -> Callable[[], Any]:
    def does() -> Any:
        raise error

    return does


@pytest.fixture(autouse=True)
def acme_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = plugins.entry_points

    def entry_points(*, group: str) -> Any:
        return [Entry] if group == CONNECTORS else real(group=group)

    monkeypatch.setattr(plugins, "entry_points", entry_points)


@pytest.mark.parametrize(
    ("does", "what"),
    [
        (raising(KeyError("price")), "KeyError."),
        (raising(SystemExit("not today")), "SystemExit."),
        (raising(TimeoutError()), "TimeoutError."),
        (lambda: "a text", "it answers str"),
        (lambda: (7,), "it answers tuple"),
    ],
)
async def test_a_defect_is_told_with_connector_hook_and_version(does: Callable[[], Any], what: str) -> None:
    connectors, troubles = acme(does)
    with pytest.raises(RetryLater, match=r"makeready-acme 1\.2") as caught:
        await connectors.list_shop_products("a.example")
    assert str(caught.value).startswith(
        f"The connector acme (makeready-acme 1.2) has a defect in list_shop_products: {what}"
    )
    [told] = troubles.of("northfield")
    assert (told.key.hook, told.text, told.at, told.count) == (
        "list_shop_products",
        caught.value.message,
        7.0,
        1,
    )
    assert troubles.of("southfield") == []
    with pytest.raises(RetryLater):
        await connectors.list_shop_products("a.example")
    assert [one.count for one in troubles.of()] == [2]


async def test_of_a_write_the_outcome_is_unknown_and_the_contracts_errors_stay_what_they_are() -> None:
    connectors, troubles = acme(raising(ZeroDivisionError()))
    with pytest.raises(OutcomeUnknown, match="submit_order"):
        await connectors.submit_order("acme", PreparedOrder(key="1", payload=b""))
    connectors, troubles = acme(raising(RetryLater("down")))
    with pytest.raises(RetryLater, match=r"^down$"):
        await connectors.submit_order("acme", PreparedOrder(key="1", payload=b""))
    assert troubles.of() == []


async def test_no_secret_is_told_or_logged() -> None:
    connectors, troubles = acme(raising(ValueError("refused hush-hush")))
    connectors.secrets.add("hush-hush")
    with capture_logs() as noted, pytest.raises(RetryLater) as caught:
        await connectors.list_shop_products("a.example")
    assert "refused (hidden)" in noted[0]["trace"], "the log has the whole of it"
    assert "hush" not in f"{noted} {troubles.of()} {caught.value}"
    assert "refused" not in f"{troubles.of()} {caught.value}", "a plugin's words are not shown to people"


async def test_a_cancelled_hook_is_cancelled_and_no_defect() -> None:
    ended: list[str] = []

    class Waits:
        @hookimpl
        async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("list_shop_products")
            return ()

    kind = ConnectorType(name="a", title="A", role=Role.OBSERVER, settings=PretendSettings, build=Waits)
    troubles = HookTroubles(time.time)
    connectors = Connectors({"a": kind}, {"a": Waits()}, troubles=troubles)
    task = asyncio.ensure_future(connectors.list_shop_products("a.example"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (ended, troubles.of()) == (["list_shop_products"], [])


@pytest.mark.parametrize(
    "does",
    [
        raising(ValueError("rush hour")),
        lambda: QUOTE.total,
        lambda: Quote(total=4.5),  # type: ignore[arg-type]
        lambda: Quote(total=Decimal(-1)),
        lambda: Quote(total=Decimal("NaN")),
    ],
)
def test_a_price_is_as_it_was_where_an_adjuster_has_a_defect(does: Callable[[], Any]) -> None:
    connectors, troubles = acme(does)
    assert connectors.adjust_quote(QUOTE, QUERY) == QUOTE
    assert [one.key.hook for one in troubles.of()] == ["adjust_quote"]


async def test_who_only_links_holds_up_nothing() -> None:
    connectors, troubles = acme(raising(ValueError()))
    assert connectors.order_address("acme", OrderNames()) == ""
    assert {one.key.hook for one in troubles.of()} == {"order_address"}


async def test_who_blocks_everything_else_is_named_while_it_does_and_afterwards() -> None:
    with capture_logs() as noted, watchdog():
        connectors, troubles = acme(lambda: time.sleep(BLOCKED_S + 0.6))
        assert connectors.order_address("acme", OrderNames()) == ""
    [blocked] = [one for one in noted if one["event"] == "a connector blocks everything else"]
    assert blocked["connector"] == "acme, order_address"
    assert "time.sleep" in blocked["where"]
    assert "it blocked everything else for" in troubles.of()[0].text


@pytest.mark.parametrize(
    ("connector", "why"),
    [(object(), "it implements no hook"), (Acme(lambda: None), "has map_order; it has not")],
)
def test_what_lacks_what_its_role_needs_is_not_made(connector: object, why: str) -> None:
    kind = ConnectorType(name="a", title="A", role=Role.MIS, settings=PretendSettings, build=lambda *_: None)
    if why.startswith("it implements"):
        kind = ConnectorType(
            name="a", title="A", role=Role.OBSERVER, settings=PretendSettings, build=kind.build
        )
    with pytest.raises(ConfigError, match=why):
        Connectors({"a": kind}, {"a": connector})


async def test_an_order_that_meets_a_defect_is_looked_for_and_the_check_of_the_company_tells(
    bench: Bench,
) -> None:
    bench.shop.orders = {"6994": order("6994")}
    bench.mis.before_effect = [ZeroDivisionError("a defect")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["in_doubt"]
    found = await check_subscriber(bench.installation, bench.subscriber)
    [defect] = [one for _, one in found if one.name == "defect"]
    assert not defect.ok
    assert "The connector mis has a defect in submit_order: ZeroDivisionError." in defect.message
