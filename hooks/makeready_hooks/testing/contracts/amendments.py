"""The contract of changes and cancellations of orders that an MIS has taken."""

from collections.abc import Awaitable
from typing import Any

import pytest

from makeready_hooks import Capability
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.submission import AcceptedOrder, FoundChange, OrderRequest, PreparedOrder
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.changes import MisChangesContract
from makeready_hooks.testing.contracts.products import MisProductContract
from makeready_hooks.testing.orders import an_order, an_order_line


class MisAmendmentContract(MisChangesContract, MisProductContract):
    """What holds for an MIS that takes them."""

    known: str

    @pytest.fixture(params=[Capability.CHANGE_ORDER, Capability.CANCEL_ORDER])
    def amendment(self, request: pytest.FixtureRequest, hook: Any) -> PreparedOrder | None:
        """What an order is to become; None for cancelled."""
        if not self.can(hook, request.param):
            pytest.skip("it takes no such change: update_mis_order, cancel_mis_order")
        return self.changed(hook) if request.param is Capability.CHANGE_ORDER else None

    def changed(self, hook: Any) -> PreparedOrder:
        order = an_order(an_order_line(quantity=7))
        request = OrderRequest(key="7101-1", order=order, product_ids=(self.known,))
        prepared: PreparedOrder = hook.map_order(request=request)
        return prepared

    def amend(self, hook: Any, accepted: AcceptedOrder, amendment: PreparedOrder | None) -> Awaitable[str]:
        if amendment is None:
            [waiting] = hook.cancel_mis_order(accepted=accepted)
        else:
            [waiting] = hook.update_mis_order(accepted=accepted, prepared=amendment)
        amending: Awaitable[str] = waiting
        return amending

    async def found(
        self, hook: Any, accepted: AcceptedOrder, amendment: PreparedOrder | None
    ) -> list[FoundChange | None]:
        return [await one for one in hook.find_mis_change(accepted=accepted, prepared=amendment)]

    async def test_what_was_amended_is_found_so_and_what_was_not_is_not(
        self, hook: Any, amendment: PreparedOrder | None
    ) -> None:
        accepted = await self.submit(hook, "7101-1")
        assert all(one is None or not one.done for one in await self.found(hook, accepted, amendment))
        assert isinstance(await self.amend(hook, accepted, amendment), str)
        assert all(one is None or one.done for one in await self.found(hook, accepted, amendment))

    async def test_an_order_that_does_not_exist_is_refused(
        self, vendor: Vendor, hook: Any, amendment: PreparedOrder | None
    ) -> None:
        nobody_s = AcceptedOrder(id="999999", number="999999")
        assert isinstance(await self.error_of(vendor, self.amend(hook, nobody_s, amendment)), Refused)

    async def test_an_outage_before_a_change_left_is_try_later(
        self, vendor: Vendor, hook: Any, amendment: PreparedOrder | None
    ) -> None:
        accepted = await self.submit(hook, "7101-1")
        vendor.http.down = True
        assert isinstance(await self.error_of(vendor, self.amend(hook, accepted, amendment)), RetryLater)

    async def test_a_lost_answer_to_a_change_is_an_unknown_outcome(
        self, vendor: Vendor, hook: Any, amendment: PreparedOrder | None
    ) -> None:
        accepted = await self.submit(hook, "7101-1")
        vendor.http.cut = True
        assert isinstance(await self.error_of(vendor, self.amend(hook, accepted, amendment)), OutcomeUnknown)
