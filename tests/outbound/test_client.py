"""The outbound client against real servers on loopback: what a failure says about the call's effect."""

import asyncio
import gzip
import socket
import struct
import traceback
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pytest
from makeready import __version__
from makeready.outbound.addresses import place, read_address
from makeready.outbound.capture import capture_response
from makeready.outbound.client import Outbound
from makeready.outbound.model import CallRow
from makeready_hooks import CallLimit
from makeready_hooks.errors import ConfigError, OutcomeUnknown, RetryLater
from makeready_hooks.http import HttpRequest
from plain_server import THIS_MACHINE, Server


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    opened = Outbound(reach=THIS_MACHINE)
    yield opened
    await opened.aclose()


async def send(outbound: Outbound, url: str, **values):
    http = outbound.for_connector("a", "shop", None)
    request = HttpRequest(**{"method": "POST", "url": url, "body": b"{}", "deadline_s": 5, **values})
    return await http.send(request)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: 1\r\n\r\n{}"
SECRET = "press-gang"
CUT_SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{"
GARBAGE = b"this is not HTTP\r\n\r\n"


async def test_an_answer_comes_whole_whatever_its_status(outbound: Outbound) -> None:
    async with Server(OK.replace(b"200 OK", b"500 Oh")) as server:
        answer = await send(outbound, server.url)
    assert (answer.status, answer.body, answer.headers["x-one"]) == (500, b"{}", "1")


@pytest.mark.parametrize("reply", [None, CUT_SHORT, GARBAGE], ids=["nothing", "cut short", "garbage"])
async def test_a_call_that_was_read_and_not_answered_has_an_unknown_outcome(
    outbound: Outbound, reply: bytes | None
) -> None:
    async with Server(reply) as server:
        with pytest.raises(OutcomeUnknown):
            await send(outbound, server.url, changes_something=True)
        assert len(server.requests) == 1, "a call that changes something is never repeated by the client"


@pytest.mark.parametrize("reply", [None, CUT_SHORT, GARBAGE], ids=["nothing", "cut short", "garbage"])
async def test_the_same_is_try_later_for_a_call_that_changes_nothing(
    outbound: Outbound, reply: bytes | None
) -> None:
    async with Server(reply) as server:
        with pytest.raises(RetryLater) as raised:
            await send(outbound, server.url)
    assert raised.value.__cause__ is None, "what is below may show an address with credentials in a log"
    assert raised.value.__suppress_context__


async def test_a_server_that_hangs_is_given_up_at_the_deadline(outbound: Outbound) -> None:
    async with Server(OK, wait=True) as server:
        with pytest.raises(OutcomeUnknown, match=r"time is up: no whole answer within 0.2 seconds"):
            await send(outbound, server.url, changes_something=True, deadline_s=0.2)


def packed(body: bytes) -> bytes:
    data = gzip.compress(body)
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        % len(data)
    )
    return head + data


async def test_a_packed_answer_comes_unpacked(outbound: Outbound) -> None:
    body = b"a word or two, " * 10_000
    async with Server(packed(body)) as server:
        answer = await send(outbound, server.url)
    assert answer.body == body
    assert b"accept-encoding: gzip, deflate\r\n" in server.requests[0].lower()


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/Orders/47.11/~x_y-z", b"/api/Orders/47.11/~x_y-z"),
        ("", b"/"),
        ("/", b"/"),
        ("/a b/\u00fc", b"/a%20b/%C3%BC"),
        ("/a/../b/./c", b"/b/c"),
        ("/a%2Fb", b"/a%2Fb"),
        ("/a?b=c", b"/a?b=c"),
    ],
)
async def test_a_path_is_asked_for_as_it_is_meant(outbound: Outbound, path: str, asked: bytes) -> None:
    async with Server(OK) as server:
        await send(outbound, server.url.removesuffix("/api") + path, method="GET", body=b"")
    assert server.requests[0].startswith(b"GET %s HTTP/1.1\r\n" % asked)


