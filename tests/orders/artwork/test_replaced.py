"""A file that the shop replaces after its order was sent: put in its place once, or told of where the MIS cannot."""

import hashlib
from typing import Any

import msgspec
import pytest
from file_server import FileServer
from makeready.engine.model import NewWork
from makeready.orders.artwork.model import FILE, LATE_FILES, FileRow
from makeready.orders.views.preview import preview_order
from makeready_hooks import Capability
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Artwork, FileRole, FileWay, TakenFile
from makeready_hooks.model.submission import AcceptedLine
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

QUIET_S = 200.0


@pytest.fixture
async def able(private: Bench) -> Bench:
    private.mis.can = frozenset({Capability.REPLACE_FILE})
    return private


def a_file(server: FileServer, name: str, version: int = 1, **more: Any) -> Artwork:
    url = server.put(f"/{name}?v={version}", f"%PDF {name} {version}".encode())
    return Artwork(file_name=name, url=url, **more)


async def send(bench: Bench, *files: tuple[Artwork, ...]) -> None:
    """An order of these lines, together as one of the MIS."""
    rules = (await bench.installation.subscriber("northfield")).orders
    await keep(bench, msgspec.structs.replace(rules, grouping="order"))
    lines = (line(number=n, id=f"i{n}", files=of_line) for n, of_line in enumerate(files, 1))
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert set(await states(bench)) == {"accepted"}


async def keep(bench: Bench, rules: Any) -> None:
    stored = await bench.installation.subscriber("northfield")
    await bench.installation.store.subscribers.save([msgspec.structs.replace(stored, orders=rules)])


async def shows(bench: Bench, *files: tuple[Artwork, ...], passed_s: float = 1.0) -> None:
    """What the shop shows of the lines by now; and a look at it."""
    shown = bench.shop.orders["6994"]
    lines = tuple(
        msgspec.structs.replace(one, files=of_line) for one, of_line in zip(shown.lines, files, strict=True)
    )
    bench.shop.orders["6994"] = msgspec.structs.replace(shown, lines=lines)
    bench.clock.now += passed_s
    work = NewWork(subscriber="northfield", kind=LATE_FILES, key="6994", due_at=bench.clock())
    await bench.installation.store.work.add([work])
    await settle(bench)


async def rows_of(bench: Bench) -> list[FileRow]:
    return await bench.installation.store.files.of("northfield", "6994")


async def told(bench: Bench) -> list[tuple[int, str, str]]:
    return [(row.line, row.url[-1], row.state) for row in await rows_of(bench)]


async def bad(bench: Bench) -> int:
    return await bench.installation.store.files.count_bad("northfield")


async def test_a_replaced_file_is_put_in_its_place_at_its_line_once(able: Bench, server: FileServer) -> None:
    old, other, new = a_file(server, "card.pdf"), a_file(server, "back.pdf"), a_file(server, "card.pdf", 2)
    await send(able, (other,), (old, other))
    for _ in range(2):
        await shows(able, (other,), (new, other))
    [(number, before, after)] = able.mis.replaced
    assert (number, before.url, after.url) == (2, old.url, new.url)
    assert after.sha256 == hashlib.sha256(b"%PDF card.pdf 2").hexdigest()
    assert able.mis.attached == []
    assert await told(able) == [
        (1, "1", "checked"),
        (2, "1", "replaced"),
        (2, "1", "checked"),
        (2, "2", "attached"),
    ]
    assert await bad(able) == 0


async def test_another_content_at_the_same_address_is_another_file(able: Bench, server: FileServer) -> None:
    first, second = (hashlib.sha256(one).hexdigest() for one in (b"%PDF card.pdf 1", b"later"))
    old = a_file(server, "card.pdf", sha256=first)
    await send(able, (old,))
    server.put("/card.pdf?v=1", b"later")
    await shows(able, (msgspec.structs.replace(old, sha256=second),))
    assert [(one.sha256, other.sha256) for _, one, other in able.mis.replaced] == [(first, second)]


async def test_what_is_not_the_file_that_the_shop_names_is_not_given(
    private: Bench, server: FileServer
) -> None:
    await send(private, (a_file(server, "card.pdf"),))
    late = a_file(server, "proof.pdf", sha256="0" * 64)
    await shows(private, (a_file(server, "card.pdf"), late))
    assert private.mis.attached == []
    assert (await rows_of(private))[-1].error.startswith(
        "What lies at the address of proof.pdf is another file"
    )


