"""Stock in the API: what the MIS has, what buyers are told, what the shop shows; read it now."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from makeready.stock import view as showing
from makeready.stock.sync import sync
from makeready.stock.view import StockView
from makeready.times import from_seconds
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import page_by_key

Number = Annotated[str, Meta(description="A decimal number.")]


class HistoryQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    days: Annotated[float, Meta(gt=0, le=800)] = 30.0


class SyncBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    products: Annotated[
        tuple[str, ...], Meta(description="Ids of the MIS; none for all.", max_length=1000)
    ] = ()


class ShopStockAnswer(Struct, frozen=True, kw_only=True):
    site: str
    url_name: str
    part_number: str
    level: Annotated[int | None, Meta(description="The shop's own, as it was read last.")]
    error: str
    said_level: Annotated[int | None, Meta(description="By the shop's last event about it.")]


class ProductStockAnswer(Struct, frozen=True, kw_only=True):
    product: str
    name: str
    on_hand: Annotated[Number | None, Meta(description="null if the MIS has not told any.")]
    allocated: Number | None
    ordered: Annotated[int, Meta(description="By buyers, and not known in the MIS yet.")]
    available: Number | None
    expected_on: str
    read_at: Moment | None
    changed_at: Moment | None
    shops: tuple[ShopStockAnswer, ...]


class MirrorAnswer(Struct, frozen=True, kw_only=True):
    state: str
    text: str


class StockAnswer(Struct, frozen=True, kw_only=True):
    products: tuple[ProductStockAnswer, ...]
    mirror: MirrorAnswer
    next_cursor: str | None


class StockPoint(Struct, frozen=True, kw_only=True):
    at: Moment
    free: Number


class StockHistoryAnswer(Struct, frozen=True, kw_only=True):
    stock: ProductStockAnswer
    history: Annotated[
        tuple[StockPoint, ...], Meta(description="From then on so many were free; the older, the coarser.")
    ]


class SyncAnswer(Struct, frozen=True, kw_only=True):
    products: int
    known: int
    changed: tuple[str, ...]
    moved: Annotated[int, Meta(description="Levels of the shop.")]
    trouble: str


@operation(
    "GET",
    ONE + "/stock",
    name="listStock",
    group="Stock",
    summary="Stock of the products that are in a shop",
    asks_vendors=True,
    query=PageQuery,
)
async def list_stock(call: Call) -> StockAnswer:
    query: PageQuery = call.query
    views = sorted(
        await showing.stock_views(call.installation, call.subscriber), key=lambda one: one.product_id
    )
    page, cursor = page_by_key(views, query, lambda one: one.product_id)
    mirror = await showing.mirror_state(call.installation, call.subscriber)
    return StockAnswer(
        products=tuple(map(_product, page)),
        mirror=MirrorAnswer(state=mirror.state, text=mirror.text),
        next_cursor=cursor,
    )


@operation(
    "GET",
    ONE + "/stock/{product}",
    name="showStock",
    group="Stock",
    summary="Stock of one product and its history",
    query=HistoryQuery,
)
async def show_stock(call: Call) -> StockHistoryAnswer:
    product, query = call.part("product"), call.query
    [view] = await showing.stock_views(call.installation, call.subscriber, product)
    points = await showing.stock_history(call.installation, call.subscriber, product, days=query.days)
    history = tuple(StockPoint(at=from_seconds(one.at), free=str(one.free)) for one in points)
    return StockHistoryAnswer(stock=_product(view), history=history)


@operation(
    "POST",
    ONE + "/stock/sync",
    name="syncStock",
    group="Stock",
    summary="Read stock in the MIS now, and bring the shop's levels to it",
    body=SyncBody,
    action="stock sync",
    asks_vendors=True,
)
async def sync_stock(call: Call) -> SyncAnswer:
    body: SyncBody = call.body
    done = await sync(call.installation, call.subscriber, set(body.products) or None)
    return SyncAnswer(
        products=done.products,
        known=done.known,
        changed=tuple(row.product_id for row in done.changed),
        moved=done.moved,
        trouble=done.trouble,
    )


def _product(view: StockView) -> ProductStockAnswer:
    level = view.level
    return ProductStockAnswer(
        product=view.product_id,
        name=view.name,
        on_hand=_text(level.on_hand if level else None),
        allocated=_text(level.allocated if level else None),
        ordered=view.ordered,
        available=_text(view.available),
        expected_on=level.expected_on if level else "",
        read_at=from_seconds(level.read_at) if level else None,
        changed_at=from_seconds(level.changed_at) if level else None,
        shops=tuple(map(_shop, view.shops)),
    )


def _shop(shop: showing.ShopLevel) -> ShopStockAnswer:
    mirror = shop.mirror
    return ShopStockAnswer(
        site=shop.site,
        url_name=shop.url_name,
        part_number=shop.part_number,
        level=mirror.level if mirror else None,
        error=mirror.error if mirror else "",
        said_level=mirror.said_level if mirror else None,
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
