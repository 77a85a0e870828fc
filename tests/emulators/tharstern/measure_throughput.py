"""How many requests a second one emulator process answers: ``python measure_throughput.py [seconds]``.

The server runs alone in a process; the clients are raw sockets in this one, so that they are not
what is measured. Figures are printed, nothing is asserted: they depend on the machine.
"""

import asyncio
import base64
import json
import multiprocessing
import socket
import sys
import time
from collections.abc import Sequence
from urllib.request import Request, urlopen

import uvicorn
from makeready_hooks.testing.emulation import EmulatorSetup
from makeready_tharstern_emulator import EMULATOR

_CLIENTS = 16
_LOGIN = "email=api@northfield.example&password=press-gang&applicationId=makeready"
_ORDER = {
    "UniqueSubmitOrderID": "PR-1",
    "InvoiceCustomer": {"Code": "NORTH01"},
    "RequiredDate": "2027-02-12T00:00:00",
    "OrderDate": "2027-02-03T09:41:07",
    "Items": [{"StockItemID": 4107, "Quantity": 25}],
}


def serve(listener: socket.socket) -> None:
    app = EMULATOR.build(EmulatorSetup(base_url="http://127.0.0.1"))
    config = uvicorn.Config(app, log_level="critical", access_log=False, ws="none", http="httptools")
    uvicorn.Server(config).run(sockets=[listener])


async def hammer(port: int, request: bytes, seconds: float) -> int:
    """Answers that one connection gets, one request at a time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        count += 1
    writer.close()
    return count


async def measure(port: int, request: bytes, seconds: float) -> float:
    counts: Sequence[int] = await asyncio.gather(*(hammer(port, request, seconds) for _ in range(_CLIENTS)))
    return sum(counts) / seconds


def requests(token: str) -> dict[str, bytes]:
    basic = base64.b64encode(f"{token}:".encode()).decode()
    head = f"HTTP/1.1\r\nhost: x\r\nauthorization: Basic {basic}\r\n"
    order = json.dumps({"Orders": [_ORDER]})
    api = "/TharsternAPI/api"
    return {
        "one product by code": f"GET {api}/products?productCode=TOTE-NVY {head}\r\n".encode(),
        "one product by id": f"GET {api}/products?id=4107 {head}\r\n".encode(),
        "a page of 18 products": f"GET {api}/products {head}\r\n".encode(),
        "an order": (f"POST {api}/orders/submit {head}content-length: {len(order)}\r\n\r\n{order}").encode(),
    }


def sign_in(port: int) -> str:
    url = f"http://127.0.0.1:{port}/TharsternAPI/api/authentication/GenerateAPIToken?{_LOGIN}"
    with urlopen(Request(url)) as answer:
        token: str = json.load(answer)["Details"]["Token"]
    return token


def main(seconds: float) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        server = multiprocessing.get_context("fork").Process(target=serve, args=(listener,), daemon=True)
        server.start()
        port = listener.getsockname()[1]
        for name, request in requests(sign_in(port)).items():
            print(f"{name:24}{asyncio.run(measure(port, request, seconds)):8.0f}/s")  # noqa: T201
        server.terminate()
        server.join()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0)
