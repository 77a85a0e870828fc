"""A caller of the JSON API, and orders in the states that it decides about."""

from typing import Any

import httpx
from makeready.access.tokens import make_token
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, Refused
from openapi import answer_schema, misfits
from pretend import Bench, order
from steps import ask_to_look, settle, states

NORTHFIELD = "/subscribers/northfield"
DAY = 86_400


class Api:
    """A caller with a token. It looks whether each answer is as the document says."""

    def __init__(self, client: httpx.AsyncClient, document: dict[str, Any], token: str) -> None:
        self._client = client
        self._document = document
        self.token = token

    def as_(self, token: str) -> "Api":
        return Api(self._client, self._document, token)

    async def get(self, path: str, status: int = 200, **params: object) -> Any:
        return (await self.call("GET", path, status, params=params)).json()

    async def post(self, path: str, status: int = 200, body: object = None, **headers: str) -> Any:
        given = {} if body is None else {"json": body}
        return (await self.call("POST", path, status, headers=headers, **given)).json()

    async def raw(self, path: str) -> httpx.Response:
        """An answer that need not be JSON."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self._client.get(f"/api/v1{path}", headers=headers)

    async def stream(self, path: str) -> str:
        """All of a stream of events, read to its end."""
        answer = await self.raw(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        return answer.text

    async def call(self, method: str, path: str, status: int, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}".encode(), **options.pop("headers", {})}
        answer = await self._client.request(method, f"/api/v1{path}", headers=headers, **options)
        assert answer.status_code == status, answer.text
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type == ("application/problem+json" if status >= 400 else "application/json")
        schema = answer_schema(
            self._document, method, answer.request.url.raw_path.decode().partition("?")[0], status, media_type
        )
        assert misfits(answer.json(), schema, self._document) == []
        return answer


async def token(bench: Bench, name: str, subscriber: str = "northfield", **options: Any) -> str:
    given = {"subscriber": subscriber, "read_only": False, **options}
    return await make_token(bench.installation, name, **given)


async def send(bench: Bench, number: str, *troubles: MakereadyError) -> None:
    bench.shop.orders[number] = order(number)
    bench.mis.before_effect += troubles
    await ask_to_look(bench, number)
    await settle(bench)


async def refused(bench: Bench, *numbers: str, reason: str = "Customer NORTH01 is on stop.") -> None:
    for number in numbers:
        bench.clock.now += 1
        await send(bench, number, Refused(reason))


async def parked(bench: Bench, number: str) -> None:
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await send(bench, number)
    bench.clock.now += 1000
    await settle(bench)
    assert await states(bench, number) == ["parked"]