async def test_a_file_is_replaced_again_and_again(able: Bench, server: FileServer) -> None:
    versions = [a_file(server, "card.pdf", n) for n in (1, 2, 3, 1)]
    await send(able, (versions[0],))
    for one in versions[1:]:
        await shows(able, (one,))
    assert [(one.url[-1], other.url[-1]) for _, one, other in able.mis.replaced] == [
        ("1", "2"),
        ("2", "3"),
        ("3", "1"),
    ]


async def test_of_several_new_files_the_one_of_the_same_name_takes_the_place(
    able: Bench, server: FileServer
) -> None:
    await send(able, (a_file(server, "card.pdf"),))
    await shows(able, (a_file(server, "more.pdf"), a_file(server, "card.pdf", 2)))
    assert [other.file_name for _, _, other in able.mis.replaced] == ["card.pdf"]
    assert [one.file_name for one, _ in able.mis.attached] == ["more.pdf"]


async def test_a_file_of_another_role_takes_no_artwork_s_place(able: Bench, server: FileServer) -> None:
    await send(able, (a_file(server, "card.pdf"),))
    await shows(able, (a_file(server, "card.pdf", 2, role=FileRole.PROOF),))
    assert able.mis.replaced == []
    assert await told(able) == [(1, "1", "withdrawn"), (1, "2", "attached")]


async def test_a_file_that_the_shop_shows_no_more_is_told_of_and_comes_back(
    able: Bench, server: FileServer
) -> None:
    card, back = a_file(server, "card.pdf"), a_file(server, "back.pdf")
    await send(able, (card, back))
    for _ in range(2):
        await shows(able, (card,))
    assert await told(able) == [(1, "1", "checked"), (1, "1", "withdrawn")]
    assert await bad(able) == 1
    await shows(able, ())
    assert await bad(able) == 1, "an account may not tell them"
    await shows(able, (card, back))
    assert await bad(able) == 0


async def test_where_the_mis_cannot_replace_it_a_person_reads_what_it_has_and_what_to_do(
    private: Bench, server: FileServer
) -> None:
    await send(private, (a_file(server, "card.pdf"),))
    await shows(private, (a_file(server, "card.pdf", 2),))
    row = (await rows_of(private))[-1]
    assert (private.mis.attached, private.mis.replaced) == ([], [])
    assert row.state == "failed"
    assert row.error == (
        "The MIS has the older file card.pdf, and nothing can be put in its place from here. Give the MIS the new "
        "card.pdf by hand, and have the older one taken out before it is printed."
    )
    assert await bad(private) == 1
    await shows(private, (a_file(server, "card.pdf", 3),))
    assert await told(private) == [(1, "1", "checked"), (1, "2", "replaced"), (1, "3", "failed")]
    assert await bad(private) == 1, "only the newest is to be given"


async def test_what_the_mis_says_to_a_replacement_is_shown(able: Bench, server: FileServer) -> None:
    await send(able, (a_file(server, "card.pdf"),))
    able.mis.before_replacing = [Refused("It is on the press.")]
    await shows(able, (a_file(server, "card.pdf", 2),))
    assert [(row.state, row.error) for row in await rows_of(able)][1:] == [("failed", "It is on the press.")]


@pytest.mark.parametrize("before", [True, False])
async def test_after_silence_the_mis_is_asked_and_it_is_done_once(
    able: Bench, server: FileServer, before: bool
) -> None:
    await send(able, (a_file(server, "card.pdf"),))
    trouble = able.mis.before_replacing if before else able.mis.replace_trouble
    trouble.append(OutcomeUnknown("cut"))
    await shows(able, (a_file(server, "card.pdf", 2),))
    assert await told(able) == [(1, "1", "checked"), (1, "2", "attaching")]
    able.clock.now += 10
    again = NewWork(subscriber="northfield", kind=FILE, key="6994", due_at=able.clock())
    await able.installation.store.work.add([again])
    await settle(able)
    assert (able.mis.files_asked, len(able.mis.replaced)) == ([], int(not before)), "it may still take effect"
    able.clock.now += QUIET_S
    await settle(able)
    assert able.mis.files_asked == ["card.pdf"]
    assert len(able.mis.replaced) == 1
    assert await told(able) == [(1, "1", "replaced"), (1, "2", "attached")]


