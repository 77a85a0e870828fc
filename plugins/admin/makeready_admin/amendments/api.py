"""What the shop changed after an order was sent, looked at before the MIS is given it."""

from typing import Annotated, Any

from makeready.orders.decisions import Decision
from makeready.orders.submission.amend import offer_amendment
from makeready.outbound.capture import as_data
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from msgspec import Meta, Struct


class AmendmentAnswer(Struct, frozen=True, kw_only=True):
    """What would become of an order in the MIS."""

    cancels: Annotated[bool, Meta(description="It would be cancelled: the shop has withdrawn it.")]
    differences: Annotated[
        tuple[str, ...], Meta(description="What the shop shows otherwise than it was sent.")
    ]
    payload: Annotated[Any, Meta(description="What the MIS would be given; null for a cancellation.")]
    seen: Annotated[str, Meta(description="To be given to amend: it says what you have seen.")]


@operation(
    "GET",
    ONE + "/submissions/{key}/amendment",
    name="showAmendment",
    group="Orders",
    summary="What the shop has changed of an accepted order, where the MIS can be given it",
    asks_vendors=True,
)
async def show_amendment(call: Call) -> AmendmentAnswer:
    decision = Decision(subscriber=call.subscriber.name, key=call.key, actor=call.token.name)
    offer = await offer_amendment(call.installation, decision)
    return AmendmentAnswer(
        cancels=offer.sent is None,
        differences=offer.differences,
        payload=as_data(offer.order.payload) if offer.sent else None,
        seen=offer.seen,
    )
