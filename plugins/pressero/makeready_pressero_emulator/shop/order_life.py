"""The life of an order: placed, approved or denied item by item, moved from stage to stage."""

from calendar import timegm
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from makeready_pressero_emulator.shop import inventory, prices, webhooks
from makeready_pressero_emulator.state.journal import Entry
from makeready_pressero_emulator.state.records import (
    Address,
    KitPart,
    Order,
    OrderItem,
    Payment,
    Product,
    Site,
    Stage,
    StageChange,
    StoredFile,
    User,
    Workflow,
)
from makeready_pressero_emulator.world import World

FIRST_STAGE = "Order Received"
LAST_STAGE = "Order Completed"


class Refused(Exception):
    """The shop does not take the order; the text says why."""


class FileDraft(Struct, frozen=True, kw_only=True):
    file_name: str
    content: bytes = b""
    url: str = ""
    """Where it already lies; empty to keep the content here."""
    kind: str = ""


class ItemDraft(Struct, frozen=True, kw_only=True):
    product: Product
    quantity: int
    price: Decimal | None = None
    """None lets the shop price the item through its engine."""
    ship_to: Address
    name: str | None = None
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    options: tuple[dict[str, Any], ...] | None = None
    """None takes the first choice of each."""
    notes: str | None = None
    attributes: tuple[dict[str, Any], ...] = ()
    job_number: str | None = None
    shipping_method: str | None = None
    files: tuple[FileDraft, ...] = ()
    parts: Mapping[str, int] = {}
    """Of a kit: how many of a part in one kit, by part number, where that is not what the kit has."""


class OrderDraft(Struct, frozen=True, kw_only=True):
    site: Site
    user: User
    bill_to: Address
    items: tuple[ItemDraft, ...]
    needs_approval: bool
    po_number: str | None = None
    notes: str | None = None
    requested_ship_date: date | None = None
    is_paid: bool = False
    payment_method: str | None = None
    number: int | None = None
    ordered_at: datetime | None = None


async def place(world: World, entry: Entry, draft: OrderDraft) -> Order:
    """Price what has no price yet, then take the order as a whole. Raises Refused and changes nothing."""
    if not draft.items:
        raise Refused("An order has at least one item.")
    priced = [await _priced(world, item, draft.user) for item in draft.items]
    number = _number(world, draft)
    _check_stock(world, draft)
    order = _order(world, draft, number)
    order.items = [
        _item(world, order, n, item, price, pending=draft.needs_approval)
        for n, (item, price) in enumerate(zip(draft.items, priced, strict=True), start=1)
    ]
    _pay(world, order, draft)
    if world.shop.orders.setdefault(number, order) is not order:
        world.shop.namesakes.setdefault(number, []).append(order)
    world.shop.next_order_number = max(world.shop.next_order_number, number + 1)
    world.changed(entry, "order-created", order=number, items=len(order.items))
    _tell_placed(world, entry, order, pending=draft.needs_approval)
    return order


def check_files(product: Product, given: int) -> None:
    """Raises Refused if a buyer gives fewer files than the product needs."""
    needed = [upload.name for upload in product.uploads if upload.required]
    if given < len(needed):
        raise Refused(f"{product.name} needs a file: {needed[given]}.")


def approve(world: World, entry: Entry, order: Order, item: OrderItem) -> None:
    """Raises Refused if it was decided before."""
    _check_open(order, item)
    item.is_approved, item.approved_at = True, world.clock.now()
    world.changed(entry, "item-approved", order=order.number, item=item.number)
    _decided(world, entry, order)
    webhooks.item_event(world, entry, "OrderItemApproved", order, item)


def deny(world: World, entry: Entry, order: Order, item: OrderItem) -> None:
    """Raises Refused if it was decided before."""
    _check_open(order, item)
    item.is_denied = True
    world.changed(entry, "item-denied", order=order.number, item=item.number)
    _decided(world, entry, order)
    webhooks.item_event(world, entry, "OrderItemDenied", order, item)


def replace_file(
    world: World, entry: Entry, order: Order, item: OrderItem, name: str, draft: FileDraft
) -> None:
    """The event is assumed: files of the item were made. Raises Refused if it has no file of that name."""
    place = next((n for n, file in enumerate(item.files) if file.file_name == name), None)
    if place is None:
        raise Refused(f"Item {order.number}-{item.number} has no file {name}.")
    before = item.files[place].url
    item.files[place] = _stored(world, order, item.number, draft, before)
    world.changed(entry, "file-replaced", order=order.number, item=item.number)
    webhooks.item_event(world, entry, "OrderItemFilesGenerated", order, item)


