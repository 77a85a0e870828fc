"""Orders: approved lines of a shop's order become orders in the MIS, each exactly once."""

from datetime import datetime

from makeready_hooks.markers import hookspec
from makeready_hooks.model.order import (
    AcceptedOrder,
    FindResult,
    Order,
    OrderRef,
    OrderRequest,
    PreparedOrder,
)


@hookspec
async def read_orders(refs: tuple[OrderRef, ...]) -> tuple[Order, ...] | None:
    """Read these orders with as few calls as the shop allows. Storefront.

    Called:  when webhooks, a poll or a person say: look at these.
    Return:  those that exist, with all their lines; files need not be filled in.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def list_orders(start: datetime, end: datetime) -> tuple[Order, ...] | None:
    """Every order placed in this period, with as few calls as the shop allows. Storefront.

    Called:  on a schedule and by people, to find what webhooks missed.
    Return:  the orders with all their lines; files need not be filled in.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def complete_order(order: Order, lines: tuple[int, ...]) -> Order | None:
    """Fill in what a submission needs and a search does not tell: files, the buyer's id. Storefront.

    Called:  once for lines that are about to be sent, so that only those cost calls.
    Return:  the order, with exactly the lines asked for.
    Raise:   RetryLater, Refused.
    """


@hookspec
def map_order(request: OrderRequest) -> PreparedOrder | None:
    """Turn lines of a shop's order into one MIS order. MIS. Pure: same request, same bytes.

    Called:  before a submission, and for a preview.
    Raise:   Refused if it cannot be expressed, naming the member and the fix.
    """


@hookspec
async def submit_order(prepared: PreparedOrder) -> AcceptedOrder | None:
    """Send it. MIS.

    Called:  after the payload was committed to the ledger; never twice unless the MIS was found
             not to have it.
    Return:  the accepted order. A status of 200 is not enough: the MIS must name an order.
    Raise:   Refused with the MIS's own words; RetryLater if it was certainly not taken;
             OutcomeUnknown for everything else, a cut, a 5xx and an unreadable answer included.
    """


@hookspec
async def find_submitted_order(prepared: PreparedOrder) -> FindResult | None:
    """Is there an order with our key? MIS.

    Called:  after a quiet period, when the outcome of a submission is unknown.
    Return:  it is there; it is not there; or: this MIS cannot tell (then a person decides).
    Raise:   RetryLater.
    """


@hookspec
async def mark_line(order_number: str, line_number: int, accepted: AcceptedOrder) -> bool | None:
    """Write the MIS's number on the shop's item, for people and as a mark. Storefront.

    Called:  after acceptance, at least once: be idempotent.
    Return:  True.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def order_accepted(order: Order, accepted: AcceptedOrder) -> None:
    """Hear that an order was taken by the MIS. Any connector. At least once: be idempotent."""
