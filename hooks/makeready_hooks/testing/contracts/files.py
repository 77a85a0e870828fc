"""The contract of files that an MIS gets with an order, after it, and in the place of others."""

import hashlib
from collections.abc import Awaitable
from typing import Any

import msgspec
import pytest

from makeready_hooks import Capability
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Artwork, FileRole, FileWay, TakenFile
from makeready_hooks.model.submission import AcceptedLine, AcceptedOrder, FoundChange, OrderRequest
from makeready_hooks.testing.contracts.amendments import MisAmendmentContract
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor
from makeready_hooks.testing.emulation import PlacedOrder, Upload
from makeready_hooks.testing.orders import an_order, an_order_line

LINES = 3
LATE, NEWER = b"%PDF-1.4 late", b"%PDF-1.4 newer than the late one"
NOBODY_S = AcceptedOrder(id="999999", number="999999", lines=(AcceptedLine(number=1),))


def a_file(content: bytes, role: FileRole = FileRole.ARTWORK, *, name: str = "late.pdf") -> Artwork:
    digest = hashlib.sha256(content).hexdigest()
    return Artwork(
        file_name=name,
        url=f"https://files.example/{digest[:8]}/{name}",
        role=role,
        way=FileWay.UPLOAD,
        size=len(content),
        media_type="application/pdf",
        sha256=digest,
    )


class MisFileContract(MisAmendmentContract):
    """What holds for an MIS that takes them."""

    @pytest.fixture
    def attaches(self, hook: Any) -> None:
        if not self.can(hook, Capability.ATTACH_LATER):
            pytest.skip("it takes no file after an order: list_taken_files, attach_asset")

    @pytest.fixture
    def replaces(self, hook: Any) -> None:
        if not self.can(hook, Capability.REPLACE_FILE):
            pytest.skip("nothing is put in the place of a file: replace_asset, find_replacement")

    def by(self, hook: Any, way: FileWay) -> list[FileRole]:
        taken: tuple[TakenFile, ...] = hook.list_taken_files() or ()
        return [one.role for one in taken if way in one.ways]

    async def order_of_several(self, hook: Any) -> AcceptedOrder:
        """An order that the MIS has taken, as the core names it."""
        order = an_order(*(an_order_line(number) for number in range(1, LINES + 1)))
        request = OrderRequest(key="7101-1", order=order, product_ids=(self.known,) * LINES)
        found = [await waiting for waiting in hook.resolve_ids(request=request, may_make=True)]
        request = msgspec.structs.replace(request, resolved=found[0]) if found else request
        [submitting] = hook.submit_order(prepared=hook.map_order(request=request))
        accepted: AcceptedOrder = await submitting
        told = {one.number: one for one in reversed(accepted.lines)}
        lines = tuple(told.get(n, AcceptedLine(number=n)) for n in range(1, LINES + 1))
        return msgspec.structs.replace(accepted, lines=lines)

    def attach(
        self, hook: Any, accepted: AcceptedOrder, number: int, file: Artwork | None = None
    ) -> Awaitable[bool]:
        line = next(one for one in accepted.lines if one.number == number)
        waiting: list[Awaitable[bool]] = hook.attach_asset(
            accepted=accepted, line=line, artwork=file or a_file(LATE), content=LATE
        )
        return waiting[0]

    def replace(
        self, hook: Any, accepted: AcceptedOrder, number: int, old: Artwork | None = None
    ) -> Awaitable[str]:
        line = accepted.lines[number - 1]
        old = old or a_file(LATE)
        waiting: list[Awaitable[str]] = hook.replace_asset(
            accepted=accepted, line=line, old=old, new=a_file(NEWER), content=NEWER
        )
        return waiting[0]

    async def is_replaced(self, hook: Any, accepted: AcceptedOrder, number: int) -> bool | None:
        """None if the MIS cannot tell."""
        asked = {"line": accepted.lines[number - 1], "old": a_file(LATE), "new": a_file(NEWER)}
        [waiting] = hook.find_replacement(accepted=accepted, **asked)
        found: FoundChange | None = await waiting
        return found.done if found else None

    async def arrived(self, vendor: Vendor) -> list[tuple[int | None, int]]:
        """The line and the size of each file that the MIS has of the one order."""
        [order] = await vendor.driver.orders()
        return sorted((one["line"], one["bytes"]) for one in order["files"])

    async def test_what_files_it_takes_is_said_without_a_call_each_role_once(
        self, vendor: Vendor, hook: Any
    ) -> None:
        taken: tuple[TakenFile, ...] = hook.list_taken_files() or ()
        assert len({one.role for one in taken}) == len(taken)
        assert all(one.ways and len(set(one.ways)) == len(one.ways) for one in taken)
        assert bool(self.by(hook, FileWay.UPLOAD)) == self.can(hook, Capability.ATTACH_LATER)
        assert vendor.http.sent == []

    async def test_files_that_go_with_an_order_are_in_it_by_their_addresses(self, hook: Any) -> None:
        for way in (FileWay.ADDRESS, FileWay.LASTING_ADDRESS):
            for role in self.by(hook, way):
                file = msgspec.structs.replace(a_file(LATE, role), way=way)
                order = an_order(an_order_line(files=(file,)))
                request = OrderRequest(key="7101-1", order=order, product_ids=(self.known,))
                assert file.url.encode() in hook.map_order(request=request).payload, role

    @pytest.mark.usefixtures("attaches")
    async def test_files_of_each_role_that_is_uploaded_are_taken(self, vendor: Vendor, hook: Any) -> None:
        accepted, roles = await self.order_of_several(hook), self.by(hook, FileWay.UPLOAD)
        for role in roles:
            assert await self.attach(hook, accepted, 1, a_file(LATE, role))
        assert [size for _, size in await self.arrived(vendor)] == [len(LATE)] * len(roles)

    @pytest.mark.usefixtures("attaches")
    @pytest.mark.parametrize("number", [1, LINES])
    async def test_a_late_file_is_at_its_line_or_its_name_says_of_which_item_it_is(
        self, vendor: Vendor, hook: Any, number: int
    ) -> None:
        assert await self.attach(hook, await self.order_of_several(hook), number)
        [(line, size)] = await self.arrived(vendor)
        [order] = await vendor.driver.orders()
        named = str(number) in order["files"][0]["name"]
        assert size == len(LATE)
        assert line == number or (line is None and named)

    @pytest.mark.usefixtures("attaches")
    async def test_a_late_file_is_at_no_other_line_where_the_mis_has_not_said_which_is_which(
        self, vendor: Vendor, hook: Any
    ) -> None:
        accepted = await self.order_of_several(hook)
        plain = tuple(AcceptedLine(number=one.number) for one in accepted.lines)
        try:
            await self.attach(hook, msgspec.structs.replace(accepted, lines=plain), LINES)
        except Refused:
            assert await self.arrived(vendor) == []
        else:
            assert {line for line, _ in await self.arrived(vendor)} <= {None, LINES}

    @pytest.mark.usefixtures("attaches")
    async def test_a_late_file_of_an_order_that_does_not_exist_is_an_error_and_is_at_no_other(
        self, vendor: Vendor, hook: Any
    ) -> None:
        await self.order_of_several(hook)
        await self.error_of(vendor, self.attach(hook, NOBODY_S, 1))
        assert await self.arrived(vendor) == []

    @pytest.mark.usefixtures("attaches")
    async def test_a_late_file_whose_answer_was_lost_is_an_unknown_outcome(
        self, vendor: Vendor, hook: Any
    ) -> None:
        waiting = self.attach(hook, await self.order_of_several(hook), 2)
        vendor.http.lose_change = True
        assert isinstance(await self.error_of(vendor, waiting), OutcomeUnknown)
        assert len(await self.arrived(vendor)) == 1, "it had an effect"

    # In the place of others

    @pytest.mark.usefixtures("replaces")
    async def test_a_file_is_put_in_the_place_of_another_at_its_line_and_found_so(
        self, vendor: Vendor, hook: Any
    ) -> None:
        accepted = await self.order_of_several(hook)
        for number in (1, LINES):
            await self.attach(hook, accepted, number)
        assert not await self.is_replaced(hook, accepted, LINES)
        assert isinstance(await self.replace(hook, accepted, LINES), str)
        assert await self.is_replaced(hook, accepted, LINES) in (True, None)
        assert not await self.is_replaced(hook, accepted, 1)
        assert await self.arrived(vendor) == [(1, len(LATE)), (LINES, len(NEWER))]

    @pytest.mark.usefixtures("replaces")
    async def test_what_the_mis_does_not_have_at_a_line_is_not_replaced(
        self, vendor: Vendor, hook: Any
    ) -> None:
        accepted = await self.order_of_several(hook)
        await self.attach(hook, accepted, 2)
        nobody_s = a_file(b"%PDF-1.4 of nobody", name="nobody.pdf")
        for number, old in ((2, nobody_s), (1, None)):
            waiting = self.replace(hook, accepted, number, old)
            assert isinstance(await self.error_of(vendor, waiting), Refused)
        assert await self.arrived(vendor) == [(2, len(LATE))]

    @pytest.mark.usefixtures("replaces")
    async def test_an_outage_before_a_replacement_left_is_try_later(self, vendor: Vendor, hook: Any) -> None:
        accepted = await self.order_of_several(hook)
        await self.attach(hook, accepted, 2)
        vendor.http.down = True
        assert isinstance(await self.error_of(vendor, self.replace(hook, accepted, 2)), RetryLater)

    @pytest.mark.usefixtures("replaces")
    async def test_a_replacement_whose_answer_was_lost_is_an_unknown_outcome_and_is_found(
        self, vendor: Vendor, hook: Any
    ) -> None:
        accepted = await self.order_of_several(hook)
        await self.attach(hook, accepted, 2)
        vendor.http.lose_change = True
        assert isinstance(await self.error_of(vendor, self.replace(hook, accepted, 2)), OutcomeUnknown)
        assert await self.is_replaced(hook, accepted, 2) in (True, None)


