"""Files that a shop leaves for after their order, where its limit of calls is short: none is lost."""

from collections.abc import Sequence

import msgspec
import pytest
from file_server import FileServer
from makeready.orders.artwork.model import LATE_FILES
from makeready.orders.artwork.sync import LOOK_AGAIN_S
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready_hooks import hookimpl
from makeready_hooks.errors import RetryLater
from makeready_hooks.model.order import Artwork, FileRole, FileWay, Order, TakenFile
from pretend import Bench, Shop, line, order
from steps import ask_to_look, settle, states


async def send(bench: Bench, *files: Artwork) -> None:
    bench.shop.leaves_files = True
    bench.shop.orders["6994"] = order("6994", line(files=files))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]


def given(bench: Bench) -> list[tuple[str, bytes]]:
    return [(one.file_name, content) for one, content in bench.mis.attached]


def a_file(server: FileServer, name: str = "front.pdf") -> Artwork:
    return Artwork(file_name=name, url=server.put(f"/{name}", b"%PDF"), way=FileWay.LASTING_ADDRESS)


async def waiting(bench: Bench) -> Sequence[float]:
    """When files are looked for, of all orders, in seconds from now."""
    found = await bench.installation.store.work.by_kind("northfield")
    return [one.next_at - bench.clock() for one in found if one.kind == LATE_FILES]


async def test_a_file_that_was_left_is_given_to_the_mis_soon_after_the_order_and_once(
    private: Bench, server: FileServer
) -> None:
    await send(private, a_file(server))
    assert given(private) == [("front.pdf", b"%PDF")]
    story = await order_story(private.installation, "northfield", "6994")
    assert story is not None
    assert any("its files are asked for afterwards" in one.cause for one in story.history)
    for _ in range(2):
        private.clock.now += LOOK_AGAIN_S
        await settle(private)
    assert given(private) == [("front.pdf", b"%PDF")]
    assert await waiting(private) == []
    assert private.shop.asked_for_files == 1


async def test_an_order_that_has_no_file_soon_is_looked_at_once_more(
    private: Bench, server: FileServer
) -> None:
    await send(private)
    [again_s] = await waiting(private)
    assert LOOK_AGAIN_S - 1 <= again_s <= LOOK_AGAIN_S
    private.shop.files = [a_file(server, "proof.pdf")]
    private.clock.now += LOOK_AGAIN_S
    await settle(private)
    assert given(private) == [("proof.pdf", b"%PDF")]
    assert await waiting(private) == []


async def test_a_look_that_fails_is_made_again(private: Bench, server: FileServer) -> None:
    private.shop.files_away = [RetryLater("The shop is away.")]
    await send(private, a_file(server))
    assert given(private) == []
    private.clock.now += 60
    await settle(private)
    assert given(private) == [("front.pdf", b"%PDF")]


@pytest.mark.parametrize("ways", [(), (FileWay.LASTING_ADDRESS,)])
async def test_files_go_with_their_order_where_the_mis_takes_none_after_it(
    private: Bench, server: FileServer, ways: tuple[FileWay, ...]
) -> None:
    private.mis.taken = tuple(TakenFile(role=FileRole.ARTWORK, ways=ways) for _ in range(len(ways)))
    await send(private, a_file(server))
    assert private.shop.may_follow == [False]


async def test_a_preview_shows_the_files(private: Bench, server: FileServer) -> None:
    private.shop.leaves_files = True
    private.shop.orders["6994"] = order("6994", line(files=(a_file(server),)))
    await preview_order(private.installation, private.subscriber, "6994")
    assert private.shop.may_follow == [False]


async def test_an_order_that_leaves_again_leaves_as_it_did_before(private: Bench, server: FileServer) -> None:
    private.shop.leaves_files = True
    private.shop.orders["6994"] = order("6994", line(files=(a_file(server),)))
    private.mis.trouble = [RetryLater("not now")]
    await ask_to_look(private, "6994")
    for _ in range(3):
        await settle(private)
        private.clock.now += 60
    assert await states(private) == ["accepted"]
    assert [one for one, _ in given(private)] == ["front.pdf"]


async def test_a_connector_that_knows_nothing_of_files_that_follow_is_asked_as_before(
    private: Bench, server: FileServer
) -> None:
    class OlderShop(Shop):
        @hookimpl
        async def read_order_details(self, order: Order, lines: tuple[int, ...]) -> Order:  # type: ignore[override]
            return order

    older, kinds = OlderShop(), private.installation.kinds
    assert isinstance(kinds, dict)
    kinds["shop"] = msgspec.structs.replace(kinds["shop"], build=lambda settings, context: older)
    older.orders["6994"] = order("6994", line(files=(a_file(server),)))
    await ask_to_look(private, "6994")
    await settle(private)
    assert await states(private) == ["accepted"]
    [row] = await private.installation.store.files.of("northfield", "6994-1")
    assert (row.file_name, row.went) == ("front.pdf", True)
