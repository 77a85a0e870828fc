"""The rules that a subscriber sets: what is an alarm, and who is told."""

from typing import Annotated

from makeready_hooks.secret import HIDDEN
from msgspec import Meta, Struct

COMPARED, UNANNOUNCED = "compared", "unannounced"
"""Names of checkpoints: the last regular comparison; orders found by one in a time without webhooks."""


class AlertRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when an order needs attention, when orders wait, and when none come."""

    email_to: tuple[str, ...] = ()
    webhook_url: Annotated[
        str, Meta(description="Kept as a secret: who knows it can write there.", extra_json_schema=HIDDEN)
    ] = ""
    webhook_secret: Annotated[
        str, Meta(description="Signs what goes to the webhook.", extra_json_schema=HIDDEN)
    ] = ""
    gather_s: Annotated[
        float, Meta(ge=0, le=86_400, description="Seconds in which more of the same goes into one message.")
    ] = 60.0
    digest_at: Annotated[
        str,
        Meta(
            description="Time of the day in UTC at which it is told what is being tried again; empty for never."
        ),
    ] = "07:00"
    outage_after_s: Annotated[
        float,
        Meta(
            ge=60,
            le=604_800,
            description=(
                "Seconds after which it is told that the MIS takes no orders, that the shop cannot be read, "
                "or that orders come in without a webhook."
            ),
        ),
    ] = 900.0
    silence_h: Annotated[
        float,
        Meta(
            ge=0, le=1000, description="Working hours without an order after which it is told; 0 for never."
        ),
    ] = 0.0
    working_hours: str = "08:00-18:00"
    working_days: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(description="Monday is 1.")
    ] = (1, 2, 3, 4, 5)
    time_zone: Annotated[str, Meta(description="Of the working hours, such as Europe/London.")] = "UTC"


def counted(number: int, one: str, more: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else more or one + 's'}"
