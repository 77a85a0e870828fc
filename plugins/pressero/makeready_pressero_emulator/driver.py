"""Buyers, approvers and administrators of the emulated shop, over HTTP."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx
import msgspec
from makeready_hooks.testing.emulation import BuyerOrder, PlacedOrder, ShopPrice, Upload

from makeready_pressero_emulator.shop.outbound import tls

TRANSFER_STAGE = ("MIS transfer", "Tharstern Xfr")
"""Workflow and stage of the scenario that ships."""
UNLIMITED = 1_000_000


class PresseroDriver:
    """A `ShopDriver`. It uses the control API, which no rate limit and no fault touches."""

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
        """Without the vendor's limit on calls where the emulator keeps none."""
        access, switches = await self._get("/access"), await self._get("/switches")
        limit = {} if switches["rate-limit"] == "on" else {"calls_per_10_s": UNLIMITED}
        return {"admin_url": self._base_url, "allow_plain_http": True, **access, **limit}

    async def sites(self) -> tuple[str, ...]:
        return tuple(await self._get("/sites"))

    async def transfer_stage(self) -> tuple[str, str]:
        return TRANSFER_STAGE

    async def products(self) -> list[dict[str, Any]]:
        return list(await self._get("/products"))

    async def ask_price(self, site: str, part_number: str, quantity: int) -> ShopPrice:
        said = await self._post("/prices", {"site": site, "part_number": part_number, "quantity": quantity})
        return ShopPrice(total=Decimal(said["total"]), weight=Decimal(said["weight"]), error=said["error"])

    async def place_order(self, order: BuyerOrder) -> PlacedOrder:
        said = await self._post("/orders", order)
        return PlacedOrder(
            id=said["id"],
            order_number=said["order_number"],
            items=tuple(said["items"]),
            quantities=tuple(item.quantity for item in order.items),
            total=Decimal(said["total"]),
        )

    async def approve(self, order_number: int, item_number: int) -> None:
        await self._post(f"/orders/{order_number}/{item_number}/approve")

    async def deny(self, order_number: int, item_number: int) -> None:
        await self._post(f"/orders/{order_number}/{item_number}/deny")

    async def replace_file(self, order: int | str, item_number: int, file_name: str, upload: Upload) -> None:
        body = {"file_name": file_name, "upload": msgspec.to_builtins(upload)}
        await self._post(f"/orders/{order}/{item_number}/file", body)

    async def edit(self, order_number: int, item_number: int, members: Mapping[str, Any]) -> None:
        """Let calls show members of an item otherwise, ``{"Price": None}``: what no screen does to order."""
        await self._put(f"/orders/{order_number}/{item_number}/members", dict(members))

    async def move_to_stage(self, order: int | str, item_number: int, stage: str) -> None:
        await self._post(f"/orders/{order}/{item_number}/stage", {"stage": stage})

    async def mis_number(self, order: int | str, item_number: int) -> str | None:
        item = await self._get(f"/orders/{order}/{item_number}")
        number: str | None = item["mis_id"]
        return number

    async def stages(self, order: int | str, item_number: int) -> tuple[str, ...]:
        item = await self._get(f"/orders/{order}/{item_number}")
        return tuple(item["stages"])

    async def trackings(self, order: int | str, item_number: int) -> tuple[str, ...]:
        item = await self._get(f"/orders/{order}/{item_number}")
        return tuple(one["ShipTracking"] for one in item["shipments"])

    async def parcels(self, order: int | str, item_number: int) -> tuple[tuple[str, int], ...]:
        item = await self._get(f"/orders/{order}/{item_number}")
        return tuple((one["ShipTracking"], one.get("Quantity", 0)) for one in item["shipments"])

    async def state(self) -> dict[str, Any]:
        """All that the shop keeps, by its tables."""
        return dict(await self._get("/state"))

    async def kept(self) -> object:
        """Without what it has sent to others."""
        return {name: table for name, table in (await self.state()).items() if name != "deliveries"}

    async def stock_levels(self) -> dict[str, int]:
        """Levels of all stock items, by their names."""
        state = await self.state()
        return {stock["name"]: stock["level"] for stock in state["stocks"].values()}

    async def set_stock_level(self, name: str, level: int) -> None:
        """Type another level, as an administrator does; it goes into the item's transactions."""
        await self._put(f"/stock/{name}", {"level": level})

    async def set_head(self, site: str, html: str) -> None:
        """Paste HTML into the head of every page of a site."""
        await self._put(f"/sites/{site}/head", {"html": html})

    async def set_switches(self, switches: Mapping[str, str]) -> None:
        """Raises ValueError for a switch or a value that there is not."""
        await self._put("/switches", dict(switches))

    async def set_page_size(self, rows: int) -> None:
        await self.set_switches({"page-cap": str(rows)})

    async def announce(self, order_numbers: Sequence[int]) -> None:
        await self._post("/announced", {"order_numbers": list(order_numbers)})

    async def deliveries(self) -> list[dict[str, Any]]:
        return list(await self._get("/deliveries"))

    async def calls(self) -> Mapping[str, int]:
        return dict(await self._get("/calls"))

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _get(self, path: str) -> Any:
        return _content(await self._http.get(path))

    async def _put(self, path: str, content: Any) -> Any:
        return _content(await self._http.put(path, content=msgspec.json.encode(content)))

    async def _post(self, path: str, content: Any = None) -> Any:
        return _content(await self._http.post(path, content=msgspec.json.encode(content)))


def _content(response: httpx.Response) -> Any:
    """Raises LookupError for what does not exist, ValueError for what the shop does not do."""
    if response.status_code == 404:
        raise LookupError(response.json()["Message"])
    if response.status_code in (400, 409):
        raise ValueError(response.json()["Message"])
    response.raise_for_status()
    return response.json() if response.content else None
