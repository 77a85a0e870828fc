"""Artwork, with a real file server on loopback: checked, attached when late, never in the order's way."""

from base64 import b64encode

import msgspec
import pytest
from file_server import FileServer
from makeready.engine.model import NewWork
from makeready.orders import decisions
from makeready.orders.artwork.model import LATE_FILES, FileState
from makeready.orders.artwork.sync import MAX_ATTEMPTS
from makeready.orders.decisions import Decision
from makeready.orders.views.history import order_story
from makeready.outbound.call_timer import CallTimer
from makeready.outbound.download import Files, unnoted
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Artwork
from plain_server import THIS_MACHINE
from pretend import Bench, line, order
from steps import ask_to_look, settle, states


async def send(bench: Bench, *urls: str) -> None:
    files = tuple(Artwork(file_name=url.rpartition("/")[2], url=url) for url in urls)
    bench.shop.orders["6994"] = order("6994", line(files=files))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def files_of(bench: Bench) -> list[tuple[str, str, str]]:
    rows = await bench.installation.store.files.of("northfield", "6994-1")
    return [(row.file_name, row.state, row.error) for row in rows]


async def test_a_file_that_is_there_is_checked_with_its_size(private: Bench, server: FileServer) -> None:
    await send(
        private, server.put("/front.pdf", b"%PDF", "206 Partial", "Content-Range: bytes 0-0/12345\r\n")
    )
    [row] = await private.installation.store.files.of("northfield", "6994-1")
    assert (row.state, row.size, row.media_type) == ("checked", 12345, "application/pdf")


async def test_a_file_that_is_gone_fails_and_its_order_is_accepted_all_the_same(
    private: Bench, server: FileServer
) -> None:
    await send(private, f"{server.url}/gone.pdf", server.put("/front.pdf", b"%PDF"))
    gone, front = await files_of(private)
    assert gone[:2] == ("gone.pdf", "failed")
    assert "404" in gone[2]
    assert front[:2] == ("front.pdf", "checked")


async def test_a_server_that_is_away_is_asked_for_a_while(private: Bench, server: FileServer) -> None:
    await send(private, server.put("/front.pdf", b"", "503 Away"))
    assert (await files_of(private))[0][1] == "sent"
    for _ in range(MAX_ATTEMPTS):
        private.clock.now += 4000
        await settle(private)
    assert (await files_of(private))[0][1] == "failed"


async def test_a_server_that_comes_back_is_enough(private: Bench, server: FileServer) -> None:
    await send(private, server.put("/front.pdf", b"", "503 Away"))
    server.put("/front.pdf", b"%PDF")
    private.clock.now += 10
    await settle(private)
    assert (await files_of(private))[0][1] == "checked"


async def late(bench: Bench) -> None:
    now = bench.clock()
    await bench.installation.store.work.add(
        [NewWork(subscriber="northfield", kind=LATE_FILES, key="6994", due_at=now)]
    )
    await settle(bench)


async def test_a_file_that_comes_after_its_order_is_attached_once(private: Bench, server: FileServer) -> None:
    await send(private, server.put("/front.pdf", b"%PDF"))
    private.shop.files = [Artwork(file_name="proof.pdf", url=server.put("/proof.pdf", b"%PDF-late"))]
    for _ in range(2):
        await late(private)
    assert [(one.file_name, content) for one, content in private.mis.attached] == [
        ("proof.pdf", b"%PDF-late")
    ]
    assert (await files_of(private))[-1][:2] == ("proof.pdf", "attached")


async def test_late_files_of_a_number_that_two_orders_have_are_given_to_neither(
    private: Bench, server: FileServer
) -> None:
    await send(private, server.put("/front.pdf", b"%PDF"))
    private.shop.orders["b"] = msgspec.structs.replace(order("6994"), id="id-b")
    await ask_to_look(private, "6994")
    await settle(private)
    private.shop.files = [Artwork(file_name="proof.pdf", url=server.put("/proof.pdf", b"%PDF-late"))]
    await late(private)
    assert private.mis.attached == []


async def test_an_attachment_without_an_answer_is_not_repeated(private: Bench, server: FileServer) -> None:
    await send(private, server.put("/front.pdf", b"%PDF"))
    private.shop.files = [Artwork(file_name="proof.pdf", url=server.put("/proof.pdf", b"%PDF-late"))]
    private.mis.attach_trouble = [OutcomeUnknown("cut")]
    for _ in range(2):
        await late(private)
        private.clock.now += 4000
    assert len(private.mis.attached) == 1
    assert (await files_of(private))[-1][:2] == ("proof.pdf", "in_doubt")


async def test_a_late_file_is_given_to_the_mis_that_has_the_order_and_to_no_other(
    private: Bench, server: FileServer
) -> None:
    private.shop.orders["6994"] = order("6994")
    await ask_to_look(private, "6994")
    await settle(private)
    private.shop.files = [Artwork(file_name="proof.pdf", url=server.put("/proof.pdf", b"%PDF-late"))]
    stored = await private.installation.subscriber("northfield")
    mis = stored.connectors["mis"]
    elsewhere = msgspec.structs.replace(mis, shared={**mis.shared, "port": 2})
    store = private.installation.store.subscribers
    await store.save([msgspec.structs.replace(stored, connectors={**stored.connectors, "mis": elsewhere})])
    await late(private)
    assert private.mis.attached == []
    [error] = await private.installation.store.work.errors("northfield", "6994-1")
    assert error.startswith("It has left for mis at port 1 (live)")
    await store.save([stored])
    private.clock.now += 3600
    await settle(private)
    assert [one.file_name for one, _ in private.mis.attached] == ["proof.pdf"]


