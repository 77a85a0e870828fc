"""The contract of looking for orders that were sent: the right one, or certainly none, or nobody can tell."""

from typing import Any

import pytest

from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.submission import AcceptedOrder, FindResult, PreparedOrder
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.line.mis import MisLineContract
from makeready_hooks.testing.faults import CUT, EVERY, LOST

ALIKE = ("7101-1", "7101-12", "17101-1", "7101-1-1", "7101", "A-1", "a-1")
"""Keys of which one is the beginning, the end or another spelling of another."""


class MisLookupContract(MisLineContract):
    """Part of `MisContract`."""

    @pytest.fixture
    def finding(self, hook: Any) -> Any:
        if not hook.find_submitted_order.get_hookimpls():
            pytest.skip("it finds no order by our key: find_submitted_order")
        return hook

    async def looked(self, hook: Any, prepared: PreparedOrder) -> FindResult:
        [looking] = hook.find_submitted_order(prepared=prepared)
        found: FindResult = await looking
        return found

    async def test_orders_whose_keys_are_alike_are_told_apart(self, finding: Any) -> None:
        taken: dict[str, AcceptedOrder] = {}
        for key in ALIKE:
            prepared = await self.prepared_as(finding, self.keyed(key))
            before = await self.looked(finding, prepared)
            told = before.order and before.order.id
            assert before.order is None, (
                f"an order under {key} was never sent, and {told} is found beside {list(taken)}"
            )
            taken[key] = await self.taken(finding, self.keyed(key))
        for key, accepted in taken.items():
            found = await self.looked(finding, await self.prepared_as(finding, self.keyed(key)))
            assert found.order is not None or not found.certain, (
                f"{key} is in the MIS, and is certainly not there"
            )
            assert found.order is None or found.order.id == accepted.id, (
                f"under {key} somebody else's order is found"
            )
            assert found.order is None or found.order.key in ("", key), (
                f"under {key} the order of {found.order} is found"
            )
            assert not found.others, f"under {key} there is one order, and {found.others} beside it"

    async def test_a_look_that_failed_is_never_a_certain_answer(self, vendor: Vendor, finding: Any) -> None:
        """Whatever was answered instead: an order that is taken for absent is sent twice."""
        prepared = await self.prepared_as(finding, self.keyed("7101-1"))
        [submitting] = finding.submit_order(prepared=prepared)
        accepted = await submitting
        for fault in (LOST, CUT, *EVERY):
            for place in (1, 2):
                fresh = self.fresh(vendor)
                vendor.http.inject(fault, place)
                try:
                    found = await self.looked(fresh, prepared)
                except MakereadyError:
                    continue
                finally:
                    vendor.http.mend()
                if found.order:
                    assert found.order.id == accepted.id, f"with {fault.name}, {found.order} is found"
                else:
                    assert not found.certain, (
                        f"with {fault.name}, the order is certainly not there, and it is"
                    )

    async def test_two_orders_under_one_key_are_both_told(self, vendor: Vendor, finding: Any) -> None:
        for quantity in (2, 7):
            try:
                prepared = await self.prepared(finding, "7101-1", quantity)  # type: ignore[call-arg]
                [submitting] = finding.submit_order(prepared=prepared)
                await submitting
            except MakereadyError:
                pytest.skip("this MIS takes no second order under a key")
        there = {str(one["id"]) for one in await vendor.driver.orders()}
        found = await self.looked(finding, prepared)
        if found.order is None:
            pytest.skip("this MIS cannot tell")
        told = {found.order.id, *(one.id for one in found.others)}
        assert told == there, f"the MIS has {sorted(there)} under one key, and {sorted(told)} is told"

    async def test_orders_are_read_by_exactly_their_names(self, hook: Any) -> None:
        """Each of several, and none by the beginning of its name."""
        accepted = [await self.taken(hook, self.keyed(f"7101-{number}")) for number in range(1, 13)]
        for one in accepted:
            for reading in hook.read_mis_orders(numbers=(one.id,)):
                found = await reading
                assert found is None or [each.id for each in found] == [one.id], (
                    f"by {one.id} {found} is read"
                )
        for reading in hook.read_mis_orders(numbers=tuple(one.id for one in accepted)):
            found = await reading
            told = sorted(each.id for each in found or ())
            assert found is None or told == sorted(one.id for one in accepted), (
                f"of 12 orders {told} are read"
            )
        for reading in hook.read_mis_orders(numbers=(accepted[0].label[:-1],)):
            assert not await reading, f"by {accepted[0].label[:-1]}, which is none, an order is read"

    async def test_how_far_an_order_is_is_told_of_that_order(self, vendor: Vendor, telling: Any) -> None:
        accepted = [await self.taken(telling, self.keyed(f"7101-{number}")) for number in range(1, 6)]
        moved = accepted[2]
        await vendor.driver.move_order(moved.id, self.statuses[1], carrier="Dales Parcels", tracking="DP-1")
        told = await self.progress(telling, *accepted)
        at = [one for one in accepted if told[one].status == self.statuses[1]]
        parcels = [one for one in accepted if told[one].shipments]
        assert (at, parcels) == ([moved], [moved]), f"{moved} has moved, and of {at} and {parcels} it is told"

    async def test_a_test_order_is_sent_and_what_is_absent_stays_so(self, vendor: Vendor, hook: Any) -> None:
        if not hook.submit_test_order.get_hookimpls():
            pytest.skip("it sends no test order: submit_test_order")
        prepared, absent = [await self.prepared_as(hook, self.keyed(key)) for key in ("TEST-1", "TEST-2")]
        [testing] = hook.submit_test_order(prepared=prepared, absent=absent)
        assert await testing, "a test order teaches nothing"
        sent = {one["reference"] for one in await vendor.driver.orders()}
        assert sent == {"TEST-1"}, f"the test order is TEST-1, and {sent} arrived"