async def test_a_query_goes_in_its_order_and_nothing_in_it_is_taken_for_a_sign(outbound: Outbound) -> None:
    query = (("b", "1 & 2"), ("a", "=?#"), ("b", "\u00fc+"))
    async with Server(OK) as server:
        await send(outbound, server.url, method="GET", body=b"", query=query)
    line = server.requests[0].partition(b" HTTP/1.1\r\n")[0].decode()
    assert parse_qsl(line.partition("?")[2]) == [*query]


LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 33000000\r\n\r\n" + b"x" * 33_000_000
NO_GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (None, "it hung up without an answer"),
        (CUT_SHORT, "it hung up in the middle of its answer"),
        (GARBAGE, "its answer is not HTTP"),
        (NO_GZIP, "its answer cannot be unpacked"),
        (LARGE, "the answer is larger than 32 MB"),
        (packed(bytes(33_000_000)), "the answer is larger than 32 MB"),
    ],
    ids=["nothing", "cut short", "garbage", "not packed", "large", "large once unpacked"],
)
async def test_why_there_is_no_answer_is_told_as_it_was(
    outbound: Outbound, reply: bytes | None, said: str
) -> None:
    async with Server(reply) as server:
        with pytest.raises(RetryLater, match=rf"^127.0.0.1:\d+ gave no answer \({said}\)\.$"):
            await send(outbound, server.url)
        with pytest.raises(OutcomeUnknown, match=rf"gave no answer to POST /api \({said}\)\.$"):
            await send(outbound, server.url, changes_something=True)


