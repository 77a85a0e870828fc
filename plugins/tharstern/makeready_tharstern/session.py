"""Signed-in calls of Tharstern's functions: the token, the envelope, the errors."""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

from makeready_hooks.errors import ConfigError, Refused
from makeready_hooks.http import Http, HttpAnswer, HttpRequest
from msgspec import structs

from makeready_tharstern.replies import Reply, read_reply, trouble
from makeready_tharstern.settings import TharsternSettings

ZERO_TOKEN = "00000000-0000-0000-0000-000000000000"  # noqa: S105 - what a refused login answers (seen)

NOWHERE = (301, 302, 303, 307, 308, 404, 405)
"""What a login is answered with where something else than Tharstern is."""

BUSY = (408, 429)
"""What a server, or something before it, answers that has no time: nothing is wrong with the login."""

REFUSED = "Tharstern refuses the login."

Query = tuple[tuple[str, str], ...]


class TharsternSession:
    def __init__(self, settings: TharsternSettings, http: Http) -> None:
        self._settings = settings
        self._http = http
        self._token = ""
        self._signing_in = asyncio.Lock()

    async def sign_in(self) -> None:
        """Get a token. Raises ConfigError if the login is refused, RetryLater if the server is away."""
        query = (
            ("email", self._settings.login),
            ("password", self._settings.password.reveal()),
            ("applicationId", self._settings.api_key.reveal()),
        )
        request = HttpRequest(
            method="GET",
            url=f"{self._settings.api_url}/authentication/GenerateAPIToken",
            query=query,
            deadline_s=self._settings.answer_within_s,
            secret_query=True,
            refusal=lambda answer: "" if _token(answer) else REFUSED,
        )
        answer = await self._http.send(request)
        reply = read_reply(answer)
        if answer.status in NOWHERE:
            raise ConfigError(
                f"There is no Tharstern API at {self._settings.api_url}: HTTP {answer.status}.",
                field="connectors.tharstern.server_url",
                fix="Check server_url: it may need /TharsternAPI, another port, or https.",
            )
        unreadable = reply is None and answer.status not in (401, 403)
        if unreadable or answer.status >= 500 or answer.status in BUSY:
            raise trouble(answer, None, "the login", changes_something=False)
        token = _token(answer)
        if not token:
            raise ConfigError(
                REFUSED,
                field="connectors.tharstern.password",
                fix="Check login, password and api_key, and that this user may use the API.",
            )
        self._token = token

    async def read(self, function: str, query: Query = ()) -> dict[str, Any]:
        """``Details`` of a call that changes nothing."""
        return await self._call("GET", function, query, b"", changes_something=False)

    async def change(self, function: str, body: bytes, query: Query = ()) -> dict[str, Any]:
        """``Details`` of a call that must not be repeated blindly."""
        return await self._call("POST", function, query, body, changes_something=True)

    async def _call(
        self, method: str, function: str, query: Query, body: bytes, *, changes_something: bool
    ) -> dict[str, Any]:
        """Send with a token; sign in again once if the token has expired. Returns ``Details``."""
        used = await self._have_token()
        answer, reply = await self._send(method, function, query, body, changes_something)
        if self._expired(answer, reply):
            await self._renew(used)
            answer, reply = await self._send(method, function, query, body, changes_something)
            if self._expired(answer, reply):
                raise Refused(
                    f"Tharstern does not let this user call {function}.", fix="Check the API user's rights."
                )
        if reply is None or not reply.success:
            untouched = self._settings.assumptions.untouched_statuses
            raise trouble(answer, reply, function, changes_something=changes_something, untouched=untouched)
        return reply.details

    async def _send(
        self, method: str, function: str, query: Query, body: bytes, changes_something: bool
    ) -> tuple[HttpAnswer, Reply | None]:
        headers: Mapping[str, str] = {
            "Authorization": "Basic " + base64.b64encode(f"{self._token}:".encode()).decode(),
            "Accept": "application/json",
            **({"Content-Type": "application/json"} if body else {}),
        }
        request = HttpRequest(
            method=method,
            url=f"{self._settings.api_url}/{function}",
            query=query,
            headers=headers,
            body=body,
            changes_something=changes_something,
            deadline_s=self._settings.answer_within_s,
        )
        answer = await self._http.send(request)
        reply = read_reply(answer)
        return answer, reply and structs.replace(reply, text=self._without_secrets(reply.text))

    def _without_secrets(self, text: str) -> str:
        """A server's words are shown to people, and it may repeat what it was sent."""
        for secret in filter(None, (self._token, self._settings.password.reveal())):
            text = text.replace(secret, "(hidden)")
        return text

    def _expired(self, answer: HttpAnswer, reply: Reply | None) -> bool:
        """What an expired token answers is unknown: 401, 403, or a failure that speaks of it.

        A failure with details is about the call itself: taking it for an expired token would repeat the
        call, and an order that was taken all the same would be doubled.
        """
        if answer.status in (401, 403):
            return True
        if reply is None or reply.success or answer.status != 200 or reply.details:
            return False
        text = reply.text.lower()
        return any(word in text for word in self._settings.assumptions.expired_token_words)

    async def _have_token(self) -> str:
        if not self._token:
            await self._renew("")
        return self._token

    async def _renew(self, used: str) -> None:
        """Sign in, once for all tasks that found the same token expired."""
        async with self._signing_in:
            if self._token in ("", used):
                await self.sign_in()


def _token(answer: HttpAnswer) -> str:
    """ "" for a login that is refused, whatever its status."""
    reply = read_reply(answer)
    token = str(reply.details.get("Token") or ZERO_TOKEN) if reply and reply.success else ZERO_TOKEN
    return "" if token == ZERO_TOKEN else token
