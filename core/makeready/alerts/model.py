"""What people are told, through which channel, and the rules a subscriber sets."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

ALERT = "alert"
"""Tell people of lines and files that need one. One row per subscriber."""
WATCH = "watch"
"""Look for what people should know of, again and again. One row per subscriber that tells anybody."""


NAME = re.compile(r"[a-z][a-z0-9-]*")


def counted(number: int, one: str, more: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else more or one + 's'}"


class Message(Struct, frozen=True, kw_only=True):
    """The same for people and for programs."""

    subject: str
    text: str
    data: dict[str, object]
    """Two messages are the same message if their data are."""

    @property
    def id(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self.data, order="sorted")).hexdigest()[:32]


class AlertChannel(Struct, frozen=True, kw_only=True):
    """A way to tell people. It is declared once; see `makeready.extensions.alert_channels`."""

    name: str
    """In small letters. It is kept with what was told: a channel that is renamed tells all again."""
    wanted: Callable[[Any], bool]
    """``wanted(subscriber)``: whether its people want to be told so."""
    send: Callable[[Any, Any, Message, Mapping[str, str]], Awaitable[None]]
    """``send(installation, subscriber, message, environ)``: tell it. ``environ``: the variables of the process. A
    message may come twice, with the same id. RetryLater or ConfigError: it could not be told, and is tried again."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of an alert channel")


class SentAlert(Struct, frozen=True, kw_only=True):
    """What people were told through one channel, and take to be so until they are told that it is over."""

    topic: str
    title: str
    since: float
    told_at: float


class AlertRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when an order needs attention, when orders wait, and when none come."""

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