def edit(world: World, entry: Entry, order: Order, item: OrderItem, members: dict[str, Any]) -> None:
    """Show members of an item otherwise from now on, whatever rules the shop's screens have."""
    item.edits |= members
    world.changed(entry, "item-edited", order=order.number, item=item.number, members=sorted(members))
    webhooks.item_event(world, entry, "OrderItemUpdated", order, item)


def move(
    world: World, entry: Entry, order: Order, item: OrderItem, stage: Stage, notes: str | None = None
) -> None:
    """Put an item into a stage; also into the one it is in, which is noted again."""
    item.workflow_stage_id = stage.workflow_stage_id
    change = StageChange(workflow_stage_id=stage.workflow_stage_id, at=world.clock.now(), notes=notes)
    item.history.append(change)
    world.changed(
        entry, "stage-changed", order=order.number, item=item.number, stage=stage.printer_stage, notes=notes
    )
    webhooks.item_event(world, entry, "OrderItemStatusChanged", order, item)
    if stage.printer_stage == LAST_STAGE:
        _completed(world, entry, order, item)


def shares(total: Decimal, parts: int) -> list[Decimal]:
    """The order's shipping over its items, to the cent; what is left over goes to the first."""
    if not parts:
        return []
    share = (total / parts).quantize(Decimal("0.01"))
    return [total - share * (parts - 1)] + [share] * (parts - 1)


def workflow_of(world: World, item: OrderItem) -> Workflow:
    """The workflow that holds the item's stage."""
    for workflow in world.shop.workflows.values():
        if any(stage.workflow_stage_id == item.workflow_stage_id for stage in workflow.stages):
            return workflow
    raise KeyError(item.workflow_stage_id)


async def _priced(world: World, item: ItemDraft, user: User) -> prices.Priced:
    if item.quantity < 1:
        raise Refused("A quantity is at least 1.")
    if item.price is not None:
        return prices.Priced(cost=item.price, weight=item.weight, options=item.options or ())
    if item.options is None:
        priced = await prices.price_as_page_does(world, item.product, item.quantity, user)
    else:
        priced = await prices.price(world, item.product, item.quantity, list(item.options), user)
    if priced.error:
        raise Refused(priced.error)
    return priced


def _check_stock(world: World, draft: OrderDraft) -> None:
    try:
        for item in draft.items:
            inventory.check(world, item.product, item.quantity)
    except inventory.OutOfStock as reason:
        raise Refused(str(reason)) from reason


def _number(world: World, draft: OrderDraft) -> int:
    number = draft.number or world.shop.next_order_number
    if number in world.shop.orders and world.switches.text("same-number") == "refuse":
        raise Refused(f"There is an order {number} already.")
    return number


def _order(world: World, draft: OrderDraft, number: int) -> Order:
    return Order(
        order_id=world.ids.new(),
        number=number,
        site_id=draft.site.site_id,
        user_id=draft.user.user_id,
        ordered_at=draft.ordered_at or _tenths(world.clock.now()),
        requested_ship_date=draft.requested_ship_date,
        po_number=draft.po_number,
        notes=draft.notes,
        bill_to=draft.bill_to,
        is_paid=draft.is_paid,
        visible=not (draft.needs_approval and world.switches.on("pending-page")),
    )


def _item(
    world: World, order: Order, number: int, draft: ItemDraft, priced: prices.Priced, *, pending: bool
) -> OrderItem:
    product = draft.product
    stage = first_stage(world, product)
    return OrderItem(
        order_item_id=world.ids.new(),
        number=number,
        product_id=product.product_id,
        name=draft.name or product.name,
        quantity=draft.quantity,
        price=priced.cost,
        shipping=draft.shipping,
        tax=draft.tax,
        discount=draft.discount,
        weight=priced.weight,
        options=list(priced.options),
        ship_to=draft.ship_to,
        shipping_method=draft.shipping_method,
        notes=draft.notes,
        attributes=list(draft.attributes),
        is_approved=not pending,
        approved_at=None if pending else order.ordered_at,
        workflow_stage_id=stage.workflow_stage_id,
        history=[StageChange(workflow_stage_id=stage.workflow_stage_id, at=order.ordered_at)],
        files=[_stored(world, order, number, file) for file in draft.files],
        job_number=draft.job_number,
        kit=[_ordered(part, draft) for part in product.kit],
    )


