"""Ways to tell people of what needs attention, as extensions have them; and what people were told."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

ALERTS = "alerts"
"""As which messages stand among the calls that were made."""
NAME = re.compile(r"[a-z][a-z0-9-]*")


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


class ToldAlert(Struct, frozen=True, kw_only=True):
    """What people were told, and take to be so until they are told that it is over."""

    channel: str
    topic: str
    title: str
    since: float
    told_at: float
