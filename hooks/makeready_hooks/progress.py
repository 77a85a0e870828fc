"""Progress: an order's status and its parcels in the MIS are shown on the shop's items."""

from makeready_hooks.markers import hookspec
from makeready_hooks.model.order import AcceptedOrder, Order, OrderLine
from makeready_hooks.model.progress import OrderProgress, Shipment, Stage


@hookspec
async def read_order_progress(accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...] | None:
    """Status and parcels of these orders, with as few calls as the MIS allows. MIS.

    Called:  on a schedule, for orders that are not finished; when an event says: look at this one.
             An id equal to its number was entered by a person and may be either.
    Return:  those that exist, in any order.
    Raise:   RetryLater, Refused; NotSupported if the MIS does not tell.
    """


@hookspec
async def list_line_stages(line: OrderLine) -> tuple[Stage, ...] | None:
    """The stages that this item can be at, in the order of its workflow. Storefront.

    Called:  before an item is moved. It may be remembered for some minutes.
    Raise:   RetryLater, Refused; NotSupported if the account does not tell.
    """


@hookspec
async def move_line(order_number: str, line_number: int, stage: Stage, note: str) -> bool | None:
    """Move an item to a stage of its workflow. Storefront.

    Called:  with the item seen at another stage; again after OutcomeUnknown, so that moving it to
             where it is must do no harm.
    Return:  True.
    Raise:   Refused, RetryLater, OutcomeUnknown; NotSupported if the account has no such call.
    """


@hookspec
async def record_shipment(order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool | None:
    """Write a parcel with its tracking number on these items of an order. Storefront.

    Called:  once per parcel; again after OutcomeUnknown. Look first, each time: a parcel whose
             tracking number an item shows already, whoever wrote it, is not written on it again.
    Return:  True once every one of the items shows it.
    Raise:   Refused, RetryLater, OutcomeUnknown; NotSupported if the account has no such call.
    """
