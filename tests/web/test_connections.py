"""Nobody keeps a place of the server by a request that never ends. Real sockets on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from makeready.web.connections import ConnectionLimits, is_shared, limited_protocol
from makeready.web.server import EmbeddedServer, bind, configuration

SHORT = ConnectionLimits(head_bytes=2000, head_s=0.3, body_s=0.5, connections=6, per_address=3)
CHUNKED = b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
WHOLE = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
Speak = Callable[..., Awaitable[bytes]]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the size of the body."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = str(size).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]}
    )
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served(limits: ConnectionLimits, *, shared: bool = False) -> AsyncIterator[int]:
    bound = bind("127.0.0.1", 0)
    config = configuration(app, limits)
    config.http = limited_protocol(limits, is_shared=lambda _: shared)  # type: ignore[assignment]
    config.lifespan = "off"
    server = EmbeddedServer(config)
    running = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def answer_to(port: int, *pieces: bytes) -> bytes:
    """All that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ((b"GET / HTTP/1.1\r\nx: " + b"a" * 5000,), b" 431 "),
        ((b"GET / HTTP/1.1\r\n", *[b"x: y\r\n" * 50] * 20), b" 4"),
        ((b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",), b" 400 "),
        ((b"GET / HTTP/1.1\r\n" + b"x: yyyy\r\n" * 600 + b"\r\n",), b" 400 "),
        ((b"GET / HTTP/1.1\r\nhost: x\r\n",), b" 408 "),
        ((), b" 408 "),
        ((b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n1234",), b" 408 "),
        ((CHUNKED + b"0\r\n" + b"x: yyyy\r\n" * 600 + b"\r\n",), b" 400 "),
    ],
)
async def test_a_request_without_end_is_ended(pieces: tuple[bytes, ...], status: bytes) -> None:
    async with served(SHORT) as port:
        answer = await answer_to(port, *pieces)
        assert status in answer.partition(b"\r\n")[0]
        assert b" 200 " in await answer_to(port, WHOLE.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))


@pytest.mark.parametrize("begun", [b"0\r\nx: ", b"5;x="])
async def test_what_comes_beside_a_body_is_cut_off_before_it_takes_memory(begun: bytes) -> None:
    """A trailer, or what is said of a chunk, on a line without end."""
    async with served(ConnectionLimits(head_bytes=2000)) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(CHUNKED + begun)
        with pytest.raises(ConnectionError):
            for _ in range(200):
                writer.write(b"a" * 100_000)
                await asyncio.wait_for(writer.drain(), 10)
        writer.close()


async def test_a_body_in_the_smallest_of_chunks_is_read() -> None:
    async with served(SHORT) as port:
        answer = await answer_to(port, CHUNKED, *[b"1\r\na\r\n" * 100] * 40, b"0\r\nx: y\r\n\r\n")
        assert answer.endswith(b"\r\n\r\n4000")


async def test_many_requests_over_one_connection_and_several_at_once_are_answered() -> None:
    async with served(SHORT) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        post = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3000\r\n\r\n" + b"z" * 3000
        for _ in range(50):
            writer.write(WHOLE + WHOLE + post)
            for size in (b"0", b"0", b"3000"):
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
                assert b" 200 " in head
                assert await reader.readexactly(len(size)) == size
        writer.close()


@pytest.mark.parametrize(("shared", "places"), [(False, SHORT.per_address), (True, SHORT.connections)])
async def test_there_are_so_many_places_and_no_more_until_one_is_free(shared: bool, places: int) -> None:
    patient = ConnectionLimits(head_s=60, connections=SHORT.connections, per_address=SHORT.per_address)
    async with served(patient, shared=shared) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(places)]
        for reader, writer in held:  # each has its place once it was answered
            writer.write(WHOLE)
            await reader.readuntil(b"\r\n\r\n0")
            writer.write(b"GET /")
            await writer.drain()
        assert b" 503 " in await answer_to(port, b"")
        held[0][1].close()
        await held[0][1].wait_closed()
        while b" 503 " in (
            answer := await answer_to(port, WHOLE.replace(b"host", b"connection: close\r\nhost"))
        ):
            await asyncio.sleep(0)
        assert b" 200 " in answer
        for _, writer in held[1:]:
            writer.close()


@pytest.mark.parametrize(
    ("address", "shared"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("fd00::1", True), ("", True), ("8.8.8.8", False)],
)
def test_a_server_in_front_may_stand_in_a_network_of_ones_own(address: str, shared: bool) -> None:
    assert is_shared(address) is shared


def bodies(port: int, count: int) -> list[bytes]:
    """What comes of each answer's body with the first piece of it, as a thread sees it that waits for that."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        found = []
        for _ in range(count):
            caller.sendall(WHOLE)
            body = caller.recv(4096).partition(b"\r\n\r\n")[2]
            found.append(body)
            if not body:
                caller.recv(4096)
        return found


async def test_a_short_answer_comes_in_one_piece() -> None:
    """Head and body are two writes of the application."""
    async with served(SHORT) as port:
        assert await asyncio.to_thread(bodies, port, 100) == [b"0"] * 100
