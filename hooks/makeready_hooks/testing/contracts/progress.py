"""The contract of progress: an MIS tells of it, a storefront shows it."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import pytest

from makeready_hooks import Capability, ListKind
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Order
from makeready_hooks.model.progress import OrderProgress, Shipment, ShippedLine, Stage
from makeready_hooks.model.submission import AcceptedOrder, PreparedOrder
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor
from makeready_hooks.testing.contracts.webhooks import WebhookContract
from makeready_hooks.testing.emulation import PlacedOrder

PARCEL = Shipment(
    tracking="DP-4711", carrier="Dales Parcels", shipped_at=datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
)


class MisProgressContract(WebhookContract):
    """What an MIS connector tells of orders that it took."""

    statuses: tuple[str, str] = ("In production", "Dispatched")
    """Two statuses that the emulated office gives orders."""

    async def prepared(self, hook: Any, key: str = "7101-1") -> PreparedOrder:
        raise NotImplementedError

    @pytest.fixture
    def telling(self, hook: Any) -> Any:
        if not self.can(hook, Capability.PROGRESS):
            pytest.skip("it does not tell how far an order is: read_order_progress")
        return hook

    async def submit(self, hook: Any, key: str) -> AcceptedOrder:
        [submitting] = hook.submit_order(prepared=await self.prepared(hook, key))
        accepted: AcceptedOrder = await submitting
        return accepted

    async def progress(self, hook: Any, *accepted: AcceptedOrder) -> dict[AcceptedOrder, OrderProgress]:
        [reading] = hook.read_order_progress(accepted=accepted)
        return {one.accepted: one for one in await reading}

    async def test_each_order_s_status_is_told(self, vendor: Vendor, telling: Any) -> None:
        orders = [await self.submit(telling, f"7101-{number}") for number in (1, 2)]
        for order, status in zip(orders, self.statuses, strict=True):
            await vendor.driver.move_order(order.id, status)
        found = await self.progress(telling, *orders)
        assert [found[order].status for order in orders] == list(self.statuses)
        assert [found[order].shipments for order in orders] == [(), ()]

    async def test_an_order_is_known_by_the_number_that_a_person_entered(
        self, vendor: Vendor, telling: Any
    ) -> None:
        accepted = await self.submit(telling, "7101-1")
        await vendor.driver.move_order(accepted.id, self.statuses[0])
        entered = AcceptedOrder(id=accepted.label, number=accepted.label)
        told = await self.progress(telling, entered)
        assert list(told) == [entered], "it is not known by its number"
        assert told[entered].status == self.statuses[0]

    async def test_parcels_are_told_with_their_tracking_numbers(self, vendor: Vendor, telling: Any) -> None:
        accepted = await self.submit(telling, "7101-1")
        for tracking in ("DP-1", "DP-2"):
            await vendor.driver.move_order(
                accepted.id, self.statuses[1], carrier="Dales Parcels", tracking=tracking
            )
        shipments = (await self.progress(telling, accepted))[accepted].shipments
        assert [(one.carrier, one.tracking) for one in shipments] == [
            ("Dales Parcels", "DP-1"),
            ("Dales Parcels", "DP-2"),
        ]
        assert all(one.shipped_at is None or one.shipped_at.tzinfo for one in shipments)

    async def test_only_orders_that_exist_are_told_of(self, telling: Any) -> None:
        accepted = await self.submit(telling, "7101-1")
        odd = [AcceptedOrder(id=one, number=one) for one in ("999999", "no such", "' or 1=1")]
        assert list(await self.progress(telling, accepted, *odd)) == [accepted]

    async def test_whoever_asks_about_no_order_hears_of_none(self, vendor: Vendor, telling: Any) -> None:
        assert await self.progress(telling) == {}
        assert vendor.http.sent == []

    async def test_many_orders_cost_few_calls(self, vendor: Vendor, telling: Any) -> None:
        accepted = [await self.submit(telling, f"7101-{number}") for number in range(1, 31)]
        before = len(vendor.http.sent)
        assert len(await self.progress(telling, *accepted)) == 30
        assert len(vendor.http.sent) - before <= 3

    @pytest.mark.parametrize("trouble", ["down", "cut"])
    async def test_an_outage_or_a_lost_answer_while_asking_is_try_later(
        self, vendor: Vendor, telling: Any, trouble: str
    ) -> None:
        accepted = await self.submit(telling, "7101-1")
        setattr(vendor.http, trouble, True)
        assert isinstance(await self.error_of(vendor, self.progress(telling, accepted)), RetryLater)


class ShopProgressContract(ConnectorContract):
    """What a storefront connector shows on its items."""

    async def place(self, vendor: Vendor) -> PlacedOrder:
        raise NotImplementedError

    async def read(self, hook: Any, *numbers: str) -> tuple[Order, ...]:
        raise NotImplementedError

    @pytest.fixture
    def moving(self, hook: Any) -> Any:
        if not self.can(hook, Capability.MOVE_ITEM):
            pytest.skip("its items cannot be moved: list_workflow_stages, move_line_to_stage")
        return hook

    @pytest.fixture
    def shipping(self, hook: Any) -> Any:
        if not self.can(hook, Capability.SHIPMENTS):
            pytest.skip("it takes no shipments: create_shipment, shows_shipment")
        return hook

    async def stages(self, hook: Any, order: Order) -> tuple[Stage, ...]:
        [listing] = hook.list_workflow_stages(workflow_id=order.lines[0].workflow_id)
        stages: tuple[Stage, ...] = await listing
        return stages

    def move(self, hook: Any, order: Order, stage: Stage) -> Awaitable[bool]:
        moving: list[Awaitable[bool]] = hook.move_line_to_stage(
            order_number=order.number, line_number=1, stage=stage, note="SO-1: Dispatched"
        )
        return moving[0]

    async def test_the_stages_of_an_item_hold_the_one_it_is_at(self, vendor: Vendor, moving: Any) -> None:
        [order] = await self.read(moving, str((await self.place(vendor)).order_number))
        stages = await self.stages(moving, order)
        assert order.lines[0].stage in [stage.name for stage in stages]
        assert len({stage.id for stage in stages}) == len(stages) > 1

    async def test_an_item_is_moved_and_moving_it_again_does_no_harm(
        self, vendor: Vendor, moving: Any
    ) -> None:
        [order] = await self.read(moving, str((await self.place(vendor)).order_number))
        stage = next(one for one in await self.stages(moving, order) if one.name != order.lines[0].stage)
        for _ in range(2):
            assert await self.move(moving, order, stage)
        [after] = await self.read(moving, order.number)
        assert after.lines[0].stage == stage.name
        assert [line.stage for line in after.lines[1:]] == [line.stage for line in order.lines[1:]]

    async def test_a_stage_that_does_not_exist_is_refused(self, vendor: Vendor, moving: Any) -> None:
        [order] = await self.read(moving, str((await self.place(vendor)).order_number))
        moved = self.move(moving, order, Stage(id="no-such-stage", name="No such stage"))
        assert isinstance(await self.error_of(vendor, moved), Refused)

    async def test_a_move_whose_answer_was_lost_is_an_unknown_outcome(
        self, vendor: Vendor, moving: Any
    ) -> None:
        [order] = await self.read(moving, str((await self.place(vendor)).order_number))
        stage = next(one for one in await self.stages(moving, order) if one.name != order.lines[0].stage)
        vendor.http.cut = True
        assert isinstance(await self.error_of(vendor, self.move(moving, order, stage)), OutcomeUnknown)

    async def ship(self, hook: Any, order: Order, lines: tuple[int, ...]) -> bool:
        [shipping] = hook.create_shipment(order=order, lines=lines, shipment=PARCEL)
        done: bool = await shipping
        return done

    async def trackings(self, vendor: Vendor, order: Order, item: int = 1) -> list[str]:
        return list(await vendor.driver.trackings(int(order.number), item))

    async def test_a_parcel_is_shown_on_its_items_once(self, vendor: Vendor, shipping: Any) -> None:
        [order] = await self.read(shipping, str((await self.place(vendor)).order_number))
        for lines in ((1,), (1,), tuple(line.number for line in order.lines)):
            assert await self.ship(shipping, order, lines)
        for line in order.lines:
            assert await self.trackings(vendor, order, line.number) == [PARCEL.tracking]

    async def test_a_part_shipment_is_written_on_its_lines_with_its_quantities(
        self, vendor: Vendor, shipping: Any
    ) -> None:
        [order] = await self.read(shipping, str((await self.place(vendor)).order_number))
        first = order.lines[0]
        parts = {"DP-1": first.quantity - 1, "DP-2": 1}
        for tracking, quantity in parts.items():
            named = (ShippedLine(line=first.number, quantity=quantity),)
            part = Shipment(tracking=tracking, carrier=PARCEL.carrier, lines=named)
            for _ in range(2):
                [recording] = shipping.create_shipment(order=order, lines=(first.number,), shipment=part)
                assert await recording
        for line in order.lines:
            shown = await vendor.driver.parcels(int(order.number), line.number)
            assert shown == (tuple(parts.items()) if line is first else ())

    async def test_the_shipping_method_of_an_item_is_in_the_list_of_methods(
        self, vendor: Vendor, hook: Any
    ) -> None:
        listed = await self.listed(hook, ListKind.SHIPPING_METHODS)
        if listed is None:
            pytest.skip("it lists no shipping methods: list_options")
        [order] = await self.read(hook, str((await self.place(vendor)).order_number))
        assert {line.shipping_method for line in order.lines} <= {one.value for one in listed}

    async def test_a_parcel_whose_answer_was_lost_is_written_once(
        self, vendor: Vendor, shipping: Any
    ) -> None:
        [order] = await self.read(shipping, str((await self.place(vendor)).order_number))
        for lost in (1, 2):
            vendor.http.lose = lost
            try:
                await self.ship(shipping, order, (1,))
            except (RetryLater, OutcomeUnknown):
                vendor.http.lose = 0
        assert await self.ship(shipping, order, (1,))
        assert await self.trackings(vendor, order) == [PARCEL.tracking]

    async def test_a_parcel_is_shown_where_it_was_written_and_not_elsewhere(
        self, vendor: Vendor, shipping: Any
    ) -> None:
        [order] = await self.read(shipping, str((await self.place(vendor)).order_number))
        other = str((await self.place(vendor)).order_number)
        asked = [(order.number, "DP-4711"), (order.number, "DP-47"), (other, "DP-4711")]

        async def shown() -> list[bool]:
            asking = [
                shipping.shows_shipment(
                    order_number=number, line_number=1, shipment=Shipment(tracking=tracking)
                )
                for number, tracking in asked
            ]
            return [await one for [one] in asking]

        assert await shown() == [False, False, False]
        await self.ship(shipping, order, (1,))
        assert await shown() == [True, False, False]

    async def test_an_outage_before_a_parcel_was_written_is_try_later(
        self, vendor: Vendor, shipping: Any
    ) -> None:
        [order] = await self.read(shipping, str((await self.place(vendor)).order_number))
        vendor.http.down = True
        assert isinstance(await self.error_of(vendor, self.ship(shipping, order, (1,))), RetryLater)
        assert await self.trackings(vendor, order) == []
