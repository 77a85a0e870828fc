"""The contract of limits: what a connector declares is of its role, and what fits is taken."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import structs

from makeready_hooks.errors import Refused
from makeready_hooks.model.limits import (
    LINE_MEMBERS,
    ORDER_MEMBERS,
    PRODUCT_MEMBERS,
    Limit,
    fit,
    with_member,
)
from makeready_hooks.model.product import ProductDraft, ShopProduct
from makeready_hooks.model.submission import OrderRequest
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor

ODD_TEXT = "No. 7/B \u00e9\u4e2d~ "


def limits_of(hook: Any, members: Mapping[str, str]) -> tuple[Limit, ...]:
    """Skips if none is known."""
    limits: tuple[Limit, ...] = hook.list_limits() or ()
    assert {one.member for one in limits} <= set(members)
    assert len({one.member for one in limits}) == len(limits), "one limit a member"
    if not limits:
        pytest.skip("no limit is known: list_limits")
    return limits


class MisLimitContract(ConnectorContract):
    """Part of `MisContract`."""

    def request(self, key: str = "7101-1", lines: int = 1) -> OrderRequest:
        raise NotImplementedError

    async def resolved(self, hook: Any, request: OrderRequest) -> OrderRequest:
        raise NotImplementedError

    async def test_what_its_limits_let_through_is_taken(self, hook: Any) -> None:
        """Of texts that are as long as can be, of any characters."""
        limits = limits_of(hook, {**ORDER_MEMBERS, **LINE_MEMBERS})
        request = self.request("7101-7", lines=2)
        order, lines = request.order, []
        for limit in limits:
            if limit.member in ORDER_MEMBERS:
                order = with_member(order, limit.member, ODD_TEXT * (limit.longest or 1))
        for line in order.lines:
            for limit in limits:
                if limit.member in LINE_MEMBERS:
                    line = with_member(line, limit.member, ODD_TEXT * (limit.longest or 1))
            lines.append(fit(line, limits, LINE_MEMBERS)[0])
        order, misfits = fit(structs.replace(order, lines=tuple(lines)), limits, ORDER_MEMBERS)
        assert all(one.fitted for one in misfits)
        request = await self.resolved(hook, structs.replace(request, order=order))
        [submitting] = hook.submit_order(prepared=hook.map_order(request=request))
        try:
            accepted = await submitting
        except Refused as exc:
            pytest.fail(f"what its limits let through is refused: {exc}")
        assert accepted.id


class ShopLimitContract(ConnectorContract):
    """Part of `StorefrontContract`."""

    async def draft(self, vendor: Vendor, hook: Any) -> ProductDraft:
        raise NotImplementedError

    async def make(self, hook: Any, draft: ProductDraft) -> ShopProduct:
        raise NotImplementedError

    async def find(self, hook: Any, draft: ProductDraft) -> ShopProduct | None:
        raise NotImplementedError

    async def test_a_product_as_long_as_its_limits_let_it_be_is_found(
        self, vendor: Vendor, hook: Any
    ) -> None:
        draft = await self.draft(vendor, hook)
        for limit in limits_of(hook, PRODUCT_MEMBERS):
            given = str(getattr(draft, limit.member))
            draft = with_member(draft, limit.member, limit.fitted(given.ljust(limit.longest, "x")))
        made = await self.make(hook, draft)
        found = await self.find(hook, draft)
        assert found is not None
        assert found.id == made.id
