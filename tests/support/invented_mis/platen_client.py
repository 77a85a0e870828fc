"""Calls to Platen, and what its answers mean for whoever waits."""

from collections.abc import Mapping
from typing import Any

import msgspec
from makeready_hooks import Secret
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import Http, HttpAnswer, HttpRequest
from msgspec import Struct

UNAUTHORIZED, SERVER_ERROR = 401, 500


class Said(Struct, frozen=True, kw_only=True):
    """An answer that could be understood; ``code`` is of a refusal."""

    body: dict[str, Any]
    code: str = ""

    def checked(self) -> dict[str, Any]:
        """Raises Refused with Platen's words."""
        if self.code:
            raise Refused(f"Platen refuses it: {self.body['error']['text']}")
        return self.body


class PlatenClient:
    def __init__(self, server_url: str, key: Secret, http: Http, call_within_s: float) -> None:
        self._server_url = server_url
        self._key = key
        self._http = http
        self._call_within_s = call_within_s

    async def read(self, path: str, *query: tuple[str, str]) -> dict[str, Any]:
        """Raises Refused, RetryLater, ConfigError."""
        answer = await self._send("GET", path, query=query)
        if answer.status >= SERVER_ERROR:
            raise RetryLater(f"Platen answers with {answer.status}.")
        try:
            return _said(answer).checked()
        except msgspec.DecodeError as exc:
            raise RetryLater("Platen's answer cannot be read.") from exc

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
        if answer.status >= SERVER_ERROR:
            raise OutcomeUnknown(f"Platen answers with {answer.status}.")
        try:
            return _said(answer)
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


def _said(answer: HttpAnswer) -> Said:
    body = msgspec.json.decode(answer.body, type=dict[str, Any])
    return Said(body=body, code=body["error"]["code"] if "error" in body else "")
