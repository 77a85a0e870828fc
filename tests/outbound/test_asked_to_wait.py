"""A vendor that asks us to wait is left alone by all calls of that connector of that company. Real servers on loopback."""

from collections.abc import AsyncIterator

import pytest
from makeready.outbound.client import Outbound
from makeready.outbound.rate_limit import CALM_S
from makeready_hooks import CallLimit
from makeready_hooks.errors import RetryLater
from makeready_hooks.http import HttpRequest
from plain_server import THIS_MACHINE, Server


def saying(status: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", "Content-Length: 0", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


class Vendor:
    """A server, and a company's calls to it, by a clock that the test sets."""

    def __init__(self, server: Server) -> None:
        self.now = 1000.0
        self.server = server
        self.outbound = Outbound(steady=lambda: self.now, reach=THIS_MACHINE)

    async def send(
        self,
        subscriber: str = "a",
        connector: str = "mis",
        limit: CallLimit | None = None,
        path: str = "",
    ) -> int:
        http = self.outbound.for_connector(subscriber, connector, limit)
        return (
            await http.send(HttpRequest(method="POST", url=self.server.url + path, changes_something=True))
        ).status

    async def rest_s(self, **who: str) -> float:
        """How long it says to wait; nothing is sent."""
        before = len(self.server.requests)
        with pytest.raises(
            RetryLater, match=r"^127.0.0.1:\d+ has asked us to wait: .* in \d+ seconds\.$"
        ) as caught:
            await self.send(**who)
        assert len(self.server.requests) == before
        assert caught.value.after_s is not None
        return caught.value.after_s


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Server(saying(503, "Retry-After: 40")) as server:
        made = Vendor(server)
        yield made
        await made.outbound.aclose()


async def test_all_calls_of_a_company_s_connector_wait_and_nobody_else_s(vendor: Vendor) -> None:
    assert await vendor.send() == 503
    vendor.now += 1
    assert await vendor.rest_s() == 39
    assert await vendor.send(connector="shop") == 503
    assert await vendor.send(subscriber="b") == 503
    vendor.now += 39
    assert await vendor.send() == 503
    assert await vendor.rest_s() == 40


async def test_who_waited_for_a_limit_of_calls_meanwhile_does_not_go_either(vendor: Vendor) -> None:
    class Slots:
        async def take(
            self, host: str, *, now: float, calls: int, per_s: float, wanted: int, **ahead: float
        ) -> tuple[float, int]:
            await vendor.send()
            return now, 1

    limited = Outbound(Slots(), steady=lambda: vendor.now, reach=THIS_MACHINE)
    vendor.outbound, plain = limited, vendor.outbound
    with pytest.raises(RetryLater, match="asked us to wait"):
        await vendor.send(limit=CallLimit(calls=1, per_s=1))
    assert len(vendor.server.requests) == 1
    await plain.aclose()


@pytest.mark.parametrize(
    ("reply", "waits"),
    [
        (saying(429), [1, 2, 4, 8, 16]),
        (saying(429, "Retry-After: 5"), [5, 5, 5, 8, 16]),
        (saying(429, "Retry-After: soon"), [1, 2]),
        (saying(429, "Retry-After: -4"), [1, 2]),
        (saying(503, "Retry-After: 999999999"), [3600, 3600]),
        (saying(429, "Retry-After: " + "9" * 400), [3600]),
        (saying(503, "Retry-After: Thu, 01 Jan 2026 00:01:30 GMT"), [1, 2, 4]),
        (saying(503), []),
        (saying(500, "Retry-After: 40"), []),
    ],
)
async def test_waits_are_those_that_are_told_and_grow(reply: bytes, waits: list[float]) -> None:
    async with Server(reply) as server:
        vendor = Vendor(server)
        for wait_s in waits:
            await vendor.send()
            assert await vendor.rest_s() == wait_s
            vendor.now += wait_s
        await vendor.send()
        if not waits:
            await vendor.send()
        await vendor.outbound.aclose()


async def test_a_sign_in_that_goes_well_in_between_does_not_end_the_growth(vendor: Vendor) -> None:
    for wait_s in (2, 2, 4, 8):
        vendor.server.reply = saying(200)
        assert await vendor.send(path="/token") == 200
        vendor.server.reply = saying(429, "Retry-After: 2")
        await vendor.send()
        assert await vendor.rest_s() == wait_s
        vendor.now += wait_s
    vendor.now += CALM_S + 1
    vendor.server.reply = saying(200)
    assert await vendor.send(path="/token") == 200
    vendor.server.reply = saying(429, "Retry-After: 2")
    await vendor.send()
    assert await vendor.rest_s() == 2, "nothing was refused for a while"


async def test_a_good_answer_ends_the_growth(vendor: Vendor) -> None:
    vendor.server.reply = saying(429)
    for wait_s in (1, 2, 4):
        await vendor.send()
        vendor.now += wait_s
    vendor.server.reply = saying(200)
    assert await vendor.send() == 200
    vendor.server.reply = saying(429)
    await vendor.send()
    assert await vendor.rest_s() == 1