def _ordered(part: KitPart, draft: ItemDraft) -> KitPart:
    in_one = draft.parts.get(part.part_number, part.quantity)
    return KitPart(part_number=part.part_number, name=part.name, quantity=in_one * draft.quantity)


def first_stage(world: World, product: Product) -> Stage:
    """New items begin at "Order Received" of their product's workflow (seen), else at its first stage."""
    stages = world.shop.workflows[product.workflow_id].stages
    return next((stage for stage in stages if stage.printer_stage == FIRST_STAGE), stages[0])


def _stored(world: World, order: Order, number: int, file: FileDraft, before: str = "") -> StoredFile:
    """``before``: the address of the file whose place it takes; its own is another, though both came at one moment."""
    late_s = world.switches.number("late-files-s")
    return StoredFile(
        file_name=file.file_name,
        url=file.url or _file_url(world, order.number, number, file.file_name, before),
        content=file.content,
        kind=file.kind,
        available_at=world.clock.now() + timedelta(seconds=late_s),
    )


def _file_url(world: World, order: int, item: int, file_name: str, before: str) -> str:
    """The shape of the vendor's addresses (seen), on this host."""
    subscriber, now = world.shop.subscriber.subscriber_id, world.clock.now()
    stamp = timegm(now.timetuple()) * 1000 + now.microsecond // 1000
    file = f"{world.base_url}/files/subscribers/{subscriber}/orders/{order}/{item}/{quote(file_name)}"
    found = f"{file}?timestamp={stamp}"
    return found if found != before else f"{file}?timestamp={stamp + 1}"


def _pay(world: World, order: Order, draft: OrderDraft) -> None:
    if draft.payment_method:
        amount = sum((i.price + i.shipping + i.tax - i.discount for i in order.items), Decimal(0))
        payment = Payment(
            payment_id=world.ids.new(),
            payment_method=draft.payment_method,
            amount=amount,
            date=order.ordered_at,
        )
        order.payments.append(payment)


def _tell_placed(world: World, entry: Entry, order: Order, *, pending: bool) -> None:
    if world.switches.text("stock-drawn-at") == "order":
        for item in order.items:
            inventory.draw(world, entry, item)
    if pending:
        webhooks.order_event(world, entry, "OrderAprvReq", order)
    if order.visible and (not pending or world.switches.on("order-placed-when-pending")):
        webhooks.order_event(world, entry, "OrderPlaced", order)
    late_s = world.switches.number("late-files-s")
    for item in order.items:
        if item.files and late_s:
            world.spawn(_files_arrive(world, entry, order, item, world.clock.monotonic() + late_s))


async def _files_arrive(world: World, entry: Entry, order: Order, item: OrderItem, due: float) -> None:
    await world.clock.until(due)
    webhooks.item_event(world, entry, "OrderItemFilesGenerated", order, item)


def _check_open(order: Order, item: OrderItem) -> None:
    if item.is_approved or item.is_denied:
        raise Refused(f"Item {order.number}-{item.number} was decided already.")


def _decided(world: World, entry: Entry, order: Order) -> None:
    """With a page of pending carts, the order begins to exist once every item is decided."""
    open_items = [item for item in order.items if not item.is_approved and not item.is_denied]
    if order.visible or open_items or not any(item.is_approved for item in order.items):
        return
    order.visible = True
    world.changed(entry, "order-visible", order=order.number)
    webhooks.order_event(world, entry, "OrderPlaced", order)


def _completed(world: World, entry: Entry, order: Order, item: OrderItem) -> None:
    if world.switches.text("stock-drawn-at") == "completed":
        inventory.draw(world, entry, item)
    webhooks.item_event(world, entry, "OrderItemComplete", order, item)
    if all(world.stage(one.workflow_stage_id).printer_stage == LAST_STAGE for one in order.items):
        webhooks.order_event(world, entry, "OrderAllComplete", order)


def _tenths(moment: datetime) -> datetime:
    """Order dates were seen with tenths of a second."""
    return moment.replace(microsecond=moment.microsecond // 100_000 * 100_000)
