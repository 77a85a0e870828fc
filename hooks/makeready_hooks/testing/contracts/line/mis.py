"""Which hooks of an MIS connector read, and which change something."""

import hashlib
from collections.abc import Awaitable
from typing import Any

import msgspec
import pytest

from makeready_hooks import Capability, ListKind
from makeready_hooks.model.order import Buyer, FileWay
from makeready_hooks.model.price import PriceQuery
from makeready_hooks.model.product import ProductSearch
from makeready_hooks.model.submission import AcceptedLine, AcceptedOrder, OrderRequest, PreparedOrder
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.files import LATE, a_file
from makeready_hooks.testing.contracts.line.effects import Effect, Maker
from makeready_hooks.testing.contracts.line.mis_looks import MisLookContract
from makeready_hooks.testing.contracts.line.readings import Reading
from makeready_hooks.testing.orders import an_order, an_order_line


class MisLineContract(MisLookContract):
    """Part of `MisContract`."""

    known: str

    def keyed(self, key: str, **changes: Any) -> OrderRequest:
        """An order of one line under this key."""
        order = an_order(an_order_line(), **changes)
        return OrderRequest(key=key, order=order, product_ids=(self.known,))

    async def prepared_as(self, hook: Any, request: OrderRequest) -> PreparedOrder:
        prepared: PreparedOrder = hook.map_order(request=await self.resolved(hook, request))
        return prepared

    async def taken(self, hook: Any, request: OrderRequest) -> AcceptedOrder:
        [submitting] = hook.submit_order(prepared=await self.prepared_as(hook, request))
        accepted: AcceptedOrder = await submitting
        return accepted

    async def readings(self, vendor: Vendor, hook: Any) -> dict[str, Reading]:
        prepared = await self.prepared_as(hook, self.keyed("read-1"))
        [submitting] = hook.submit_order(prepared=prepared)
        accepted = await submitting
        questions: dict[str, tuple[str, dict[str, Any]]] = {
            "quote_price": ("quote_price", {"query": PriceQuery(product_id=self.known, quantity=3)}),
            "search_mis_products": ("search_mis_products", {"search": ProductSearch(page_size=5)}),
            "read_mis_products": ("read_mis_products", {"product_ids": (self.known,)}),
            "read_stock": ("read_stock", {"product_ids": (self.known,)}),
            "find_submitted_order": ("find_submitted_order", {"prepared": prepared}),
            "read_mis_orders": ("read_mis_orders", {"numbers": (accepted.id,)}),
            "check_orders": ("check_orders", {"orders": (prepared,)}),
            "resolve_ids": ("resolve_ids", {"request": self.keyed("read-1"), "may_make": False}),
            **{f"list_options of {kind}": ("list_options", {"kind": kind}) for kind in ListKind},
        }
        if self.can(hook, Capability.PROGRESS):
            questions["read_order_progress"] = ("read_order_progress", {"accepted": (accepted,)})
        if self.can(hook, Capability.CHANGES):
            [reading] = hook.read_changes(cursor="")
            questions["read_changes"] = ("read_changes", {"cursor": (await reading).next})
        if self.can(hook, Capability.PRICE_OPTIONS):
            questions["list_price_options"] = ("list_price_options", {"product_id": self.known})
        return self.asked(hook, questions)

    def alike(self, one: object, other: object) -> bool:
        """The moment at which stock was read is another each time."""
        return _timeless(one) == _timeless(other)

    def effects(self, hook: Any) -> dict[str, Maker]:
        found: dict[str, Maker] = {"submit_order": self._submission}
        if hook.resolve_ids.get_hookimpls():
            found["resolve_ids"] = self._resolution
        if self.can(hook, Capability.ATTACH_LATER) and self.by(hook, FileWay.UPLOAD):
            found["attach_asset"] = self._file
        if self.can(hook, Capability.REPLACE_FILE):
            found["replace_asset"] = self._replacement
        if self.can(hook, Capability.CHANGE_ORDER):
            found["update_mis_order"] = self._update
        if self.can(hook, Capability.CANCEL_ORDER):
            found["cancel_mis_order"] = self._cancelling
        return found

    async def _submission(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        key = f"{turn}-S"
        prepared = await self.prepared_as(hook, self.keyed(key))

        async def call() -> object:
            [submitting] = self.fresh(vendor).submit_order(prepared=prepared)
            accepted: AcceptedOrder = await submitting
            there = {str(one["id"]) for one in await vendor.driver.orders() if one["reference"] == key}
            assert not there or accepted.id in there, (
                f"the order is called {accepted.id}, and there are {sorted(there)}"
            )
            return accepted

        async def is_done() -> bool:
            return any(one["reference"] == key for one in await vendor.driver.orders())

        return Effect(call, is_done)

    async def test_a_submission_ends_within_its_deadline(
        self, vendor: Vendor, hook: Any, turns: list[int]
    ) -> None:
        """Until then, an order that is not found may still appear."""
        prepared = await self.prepared_as(hook, self.keyed("7101-1"))
        steps = await self.steps_of(vendor, hook, "submit_order", turns)
        lasts = sum(request.deadline_s for request, _ in steps)
        assert lasts <= prepared.deadline_s, (
            f"its {len(steps)} calls can last {lasts} s, and it says {prepared.deadline_s} s"
        )

    async def test_a_file_arrives_byte_by_byte_under_its_name(self, vendor: Vendor, hook: Any) -> None:
        if not self.can(hook, Capability.ATTACH_LATER) or not self.by(hook, FileWay.UPLOAD):
            pytest.skip("it takes no file after an order: list_taken_files, attach_asset")
        accepted, role = await self._accepted(hook, "7101-1"), self.by(hook, FileWay.UPLOAD)[0]
        content = bytes(range(256)) * 40 + b"\r\n\n\r"
        given = {"artwork": a_file(content, role, name="B\u00fcro 1.pdf"), "content": content}
        await self._to_line_one("attach_asset", vendor, accepted, **given)
        [order] = await vendor.driver.orders()
        [file] = order["files"]
        digest = hashlib.sha256(content).hexdigest()
        assert (file["bytes"], file["sha256"]) == (len(content), digest), f"other bytes arrived: {file}"
        assert "B\u00fcro 1" in file["name"], f"it is called {file['name']}"

    async def _resolution(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        buyer = Buyer(id=f"buyer-{turn}", email=f"buyer-{turn}@kit.example")
        request = self.keyed(f"{turn}-R", buyer=buyer)

        async def call() -> object:
            [resolving] = self.fresh(vendor).resolve_ids(request=request, may_make=True)
            return (await resolving)[0]

        return Effect(call)

    async def _accepted(self, hook: Any, key: str) -> AcceptedOrder:
        return await self.taken(hook, self.keyed(key))

    async def _file(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        accepted = await self._accepted(hook, f"{turn}-F")
        role = self.by(hook, FileWay.UPLOAD)[0]
        return Effect(
            lambda: self._to_line_one(
                "attach_asset", vendor, accepted, artwork=a_file(LATE, role), content=LATE
            )
        )

    async def _replacement(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        accepted = await self._accepted(hook, f"{turn}-P")
        await self._to_line_one("attach_asset", vendor, accepted, artwork=a_file(LATE), content=LATE)
        newer = b"%PDF-1.4 newer"
        given = {"old": a_file(LATE), "new": a_file(newer), "content": newer}
        return Effect(lambda: self._to_line_one("replace_asset", vendor, accepted, **given))

    async def _to_line_one(self, verb: str, vendor: Vendor, accepted: AcceptedOrder, **given: Any) -> object:
        line = accepted.lines[0] if accepted.lines else AcceptedLine(number=1)
        whole = msgspec.structs.replace(accepted, lines=accepted.lines or (line,))
        [waiting] = getattr(self.fresh(vendor), verb)(accepted=whole, line=line, **given)
        return await waiting

    async def _update(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        accepted = await self._accepted(hook, f"{turn}-U")
        changed = msgspec.structs.replace(self.keyed(f"{turn}-U"), order=an_order(an_order_line(quantity=7)))
        prepared = await self.prepared_as(hook, changed)
        return Effect(
            lambda: _first(self.fresh(vendor).update_mis_order(accepted=accepted, prepared=prepared))
        )

    async def _cancelling(self, vendor: Vendor, hook: Any, turn: int) -> Effect:
        accepted = await self._accepted(hook, f"{turn}-C")
        return Effect(lambda: _first(self.fresh(vendor).cancel_mis_order(accepted=accepted)))


async def _first(waiting: list[Awaitable[object]]) -> object:
    return await waiting[0]


def _timeless(told: object) -> object:
    rows = told[0] if isinstance(told, list) and told and isinstance(told[0], tuple) else ()
    if any(hasattr(row, "as_of") for row in rows):
        return [msgspec.structs.replace(row, as_of=None) for row in rows]
    return told
