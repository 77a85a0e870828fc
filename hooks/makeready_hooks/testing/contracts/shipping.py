"""The contract of shipping: where each line goes and by whom, and what of it a parcel holds."""

from typing import Any

import msgspec
import pytest

from makeready_hooks import Capability, ListKind
from makeready_hooks.model.order import Address, Carriage
from makeready_hooks.model.progress import ProgressKind, ShippedLine
from makeready_hooks.model.submission import OrderRequest, PreparedOrder
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.progress import MisProgressContract
from makeready_hooks.testing.orders import PARTY

ELSEWHERE = msgspec.structs.replace(PARTY, address=Address(line1="Unit 9", city="Hull", postcode="HU1 1AA"))
BY_TYPING = Carriage(carrier="Dales Parcels", service="Next day")


class MisShippingContract(MisProgressContract):
    """What an MIS connector makes of lines that go to several places in several ways."""

    tells_parts = False
    """Whether it says which lines are in a parcel, and how many: then the driver has ``ship_part(order, tracking,
    quantities)``, by places of the lines from 1."""

    def request(self, key: str = "7101-1", lines: int = 1) -> OrderRequest:
        raise NotImplementedError

    async def resolved(self, hook: Any, request: OrderRequest) -> OrderRequest:
        raise NotImplementedError

    async def sent(self, vendor: Vendor, hook: Any, *changes: dict[str, Any]) -> tuple[Any, bytes]:
        """An order that the MIS takes, with lines so changed; the bytes are those that arrived first."""
        request = self.request(lines=len(changes))
        changed = (
            msgspec.structs.replace(line, **change)
            for line, change in zip(request.order.lines, changes, strict=True)
        )
        order = msgspec.structs.replace(request.order, lines=tuple(changed))
        request = await self.resolved(hook, msgspec.structs.replace(request, order=order))
        prepared: PreparedOrder = hook.map_order(request=request)
        [submitting] = hook.submit_order(prepared=prepared)
        accepted = await submitting
        return accepted, (await vendor.driver.orders_received())[0]

    async def test_the_address_of_every_line_arrives(self, vendor: Vendor, hook: Any) -> None:
        _, body = await self.sent(vendor, hook, {}, {"ship_to": ELSEWHERE})
        assert body.count(b"Unit 9") == 1
        assert PARTY.address.line1.encode() in body

    async def carriages(self, hook: Any) -> list[Carriage]:
        """What can be set, as it is chosen from the list or typed."""
        listed = await self.listed(hook, ListKind.CARRIERS) or ()
        found = [Carriage.of(one.value) for one in listed]
        assert [one.text for one in found] == [one.value for one in listed]
        return found or [BY_TYPING]

    async def test_every_carrier_and_service_that_can_be_set_arrives_with_its_line(
        self, vendor: Vendor, hook: Any
    ) -> None:
        if not self.can(hook, Capability.CARRIERS):
            pytest.skip("its orders carry no carrier: Capability.CARRIERS in also")
        carriages = await self.carriages(hook)
        _, body = await self.sent(vendor, hook, {}, *({"carriage": one} for one in carriages))
        for one in carriages:
            assert one.carrier.encode() in body
            assert one.service.encode() in body

    async def test_a_part_shipment_names_its_lines_and_how_many(self, vendor: Vendor, hook: Any) -> None:
        if not self.tells_parts:
            pytest.skip("it does not tell what is in a parcel: tells_parts")
        accepted, _ = await self.sent(vendor, hook, {"quantity": 100}, {"quantity": 50})
        await vendor.driver.ship_part(accepted.id, "DP-1", {1: 40, 2: 50})
        told = (await self.progress(hook, accepted))[accepted]
        [parcel] = told.shipments
        assert told.kind is ProgressKind.PART_SHIPPED
        assert parcel.lines == (ShippedLine(line=1, quantity=40), ShippedLine(line=2, quantity=50))
