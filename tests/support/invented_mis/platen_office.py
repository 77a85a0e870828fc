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
            {**one, **_names(one), "lines": [_line(one, place) for place in range(len(one["lines"]))]}
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
        await self.set_price_list(product_id, {1: price})

    async def set_price_list(
        self, product_id: str, breaks: Mapping[int, Decimal], customer: str = ""
    ) -> None:
        rows = [{"from": str(quantity), "price": str(price)} for quantity, price in breaks.items()]
        await self.state(item=product_id, rows=rows, customer=customer)

    async def set_stock(self, product_id: str, on_hand: Decimal, allocated: Decimal | None = None) -> None:
        await self.state(shelf=product_id, on_hand=str(on_hand), held=str(allocated or 0))

    async def kept(self) -> object:
        return {name: told for name, told in (await self.state()).items() if name not in ("key", "received")}

    async def set_switches(self, switches: Mapping[str, str]) -> None:
        await self.state(switches=dict(switches))

    async def set_page_size(self, rows: int) -> None:
        await self.set_switches({"page-size": str(rows)})

    async def aclose(self) -> None:
        await self._http.aclose()


def _names(order: Mapping[str, Any]) -> dict[str, Any]:
    told = {"id": "order", "reference": "our_ref", "required_on": "wanted_on", "po_number": "po"}
    return {ours: order[theirs] for ours, theirs in told.items()} | {"files": _files(order)}


def _line(order: Mapping[str, Any], place: int) -> dict[str, Any]:
    line = order["lines"][place]
    row = {"row": place + 1}
    whole = [one for one in order["consignments"] if row["row"] in [at["row"] for at in one["rows"]]]
    to = dict(whole[0]["to"]) if whole else {}
    ship_to = to | {"line1": to.pop("street", "")}
    told = {"product_id": line["item"], "net": line["amount"], "description": line["text"]}
    return {**line, **told, "ship_to": ship_to}


def _files(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            **file,
            "line": place,
            "sha256": file["digest"],
            "bytes": file.get("bytes", 0),
            "fetched": bool(file["digest"]),
        }
        for place, line in enumerate(order["lines"], 1)
        for file in line["files"]
    ]
