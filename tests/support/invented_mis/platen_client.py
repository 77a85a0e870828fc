"""Calls to Platen, and what its answers mean for whoever waits."""

from collections.abc import Mapping
from typing import Any

import msgspec
from makeready_hooks import Secret
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import Http, HttpAnswer, HttpRequest
from msgspec import Struct

UNAUTHORIZED, TIMED_OUT, TOO_MANY, SERVER_ERROR = 401, 408, 429, 500

MOVED, REFUSED = 300, 400


class Said(Struct, frozen=True, kw_only=True):
    """An answer that could be understood; ``code`` is of a refusal."""

    body: dict[str, Any]
    code: str = ""

    def checked(self, *members: str) -> dict[str, Any]:
        """Raises Refused with Platen's words; OutcomeUnknown if one of these members is missing."""
        if self.code:
            raise Refused(f"Platen refuses it: {self.body['error']['text']}")
        if not all(self.body.get(one) for one in members):
            raise OutcomeUnknown(f"Platen's answer does not name the {' or the '.join(members)}.")
        return self.body


class PlatenClient:
    def __init__(self, server_url: str, key: Secret, http: Http, call_within_s: float) -> None:
        self._server_url = server_url
        self._key = key
        self._http = http
        self._call_within_s = call_within_s

    async def read(self, path: str, *query: tuple[str, str], has: str) -> dict[str, Any]:
        """An answer with this member. Raises Refused, RetryLater, ConfigError."""
        answer = await self._send("GET", path, query=query)
        if answer.status >= SERVER_ERROR or answer.status in (TIMED_OUT, TOO_MANY):
            raise RetryLater(f"Platen answers with {answer.status}.")
        try:
            body = self._said(answer).checked()
        except msgspec.DecodeError as exc:
            raise RetryLater("Platen's answer cannot be read.") from exc
        if has not in body:
            raise RetryLater(f"Platen's answer has no {has}.")
        return body

    async def change(
        self,
        method: str,
        path: str,
        content: bytes | dict[str, str],
        headers: Mapping[str, str] = {},
        query: tuple[tuple[str, str], ...] = (),
    ) -> Said:
        """Raises RetryLater, OutcomeUnknown, ConfigError."""
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        answer = await self._send(
            method, path, body=body, headers=headers, query=query, changes_something=True
        )
        if answer.status == TOO_MANY:
            raise RetryLater("Platen is asked too often.")
        if answer.status >= SERVER_ERROR or answer.status == TIMED_OUT:
            raise OutcomeUnknown(f"Platen answers with {answer.status}.")
        try:
            return self._said(answer)
        except msgspec.DecodeError as exc:
            raise OutcomeUnknown("Platen's answer cannot be read.") from exc

    async def _send(self, method: str, path: str, headers: Mapping[str, str] = {}, **more: Any) -> HttpAnswer:
        signed = {"X-Platen-Key": self._key.reveal(), **headers}
        url = f"{self._server_url}/v2/{path}"
        answer = await self._http.send(
            HttpRequest(method=method, url=url, headers=signed, deadline_s=self._call_within_s, **more)
        )
        if answer.status == UNAUTHORIZED:
            raise ConfigError(
                "Platen does not know the key.", field="key", fix="Correct the key in the settings."
            )
        return answer

    def _said(self, answer: HttpAnswer) -> Said:
        """Raises DecodeError for what Platen does not say. It may repeat the key that it was sent."""
        hidden = answer.body.replace(self._key.reveal().encode(), b"(hidden)")
        body = msgspec.json.decode(hidden, type=dict[str, Any])
        if answer.status >= REFUSED:
            return Said(body=body, code=msgspec.convert(body, Refusal).error.code)
        if answer.status >= MOVED:
            raise msgspec.DecodeError("no answer of Platen's")
        return Said(body=body)


class Reason(Struct, frozen=True):
    code: str
    text: str


class Refusal(Struct, frozen=True):
    error: Reason