@pytest.mark.parametrize("read", [0, 1], ids=["before it has read", "after it has read"])
async def test_a_server_that_hangs_up_says_whether_it_has_read(outbound: Outbound, read: int) -> None:
    """One that leaves what it was sent unread resets the connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if read:
            await reader.readuntil(b"\r\n\r\n{}")
        else:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            await reader.read(1)
        writer.close()

    said = "it hung up without an answer" if read else "connection reset by peer"
    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        with pytest.raises(OutcomeUnknown, match=said):
            await send(outbound, url, changes_something=True)


async def test_where_no_connection_was_made_nothing_was_sent(outbound: Outbound) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/api"
    with pytest.raises(RetryLater, match=r"cannot be reached \(connection refused\)"):
        await send(outbound, url, changes_something=True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/x",
        "shop.example/x",
        "https:///x",
        "http://[",
        "http://[v1.x]/",
        "http://shop.example:port/",
        "http://" + "a" * 64 + ".example/",
        "http://a..example/",
        "http://xn--/",
    ],
)
async def test_an_address_that_is_none_is_a_setting_to_correct(outbound: Outbound, url: str) -> None:
    with pytest.raises(ConfigError):
        await send(outbound, url)


async def test_no_error_shows_a_query(outbound: Outbound) -> None:
    async with Server(None) as server:
        with pytest.raises(RetryLater) as caught:
            await send(outbound, server.url, method="GET", query=(("password", SECRET),), secret_query=True)
    assert SECRET in server.requests[0].decode()
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_each_call_is_noted_with_what_came_of_it_and_nothing_secret() -> None:
    noted: list[CallRow] = []
    outbound = Outbound(note=noted.append, clock=lambda: 1000.0, reach=THIS_MACHINE)
    secret = {"query": (("password", SECRET),), "headers": {"x-key": SECRET}, "body": SECRET.encode()}
    async with Server(OK) as server, Server(None) as cut, Server(OK, wait=True) as hanging:
        named = f"{server.url}/" + "x" * 1000
        await send(outbound, named, **{**secret, "body": b"{}"})
        with pytest.raises(OutcomeUnknown):
            await send(outbound, cut.url, changes_something=True, **{**secret, "body": b"{}"})
        given_up = asyncio.create_task(send(outbound, hanging.url))
        while not hanging.requests:
            await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        port = server.url.removeprefix("http://").removesuffix("/api")
    await outbound.aclose()
    good, bad, left = noted
    assert (good.subscriber, good.connector, good.at, good.host) == ("a", "shop", 1000.0, port)
    assert (good.method, good.path[:8], len(good.path)) == ("POST", "/api/xxx", 303)
    assert (good.status, good.error, good.failed, good.size) == (200, "", False, 2)
    assert (bad.status, bad.failed) == (0, True)
    assert "gave no answer to POST /api" in bad.error
    assert "given up" in left.error
    assert SECRET not in repr(noted)


async def test_calls_wait_for_the_vendor_s_limit() -> None:
    taken: list[float] = []

    class Slots:
        async def take(
            self, host: str, *, now: float, calls: int, per_s: float, wanted: int, **ahead: float
        ) -> tuple[float, int]:
            taken.append(per_s)
            return now, 1

    outbound = Outbound(Slots(), reach=THIS_MACHINE)
    async with Server(OK) as server:
        http = outbound.for_connector("a", "shop", CallLimit(calls=10, per_s=10))
        await http.send(HttpRequest(method="GET", url=server.url))
    await outbound.aclose()
    assert taken == [10.25], "a margin, since the vendor's clock starts when a call arrives"


def test_a_host_is_noted_without_a_name_and_password() -> None:
    address = read_address("https://ada:s3cret@shop.example:8443/api?x=@y")
    assert place(address) == ("shop.example:8443", "/api")


@pytest.mark.parametrize(
    ("told", "skew"),
    [(b"Thu, 01 Jan 1970 00:18:20 GMT", 100.0), (b"Thu, 01 Jan 1970 00:15:00 GMT", -100.0), (b"soon", None)],
)
async def test_the_clock_of_a_vendor_is_noted(told: bytes, skew: float | None) -> None:
    outbound = Outbound(clock=lambda: 1000.0, reach=THIS_MACHINE)
    async with Server(OK.replace(b"X-One: 1", b"Date: " + told)) as server:
        await send(outbound, server.url)
    await outbound.aclose()
    assert outbound.clock_skew("a", "shop") == skew
    assert outbound.clock_skew("a", "mis") is None


async def test_the_answer_to_a_change_is_heard_and_no_other(outbound: Outbound) -> None:
    with capture_response(lambda: False) as heard:
        async with Server(OK) as server:
            await send(outbound, server.url)
            assert heard.body == b"", "reading calls can hold secrets, as a sign-in does"
            await asyncio.create_task(send(outbound, server.url, changes_something=True))
        assert heard.body == b"{}"
    async with Server(OK.replace(b"{}", b"[]")) as server:
        await send(outbound, server.url, changes_something=True)
    assert heard.body == b"{}"


async def test_a_change_that_is_late_does_not_leave(outbound: Outbound) -> None:
    async with Server(OK) as server:
        with capture_response(lambda: True), pytest.raises(OutcomeUnknown, match="stood still"):
            await send(outbound, server.url, changes_something=True)
        assert server.requests == []


async def test_a_redirect_is_an_answer_and_nothing_goes_where_it_leads(outbound: Outbound) -> None:
    async with Server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as elsewhere:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        async with Server(moved.encode()) as server:
            http = outbound.for_connector("a", "shop", None)
            request = HttpRequest(
                method="GET", url=server.url, headers={"Authorization": "Bearer secret-token"}
            )
            assert (await http.send(request)).status == 307
            assert (len(server.requests), elsewhere.requests) == (1, [])


async def test_a_vendor_reads_who_calls_unless_a_connector_says_it_otherwise(outbound: Outbound) -> None:
    async with Server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as server:
        http = outbound.for_connector("a", "shop", None)
        await http.send(HttpRequest(method="GET", url=server.url))
        await http.send(HttpRequest(method="GET", url=server.url, headers={"User-Agent": "Acme/2"}))
        heads = [head.lower() for head in server.requests]
    assert f"user-agent: makeready/{__version__}\r\n".encode() in heads[0]
    assert b"user-agent: acme/2\r\n" in heads[1]
    assert b"makeready" not in heads[1]
