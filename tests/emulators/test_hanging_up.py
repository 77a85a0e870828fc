"""Whoever is called may hang up as soon as it is connected: a server that was just killed, or a firewall."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator

import pytest
import uvloop
from makeready_alerts.emergency import readiness_of
from makeready_pressero_emulator.shop.outbound import NotDelivered, post_json

ASKED = 100
AT_ONCE = struct.pack("ii", 1, 0)


@pytest.fixture
def hanging_up() -> Iterator[str]:
    """An address where each connection is taken and reset."""
    with socket.create_server(("127.0.0.1", 0), backlog=ASKED) as server:

        def serve() -> None:
            for _ in range(ASKED):
                taken, _ = server.accept()
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                taken.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_the_emulated_shop_takes_it_for_no_answer(hanging_up: str) -> None:
    async def ask_all() -> list[object]:
        asked = (post_json(f"{hanging_up}/", b"{}") for _ in range(ASKED))
        return await asyncio.gather(*asked, return_exceptions=True)

    assert {type(one) for one in uvloop.run(ask_all())} == {NotDelivered}


def test_a_server_that_does_it_is_not_ready(hanging_up: str) -> None:
    async def ask_all() -> list[str]:
        return await asyncio.gather(*(readiness_of(hanging_up)() for _ in range(ASKED)))

    assert all(one.startswith("it does not answer") for one in uvloop.run(ask_all()))
