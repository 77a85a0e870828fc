"""What an MIS connector looks for by its name, and which lists it reads."""

from collections.abc import Awaitable
from typing import Any

import msgspec

from makeready_hooks import Capability, ListKind
from makeready_hooks.errors import OutcomeUnknown
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import PriceQuery
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    FindResult,
    OrderRequest,
    PreparedOrder,
)
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.files import LATE, NEWER, MisFileContract, a_file
from makeready_hooks.testing.contracts.line.conduct import ConductContract
from makeready_hooks.testing.contracts.line.looks import Look
from makeready_hooks.testing.contracts.line.pages import Names
from makeready_hooks.testing.orders import an_order, an_order_line

COUNT = 3
"""Things of a kind that are there to be told apart."""
NO_ORDER = AcceptedOrder(id="999999", number="999999")


class MisLookContract(MisFileContract, ConductContract):
    """Part of `MisContract`."""

    unknown: str

    def keyed(self, key: str, **changes: Any) -> OrderRequest:
        raise NotImplementedError

    async def prepared_as(self, hook: Any, request: OrderRequest) -> PreparedOrder:
        raise NotImplementedError

    async def taken(self, hook: Any, request: OrderRequest) -> AcceptedOrder:
        raise NotImplementedError

    def asks(self, verb: str, *given: dict[str, Any], absent: dict[str, Any] | None = None) -> Look:
        there = tuple(self._asking(verb, one) for one in given)
        return Look(there, self._asking(verb, absent) if absent else None)

    def _of_a_buyer(self, number: int) -> OrderRequest:
        """Each is another's, as other MIS have customers of their own for each."""
        buyer = Buyer(id=f"buyer-{number}", email=f"buyer-{number}@kit.example")
        return self.keyed(f"7101-{number}", buyer=buyer)

    async def looks(self, vendor: Vendor, hook: Any) -> dict[str, Look]:
        requests = [self._of_a_buyer(number) for number in range(1, COUNT + 1)]
        prepared = [await self.prepared_as(hook, one) for one in requests]
        accepted = [await self.taken(hook, one) for one in requests]
        never = await self.prepared_as(hook, self._of_a_buyer(COUNT + 1))
        products = [{"product_ids": (one,)} for one in await vendor.driver.demo_products()]
        prices = [
            {"query": PriceQuery(product_id=one, quantity=3)} for one in await vendor.driver.demo_products()
        ]
        nothing = {"product_ids": (self.unknown,)}
        found = {
            "find_submitted_order": self.asks(
                "find_submitted_order", *({"prepared": one} for one in prepared), absent={"prepared": never}
            )._replace(proves=_is_absent, alone=True),
            "read_mis_orders": self.asks(
                "read_mis_orders",
                *({"numbers": (one.id,)} for one in accepted),
                absent={"numbers": ("999999",)},
            ),
            "read_mis_products": self.asks("read_mis_products", *products, absent=nothing),
            "read_stock": self.asks("read_stock", *products, absent=nothing),
            "quote_price": self.asks("quote_price", *prices),
            "resolve_ids": self.asks(
                "resolve_ids",
                *({"request": one, "may_make": False} for one in requests),
                absent={"request": self._of_a_buyer(COUNT + 2), "may_make": False},
            ),
        }
        if self.can(hook, Capability.PROGRESS):
            await vendor.driver.move_order(accepted[1].id, self.statuses[1], carrier="Dales", tracking="DP-1")
            of_each = ({"accepted": (one,)} for one in accepted)
            found["read_order_progress"] = self.asks(
                "read_order_progress", *of_each, absent={"accepted": (NO_ORDER,)}
            )
        if self.can(hook, Capability.SUBMIT_IN_STEPS):
            found["find_submitted_order of a draft"] = await self._of_drafts(vendor, hook, never)
        found |= await self._of_changes(vendor, hook)
        return {name: look for name, look in found.items() if self._has(hook, name)}

    @staticmethod
    def _has(hook: Any, name: str) -> bool:
        return bool(getattr(hook, name.partition(" ")[0]).get_hookimpls())

    async def _of_drafts(self, vendor: Vendor, hook: Any, never: PreparedOrder) -> Look:
        """Orders that were begun, and not finished."""
        begun = []
        for number in range(11, 11 + COUNT):
            prepared = await self.prepared_as(hook, self._of_a_buyer(number))
            vendor.http.lose = 1
            [submitting] = hook.submit_order(prepared=prepared)
            error = await self.error_of(vendor, submitting)
            assert isinstance(error, OutcomeUnknown)
            begun.append({"prepared": prepared})
        return self.asks("find_submitted_order", *begun, absent={"prepared": never})._replace(
            proves=_is_absent
        )

    async def _of_changes(self, vendor: Vendor, hook: Any) -> dict[str, Look]:
        """Of several orders, one of which was changed, cancelled, or given another file."""
        found: dict[str, Look] = {}
        if self.can(hook, Capability.CHANGE_ORDER):
            found["find_mis_change"] = await self._of_orders(hook, "71", self._changed_order)
        if self.can(hook, Capability.CANCEL_ORDER):
            found["find_mis_change of a cancellation"] = await self._of_orders(
                hook, "72", self._cancelled_order
            )
        if self.can(hook, Capability.REPLACE_FILE):
            found["find_replacement"] = await self._of_orders(hook, "73", self._other_file)
        return found

    async def _of_orders(self, hook: Any, key: str, change: Any) -> Look:
        given = []
        for number in range(1, COUNT + 1):
            request = self._of_a_buyer(number)
            request = msgspec.structs.replace(request, key=f"{key}-{number}")
            accepted = await self.taken(hook, request)
            given.append(await change(hook, request, accepted, is_done=number == 2))
        verb = given[0][0]
        return self.asks(verb, *(one for _, one in given))

    async def _changed_order(
        self, hook: Any, request: OrderRequest, accepted: AcceptedOrder, is_done: bool
    ) -> tuple[str, dict[str, Any]]:
        order = msgspec.structs.replace(request.order, lines=an_order(an_order_line(quantity=7)).lines)
        prepared = await self.prepared_as(hook, msgspec.structs.replace(request, order=order))
        if is_done:
            await _first(hook.update_mis_order(accepted=accepted, prepared=prepared))
        return "find_mis_change", {"accepted": accepted, "prepared": prepared}

    async def _cancelled_order(
        self, hook: Any, request: OrderRequest, accepted: AcceptedOrder, is_done: bool
    ) -> tuple[str, dict[str, Any]]:
        if is_done:
            await _first(hook.cancel_mis_order(accepted=accepted))
        return "find_mis_change", {"accepted": accepted, "prepared": None}

    async def _other_file(
        self, hook: Any, request: OrderRequest, accepted: AcceptedOrder, is_done: bool
    ) -> tuple[str, dict[str, Any]]:
        lines = accepted.lines or (AcceptedLine(number=1),)
        whole = msgspec.structs.replace(accepted, lines=lines)
        await self.attach(hook, whole, lines[0].number)
        old, new = a_file(LATE), a_file(NEWER)
        if is_done:
            await self.replace(hook, whole, 1)
        return "find_replacement", {"accepted": whole, "line": lines[0], "old": old, "new": new}

    def finds_nothing(self, told: object) -> bool:
        [found] = told if isinstance(told, list) else [None]
        return isinstance(found, FindResult) and found.order is None and found.begun is None

    async def lists(self, vendor: Vendor, hook: Any) -> dict[str, Names]:
        found: dict[str, Names] = {"search_mis_products": self._products}
        found |= {f"list_options of {kind}": self._options(kind) for kind in ListKind}
        if self.can(hook, Capability.CHANGES):
            [beginning] = hook.read_changes(cursor="")
            cursor = (await beginning).next
            for number in range(1, 10):
                accepted = await self.taken(hook, self.keyed(f"7101-{number}"))
                await vendor.driver.move_order(accepted.id, self.statuses[0])

            async def changed(hook: Any) -> list[str]:
                told, _ = await self.changes(hook, cursor)
                return [one.id for one in told]

            found["read_changes"] = changed
        return found

    async def _products(self, hook: Any) -> list[str]:
        return [one.id for one in await self.every_product(hook)]

    def _options(self, kind: ListKind) -> Names:
        async def read(hook: Any) -> list[str]:
            return [one.value for one in await self.listed(hook, kind) or ()]

        return read


async def _first(waiting: list[Awaitable[object]]) -> object:
    return await waiting[0]


def _is_absent(told: object) -> bool:
    [found] = told if isinstance(told, list) else [None]
    return isinstance(found, FindResult) and found.order is None and found.begun is None and found.certain
