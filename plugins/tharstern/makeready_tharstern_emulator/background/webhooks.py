"""Events that a site with subscriptions pushes (S5h shows that there are some; their wire is assumed)."""

import asyncio
import hashlib
import hmac
import time
from typing import Any

import httpx
from msgspec import Struct, field

from makeready_tharstern_emulator.background.artwork import is_loopback, tls
from makeready_tharstern_emulator.background.tasks import Background
from makeready_tharstern_emulator.faults.rates import Chance
from makeready_tharstern_emulator.switches import Switches
from makeready_tharstern_emulator.wire.replies import encode


class Event(Struct, kw_only=True):
    """One event and what became of it."""

    sequence: int
    """From 1, in the order in which things happened, whatever the order of sending."""
    event: str
    at: float
    url: str
    body: str
    attempts: list[str] = field(default_factory=list)
    """Per try: the status, or the error."""
    fate: str = "waiting"
    """``waiting``, ``delivered``, ``failed``, ``lost`` on demand, ``held`` until another one is sent."""


class Webhooks:
    def __init__(self, switches: Switches, chance: Chance, background: Background) -> None:
        self._switches = switches
        self._chance = chance
        self._background = background
        self.events: list[Event] = []
        self._held: list[Event] = []

    def tell(self, event: str, about: dict[str, Any]) -> None:
        """Send an event in the background, if ``webhook-url`` is set."""
        url = self._switches.text("webhook-url")
        if not url:
            return
        names, sequence = self._switches.names, len(self.events) + 1
        body = encode({names["webhook.event"]: event, names["webhook.sequence"]: sequence, **about})
        row = Event(sequence=sequence, event=event, at=time.time(), url=url, body=body.decode())
        self.events.append(row)
        self._dispatch(row)

    def _dispatch(self, row: Event) -> None:
        if self._hit("webhook-lost"):
            row.fate = "lost"
        elif self._hit("webhook-late"):
            row.fate = "held"
            self._held.append(row)
        else:
            queue = [row, row] if self._hit("webhook-twice") else [row]
            queue += self._held
            self._held = []
            self._background.start(self._send_all(queue))

    def _hit(self, name: str) -> bool:
        rate = self._switches.rate(name)
        return bool(rate and rate.hits(self._chance.stream(name)))

    async def _send_all(self, rows: list[Event]) -> None:
        await asyncio.sleep(self._switches.number("webhook-delay-s"))
        async with httpx.AsyncClient(trust_env=False, verify=tls(), timeout=10) as client:
            for row in rows:
                await self._send(client, row)

    async def _send(self, client: httpx.AsyncClient, row: Event) -> None:
        """Try until the answer is 2xx, or the tries are used up."""
        for attempt in range(max(1, self._switches.whole("webhook-tries"))):
            if attempt:
                await asyncio.sleep(self._switches.number("webhook-retry-s"))
            if await self._try(client, row):
                row.fate = "delivered"
                return
        row.fate = "failed"

    async def _try(self, client: httpx.AsyncClient, row: Event) -> bool:
        if not is_loopback(row.url):
            row.attempts.append("not sent: not a loopback address")
            return False
        try:
            response = await client.post(row.url, content=row.body.encode(), headers=self._headers(row))
        except (httpx.HTTPError, AttributeError) as exc:
            # AttributeError: anyio's, where a receiver hangs up at once and uvloop has let go of the socket.
            row.attempts.append(f"{type(exc).__name__}: {exc}")
            return False
        row.attempts.append(str(response.status_code))
        return response.is_success

    def _headers(self, row: Event) -> dict[str, str]:
        headers = {"content-type": "application/json; charset=utf-8"}
        if secret := self._switches.text("webhook-secret"):
            digest = hmac.new(secret.encode(), row.body.encode(), hashlib.sha256).hexdigest()
            headers[self._switches.names["webhook.signature_header"]] = digest
        return headers

    def clear(self) -> None:
        self.events.clear()
        self._held.clear()
