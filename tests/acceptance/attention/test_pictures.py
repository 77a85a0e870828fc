"""A picture of artwork is drawn by a process of its own: whatever the file is, the server goes on."""

import io
import struct
import time
import zlib
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest
from browser import Browser
from file_server import FileServer, serving
from makeready_admin.artwork import pictures
from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Artwork
from PIL import Image
from pretend import Bench, line, order
from steps import ask_to_look, settle

AT = "/admin/subscribers/northfield/submissions/7001-1/files"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
trailer<</Root 1 0 R>>"""


def png(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(made, "PNG")
    return made.getvalue()


def bomb() -> bytes:
    """A PNG that says of itself that it has a thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


@pytest.mark.parametrize(
    ("content", "size"), [(PDF, (320, 160)), (png(1000, 500), (320, 160)), (png(9, 9), (9, 9))]
)
async def test_a_page_or_a_picture_is_drawn_small(content: bytes, size: tuple[int, int]) -> None:
    assert Image.open(io.BytesIO(await pictures.draw(content))).size == size


@pytest.mark.parametrize("content", [b"", b"no picture", b"%PDF-1.7 and nothing", PDF[:90], bomb()])
async def test_what_cannot_be_drawn_is_said(content: bytes) -> None:
    with pytest.raises(Refused, match="no picture"):
        await pictures.draw(content)


async def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "DRAWN_WITHIN_S", 0.0)
    began = time.monotonic()
    with pytest.raises(Refused, match="no picture"):
        await pictures.draw(png(1000, 1000))
    assert time.monotonic() - began < 5


@pytest.fixture
async def server() -> AsyncIterator[FileServer]:
    async with serving() as made:
        yield made


async def test_the_order_s_page_leads_to_it_and_only_its_company_sees_it(
    mia: Browser, new_browser: Callable[[], Browser], bench: Bench, server: FileServer
) -> None:
    rules = msgspec.structs.replace(bench.subscriber.orders, private_files=True)
    changed = msgspec.structs.replace(bench.subscriber, orders=rules)
    await bench.installation.store.subscribers.save([changed])
    server.put("/front.png", png(640, 320))
    files = (
        Artwork(file_name="front.png", url=f"{server.url}/front.png"),
        Artwork(file_name="gone.png", url=f"{server.url}/gone.png"),
    )
    bench.shop.orders["7001"] = order("7001", line(files=files))
    await ask_to_look(bench, "7001")
    await settle(bench)
    page = await mia.get("/subscribers/northfield/orders/7001")
    rows = {one.file_name: one.id for one in await bench.installation.store.files.of("northfield", "7001-1")}
    address = f"{AT}/{rows['front.png']}/picture"
    assert f'src="{address}"' in page.html and 'loading="lazy"' in page.html
    answer = await mia.client.get(address)
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (320, 160)
    asked = len(server.heads)
    assert (await mia.client.get(address)).status_code == 200
    assert len(server.heads) == asked, "it is kept for a while"
    assert (await mia.client.get(f"{AT}/{rows['gone.png']}/picture")).status_code == 404
    assert (await mia.client.get(f"{AT}/999999/picture")).status_code == 404
    otto = new_browser()
    await otto.sign_in("otto")
    assert (await otto.client.get(address)).status_code == 404
    limited = msgspec.structs.replace(rules, file_hosts=("files.example",))
    await bench.installation.store.subscribers.save(
        [msgspec.structs.replace(changed, orders=limited, version=changed.version + 1)]
    )
    assert "not fetched" in (await mia.client.get(address)).text
