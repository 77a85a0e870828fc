"""Stock in the API: what the MIS has, what buyers are told, what the shop shows; read it now."""

from typing import Annotated

from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import page_by_key
from makeready_stock.sync import sync
from msgspec import Meta, Struct, field

from makeready_inspect import stock_view as showing
from makeready_inspect.stock_view import ShopLevel, StockView

Number = Annotated[str, Meta(description="A decimal number.")]
NOT_TOLD = {"on_hand": None, "allocated": None, "expected_on": "", "read_at": None, "changed_at": None}
"""Of a product without a level in the MIS."""
NEVER_READ = {"level": None, "error": "", "said_level": None}
"""Of a product without one in the shop."""


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
    product_id: str = field(name="product")
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
    group="Stock",
    summary="Stock of the products that are in a shop",
    asks_vendors=True,
)
async def list_stock(call: Call, query: PageQuery) -> StockAnswer:
    views = sorted(
        await showing.stock_views(call.installation, call.subscriber), key=lambda one: one.product_id
    )
    page, cursor = page_by_key(views, query, lambda one: one.product_id)
    mirror = await showing.mirror_state(call.installation, call.subscriber)
    return StockAnswer(
        products=tuple(map(_product, page)), mirror=answer_from(MirrorAnswer, mirror), next_cursor=cursor
    )


@operation("GET", ONE + "/stock/{product}", group="Stock", summary="Stock of one product and its history")
async def show_stock(call: Call, query: HistoryQuery) -> StockHistoryAnswer:
    product = call.part("product")
    [view] = await showing.stock_views(call.installation, call.subscriber, product)
    points = await showing.stock_history(call.installation, call.subscriber, product, days=query.days)
    history = answers_from(StockPoint, points)
    return StockHistoryAnswer(stock=_product(view), history=history)


@operation(
    "POST",
    ONE + "/stock/sync",
    group="Stock",
    summary="Read stock in the MIS now, and bring the shop's levels to it",
    action="stock sync",
    asks_vendors=True,
)
async def sync_stock(call: Call, body: SyncBody) -> SyncAnswer:
    done = await sync(call.installation, call.subscriber, set(body.products) or None)
    return answer_from(SyncAnswer, done, changed=tuple(row.product_id for row in done.changed))


def _product(view: StockView) -> ProductStockAnswer:
    unknown = {} if view.level else NOT_TOLD
    return answer_from(ProductStockAnswer, view, view.level, shops=tuple(map(_shop, view.shops)), **unknown)


def _shop(shop: ShopLevel) -> ShopStockAnswer:
    return answer_from(ShopStockAnswer, shop, shop.mirror, **({} if shop.mirror else NEVER_READ))
