"""Assets: files that belong to orders and products."""

from makeready_hooks.markers import hookspec
from makeready_hooks.model.order import AcceptedOrder, Artwork


@hookspec
async def list_line_files(order_number: str, line_number: int) -> tuple[Artwork, ...] | None:
    """The files that a shop holds for an item now, late ones included. Storefront.

    Raise:   RetryLater, Refused.
    """


@hookspec
async def attach_asset(accepted: AcceptedOrder, artwork: Artwork, content: bytes) -> bool | None:
    """Give the MIS a file that came after its order. MIS.

    Called:  once per late file; again after OutcomeUnknown only if a person says so.
    Return:  True.
    Raise:   Refused, RetryLater, OutcomeUnknown.
    """
