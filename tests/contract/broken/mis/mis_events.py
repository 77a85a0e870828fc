"""An MIS connector that is misled by events that come again, or in another turn."""

import hashlib
import hmac
import json
from typing import Any, ClassVar

import msgspec
from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.event import ChangePage, Event, EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.testing.contracts.base import SIGNING_KEY
from msgspec import structs
from platen_connector import CONNECTOR, client_of
from platen_contract import PlatenContract

AGAIN = "test_a_webhook_that_comes_again_or_late_says_the_same"
CHANGES = "test_changes_that_are_told_twice_or_in_another_turn_are_the_same_changes"


class PlatenTells(Platen):
    """Platen with webhooks: ``{"id", "order"}``, signed in ``x-platen-mark``."""

    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        if not hmac.compare_digest(call.headers.get("x-platen-mark", ""), mark(call.body, SIGNING_KEY)):
            raise CallRejected("The mark is wrong.", status=401)
        try:
            told = msgspec.json.decode(call.body, type=dict[str, Any])
        except msgspec.MsgspecError:
            raise CallRejected("It cannot be read.", status=400) from None
        event = Event(kind=EventKind.PROGRESS, name="moved", mis_reference=str(told.get("order", "")))
        return WebhookEvent(event=event, message_id=str(told.get("id", "")))


def mark(body: bytes, key: str) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


class PlatenTellsContract(PlatenContract):
    kind = structs.replace(
        CONNECTOR,
        tells=frozenset({EventKind.PROGRESS}),
        build=lambda settings, context: PlatenTells(settings, client_of(settings, context)),
    )

    def signed(self, body: bytes, key: str) -> IncomingCall:
        return IncomingCall(method="POST", headers={"x-platen-mark": mark(body, key)}, body=body)

    def event(self, order_number: str) -> bytes:
        return json.dumps({"id": f"M-{order_number}", "order": order_number}).encode()


class Telling(PlatenTells):
    contract: ClassVar[Any] = PlatenTellsContract


@broken("an event that comes again is an event", AGAIN)
class RejectsWhatItHasHeard(Telling):
    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        heard: set[bytes] = self.__dict__.setdefault("heard", set())
        if call.body in heard:
            raise CallRejected("That was told already.", status=400)
        heard.add(call.body)
        return super().decode_webhook(call)


@broken("an event has the same id each time", AGAIN)
class CountsItsEvents(Telling):
    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        told = super().decode_webhook(call)
        self.count = getattr(self, "count", 0) + 1
        return replace(told, message_id=f"{self.count}")


@broken(
    "an event says the same whatever came before it",
    "test_webhooks_in_another_turn_are_those_that_a_new_connector_hears",
)
class OlderEventsAreOfNothing(Telling):
    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        told = super().decode_webhook(call)
        newest = max(getattr(self, "newest", ""), told.message_id)
        self.newest = newest
        return (
            told
            if told.message_id == newest
            else replace(told, event=Event(kind=EventKind.OTHER, name="moved"))
        )


@broken("a change has its own id, whenever and in whatever turn it is told", CHANGES)
class ChangesByTheirPlaces(Platen):
    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        page = await super().read_changes(cursor)
        counted = (replace(one, id=f"{cursor}/{place}") for place, one in enumerate(page.changes))
        return replace(page, changes=tuple(counted))
