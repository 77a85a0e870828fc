"""Tharstern keeps the contract of an MIS connector."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, ClassVar

import msgspec
import pytest
from makeready_hooks import Capability, ListKind
from makeready_hooks.errors import Refused
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.limits import Limit
from makeready_hooks.testing.contracts.shipping import BY_TYPING
from makeready_hooks.testing.kit import MisContract, Vendor, emulating
from makeready_tharstern.plugin import CONNECTOR
from makeready_tharstern_emulator import EMULATOR


class TestTharstern(MisContract):
    kind = CONNECTOR
    known, unknown, refusal = "2284", "999999", "Stock item 999999 was not found."
    no_place_for: ClassVar[dict[str, str]] = {
        "currency": "amounts have none",
        "po_number": "the published order has no member for it; a setting can name one",
        "line.notes": "the published order has no member for it",
    }

    @pytest.fixture
    async def vendor(self) -> AsyncIterator[Vendor]:
        async with emulating(EMULATOR, {"artwork": "off"}) as vendor:
            yield vendor

    def signed(self, body: bytes, key: str) -> IncomingCall:
        digest = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        return IncomingCall(method="POST", headers={"x-signature": digest}, body=body)

    def event(self, order_number: str) -> bytes:
        return json.dumps({"Event": "order.status", "Sequence": 1, "OrderID": int(order_number)}).encode()

    async def test_its_statuses_and_customers_are_there_to_choose_from(self, hook: Any) -> None:
        statuses = await self.listed(hook, ListKind.STATUSES)
        assert [one.value for one in statuses or ()][:2] == ["Received", "In production"]
        customers = {one.value: one.label for one in await self.listed(hook, ListKind.CUSTOMERS) or ()}
        assert customers["NORTH01"]
        assert await self.listed(hook, ListKind.STAGES) is None

    async def test_a_carrier_goes_under_the_names_that_are_set_and_only_then(
        self, vendor: Vendor, hook: Any
    ) -> None:
        assert not self.can(hook, Capability.CARRIERS)
        vendor.settings["assumptions"] = {"item_carrier": "Courier", "item_service": "CourierService"}
        hook = self.fresh(vendor)
        assert self.can(hook, Capability.CARRIERS)
        _, body = await self.sent(vendor, hook, {"carriage": BY_TYPING}, {})
        carried = [
            (one.get("Courier"), one.get("CourierService")) for one in json.loads(body)["Orders"][0]["Items"]
        ]
        assert carried == [("Dales Parcels", "Next day"), (None, None)]

    async def test_a_delivery_has_the_id_of_its_note(self, vendor: Vendor, hook: Any) -> None:
        accepted = await self.submit(hook, "7101-1")
        await vendor.driver.move_order(accepted.id, "Dispatched", carrier="Dales Parcels", tracking="DP-1")
        [parcel] = (await self.progress(hook, accepted))[accepted].shipments
        assert parcel.id.isdecimal()
        assert parcel.lines == (), "what is in it is not told"

    async def test_what_an_order_is_called_and_when_it_is_due_is_read_back_as_it_was_sent(
        self, hook: Any
    ) -> None:
        prepared = await self.prepared(hook)
        [submitting] = hook.submit_order(prepared=prepared)
        [reading] = hook.read_mis_orders(numbers=((await submitting).label,))
        [found] = await reading
        assert found.contents.customer_name == "Ada Quill (Northfield Museums)"
        assert found.contents.required_on == date(2026, 3, 9)
        assert found.contents.customer_name == prepared.contents.customer_name
        assert found.contents.required_on == prepared.contents.required_on

    async def test_a_site_without_a_function_for_statuses_lets_a_person_type(
        self, vendor: Vendor, hook: Any
    ) -> None:
        await vendor.driver.set_switches({"order-statuses": "off"})
        assert isinstance(await self.error_of(vendor, hook.list_options(kind=ListKind.STATUSES)[0]), Refused)
        vendor.settings["assumptions"] = {"statuses_function": "", "lists_customers": False}
        for kind in (ListKind.STATUSES, ListKind.CUSTOMERS):
            assert await self.listed(self.fresh(vendor), kind) is None


async def test_lengths_that_a_site_is_known_to_take_are_its_limits() -> None:
    async with emulating(EMULATOR, {"artwork": "off"}) as vendor:
        vendor.settings["assumptions"] = {"member_lengths": {"ship_to.address.line1": 30}}
        hook = TestTharstern().fresh(vendor)
        assert hook.list_limits() == (Limit(member="ship_to.address.line1", longest=30),)
        vendor.settings["assumptions"] = {"member_lengths": {"colour": 30}}
        with pytest.raises(msgspec.ValidationError, match="there is no member colour"):
            TestTharstern().fresh(vendor)


class TestTharsternThatFindsOrdersByOurKey(TestTharstern):
    """A site whose version has a filter for our key."""

    @pytest.fixture
    async def vendor(self) -> AsyncIterator[Vendor]:
        async with emulating(EMULATOR, {"artwork": "off", "order-filter": "uniqueSubmitOrderID"}) as vendor:
            vendor.settings["assumptions"] = {"order_reference_filter": "uniqueSubmitOrderID"}
            yield vendor


class TestTharsternThatIgnoresTheFilter(TestTharstern):
    """A site that does not know the filter that its settings name: an absence proves nothing."""

    @pytest.fixture
    async def vendor(self) -> AsyncIterator[Vendor]:
        async with emulating(EMULATOR, {"artwork": "off", "page-size": "1"}) as vendor:
            vendor.settings["assumptions"] = {"order_reference_filter": "noSuchFilter"}
            yield vendor

    async def test_an_order_that_was_never_sent_is_not_certainly_absent(self, hook) -> None:
        for key in ("7101-1", "7101-2"):
            [submitting] = hook.submit_order(prepared=await self.prepared(hook, key))
            await submitting
        [finding] = hook.find_submitted_order(prepared=await self.prepared(hook, "7101-3"))
        found = await finding
        assert found.order is None
        assert not found.certain

    async def test_two_orders_under_one_key_are_both_told(self, vendor: Vendor, finding: Any) -> None:
        """Only those of the page that is shown; the first is found, which is enough to send none again."""
        for quantity in (2, 7):
            prepared = await self.prepared(finding, "7101-1", quantity)
            [submitting] = finding.submit_order(prepared=prepared)
            accepted = await submitting
        found = await self.looked(finding, prepared)
        assert found.order is not None
        assert found.order.id != accepted.id
