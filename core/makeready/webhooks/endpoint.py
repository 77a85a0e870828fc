"""The address that vendors' webhooks are sent to."""

from collections.abc import Callable

from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import CallAnswer

from makeready.installation import Installation
from makeready.subscribers.setup.addresses import addressee
from makeready.web.calls import Message, Receive, Send, body_of, incoming, messages
from makeready.web.refusals import Refusals
from makeready.webhooks.receive import receive_webhook

START, RECEIVED = messages(CallAnswer(status=200, body=b'{"received":true}'))


class WebhookEdge:
    """An ASGI application for one route, with ``segment`` and ``connector`` in its path."""

    def __init__(self, installation: Installation, wake: Callable[[], None], refusals: Refusals) -> None:
        self._installation, self._wake, self._refusals = installation, wake, refusals

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if "failed" in scope:  # it was taken before its route was looked for, and is here to be answered
            raise scope["failed"]
        await self.take(scope, receive)
        await self.acknowledge(send)

    async def take(self, scope: Message, receive: Receive) -> None:
        """Stored on the disk before it is answered. Raises as `receive_webhook`, and for what cannot be taken."""
        self._refusals.check(scope)
        self._installation.store.database.check_room()
        connector = scope["path_params"]["connector"]
        subscriber = await addressee(self._installation, scope["path_params"]["segment"], connector)
        call = incoming(scope, await body_of(scope, receive))
        keeps = self._refusals.keeps(subscriber.name)
        try:
            fresh = await receive_webhook(self._installation, subscriber, connector, call, keep_refused=keeps)
        except CallRejected:
            self._refusals.count(subscriber.name)
            raise
        self._refusals.taken(scope)
        if fresh:
            self._wake()

    async def acknowledge(self, send: Send) -> None:
        await send(START)
        await send(RECEIVED)
