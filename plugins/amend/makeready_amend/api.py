"""What the shop changed after an order was sent: looked at, then given to the MIS."""

from typing import Annotated, Any

from makeready.outbound.capture import as_data
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Text
from makeready_operations.order_shapes import DecidedAnswer
from makeready_operations.orders import SUBMISSION, decision_of, order_operation
from msgspec import Meta, Struct

from makeready_amend.amend import amend as amend_order
from makeready_amend.amend import offer_amendment


class AmendmentAnswer(Struct, frozen=True, kw_only=True):
    """What would become of an order in the MIS."""

    cancels: Annotated[bool, Meta(description="It would be cancelled: the shop has withdrawn it.")]
    differences: Annotated[
        tuple[str, ...], Meta(description="What the shop shows otherwise than it was sent.")
    ]
    payload: Annotated[Any, Meta(description="What the MIS would be given; null for a cancellation.")]
    seen: Annotated[str, Meta(description="To be given to amend: it says what you have seen.")]


class AmendBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    seen: Annotated[Text, Meta(description="As the look gave it: what you have seen is what is done.")]


@order_operation(
    "GET",
    SUBMISSION + "/amendment",
    name="showAmendment",
    summary="What the shop has changed of an accepted order, where the MIS can be given it",
    asks_vendors=True,
)
async def show_amendment(call: Call) -> AmendmentAnswer:
    offer = await offer_amendment(call.installation, decision_of(call))
    return AmendmentAnswer(
        cancels=offer.sent is None,
        differences=offer.differences,
        payload=as_data(offer.order.payload) if offer.sent else None,
        seen=offer.seen,
    )


@order_operation(
    "POST",
    SUBMISSION + "/amend",
    summary="Have the MIS change or cancel it as the shop shows it now, after a look (showAmendment)",
    action="orders amend",
    asks_vendors=True,
)
async def amend(call: Call, body: AmendBody) -> DecidedAnswer:
    done = await amend_order(call.installation, decision_of(call), body.seen)
    return DecidedAnswer(key=call.key, decision="change" if done.sent else "cancel")
