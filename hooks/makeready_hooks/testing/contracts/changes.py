"""The contract of a connector whose vendor tells by a cursor what has changed."""

from typing import Any

import pytest

from makeready_hooks import Capability
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.model.event import Change
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.progress import MisProgressContract
from makeready_hooks.testing.faults import Fault
from makeready_hooks.testing.lists import TURNED, TWICE


class MisChangesContract(MisProgressContract):
    """What an MIS connector says of orders that move. One that has no such list skips these."""

    @pytest.fixture
    def changing(self, hook: Any) -> Any:
        if not self.can(hook, Capability.CHANGES):
            pytest.skip("it tells no changes by a cursor: read_changes")
        return hook

    async def changes(self, hook: Any, cursor: str) -> tuple[list[Change], str]:
        """All after a cursor, page by page."""
        found: list[Change] = []
        while True:
            [reading] = hook.read_changes(cursor=cursor)
            page = await reading
            found += page.changes
            if not page.more or page.next == cursor:
                return found, page.next
            cursor = page.next

    async def test_the_first_reading_begins_with_now(self, vendor: Vendor, changing: Any) -> None:
        accepted = await self.submit(changing, "7101-1")
        await vendor.driver.move_order(accepted.id, self.statuses[0])
        found, cursor = await self.changes(changing, "")
        assert found == []
        assert cursor

    async def test_every_order_that_moved_is_told_once_and_in_its_turn(
        self, vendor: Vendor, changing: Any
    ) -> None:
        orders = [await self.submit(changing, f"7101-{number}") for number in range(1, 10)]
        _, cursor = await self.changes(changing, "")
        for order in orders:
            await vendor.driver.move_order(order.id, self.statuses[0])
        found, after = await self.changes(changing, cursor)
        names = [{order.id, order.number, f"7101-{number}"} for number, order in enumerate(orders, 1)]
        told = [one.event.mis_reference for one in found]
        assert len(told) == len(names), f"{len(names)} orders have moved, and {len(told)} changes are told"
        assert all(one in of for one, of in zip(told, names, strict=True)), told
        assert len({one.id for one in found}) == len(found)
        assert await self.changes(changing, after) == ([], after)

    async def test_a_cursor_can_be_asked_with_again_and_tells_the_same_under_the_same_ids(
        self, vendor: Vendor, changing: Any
    ) -> None:
        order = await self.submit(changing, "7101-1")
        _, cursor = await self.changes(changing, "")
        await vendor.driver.move_order(order.id, self.statuses[0])
        first, _ = await self.changes(changing, cursor)
        await vendor.driver.move_order(order.id, self.statuses[1])
        again, _ = await self.changes(self.fresh(vendor), cursor)
        assert [one.id for one in again][: len(first)] == [one.id for one in first]
        assert len(again) == 2

    @pytest.mark.parametrize("fault", [TWICE, TURNED], ids=lambda fault: str(fault.name))
    async def test_changes_that_are_told_twice_or_in_another_turn_are_the_same_changes(
        self, vendor: Vendor, changing: Any, fault: Fault
    ) -> None:
        """Each under its id: by it a change is known that was told before."""
        orders = [await self.submit(changing, f"7101-{number}") for number in (1, 2, 3)]
        _, cursor = await self.changes(changing, "")
        for order in orders:
            await vendor.driver.move_order(order.id, self.statuses[0])
        whole, after = await self.changes(changing, cursor)
        vendor.http.inject(fault)
        told, then = await self.changes(self.fresh(vendor), cursor)
        vendor.http.mend()
        assert {one.id: one for one in told} == {one.id: one for one in whole}, (
            f"with {fault.name}, of {len(whole)} changes {told} is told"
        )
        assert then == after, f"with {fault.name}, the next reading begins at {then} instead of {after}"

    async def test_a_cursor_that_is_not_known_is_refused(self, vendor: Vendor, changing: Any) -> None:
        [reading] = changing.read_changes(cursor="no such cursor")
        assert isinstance(await self.error_of(vendor, reading), Refused)

    async def test_an_outage_while_changes_are_read_is_try_later(self, vendor: Vendor, changing: Any) -> None:
        _, cursor = await self.changes(changing, "")
        vendor.http.down = True
        [reading] = changing.read_changes(cursor=cursor)
        assert isinstance(await self.error_of(vendor, reading), RetryLater)
