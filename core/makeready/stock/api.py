"""Stock in the API: read it now."""

from typing import Annotated

from msgspec import Meta, Struct

from makeready.stock.sync import sync
from makeready.web.api.answers import answer_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call


class SyncBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    products: Annotated[
        tuple[str, ...], Meta(description="Ids of the MIS; none for all.", max_length=1000)
    ] = ()


class SyncAnswer(Struct, frozen=True, kw_only=True):
    products: int
    known: int
    changed: tuple[str, ...]
    moved: Annotated[int, Meta(description="Levels of the shop.")]
    trouble: str


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
