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
    webhook_secret: str = ""
    """Sealed, or a reference. Signs what goes to the webhook."""
    gather_s: Annotated[float, Meta(ge=0, le=86_400)] = 60.0
    """Seconds in which more of the same goes into one message."""
    digest_at: str = "07:00"
    """Time of the day in UTC at which it is told what is being tried again; empty for never."""
    outage_after_s: Annotated[float, Meta(ge=60, le=604_800)] = 900.0
    """Seconds after which it is told that the MIS takes no orders, that the shop cannot be read, or that
    orders come in without a webhook."""
    silence_h: Annotated[float, Meta(ge=0, le=1000)] = 0.0
    """Working hours without an order after which it is told; 0 for never."""
    working_hours: str = "08:00-18:00"
    working_days: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    """Monday is 1."""
    time_zone: str = "UTC"
    """Of the working hours, such as Europe/London."""