class ShopFileContract(ConnectorContract):
    """What holds for the files of a shop's items."""

    async def place(self, vendor: Vendor) -> PlacedOrder:
        raise NotImplementedError

    async def files(self, hook: Any, placed: PlacedOrder) -> tuple[Artwork, ...]:
        """Of the first item, as the shop holds them now."""
        [listing] = hook.list_line_files(order_number=str(placed.order_number), line_number=1)
        found: tuple[Artwork, ...] = await listing
        return found

    async def test_a_file_that_was_replaced_is_shown_as_another(self, vendor: Vendor, hook: Any) -> None:
        placed = await self.place(vendor)
        before = await self.files(hook, placed)
        if not before:
            pytest.skip("its items have no files")
        name = before[0].file_name
        newer = Upload(file_name=name, content=NEWER)
        await vendor.driver.replace_file(placed.order_number, 1, name, newer)
        after = await self.files(hook, placed)
        assert [one.file_name for one in after] == [one.file_name for one in before]
        assert sum(old != new for old, new in zip(before, after, strict=True)) == 1

    async def test_a_file_has_the_same_address_at_each_reading(self, vendor: Vendor, hook: Any) -> None:
        """Else each look would take it for another, and have the MIS replace it."""
        placed = await self.place(vendor)
        first = await self.files(hook, placed)
        assert await self.files(self.fresh(vendor), placed) == first
