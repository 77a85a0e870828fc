"""What people are told, through which channel, and the rules a subscriber sets."""

from enum import IntEnum
from typing import Annotated

from msgspec import Meta, Struct

ALERT = "alert"
"""Tell people of lines and files that need one. One row per subscriber."""
WATCH = "watch"
"""Look for what people should know of, again and again. One row per subscriber that tells anybody."""


SEEN_BY_A_PERSON = 4
"""Beside the channels' bits: somebody has said that it is dealt with."""


def counted(number: int, one: str, more: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else more or one + 's'}"


class Channel(IntEnum):
    """A way to tell people, as a bit: what was told is kept for each."""

    MAIL = 1
    WEBHOOK = 2


class SentAlert(Struct, frozen=True, kw_only=True):
    """What people were told through one channel, and take to be so until they are told that it is over."""

    topic: str
    title: str
    since: float
    told_at: float


class AlertRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when an order needs a person, when orders wait, and when none come."""

    email_to: tuple[str, ...] = ()
    webhook_url: str = ""
    webhook_secret: Annotated[
        str, Meta(description="Sealed, or a reference. Signs what goes to the webhook.")
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
