"""Which hooks of a storefront connector read, and which change something."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from msgspec import structs

from makeready_hooks import Capability, ListKind
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.product import ProductDraft, ShopProduct
from makeready_hooks.model.progress import Shipment, Stage
from makeready_hooks.model.submission import AcceptedOrder
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.line.effects import Effect, Maker
from makeready_hooks.testing.contracts.line.readings import Reading
from makeready_hooks.testing.contracts.line.shop_looks import ShopLookContract
from makeready_hooks.testing.emulation import PlacedOrder

MARK = AcceptedOrder(id="1", number="SO-1")


class ShopLineContract(ShopLookContract):
    """Part of `StorefrontContract`."""

    may_lack = frozenset({"read_site_choices", "list_options", "list_installed", "list_other_instances"})
    drafted: ProductDraft | None = None

    async def draft(self, vendor: Vendor, hook: Any) -> ProductDraft:
        raise NotImplementedError

    async def make(self, hook: Any, draft: ProductDraft) -> ShopProduct:
        raise NotImplementedError

    async def place(self, vendor: Vendor) -> PlacedOrder:
        raise NotImplementedError

    async def read(self, hook: Any, *numbers: str) -> tuple[Order, ...]:
        raise NotImplementedError

    async def stages(self, hook: Any, order: Order) -> tuple[Stage, ...]:
        raise NotImplementedError

    async def placed_and_read(self, vendor: Vendor, hook: Any) -> Order:
        [order] = await self.read(hook, str((await self.place(vendor)).order_number))
        return order

    async def readings(self, vendor: Vendor, hook: Any) -> dict[str, Reading]:
        order = await self.placed_and_read(vendor, hook)
        draft = await self.draft(vendor, hook)
        product = await self.make(hook, draft)
        item = {"order_number": order.number, "line_number": 1}
        day = timedelta(days=1)
        period = {"start": order.placed_at - day, "end": order.placed_at + day, "cursor": None}
        at = {"site": draft.site, "shop_product_id": product.id}
        questions: dict[str, tuple[str, dict[str, Any]]] = {
            "read_orders": ("read_orders", {"refs": (OrderRef(number=order.number),)}),
            "list_orders": ("list_orders", period),
            "read_order_details": (
                "read_order_details",
                {"order": order, "lines": (1,), "files_may_follow": False},
            ),
            "list_line_files": ("list_line_files", item),
            "list_sites": ("list_sites", {}),
            "read_site_choices": ("read_site_choices", {"site": draft.site}),
            "list_shop_products": ("list_shop_products", {"site": draft.site}),
            "find_shop_product": ("find_shop_product", {"site": draft.site, "url_name": draft.url_name}),
            "read_shop_binding": ("read_shop_binding", at),
            "list_installed": ("list_installed", {}),
            "list_other_instances": ("list_other_instances", {}),
            **{f"list_options of {kind}": ("list_options", {"kind": kind}) for kind in ListKind},
        }
        if self.can(hook, Capability.STOCK_MIRROR):
            questions["read_shop_stock"] = (
                "read_shop_stock",
                {"site": draft.site, "names": (draft.part_number,)},
            )
        if self.can(hook, Capability.CHANGE_MARKUP):
            questions["read_shop_markup"] = ("read_shop_markup", at)
        if self.can(hook, Capability.MOVE_ITEM):
            questions["list_workflow_stages"] = (
                "list_workflow_stages",
                {"workflow_id": order.lines[0].workflow_id},
            )
        if self.can(hook, Capability.SHIPMENTS):
            questions["shows_shipment"] = (
                "shows_shipment",
                {**item, "shipment": Shipment(tracking="DP-4711")},
            )
        return self.asked(hook, questions)

    def alike(self, one: object, other: object) -> bool:
        """What asks for the page after it is the connector's own."""
        return _without_next(one) == _without_next(other)

    def admits(self, answer: object) -> bool:
        """An order that cannot be understood has a problem."""
        told = answer[0] if isinstance(answer, list) and answer else ()
        orders = getattr(told, "orders", told)
        return isinstance(orders, tuple) and any(getattr(one, "problem", "") for one in orders)

    def effects(self, hook: Any) -> dict[str, Maker]:
        found: dict[str, Maker] = {
            "create_shop_product": self._product,
            "write_shop_binding": self._binding,
            "write_mis_number": self._mark,
        }
        if hook.clear_mis_number.get_hookimpls():
            found["clear_mis_number"] = self._unmark
        if self.can(hook, Capability.MOVE_ITEM):
            found["move_line_to_stage"] = self._move
        if self.can(hook, Capability.SHIPMENTS):
            found["create_shipment"] = self._shipment
        if self.can(hook, Capability.STOCK_MIRROR):
            found["update_shop_stock"] = self._level
        if self.can(hook, Capability.CHANGE_MARKUP):
            found["write_shop_markup"] = self._markup
        return found

    def _making(self, vendor: Vendor, verb: str, **given: Any) -> Effect:
        async def call() -> object:
            [waiting] = getattr(self.fresh(vendor), verb)(**given)
            return await waiting

        return Effect(call)

    async def _named(self, vendor: Vendor, hook: Any, turn: int) -> ProductDraft:
        draft = self.drafted = self.drafted or await self.draft(vendor, hook)
        numbers = {"part_number": f"117-{turn}", "public_part_number": f"117-{turn}"}
        return structs.replace(draft, url_name=f"kit-{turn}", stock=None, **numbers)

    async def _product(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        draft = await self._named(vendor, hook, turn)
        made = self._making(vendor, "create_shop_product", draft=draft)

        async def is_done() -> bool:
            [looking] = hook.find_shop_product(site=draft.site, url_name=draft.url_name)
            return await looking is not None

        async def call() -> object:
            """What is left to a person is asked of other hooks."""
            return structs.replace(await made.call(), by_hand=())  # type: ignore[type-var]

        return Effect(call, is_done)

    async def _binding(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        draft = await self._named(vendor, hook, turn)
        product = await self.make(hook, draft)
        [reading] = hook.read_shop_binding(site=draft.site, shop_product_id=product.id)
        binding = structs.replace(await reading, part_number=f"118-{turn}")
        given = {"site": draft.site, "shop_product_id": product.id, "binding": binding}
        return self._making(vendor, "write_shop_binding", **given)

    async def _markup(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        draft = await self._named(vendor, hook, turn)
        product = await self.make(hook, draft)
        given = {"site": draft.site, "shop_product_id": product.id, "percent": Decimal(20 + turn)}
        return self._making(vendor, "write_shop_markup", **given)

    async def _item(self, vendor: Vendor, hook: Any) -> tuple[Order, dict[str, Any]]:
        order = await self.placed_and_read(vendor, hook)
        return order, {"order_number": order.number, "line_number": 1}

    async def _mark(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        _, item = await self._item(vendor, hook)
        return self._making(vendor, "write_mis_number", **item, accepted=MARK)

    async def _unmark(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        _, item = await self._item(vendor, hook)
        [marking] = hook.write_mis_number(**item, accepted=MARK)
        await marking
        return self._making(vendor, "clear_mis_number", **item, number=MARK.label)

    async def _move(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        order, item = await self._item(vendor, hook)
        stage = next(one for one in await self.stages(hook, order) if one.name != order.lines[0].stage)
        return self._making(vendor, "move_line_to_stage", **item, stage=stage, note="SO-1: Dispatched")

    async def _shipment(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        order, _ = await self._item(vendor, hook)
        shipment = Shipment(tracking=f"DP-{turn}", carrier="Dales Parcels")
        return self._making(vendor, "create_shipment", order=order, lines=(1,), shipment=shipment)

    async def _level(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        draft = structs.replace(
            await self._named(vendor, hook, turn), stock=(await self.draft(vendor, hook)).stock
        )
        await self.make(hook, draft)
        [reading] = hook.read_shop_stock(site=draft.site, names=(draft.part_number,))
        [item] = await reading
        return self._making(vendor, "update_shop_stock", site=draft.site, stock=item, change=3)


def _without_next(told: object) -> object:
    pages = told if isinstance(told, list) else []
    return [structs.replace(one, next=None) if hasattr(one, "next") else one for one in pages]
