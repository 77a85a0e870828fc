"""People at the printer's, as a program: estimators, order clerks, the production office.

Talks to a running emulator through its control API only.
"""

import base64
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx

from makeready_tharstern_emulator.background.artwork import tls

DEMO_PRODUCTS = ("2284", "4107", "4108")


class TharsternDriver:
    """A `MisDriver`, and some more for those who know that it is Tharstern."""

    def __init__(self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = httpx.AsyncClient(
            base_url=f"{self._base_url}/_emulator",
            trust_env=False,
            timeout=60,
            limits=httpx.Limits(keepalive_expiry=2.0),  # before the server closes what is idle
            transport=transport,
            verify=tls(),
        )

    async def connector_settings(self) -> Mapping[str, Any]:
        """Settings with which the plugin's connector can sign in to this emulator."""
        state = await self._ask("GET", "/state")
        return {
            "server_url": self._base_url,
            "allow_plain_http": True,
            "login": state["login"]["email"],
            "password": state["login"]["password"],
            "api_key": state["application_id"],
            "customer_code": state["customer_code"],
        }

    async def orders_received(self) -> list[bytes]:
        """The bodies of all order submissions, as they came in, oldest first."""
        bodies = (await self._ask("GET", "/orders-received"))["bodies"]
        return [base64.b64decode(body) for body in bodies]

    async def orders(self) -> list[dict[str, Any]]:
        """The orders that exist, as `MisDriver.orders` says, and their ``status``.

        A file also has ``fetched`` and, if it did not come, ``error``.
        """
        orders: list[dict[str, Any]] = (await self._ask("GET", "/orders"))["orders"]
        return orders

    async def demo_products(self) -> tuple[str, ...]:
        """Three of the scenario that are sold from stock, the published order's first."""
        return DEMO_PRODUCTS

    async def add_product(self, product_id: str, price: Decimal) -> None:
        raise ValueError("Tharstern gives its products their ids, which are whole numbers.")

    async def set_price(self, product_id: str, price: Decimal) -> None:
        """Change the unit price of a product. Raises LookupError for an unknown one."""
        await self._ask("PUT", f"/products/{product_id}/price", {"price": str(price)})

    async def set_price_list(
        self, product_id: str, breaks: Mapping[int, Decimal], customer: str = ""
    ) -> None:
        """A customer has one price for every quantity: ValueError for more. LookupError for an unknown product."""
        told = {str(quantity): str(price) for quantity, price in breaks.items()}
        await self._ask("PUT", f"/products/{product_id}/price-list", {"breaks": told, "customer": customer})

    async def set_stock(self, product_id: str, on_hand: Decimal, allocated: Decimal | None = None) -> None:
        """Raises LookupError for an unknown product."""
        given = {"on_hand": str(on_hand)} | ({} if allocated is None else {"allocated": str(allocated)})
        await self._ask("PUT", f"/products/{product_id}/stock", given)

    async def kept(self) -> object:
        return await self._ask("GET", "/kept")

    async def move_order(self, order: str, status: str, *, carrier: str = "", tracking: str = "") -> None:
        """Set the status of an order, by id or number; with a tracking number, a parcel leaves.

        Raises LookupError for an unknown order.
        """
        progress: dict[str, Any] = {"status": status}
        if tracking:
            progress["delivery"] = {"carrier": carrier, "tracking": tracking}
        await self._ask("PUT", f"/orders/{order}/progress", progress)

    async def move_job(self, number: str, status: str) -> None:
        """Set the status of a job. Raises LookupError for an unknown one."""
        await self._ask("PUT", f"/jobs/{number}/progress", {"status": status})

    async def webhooks(self) -> list[dict[str, Any]]:
        """Events so far: ``sequence``, ``event``, ``url``, ``body``, ``attempts``, ``fate``."""
        events: list[dict[str, Any]] = (await self._ask("GET", "/webhooks"))["events"]
        return events

    async def generate_catalogue(self, count: int) -> int:
        """Add so many products; gives how many there are then."""
        products: int = (await self._ask("POST", "/catalogue", {"count": count}))["products"]
        return products

    async def expire_tokens(self) -> None:
        """Retire every token now."""
        await self._ask("POST", "/tokens/expire", {})

    async def settle(self, timeout_s: float = 30.0) -> bool:
        """Wait until no artwork, late effect or webhook is under way; False if that takes too long."""
        settled: bool = (await self._ask("POST", "/settle", {"timeout_s": timeout_s}))["settled"]
        return settled

    async def set_switches(self, switches: Mapping[str, str]) -> None:
        """Raises ValueError for a switch or a value that there is not."""
        await self._ask("PUT", "/switches", dict(switches))

    async def set_page_size(self, rows: int) -> None:
        await self.set_switches({"page-size": str(rows), "page-size-limit": str(rows)})

    async def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """Every request with its answer and its effects, oldest first."""
        entries: list[dict[str, Any]] = (await self._ask("GET", f"/journal?since={since}"))["entries"]
        return entries

    async def reset(self) -> None:
        """Back to the start of the scenario."""
        await self._ask("POST", "/reset", {})

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _ask(self, verb: str, path: str, document: object = None) -> Any:
        response = await self._http.request(verb, path, json=document)
        if response.status_code == httpx.codes.NOT_FOUND:
            raise LookupError(response.json()["error"])
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise ValueError(response.json()["error"])
        response.raise_for_status()
        return response.json()
