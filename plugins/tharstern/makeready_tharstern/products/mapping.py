"""From Tharstern's products to ours. Pure functions."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from makeready_hooks.model.product import MisProduct, PriceBreak, ProductKind, StockLevel

from makeready_tharstern import wire
from makeready_tharstern.assumptions import Assumptions


def product_from(item: dict[str, Any], names: Assumptions) -> wire.Product:
    """Read one product by the member names that this site uses. Raises KeyError without an ID."""
    return wire.Product(
        id=str(item["ID"]),
        type_id=int(wire.decimal_or_none(item.get("ProductTypes_ID", item.get("ProductTypeID"))) or 0),
        code=str(item.get(names.product_code) or ""),
        name=str(item.get(names.product_name) or ""),
        kind=item.get(names.product_kind),
        price=wire.decimal_or_none(item.get(names.product_price)),
        breaks=_breaks(item, names),
        customer_prices=_customer_prices(item, names),
        on_hand=wire.decimal_or_none(item.get(names.stock_on_hand)),
        allocated=wire.decimal_or_none(item.get(names.stock_allocated)) or Decimal(0),
        weight_kg=wire.decimal_or_none(item.get(names.weight)),
        extra=item,
    )


def _breaks(item: dict[str, Any], names: Assumptions) -> tuple[tuple[int, Decimal], ...]:
    listed = item.get(names.price_breaks)
    rows = listed if isinstance(listed, list) else []
    return tuple(filter(None, (_break(one, names) for one in rows if isinstance(one, dict))))


def _customer_prices(item: dict[str, Any], names: Assumptions) -> tuple[wire.CustomerPrice, ...]:
    listed = item.get(names.customer_prices)
    return tuple(
        wire.CustomerPrice(
            customer=str(one.get(names.customer_prices_code) or ""),
            price=wire.decimal_or_none(one.get(names.product_price)),
            breaks=_breaks(one, names),
        )
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
    )


def _break(one: dict[str, Any], names: Assumptions) -> tuple[int, Decimal] | None:
    quantity = wire.decimal_or_none(one.get(names.break_quantity))
    price = wire.decimal_or_none(one.get(names.break_price))
    return None if quantity is None or price is None else (int(quantity), price)


def mis_product(product: wire.Product, names: Assumptions) -> MisProduct:
    return MisProduct(
        id=product.id,
        code=product.code,
        name=product.name,
        kind=kind_of(product, names),
        type_id=str(product.type_id) if product.type_id else "",
        price_breaks=price_breaks(product.price, product.breaks),
        stock=None if product.on_hand is None else product.on_hand - product.allocated,
        weight_kg=product.weight_kg,
    )


def kind_of(product: wire.Product, names: Assumptions) -> ProductKind:
    if product.kind is not None and product.kind not in names.sellable_kinds:
        return ProductKind.OTHER
    return ProductKind.MADE_TO_ORDER if product.type_id > 0 else ProductKind.STOCK


def price_breaks(price: Decimal | None, breaks: tuple[tuple[int, Decimal], ...]) -> tuple[PriceBreak, ...]:
    """By rising quantity; the unit price is the break from 1, unless there is one."""
    by_quantity = dict(breaks)
    if price is not None:
        by_quantity.setdefault(1, price)
    return tuple(
        PriceBreak(from_quantity=quantity, unit_price=unit_price)
        for quantity, unit_price in sorted(by_quantity.items())
    )


def stock_level(product: wire.Product, as_of: datetime, names: Assumptions) -> StockLevel | None:
    if product.on_hand is None:
        return None
    return StockLevel(
        product_id=product.id,
        on_hand=product.on_hand,
        allocated=product.allocated,
        expected_on=wire.day_or_none(product.extra.get(names.stock_expected)),
        as_of=as_of,
    )
