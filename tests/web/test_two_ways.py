"""A webhook goes past the routes, unless its address is percent-encoded: both ways give the same answers."""

import httpx
import pytest
from makeready.web.app import create_app
from makeready.web.bodies import MAX_BODY_BYTES
from pretend import Bench

PLAIN, ENCODED = "shop", "%73hop"


@pytest.mark.parametrize(
    ("segment", "key", "body", "status"),
    [
        ("segment", "right", b"6994", 200),
        ("segment", "wrong", b"6994", 401),
        ("segment", "right", b"x" * (MAX_BODY_BYTES + 1), 413),
        ("nobody", "right", b"6994", 404),
    ],
)
async def test_both_ways_give_the_same_answer(
    bench: Bench, segment: str, key: str, body: bytes, status: int
) -> None:
    app = create_app(bench.installation, work=False)
    transport = httpx.ASGITransport(app)
    answers = []
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://bridge.example") as client,
    ):
        for connector in (PLAIN, ENCODED):
            answer = await client.post(f"/hooks/{segment}/{connector}", content=body, headers={"x-key": key})
            answers.append((answer.status_code, dict(answer.headers), answer.content))
    assert answers[0] == answers[1]
    assert answers[0][0] == status


@pytest.mark.parametrize(
    "path", ["/hooks/segment", "/hooks/segment/shop/more", "/hooks//shop", "/hooks/segment/"]
)
async def test_what_is_no_address_of_a_webhook_is_not_found(bench: Bench, path: str) -> None:
    app = create_app(bench.installation, work=False)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://bridge.example") as client,
    ):
        assert (await client.post(path, content=b"6994", headers={"x-key": "right"})).status_code == 404
