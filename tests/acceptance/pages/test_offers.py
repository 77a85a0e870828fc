"""Nothing advises a command or offers a button that the company's connectors cannot do."""

from collections.abc import Callable
from typing import Any

import pytest
from browser import Browser
from edition_one import FIRST_MIS
from makeready_hooks import ConnectorType, Role, hookimpl
from makeready_hooks.errors import NotSupported
from makeready_inspect import order_test
from makeready_inspect.check import check_subscriber
from msgspec import structs
from pretend import Bench


class PlainShop:
    """It has what each shop has, and nothing else."""

    @hookimpl
    async def read_orders(self) -> tuple[()]:
        return ()

    @hookimpl
    async def list_orders(self) -> None: ...

    @hookimpl
    async def read_order_details(self) -> None: ...


@pytest.fixture
def plain(bench: Bench) -> Bench:
    """Its MIS can be asked for orders, and neither it nor the shop can do more."""
    kinds: Any = bench.installation.kinds
    shop = kinds["shop"]
    kinds["shop"] = ConnectorType(
        name="shop", title="Shop", role=Role.STOREFRONT, settings=shop.settings, build=lambda *_: PlainShop()
    )
    kinds["mis"] = FIRST_MIS
    return bench


async def test_a_test_order_is_advised_and_sent_only_where_a_connector_can(plain: Bench) -> None:
    found = await check_subscriber(plain.installation, plain.subscriber)
    assert [one.name for _, one in found if "lost answers" in one.name]
    assert not [one for _, one in found if "test-order" in one.fix]
    test = structs.replace(plain.subscriber, environment="test")
    with pytest.raises(NotSupported, match="can send a test order"):
        await order_test.send(plain.installation, test, "2284")


@pytest.mark.parametrize(("which", "shown"), [("bench", True), ("plain", False)])
async def test_pages_offer_what_can_be_done(
    which: str, shown: bool, request: pytest.FixtureRequest, new_browser: Callable[[], Browser]
) -> None:
    if which == "plain":
        request.getfixturevalue("plain")
    bench: Bench = request.getfixturevalue("bench")
    await bench.installation.set_public_url("http://bridge")
    olga = new_browser()
    await olga.sign_in("olga")
    settings = (await olga.get("/admin/subscribers/northfield/settings")).text
    assert ("Safe to repeat." in settings) is shown
    imports = (await olga.get("/admin/subscribers/northfield/imports")).text
    assert ("Search and import" in imports) is shown
    assert ("Choose products of the MIS" in imports) is shown
    assert "Linked products" in imports
