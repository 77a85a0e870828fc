"""Prices of made-to-order products: Tharstern's example request, the buyer's choices, an estimate.

Every estimate leaves a record in the MIS: one question is one request, and nothing is tried out.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Generic, TypeVar

from makeready_hooks.errors import ConfigError, MakereadyError, NotPriced, Refused
from makeready_hooks.model.price import NoPriceCause, PriceOption, PriceQuery, Quote, chosen_values
from makeready_hooks.model.setup import Check

from makeready_tharstern import wire
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.pricing import templates
from makeready_tharstern.pricing.templates import Request, Templates
from makeready_tharstern.settings import TharsternSettings

T = TypeVar("T")

REMEMBERED_S = 900.0
"""Examples and the types of products change when somebody sets a product type up again."""
MOST_REMEMBERED = 1000


class Estimates:
    def __init__(
        self,
        settings: TharsternSettings,
        client: TharsternClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._client = client
        self._examples: _Memory[Request] = _Memory(clock)
        self._products: _Memory[wire.Product] = _Memory(clock)

    def remembered(self, product_id: str, customer: str) -> wire.Product | None:
        """A made-to-order product that was read a while ago: it has no price that could be out of date."""
        return self._products.get(f"{product_id} {customer}")

    def remember(self, product: wire.Product, customer: str) -> None:
        if product.type_id > 0:
            self._products.put(f"{product.id} {customer}", product)

    def options(self, product: wire.Product) -> tuple[PriceOption, ...]:
        return templates.offered(self._templates(product))

    async def quote(self, product: wire.Product, query: PriceQuery) -> Quote:
        """Make an estimate. Raises NotPriced with Tharstern's problems."""
        chosen = chosen_values(self.options(product), query.options)
        request = await self._request(product, query)
        try:
            estimate = await self._client.estimate(request)
        except NotPriced:
            raise
        except Refused as exc:
            cause = NoPriceCause.CHOICE if chosen else NoPriceCause.ON_REQUEST
            raise NotPriced(exc.message, cause=cause) from exc
        if estimate.total is None or estimate.total <= 0:
            raise NotPriced(
                f"Estimate {estimate.ref or estimate.id} shows no price.",
                cause=NoPriceCause.ON_REQUEST,
                fix="Set estimate_price in the connector's assumptions.",
            )
        return Quote(
            total=estimate.total,
            weight_kg=(product.weight_kg or Decimal(0)) * query.quantity,
            reference=estimate.id,
            source=f"estimate {estimate.ref or estimate.id}",
            customer=query.customer,
            options=chosen,
        )

    async def _request(self, product: wire.Product, query: PriceQuery) -> Request:
        """The title is unique, so that an estimate whose answer was lost is found by it (seen)."""
        example = await self._example(str(product.type_id))
        asked = self._templates(product)
        try:
            request = templates.filled(example, asked, chosen_values(templates.offered(asked), query.options))
        except ConfigError as exc:  # of this product type alone: the others have their prices
            raise NotPriced(str(exc), cause=NoPriceCause.ON_REQUEST) from exc
        request["Quantity"] = query.quantity
        request["Title"] = f"{product.name or product.id} (web {secrets.token_hex(4)})"
        if query.customer:
            given = request.get("Customer")
            request["Customer"] = {**(given if isinstance(given, dict) else {}), "Code": query.customer}
        return request

    def _templates(self, product: wire.Product) -> Templates:
        return self._settings.estimate_options.get(str(product.type_id), {})

    async def _example(self, product_type: str) -> Request:
        return await self._examples.get_or_ask(
            product_type, lambda: self._client.example_request(product_type)
        )

    async def checks(self) -> tuple[Check, ...]:
        """Do the templates fit the examples?"""
        return tuple(
            [await self._check(kind, asked) for kind, asked in self._settings.estimate_options.items()]
        )

    async def _check(self, product_type: str, asked: Templates) -> Check:
        name = f"options of product type {product_type}"
        try:
            example = await self._client.example_request(product_type)
        except MakereadyError as exc:
            return Check(
                name=name, ok=False, message=exc.message, fix=exc.fix or "Check the product type's id."
            )
        if wrong := templates.problems(example, asked):
            fix = "Correct estimate_options in the connector's settings."
            return Check(name=name, ok=False, message=" ".join(wrong), fix=fix)
        return Check(name=name, ok=True, message=f"{len(asked)} options fit its example request.")


class _Memory(Generic[T]):
    """What was read from Tharstern a while ago; read by one task at a time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, T]] = {}
        self._asking = asyncio.Lock()

    def get(self, key: str) -> T | None:
        found = self._kept.get(key)
        return found[1] if found and self._clock() - found[0] < REMEMBERED_S else None

    def put(self, key: str, value: T) -> None:
        if len(self._kept) >= MOST_REMEMBERED:
            self._kept.clear()
        self._kept[key] = (self._clock(), value)

    async def get_or_ask(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        async with self._asking:
            found = self.get(key)
            if found is None:
                found = await ask()
                self.put(key, found)
            return found