async def test_an_order_without_a_file_is_looked_at_again_later(private: Bench, server: FileServer) -> None:
    await send(private)
    private.shop.files = [Artwork(file_name="proof.pdf", url=server.put("/proof.pdf", b"%PDF-late"))]
    private.clock.now += 901
    await settle(private)
    assert (await files_of(private))[-1][:2] == ("proof.pdf", "attached")


async def test_only_hosts_that_are_named_are_asked(bench: Bench, server: FileServer) -> None:
    rules = msgspec.structs.replace(
        bench.subscriber.orders, private_files=True, file_hosts=("files.example",)
    )
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, orders=rules)])
    await send(bench, server.put("/front.pdf", b"%PDF"))
    bench.shop.files = [Artwork(file_name="proof.pdf", url=server.put("/proof.pdf", b"%PDF-late"))]
    await late(bench)
    sent, proof = await files_of(bench)
    assert sent == ("front.pdf", "unchecked", "")
    assert proof[:2] == ("proof.pdf", "failed")
    assert bench.mis.attached == []


@pytest.mark.parametrize("hosts", [(), ("files.example",)])
async def test_an_address_that_nobody_can_read_fails_and_its_order_is_accepted_all_the_same(
    bench: Bench, hosts: tuple[str, ...]
) -> None:
    rules = msgspec.structs.replace(bench.subscriber.orders, file_hosts=hosts)
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, orders=rules)])
    await send(bench, "http://[", "http://" + "a" * 64 + ".example/front.pdf")
    assert [state for _, state, _ in await files_of(bench)] == ["unchecked" if hosts else "failed"] * 2
    bench.shop.files = [Artwork(file_name="proof.pdf", url="http://[/proof.pdf")]
    await late(bench)
    assert (await files_of(bench))[-1][:2] == ("proof.pdf", "failed")


async def test_a_name_and_a_password_in_an_address_are_sent_and_not_noted(server: FileServer) -> None:
    files = Files(THIS_MACHINE)
    noted: list[str] = []

    def begin(method: str, host: str, path: str) -> CallTimer:
        noted.append(f"{method} {host} {path}")
        return unnoted(method, host, path)

    url = server.put("/front.pdf", b"%PDF").replace("http://", "http://ann:s%40cret@")
    assert await files.fetch(url, begin, limit=10) == b"%PDF"
    await files.aclose()
    assert noted == [f"GET {server.url.removeprefix('http://')} /front.pdf"]
    assert b"authorization: basic " + b64encode(b"ann:s@cret").lower() in server.heads[0].lower()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "[::1]"])
async def test_an_address_inside_our_own_network_is_never_asked(server: FileServer, host: str) -> None:
    port = server.url.rpartition(":")[2]
    files = Files()
    with pytest.raises(Refused, match="private network"):
        await files.look(f"http://{host}:{port}/secret")
    await files.aclose()


async def test_a_redirect_into_our_own_network_is_not_followed(server: FileServer) -> None:
    files = Files(THIS_MACHINE)
    start = server.put("/start", b"", "302 Found", "Location: ftp://127.0.0.1/secret\r\n")
    with pytest.raises(Refused, match="not one of the web"):
        await files.look(start)
    around = server.put("/around", b"", "302 Found", "Location: /around\r\n")
    with pytest.raises(Refused, match="without end"):
        await files.look(around)
    await files.aclose()


async def test_a_file_that_is_too_large_is_refused_while_it_is_read(server: FileServer) -> None:
    files = Files(THIS_MACHINE)
    with pytest.raises(Refused, match="larger than 10 bytes"):
        await files.fetch(server.put("/large", b"x" * 11), limit=10)
    assert await files.fetch(server.put("/small", b"x" * 10), limit=10) == b"x" * 10
    await files.aclose()


async def test_a_server_that_is_not_there_is_try_later() -> None:
    files = Files(THIS_MACHINE)
    with pytest.raises(RetryLater):
        await files.look("http://127.0.0.1:9/file")
    await files.aclose()


@pytest.mark.parametrize(
    ("trouble", "shown"),
    [
        (Refused("On stop."), "not_sent"),
        (RetryLater("Away.", after_s=9e9), "not_sent"),
        (OutcomeUnknown("cut"), "sent"),
    ],
)
async def test_a_file_is_shown_as_sent_only_if_the_mis_may_have_its_order(
    private: Bench, server: FileServer, trouble: Exception, shown: str
) -> None:
    files = (Artwork(file_name="front.pdf", url=server.put("/front.pdf", b"%PDF-1.4")),)
    private.shop.orders["6994"] = order("6994", line(files=files))
    private.mis.before_effect = [trouble]
    await ask_to_look(private, "6994")
    await settle(private)
    told = await order_story(private.installation, "northfield", "6994")
    assert told is not None and [one.state for one in told.sent[0].files] == [shown]
    private.clock.now += 1e10
    await settle(private)
    if await states(private) == ["refused"]:
        await decisions.send_again(
            private.installation, Decision(subscriber="northfield", key="6994-1", actor="ada")
        )
        await settle(private)
        told = await order_story(private.installation, "northfield", "6994")
        assert told is not None and [one.state for one in told.sent[0].files] == ["checked"]


async def test_a_file_that_somebody_else_has_moved_meanwhile_is_left_to_them(
    private: Bench, server: FileServer
) -> None:
    await send(private, server.put("/front.pdf", b"%PDF"))
    store = private.installation.store
    [row] = await store.files.of("northfield", "6994-1")
    submission = await store.ledger.submission("northfield", "6994-1")
    assert submission is not None
    assert await store.files.move(submission, row, FileState.ATTACHING, now=2e9) is not None
    assert await store.files.move(submission, row, FileState.FAILED, now=2e9) is None
    assert [state for _, state, _ in await files_of(private)] == ["attaching"]
