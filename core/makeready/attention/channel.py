"""Ways to tell people of what needs attention, as extensions have them."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from makeready.attention.model import ALERT_KINDS, AlertKind

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

    title: str = ""
    """For people; the name, if there is none."""
    whom: Callable[[Any], str] = lambda _: ""
    """``whom(subscriber)``: who is told, for the history. It holds no secret."""
    kinds: Callable[[Any], Collection[AlertKind]] = lambda _: ALERT_KINDS
    """``kinds(subscriber)``: of what."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of an alert channel")
