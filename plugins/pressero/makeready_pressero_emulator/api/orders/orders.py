"""Reading orders, and what clients change on an item: its stage and its integration marks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.api.orders import order_bodies
from makeready_pressero_emulator.assumed import FILE_KIND, FILES
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.shop import order_life, webhooks
from makeready_pressero_emulator.state import clock
from makeready_pressero_emulator.state.records import Order, OrderItem, Shadow
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer, paged
from makeready_pressero_emulator.wire.filters import Filter, chosen
from makeready_pressero_emulator.wire.lines import COLUMNS, Line, flat
from makeready_pressero_emulator.wire.members import squashed


class Sort(Struct, frozen=True, rename=squashed):
    member: str | None = None
    direction: str | None = None


class Search(Struct, frozen=True, rename=squashed):
    start_date: str | None = None
    end_date: str | None = None
    sort_descriptor: Sort | None = None
    filters: list[Filter] | None = None


async def search(call: Call) -> Answer:
    return _found(call, None)


async def search_site(call: Call) -> Answer:
    return _found(call, call.site().site_id)


async def list_site(call: Call) -> Answer:
    return _found(call, call.site().site_id)


async def order_details(call: Call) -> Answer:
    order = call.order()
    return json_answer(
        {
            "ID": order.order_id,
            "OrderId": order.order_id,
            "OrderNumber": order.number,
            "PrinterOrderId": str(order.number),
            "OrderDate": call.world.moment(order.ordered_at),
            "ReqShipDate": call.world.day(order.requested_ship_date),
            "SiteId": order.site_id,
            "OrderItemSeq": 0,
            "Notes": order.notes,
            "Items": [flat(line) for line in _lines_of(call, order)],
        }
    )


async def order_items(call: Call) -> Answer:
    return json_answer([flat(line) for line in _lines_of(call, call.order())])


async def item_details(call: Call) -> Answer:
    order, item = call.item()
    line = Line(world=call.world, order=order, item=item)
    return json_answer(flat(line) | _files(call, item))


async def status_history(call: Call) -> Answer:
    _, item = call.item()
    return json_answer([_change(call, one.workflow_stage_id, one.at, one.notes) for one in item.history])


async def set_status(call: Call) -> Answer:
    """``PUT …/Status/{workflowStageId}?notes=…`` without a body (seen)."""
    order, item = call.item()
    wanted = call.params["stage"].lower()
    stages = {s.workflow_stage_id: s for s in order_life.workflow_of(call.world, item).stages}
    if wanted not in stages:
        raise ApiError(400, f"The workflow of this item has no stage {wanted!r}.")
    order_life.move(call.world, call.entry, order, item, stages[wanted], call.query.get("notes"))
    return Answer(status=200, body=b"")


class ItemChange(Struct, frozen=True, rename=squashed):
    job_id: str | int | None = None
    job_number: str | int | None = None
    mis_id: str | int | None = None
    order_item_mis_id: str | int | None = None
    item_notes: str | None = None


async def change_item(call: Call) -> Answer:
    """Partial: members that are absent or null stay as they are."""
    order, item = call.item()
    given = call.body_as(ItemChange)
    names = ("job_id", "job_number", "mis_id", "order_item_mis_id")
    said = {name: str(getattr(given, name)) for name in names if getattr(given, name) is not None}
    if given.item_notes is not None:
        said["notes"] = given.item_notes
    for name, value in said.items():
        keep_shown(call, item, name)
        setattr(item, name, value)
    call.effect("item-changed", order=order.number, item=item.number, **said)
    webhooks.item_event(call.world, call.entry, "OrderItemUpdated", order, item)
    return json_answer(flat(Line(world=call.world, order=order, item=item)))


def keep_shown(call: Call, item: OrderItem, name: str) -> None:
    """With stale reads on, go on showing the value of before for a while."""
    stale_s = call.world.switches.number("stale-reads-s")
    if stale_s:
        old = getattr(item, name)
        until = call.world.clock.now() + timedelta(seconds=stale_s)
        item.shadows[name] = Shadow(value=list(old) if isinstance(old, list) else old, until=until)


async def create(call: Call) -> Answer:
    draft = order_bodies.draft_of(call, call.body_as(order_bodies.OrderBody))
    try:
        order = await order_life.place(call.world, call.entry, draft)
    except order_life.Refused as refusal:
        raise ApiError(400, str(refusal)) from refusal
    return json_answer(
        {
            "OrderId": order.order_id,
            "OrderNumber": order.number,
            "OrderDate": call.world.moment(order.ordered_at),
        }
    )


def _found(call: Call, site_id: str | None) -> Answer:
    given = call.body_as(Search) if call.body.strip() else Search()
    first = _moment("StartDate", given.start_date)
    last = _moment("EndDate", given.end_date)
    filters = given.filters or []
    lines = [
        line
        for order in _candidates(call, filters)
        if (site_id is None or order.site_id == site_id)
        and (first is None or order.ordered_at >= first)
        and (last is None or order.ordered_at <= last)
        for line in _lines_of(call, order)
    ]
    found = chosen(lines, filters, COLUMNS)
    return paged(call.page(), _sorted(found, given.sort_descriptor), flat)


def _candidates(call: Call, filters: list[Filter]) -> Iterator[Order]:
    """Visible orders; by a filter on the number just those, for searches to stay quick."""
    for one in filters:
        number = str(one.value)
        if one.column.lower() == "ordernumber" and one.operator.lower() != "contains" and number.isdecimal():
            yield from (order for order in call.shop.orders_under(number) if order.visible)
            return
    yield from (order for order in call.shop.all_orders() if order.visible)


def _moment(member: str, text: str | None) -> Any:
    try:
        return clock.read(text) if text else None
    except ValueError as error:
        raise invalid(member, f"The value {text!r} is not a date") from error


def _sorted(lines: list[Line], sort: Sort | None) -> list[Line]:
    """By a column, else by order number and item. Empty values come first."""
    if sort is None or not sort.member:
        return lines
    column = COLUMNS.get(sort.member.lower())
    if column is None:
        raise ApiError(400, f"There is no column {sort.member!r}.")
    falling = (sort.direction or "").lower().startswith("desc")

    def key(line: Line) -> tuple[bool, Any]:
        value = column(line)
        return (value is not None, value if isinstance(value, int | float) else str(value))

    return sorted(lines, key=key, reverse=falling)


def _lines_of(call: Call, order: Order) -> Iterator[Line]:
    for item in order.items:
        yield Line(world=call.world, order=order, item=item)


def _files(call: Call, item: OrderItem) -> dict[str, Any]:
    """Under the member of the switch; files that are still being made are not there yet."""
    member = call.world.switches.text("item-files") or FILES
    if member == "absent":
        return {}
    now = call.world.clock.now()
    return {
        member: [
            {"FileName": file.file_name, "Url": file.url} | ({FILE_KIND: file.kind} if file.kind else {})
            for file in item.files
            if file.available_at <= now
        ]
    }


def _change(call: Call, stage_id: str, at: Any, notes: str | None) -> dict[str, Any]:
    stage = call.world.stage(stage_id)
    return {
        "WorkflowStageId": stage.workflow_stage_id,
        "PrinterStage": stage.printer_stage,
        "CustomerStage": stage.customer_stage,
        "StatusDate": call.world.moment(at),
        "Notes": notes,
    }


_ITEM = "/api/v2/orders/{n}/Item/{i}"

ENDPOINTS = (
    Endpoint(
        verb="POST",
        path="/api/v2/Orders/Search",
        mark=Mark.SEEN,
        does="Search order items of all sites.",
        handler=search,
        switch="country",
    ),
    Endpoint(
        verb="POST",
        path="/api/site/{domain}/orders",
        mark=Mark.SEEN,
        does="Search order items of one site.",
        handler=search_site,
    ),
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/Orders",
        mark=Mark.SEEN,
        does="List order items of one site.",
        handler=list_site,
    ),
    Endpoint(
        verb="GET",
        path="/api/v2/orders/{n}/Details",
        mark=Mark.SEEN,
        does="Show an order with its items.",
        handler=order_details,
    ),
    Endpoint(
        verb="GET",
        path="/api/v2/orders/{n}/items",
        mark=Mark.SEEN,
        does="List the items of an order, as a bare array.",
        handler=order_items,
    ),
    Endpoint(
        verb="GET",
        path=_ITEM + "/Details",
        mark=Mark.SEEN,
        does="Show an item, with its files (the member is assumed).",
        handler=item_details,
        switch="item-files",
    ),
    Endpoint(
        verb="GET",
        path=_ITEM + "/LegacyDetails",
        mark=Mark.SEEN,
        does="Show an item, older route.",
        handler=item_details,
        switch="item-files",
    ),
    Endpoint(
        verb="GET",
        path=_ITEM + "/Status",
        mark=Mark.SEEN,
        does="List the stages an item went through.",
        handler=status_history,
    ),
    Endpoint(
        verb="PUT",
        path=_ITEM + "/Status/{stage}",
        mark=Mark.SEEN,
        does="Put an item into a stage.",
        handler=set_status,
    ),
    Endpoint(
        verb="PUT",
        path=_ITEM,
        mark=Mark.SEEN,
        does="Change an item, in part: MisId and its like.",
        handler=change_item,
        switch="stale-reads-s",
    ),
    Endpoint(
        verb="POST",
        path="/api/v2/Orders/Create",
        mark=Mark.SEEN,
        does="Create an order, by need with approvals.",
        handler=create,
    ),
)
