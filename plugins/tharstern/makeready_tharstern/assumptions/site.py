"""Of the site as a whole: events, jobs, estimates, what its answers mean."""

from typing import Annotated, Literal

from makeready_hooks.model.assumptions import INFERRED, UNKNOWN, assumed, member_of

from makeready_tharstern.assumptions.orders import OrdersAssumptions


class Assumptions(OrdersAssumptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    event_name: Annotated[
        str,
        assumed(
            UNKNOWN,
            "Member of an event with its name. Sites with subscriptions push events; their wire is unknown.",
            "Events are kept under the name (none); they work all the same.",
        ),
    ] = "Event"
    event_order_members: Annotated[
        tuple[str, ...],
        assumed(
            INFERRED,
            "Members of an event that name the order, the first one that is there: our key, the ID, the number.",
            "An event does not say which order it is about: all that are open are asked about.",
        ),
    ] = ("UniqueSubmitOrderID", "OrderID", "OrderNo")
    event_signature: Annotated[
        Literal["hmac-sha256", "none"],
        assumed(
            UNKNOWN,
            (
                "How events are signed; unknown. With none, only the address that nobody can guess protects: an event"
                " is a hint to ask, so a false one costs calls and nothing else."
            ),
            "Genuine events are refused with 401, and progress comes with the schedule only.",
        ),
    ] = "hmac-sha256"
    event_signature_header: Annotated[
        str,
        assumed(
            UNKNOWN,
            "Header with the signature of an event.",
            "Genuine events are refused with 401, and progress comes with the schedule only.",
        ),
    ] = "X-Signature"
    job_status: Annotated[
        str,
        assumed(
            UNKNOWN,
            "Member of a job with its status. None is seen.",
            "Nothing is shown of a job's status.",
            member_of("jobs"),
        ),
    ] = "Status"
    estimate_price: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an estimate with its price. A request has one of this name.",
            "Made-to-order products have no price, and the check names this setting.",
            member_of("estimates"),
        ),
    ] = "TotalPrice"
    expired_token_words: Annotated[
        tuple[str, ...],
        assumed(
            UNKNOWN,
            "Words in a failure's text that mean: sign in again. What an expired token answers is unknown.",
            (
                "After some hours every call fails until the process starts again, or an order's refusal is taken for"
                " an expired token."
            ),
        ),
    ] = ("token", "unauthori", "not logged in")
    untouched_statuses: Annotated[
        tuple[int, ...],
        assumed(
            UNKNOWN,
            (
                "Statuses that, with no answer of Tharstern's in them, come from what stands before it, so that "
                "nothing was taken and an order is sent again without a question: 503 where IIS answers while "
                "Tharstern's application is stopped. What a site answers with is unknown; with none, every failure of"
                " a change is a doubt."
            ),
            (
                "With too many, an order that was taken may be sent again; with too few a person or a look-up decides"
                " more doubts."
            ),
        ),
    ] = ()
