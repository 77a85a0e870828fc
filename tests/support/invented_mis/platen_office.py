"""People at Platen's screens, as a program: a `makeready_hooks.testing.emulation.MisDriver`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx


class PlatenOffice:
    def __init__(self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base_url = base_url
        self._http = httpx.AsyncClient(base_url=base_url, trust_env=False, transport=transport)

    async def state(self, **asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = (await self._http.post("/_office", json=asked)).json()
        return found

    async def connector_settings(self) -> Mapping[str, Any]:
        return {"server_url": self._base_url, "key": (await self.state())["key"]}

    async def orders_received(self) -> list[bytes]:
        return [body.encode() for body in (await self.state())["received"]]

    async def orders(self) -> list[dict[str, Any]]:
        return [
            {**one, "id": one["order"], "reference": one["our_ref"], "files": _files(one)}
            for one in (await self.state())["orders"]
        ]

    async def open_drafts(self) -> list[dict[str, Any]]:
        return [one for one in (await self.state())["drafts"] if not one["order"]]

    async def customers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.state())["customers"]
        return found

    async def correct_customer(self, ref: str) -> None:
        """Another takes its place: it was the wrong one, or is on stop."""
        await self.state(correct=ref)

    async def move_order(
        self, order: str, status: str, *, carrier: str = "", tracking: str = "", reason: str = ""
    ) -> None:
        parcel = {"parcel": f"P/{tracking}", "code": tracking, "carrier": carrier, "service": "", "rows": []}
        await self.state(order=order, state=status, reason=reason, parcels=[parcel] if tracking else [])

    async def ship_part(self, order: str, tracking: str, quantities: Mapping[int, int]) -> None:
        rows = [{"row": row, "quantity": quantity} for row, quantity in quantities.items()]
        parcel = {
            "parcel": f"P/{tracking}",
            "code": tracking,
            "carrier": "Dales Parcels",
            "service": "Next day",
        }
        await self.state(order=order, state="part", reason="", parcels=[{**parcel, "rows": rows}])

    async def forget_changes(self) -> None:
        """As after a long time: no cursor of before is known any more."""
        await self.state(forget=True)

    async def demo_products(self) -> tuple[str, ...]:
        return ("KIT/22-84", "CARD/1-A", "CARD/2-A")

    async def add_product(self, product_id: str, price: Decimal) -> None:
        await self.set_price(product_id, price)

    async def set_price(self, product_id: str, price: Decimal) -> None:
        await self.state(item=product_id, price=f"{price:.2f}")

    async def set_stock(self, product_id: str, on_hand: Decimal) -> None:
        """It keeps none."""

    async def set_switches(self, switches: Mapping[str, str]) -> None:
        await self.state(switches=dict(switches))

    async def aclose(self) -> None:
        await self._http.aclose()


def _files(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**file, "line": line.get("line"), "fetched": bool(file["digest"])}
        for line in order["lines"]
        for file in line["files"]
    ]
