"""From Pressero's order items, products and engine calls to ours, and back. Pure functions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from makeready_hooks.model.order import Address, Buyer, Order, OrderLine, OrderPart, Party
from makeready_hooks.model.progress import Stage
from makeready_hooks.money import to_unit
from makeready_hooks.names import same_name
from msgspec import structs

from makeready_pressero import plain_xml
from makeready_pressero.assumptions import Assumptions
from makeready_pressero.orders.amounts import amounts_of, totals_of
from makeready_pressero.orders.items import OrderItem
from makeready_pressero.orders.quantities import Count, count_of, pack_size_of
from makeready_pressero.pricing.questions import option_key
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import encode, money, number, read, text

Row = dict[str, Any]


def orders_from(rows: Iterable[Row], settings: PresseroSettings) -> tuple[Order, ...]:
    """Order items, as a search returns them, put together to orders, by rising number.

    Two sites could count their orders apart (not seen): what has another OrderId is another order. An order that cannot
    be read has a ``problem`` that names the member, and no lines.
    """
    by_number: dict[int, list[Row]] = {}
    for row in rows:
        by_number.setdefault(order_number(row), []).append(row)
    return tuple(
        _order_or_problem(number, found, settings)
        for number, of_number in sorted(by_number.items())
        for found in _by_id(of_number)
        if number > 0
    )


def _by_id(rows: list[Row]) -> list[list[Row]]:
    """The items of each order; one that names no order belongs to the first."""
    ids = list(dict.fromkeys(filter(None, (text(row.get("OrderId")) for row in rows)))) or [""]
    return [[row for row in rows if (text(row.get("OrderId")) or ids[0]) == one] for one in ids]


def order_number(row: Row) -> int:
    """0 for an item without one: it cannot be asked for again either."""
    try:
        return number(row.get("OrderNumber"))
    except ValueError:
        return 0


def _order_or_problem(order_number: int, rows: list[Row], settings: PresseroSettings) -> Order:
    try:
        items = _distinct(read(OrderItem, row) for row in rows)
        if items[0].order_date is None:
            raise ValueError("OrderDate is missing")
        return _order(items, items[0].order_date, settings)
    except ValueError as exc:
        return unreadable_order(str(order_number), str(exc), encode(rows), settings, rows[0])


def unreadable_order(
    order_number: str, why: str, document: bytes, settings: PresseroSettings, row: Row | None = None
) -> Order:
    """``document``: what Pressero told of it; ``row``: the first of its items, if there are any."""
    return Order(
        number=order_number,
        id=text((row or {}).get("OrderId")),
        site=text((row or {}).get("Domain")),
        account_id=settings.subscriber_id,
        placed_at=datetime.fromtimestamp(0, UTC),
        buyer=Buyer(),
        bill_to=Party(),
        problem=f"Order {order_number} cannot be read: {why}. Look at the order in Pressero.",
        document=document,
    )


def _order(items: list[OrderItem], placed_at: datetime, settings: PresseroSettings) -> Order:
    first = items[0]
    return Order(
        number=str(first.order_number),
        id=first.order_id,
        site=first.domain,
        account_id=settings.subscriber_id,
        placed_at=placed_at,
        buyer=Buyer(
            id=text(first.extra.get(settings.assumptions.user_id_in_order)),
            first_name=first.ordered_by_first_name,
            last_name=first.ordered_by_last_name,
            email=first.ordered_by_email,
            department=first.ordered_by_department,
        ),
        bill_to=_bill_to(first),
        po_number=first.po_number,
        payment_method=text(first.extra.get(settings.assumptions.payment_method_member)),
        cost_centre=text(first.extra.get(settings.assumptions.cost_centre_member)),
        totals=totals_of(first),
        lines=tuple(
            structs.replace(_line(item, settings.assumptions), **amounts)
            for item, amounts in zip(items, amounts_of(items, settings.assumptions), strict=True)
        ),
    )


def _distinct(items: Iterable[OrderItem]) -> list[OrderItem]:
    """Each item once, as it was read last, by rising number.

    A row can come twice, if it moves to the next page while a list is read. Raises ValueError for items
    that cannot be told apart.
    """
    by_number: dict[int, OrderItem] = {}
    for item in items:
        key = _item_number(item)
        if key < 1:
            raise ValueError("OrderItemNumber is missing")
        if by_number.get(key, item).order_item_id != item.order_item_id:
            raise ValueError(f"item {key} is there twice")
        by_number[key] = item
    return [by_number[key] for key in sorted(by_number)]


def _item_number(item: OrderItem) -> int:
    return item.order_item_number or item.order_item_seq


def _parts(item: OrderItem, names: Assumptions) -> tuple[OrderPart, ...]:
    found = item.extra.get(names.kit_items_member)
    return tuple(
        OrderPart(
            part_number=text(row.get("PrinterPartNumber")),
            description=text(row.get("ProductName")),
            quantity=number(row.get("Quantity")),
            net=to_unit(money(row.get("Price"))),
        )
        for row in (found if isinstance(found, list) else ())
        if isinstance(row, dict)
    )


def _line(item: OrderItem, names: Assumptions) -> OrderLine:
    """Without its amounts."""
    chosen = chosen_options(item.pricing_engine_info)
    count = (
        Count(quantity=item.quantity)
        if names.pieces == "Quantity"
        else count_of(item, pack_size_of(chosen, names.pack_size_option))
    )
    return OrderLine(
        number=_item_number(item),
        id=item.order_item_id,
        product_id=text(item.product.get("ProductId")),
        part_number=item.printer_part_number or text(item.product.get("PrintersPartNum")),
        description=item.product_name or item.item_name,
        quantity=count.quantity,
        pack_size=count.pack_size,
        contradiction=count.contradiction,
        net=None,
        ship_to=_ship_to(item),
        required_on=item.requested_ship_date,
        approved=item.is_approved,
        denied=item.is_denied,
        cancelled=_is_cancelled(item.workflow_stage_printer, names),
        workflow_id=item.workflow_id,
        stage_id=item.workflow_stage_id,
        stage=item.workflow_stage_printer,
        options=item.order_item_options_text,
        chosen=chosen,
        notes=item.item_notes,
        mis_number=item.mis_id,
        parts=_parts(item, names),
        shipping_method=item.shipping_method,
    )


def _is_cancelled(stage: str, names: Assumptions) -> bool:
    return any(same_name(stage, name) for name in names.cancelled_stages)


def chosen_options(info: str) -> tuple[tuple[str, str], ...]:
    """The options that an item was priced with, from ``PricingEngineInfo``: XML in a text, root
    ``PricingParms``, below its ``Options`` pairs of ``Key`` and ``Value`` (seen). () where it cannot be read.
    """
    if not info.strip():
        return ()
    try:
        options = plain_xml.read(info).find("Options")
    except plain_xml.Unreadable:
        return ()
    found = [one for one in options.below() if one.find("Value") is not None] if options else []
    return tuple((option_key(one.text_of("Key")), one.text_of("Value")) for one in found)


def _bill_to(item: OrderItem) -> Party:
    return Party(
        first_name=item.bill_to_first_name,
        last_name=item.bill_to_last_name,
        business=item.bill_to_business,
        email=item.bill_to_email or None,
        phone=item.bill_to_phone or None,
        address=Address(
            line1=item.bill_to_address1,
            line2=item.bill_to_address2 or None,
            line3=item.bill_to_address3 or None,
            city=item.bill_to_city,
            region=item.bill_to_state_province or None,
            postcode=item.bill_to_postal,
            country=item.bill_to_country,
        ),
    )


def _ship_to(item: OrderItem) -> Party:
    return Party(
        first_name=item.ship_to_first_name,
        last_name=item.ship_to_last_name,
        business=item.ship_to_business,
        phone=item.ship_to_phone or None,
        address=Address(
            line1=item.ship_to_address1,
            line2=item.ship_to_address2 or None,
            line3=item.ship_to_address3 or None,
            city=item.ship_to_city,
            region=item.ship_to_state_province or None,
            postcode=item.ship_to_postal,
            country=item.ship_to_country,
        ),
    )


def with_buyer(order: Order, user: Row, names: Assumptions) -> Order:
    """The order with what the shop knows of its buyer."""
    groups = groups_of(user)
    buyer = structs.replace(
        order.buyer,
        id=order.buyer.id or text(user.get("UserId")),
        external_id=text(user.get(names.user_external_id)),
        groups=order.buyer.groups if groups is None else groups,
    )
    return structs.replace(order, buyer=buyer)


def with_groups(order: Order, groups: tuple[str, ...]) -> Order:
    return structs.replace(order, buyer=structs.replace(order.buyer, groups=groups))


def groups_of(user: Row) -> tuple[str, ...] | None:
    """The names of a user's groups (seen in a user's details); None where they are not shown."""
    found = user.get("Groups")
    if not isinstance(found, list):
        return None
    names = (text(one.get("GroupName")) for one in found if isinstance(one, dict))
    return tuple(name for name in names if name)


def stages_from(rows: Iterable[Row]) -> tuple[Stage, ...]:
    """The stages of a workflow in its order: by ``Seq``, as they come where it is missing or odd."""
    stages = sorted(rows, key=_seq)
    return tuple(
        Stage(id=text(row.get("WorkflowStageId")), name=text(row.get("PrinterStage")))
        for row in stages
        if row.get("WorkflowStageId")
    )


def _seq(row: Row) -> int:
    try:
        return number(row.get("Seq"))
    except ValueError:
        return 0
