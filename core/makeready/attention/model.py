"""The rules that a subscriber sets: what is an alarm, and who is told."""

from typing import Annotated

from makeready_hooks import asked
from makeready_hooks.model.asked import TIME_ZONE
from makeready_hooks.secret import HIDDEN
from msgspec import Meta, Struct

COMPARED, UNANNOUNCED = "compared", "unannounced"
"""Names of checkpoints: the last regular comparison; orders found by one in a time without webhooks."""

EmailAddress = Annotated[
    str, Meta(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$", extra_json_schema={"format": "email"})
]


class AlertRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when an order needs attention, when orders wait, and when none come."""

    email_to: Annotated[
        tuple[EmailAddress, ...],
        Meta(title="Send alerts to", description="E-mail addresses.", extra_json_schema=asked(first=True)),
    ] = ()
    webhook_url: Annotated[
        str,
        Meta(
            title="Also post to a web address",
            description="A chat or monitoring system. Kept as a secret: who knows it can write there.",
            extra_json_schema=HIDDEN,
        ),
    ] = ""
    webhook_secret: Annotated[
        str,
        Meta(
            title="Signing secret of that address",
            description="Signs each message (Standard Webhooks).",
            extra_json_schema=HIDDEN,
        ),
    ] = ""
    gather_s: Annotated[
        float,
        Meta(
            title="Combine alerts within",
            description="Several problems in this time become one message.",
            ge=0,
            le=86400,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 60.0
    digest_at: Annotated[
        str,
        Meta(
            title="Daily summary at",
            description="What is being tried again: a time such as 07:00, in the time zone below.",
            extra_json_schema=asked(first=True),
        ),
    ] = "07:00"
    outage_after_s: Annotated[
        float,
        Meta(
            title="Report an outage after",
            description=(
                "The MIS or the shop cannot be reached, or orders come in without a webhook, for this long."
            ),
            ge=60,
            le=604800,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 900.0
    silence_h: Annotated[
        float,
        Meta(
            title="Report missing orders after",
            description="No order for this many working hours. 0: never.",
            ge=0,
            le=1000,
            extra_json_schema=asked(unit="working hours", first=True),
        ),
    ] = 0.0
    working_hours: Annotated[
        str,
        Meta(
            title="Working hours",
            description="Used for missing orders only: 08:00-18:00, in the time zone below.",
            extra_json_schema=asked(first=True),
        ),
    ] = "08:00-18:00"
    working_days: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...],
        Meta(
            title="Working days",
            extra_json_schema=asked(
                first=True,
                labels={"1": "Mon", "2": "Tue", "3": "Wed", "4": "Thu", "5": "Fri", "6": "Sat", "7": "Sun"},
            ),
        ),
    ] = (1, 2, 3, 4, 5)
    time_zone: Annotated[
        str,
        Meta(
            title="Time zone",
            description="Of all times on this page, and of the day that Today counts. Such as Europe/London.",
            extra_json_schema=TIME_ZONE | asked(first=True),
        ),
    ] = "UTC"


def counted(number: int, one: str, more: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else more or one + 's'}"