async def test_what_the_mis_cannot_tell_waits_for_a_person(able: Bench, server: FileServer) -> None:
    await send(able, (a_file(server, "card.pdf"),))
    able.mis.shows_files, able.mis.replace_trouble = False, [OutcomeUnknown("cut")]
    await shows(able, (a_file(server, "card.pdf", 2),))
    able.clock.now += QUIET_S
    await settle(able)
    row = (await rows_of(able))[-1]
    assert (row.state, len(able.mis.replaced)) == ("in_doubt", 1)
    assert row.error.startswith("It is not known whether the MIS has it in the place of card.pdf.")


async def test_an_mis_that_is_away_gets_it_later(able: Bench, server: FileServer) -> None:
    await send(able, (a_file(server, "card.pdf"),))
    able.mis.before_replacing = [RetryLater("away")]
    await shows(able, (a_file(server, "card.pdf", 2),))
    assert able.mis.replaced == []
    able.clock.now += QUIET_S
    await settle(able)
    assert len(able.mis.replaced) == 1


async def test_a_file_that_is_replaced_twice_while_the_first_is_in_doubt(
    able: Bench, server: FileServer
) -> None:
    await send(able, (a_file(server, "card.pdf"),))
    able.mis.replace_trouble = [OutcomeUnknown("cut")]
    await shows(able, (a_file(server, "card.pdf", 2),))
    await shows(able, (a_file(server, "card.pdf", 3),), passed_s=QUIET_S)
    able.clock.now += QUIET_S
    await settle(able)
    assert [(one.url[-1], other.url[-1]) for _, one, other in able.mis.replaced] == [("1", "2"), ("2", "3")]


# Roles, ways, lines


async def test_a_file_goes_in_the_way_that_the_mis_takes_and_the_address_is_good_for(
    private: Bench, server: FileServer
) -> None:
    private.mis.taken = (
        TakenFile(role=FileRole.ARTWORK, ways=(FileWay.LASTING_ADDRESS, FileWay.UPLOAD)),
        TakenFile(role=FileRole.PROOF, ways=(FileWay.LASTING_ADDRESS,)),
    )
    lasting = a_file(server, "lasting.pdf", way=FileWay.LASTING_ADDRESS)
    short = a_file(server, "short.pdf")
    proof = a_file(server, "proof.pdf", role=FileRole.PROOF)
    slip = a_file(server, "slip.pdf", role=FileRole.DELIVERY_NOTE)
    await send(private, (lasting, short, proof, slip))
    [sent] = private.mis.received
    assert [
        name.encode() in sent.payload for name in ("lasting.pdf", "short.pdf", "proof.pdf", "slip.pdf")
    ] == [
        True,
        False,
        False,
        False,
    ]
    assert [(one.file_name, content) for one, content in private.mis.attached] == [
        ("short.pdf", b"%PDF short.pdf 1")
    ]
    assert [(row.file_name, row.state, row.error) for row in await rows_of(private)] == [
        ("lasting.pdf", "checked", ""),
        ("short.pdf", "attached", ""),
        (
            "proof.pdf",
            "not_taken",
            "The MIS takes no proofs from here other than by an address that stays valid, with their order. Give it the "
            "file by hand if it needs it.",
        ),
        (
            "slip.pdf",
            "not_taken",
            "The MIS takes no delivery notes from here. Give it the file by hand if it needs it.",
        ),
    ]
    assert await bad(private) == 0


async def test_a_late_file_names_its_line_as_the_mis_does_where_that_is_known(
    private: Bench, server: FileServer
) -> None:
    card = a_file(server, "card.pdf")
    private.mis.lines = (AcceptedLine(number=2, id="L7"),)
    await send(private, (card,), (card,), (card,))
    for number, known in ((2, "L7"), (3, "")):
        late = a_file(server, f"late{number}.pdf")
        shown = [(card,), (card,), (card,)]
        shown[number - 1] = (card, late)
        await shows(private, *shown)
        assert private.mis.attached_to[-1] == ("SO-1", AcceptedLine(number=number, id=known))
    assert len(private.mis.attached) == 2


async def test_the_preview_says_which_files_stay_behind(private: Bench, server: FileServer) -> None:
    private.mis.taken = ()
    private.shop.orders["6994"] = order("6994", line(files=(a_file(server, "card.pdf"),)))
    [shown] = await preview_order(private.installation, private.subscriber, "6994")
    assert shown.differences[-1] == (
        "Line 1, card.pdf: The MIS takes no artwork from here. Give it the file by hand if it needs it."
    )
