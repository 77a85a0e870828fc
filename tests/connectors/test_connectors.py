from decimal import Decimal

import pytest
from makeready.connectors import Connectors
from makeready_hooks import ConnectorType, Role, hookimpl
from makeready_hooks.errors import NotSupported
from makeready_hooks.model.names import OrderNames
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.model.product import ShopProduct
from pretend import PretendSettings


def facade(**objects: object) -> Connectors:
    kinds = {
        name: ConnectorType(
            name=name,
            title=name,
            role=Role.OBSERVER,
            settings=PretendSettings,
            build=lambda settings, context: None,
        )
        for name in objects
    }
    return Connectors(kinds, objects)


class Products:
    def __init__(self, *names: str) -> None:
        self.asked = 0
        self._names = names

    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...] | None:
        self.asked += 1
        return tuple(ShopProduct(id=name) for name in self._names) or None


class Address:
    def __init__(self, text: str) -> None:
        self._text = text

    @hookimpl
    def order_address(self, order: OrderNames) -> str:
        return self._text


async def test_the_first_answer_wins_and_nobody_else_is_asked() -> None:
    first, second = Products("a"), Products("b")
    found = await facade(second=second, first=first).list_shop_products("shop.example")
    assert [one.id for one in found] == ["a"]
    assert second.asked == 0


async def test_a_connector_that_does_not_know_leaves_the_question_to_the_next() -> None:
    found = await facade(second=Products("b"), first=Products()).list_shop_products("shop.example")
    assert [one.id for one in found] == ["b"]


async def test_a_capability_that_no_connector_has_is_named() -> None:
    with pytest.raises(NotSupported, match="list_shop_products"):
        await facade(nothing=Address("")).list_shop_products("shop.example")


async def test_one_that_is_named_is_asked_alone_and_no_name_is_nobody() -> None:
    both = facade(a=Address("https://a.example"), b=Address("javascript:b"), c=Products())
    names = ("a", "b", "c", "")
    found = [both.order_address(name, OrderNames()) for name in names]
    assert found == ["https://a.example", "", "", ""]


def test_each_plugin_adjusts_the_quote_that_the_one_before_left() -> None:
    class Doubler:
        @hookimpl
        def adjust_quote(self, quote: Quote, query: PriceQuery) -> Quote:
            return Quote(total=quote.total * 2)

    adjusted = facade(a=Doubler(), b=Products(), c=Doubler()).adjust_quote(
        Quote(total=Decimal(5)), PriceQuery(product_id="1", quantity=1)
    )
    assert adjusted.total == 20


def test_a_misspelt_hook_is_found_at_once() -> None:
    class Misspelt:
        @hookimpl
        def read_webhok(self) -> None: ...

    with pytest.raises(Exception, match="read_webhok"):
        facade(wrong=Misspelt())
