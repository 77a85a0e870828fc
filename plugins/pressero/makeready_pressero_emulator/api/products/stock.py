"""Stock: searched and created on one path; moved by transactions whose route is inferred."""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.shop import inventory
from makeready_pressero_emulator.state.records import Stock
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer, paged
from makeready_pressero_emulator.wire.filters import chosen, read_filters
from makeready_pressero_emulator.wire.members import squashed, typed


class StockInfo(Struct, frozen=True, rename=squashed):
    stock_name: str
    reorder_point: int = 0
    per_item_cost: Decimal = Decimal(0)


class StockBody(Struct, frozen=True, rename=squashed):
    stock: StockInfo
    current_level: int = 0


class TransactionBody(Struct, frozen=True, rename=squashed):
    quantity: int
    type: str = "Adjustment"
    notes: str | None = None


async def search_or_create(call: Call) -> Answer:
    """An array (or nothing) searches; an object creates (seen)."""
    body = call.json()
    return _create(call, body) if isinstance(body, dict) else _listed(call, body)


async def list_stock(call: Call) -> Answer:
    return _listed(call, None)


async def add_transaction(call: Call) -> Answer:
    how = call.world.switches.text("stock-adjustments")
    if how == "absent":
        raise ApiError(404, "No HTTP resource was found that matches the request.")
    stock, body = _stock(call), call.body_as(TransactionBody)
    if how == "ignored":
        return json_answer({})
    if body.quantity == 0:
        raise invalid("Quantity", "A transaction moves something")
    moved = inventory.adjust(call.world, call.entry, stock, body.quantity, kind=body.type, notes=body.notes)
    return json_answer(moved)


async def list_transactions(call: Call) -> Answer:
    return json_answer(_stock(call).transactions)


def _create(call: Call, body: dict[str, Any]) -> Answer:
    given, site = typed(body, StockBody), call.site()
    stock = Stock(
        stock_id=call.world.ids.new(),
        site_id=site.site_id,
        name=given.stock.stock_name,
        level=given.current_level,
        reorder_point=given.stock.reorder_point,
        per_item_cost=given.stock.per_item_cost,
    )
    call.shop.stocks[stock.stock_id] = stock
    call.effect("stock-created", stock=stock.name)
    info = {
        "StockId": stock.stock_id,
        "StockName": stock.name,
        "ReorderPoint": stock.reorder_point,
        "PerItemCost": stock.per_item_cost,
    }
    return json_answer({"Stock": info, "CurrentLevel": stock.level})


def _listed(call: Call, filters: Any) -> Answer:
    site = call.site()
    own = [stock for stock in call.shop.stocks.values() if stock.site_id == site.site_id]
    wanted = read_filters(filters)
    match call.world.switches.text("stock-search"):
        case "finds-nothing":
            own = [] if wanted else own
        case "everything":
            wanted = []
    return paged(call.page(), chosen(own, wanted, _COLUMNS), _flat)


_COLUMNS = {"stockname": lambda stock: stock.name, "stockid": lambda stock: stock.stock_id}


def _flat(stock: Stock) -> dict[str, Any]:
    return {
        "StockId": stock.stock_id,
        "StockName": stock.name,
        "CurrentLevel": stock.level,
        "ReorderPoint": stock.reorder_point,
        "PerItemCost": stock.per_item_cost,
    }


def _stock(call: Call) -> Stock:
    stock = call.shop.stocks.get(call.params["stock"].lower())
    if stock is None or stock.site_id != call.site().site_id:
        raise ApiError(404, "The stock was not found.")
    return stock


ENDPOINTS = (
    Endpoint(
        verb="POST",
        path="/api/site/{domain}/StockInventory",
        mark=Mark.SEEN,
        does="Search stock (array) or create one (object).",
        handler=search_or_create,
    ),
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/StockInventory",
        mark=Mark.INFERRED,
        does="List stock.",
        handler=list_stock,
    ),
    Endpoint(
        verb="POST",
        path="/api/site/{domain}/StockInventory/{stock}/Transactions",
        mark=Mark.INFERRED,
        does="Move a stock level by a quantity.",
        handler=add_transaction,
    ),
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/StockInventory/{stock}/Transactions",
        mark=Mark.INFERRED,
        does="List the moves of a stock.",
        handler=list_transactions,
    ),
)
