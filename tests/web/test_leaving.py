"""A caller who is gone before the end of the body: nothing is done, and it is no defect."""

import asgi
import pytest
from browser import users
from makeready.access.tokens import make_token
from makeready.web.app import create_app
from pretend import Bench
from structlog.testing import capture_logs

PLACES = (
    "/api/v1/subscribers/northfield/retry",
    "/hooks/segment/shop",
    "/price/segment/shop",
    "/admin/sign-in",
)
FORM = (b"content-type", b"application/x-www-form-urlencoded")


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("pieces", [1, 3])
async def test_whoever_leaves_before_the_end_of_a_body_has_not_called(
    bench: Bench, path: str, pieces: int
) -> None:
    await users(bench)
    token = await make_token(bench.installation, "ci", subscriber="northfield", read_only=False)
    headers = [FORM, (b"x-key", b"right"), (b"authorization", f"Bearer {token}".encode())]
    app = create_app(bench.installation, work=False)
    request = asgi.Request(
        method="POST", path=path, headers=headers, body=b"6994 6994", pieces=pieces, leaves=True
    )
    with capture_logs() as logs:
        answer = await asgi.send(app, request)
    assert (answer.raised, answer.status) == (None, 400)
    assert [one for one in logs if one["log_level"] in ("error", "critical")] == []
    assert await bench.installation.store.inbox.of_order("northfield", "6994") == []


@pytest.mark.parametrize("path", ["/api/v1/subscribers/", "/api/v1/subscribers/northfield/stock/"])
async def test_an_address_of_the_api_without_its_last_part_is_none(bench: Bench, path: str) -> None:
    """No redirect, which would name the host that the caller gave, and no product without an id."""
    token = await make_token(bench.installation, "ci", subscriber="", read_only=True)
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"host", b"evil.example")]
    app = create_app(bench.installation, work=False)
    answer = await asgi.send(app, asgi.Request(method="GET", path=path, headers=headers))
    assert (answer.status, answer.header(b"location")) == (404, "")
