"""Pressero's calls beyond the contract's hooks, against the emulator."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import MakereadyError, NotSupported
from makeready_hooks.model.order import OrderRef
from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, PostalAddress
from makeready_hooks.testing.kit import Vendor, emulating
from makeready_pressero.client import PresseroClient
from makeready_pressero.plugin import Pressero, build
from makeready_pressero.settings import PresseroSettings
from makeready_pressero_emulator import EMULATOR

SITE = "shop.northfield.example"
SIMULATION = Path(__file__).parents[1] / "simulation"
PLACE = PostalAddress(
    first_name="Ada",
    last_name="Quill",
    line1="2 Mill Lane",
    city="Leeds",
    region="",
    postcode="LS1",
    country="GB",
)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with emulating(EMULATOR, {"rate-limit": "off"}) as made:
        yield made


def client_of(vendor: Vendor, **changes: object) -> PresseroClient:
    settings = msgspec.convert({**vendor.settings, **changes}, PresseroSettings, dec_hook=decode_secret)
    return PresseroClient(settings, vendor.http)


def connector_of(vendor: Vendor, **changes: object) -> Pressero:
    settings = msgspec.convert({**vendor.settings, **changes}, PresseroSettings, dec_hook=decode_secret)
    return build(settings, ConnectorContext(subscriber="contract", http=vendor.http))


async def place(vendor: Vendor, count: int = 1) -> list[int]:
    order = BuyerOrder(
        site=SITE,
        buyer_email="ada@northfield.example",
        bill_to=PLACE,
        ship_to=PLACE,
        items=(BuyerItem(part_number="NF-CARD", quantity=100),),
        shipping=5,
    )
    return [(await vendor.driver.place_order(order)).order_number for _ in range(count)]


async def test_a_partial_update_changes_only_what_it_names(vendor: Vendor) -> None:
    client = client_of(vendor)
    [card] = [row for row in await client.products(SITE) if row["PrintersPartNum"] == "NF-CARD"]
    before = await client.product_details(SITE, card["ProductId"])
    await client.update_product(SITE, card["ProductId"], {"ProductInfo": {"PrintersPartNum": "117-9"}})
    after = await client.product_details(SITE, card["ProductId"])
    assert after["PrintersPartNum"] == "117-9"
    assert {name: after[name] for name in before if name != "PrintersPartNum"} == {
        name: before[name] for name in before if name != "PrintersPartNum"
    }


async def test_a_stock_level_is_adjusted_where_the_account_can(vendor: Vendor) -> None:
    client = client_of(vendor)
    stock_id = await client.create_stock(SITE, "117-1", 10)
    await client.adjust_stock(SITE, stock_id, -4, "four were sold")
    item = await client.stock_item(SITE, "117-1")
    assert item is not None
    assert item["CurrentLevel"] == 6
    lacking = client_of(vendor, assumptions={"stock_transactions_path": ""})
    with pytest.raises(NotSupported):
        await lacking.adjust_stock(SITE, stock_id, 1, "")


async def test_an_item_is_moved_to_a_stage_and_its_history_tells(vendor: Vendor) -> None:
    client = client_of(vendor)
    [number] = await place(vendor)
    [default] = [row for row in await client.workflows() if row["Description"] == "Default"]
    stages = {
        row["PrinterStage"]: row["WorkflowStageId"] for row in await client.stages(default["WorkflowId"])
    }
    await client.set_stage(str(number), 1, stages["Press"], "on the press")
    assert (await client.order_items(str(number)))[0]["WorkflowStagePrinter"] == "Press"
    assert len(await client.status_history(str(number), 1)) == 2


async def test_a_shipment_is_seen_on_its_item(vendor: Vendor) -> None:
    client = client_of(vendor)
    [number] = await place(vendor)
    [item] = await client.order_items(str(number))
    shipment = {
        "ShipDate": "2026-03-08T00:00:00",
        "Tracking": "1Z999",
        "Cost": 7.5,
        "Address": {"FirstName": "Ada", "LastName": "Quill"},
        "Items": [{"OrderItemId": item["OrderItemId"]}],
    }
    await client.add_shipment(item["OrderId"], "Standard", shipment)
    assert [row["ShipTracking"] for row in await client.shipments(str(number), 1)] == ["1Z999"]


async def test_a_list_is_read_whole_whatever_the_size_of_its_pages(vendor: Vendor, monkeypatch) -> None:
    monkeypatch.setattr("makeready_pressero.session.PAGE_SIZE", 3)
    numbers = await place(vendor, 8)
    [first] = await client_of(vendor).order_items(str(numbers[0]))
    placed_at = datetime.fromisoformat(first["OrderDate"]).replace(tzinfo=UTC)
    listing = client_of(vendor).order_items_between(placed_at, placed_at)
    pages = [await listing.next_page() for _ in range(3)]
    assert listing.ended and not listing.has_changed
    assert sorted(row["OrderNumber"] for page in pages for row in page) == numbers


KIT = """
[[products]]
site = "shop.northfield.example"
name = "Opening kit"
part_number = "KIT-1"
workflow = "MIS transfer"
pairings = [{ group = "Everyone", engine = "Price breaks" }]
kit = [
  { part_number = "117-2284", name = "Banner" },
  { part_number = "117-4107", name = "Tote bag", quantity = 5 },
  { part_number = "NF-1", name = "Cable ties" },
]
"""


async def test_a_kit_shows_its_parts_with_what_the_buyer_chose(tmp_path: Path) -> None:
    scenario = tmp_path / "kits.toml"
    scenario.write_text((SIMULATION / "shop.toml").read_text() + KIT)
    async with emulating(EMULATOR, {"rate-limit": "off"}, scenario) as vendor:
        kit = BuyerItem(part_number="KIT-1", quantity=2, parts={"NF-1": 0, "117-4107": 3})
        placed = await vendor.driver.place_order(
            BuyerOrder(
                site=SITE,
                buyer_email="ada@northfield.example",
                bill_to=PLACE,
                ship_to=PLACE,
                items=(kit,),
                shipping=5,
            )
        )
        [order] = await connector_of(vendor).read_orders((OrderRef(number=str(placed.order_number)),))
        [line] = order.lines
        assert (line.part_number, line.quantity) == ("KIT-1", 2)
        parts = [(part.part_number, part.description, part.quantity) for part in line.parts]
        assert parts == [("117-2284", "Banner", 2), ("117-4107", "Tote bag", 6), ("NF-1", "Cable ties", 0)]


@pytest.mark.parametrize("calls", ["1", "3"])
async def test_a_token_that_has_expired_is_renewed_and_nobody_notices(calls: str) -> None:
    async with emulating(EMULATOR, {"rate-limit": "off", "token-calls": calls}) as vendor:
        client = client_of(vendor)
        for _ in range(8):
            assert len(await client.sites()) == 2


async def test_the_vendor_s_limit_is_try_later_and_says_when() -> None:
    async with emulating(EMULATOR) as vendor:
        client = client_of(vendor)
        with pytest.raises(MakereadyError) as caught:
            for _ in range(11):
                await client.sites()
        assert caught.value.after_s == 10.0


@pytest.mark.parametrize(
    ("email", "found"), [("ada@northfield.example", True), ("ADA@northfield.example", True), ("ad", False)]
)
async def test_a_buyer_is_the_user_with_exactly_this_address(vendor: Vendor, email: str, found: bool) -> None:
    assert (await client_of(vendor).user_by_email(SITE, email) is not None) is found


@pytest.mark.parametrize(("send", "names"), [(True, ["logo.pdf"]), (False, [])])
async def test_a_product_s_assets_go_with_its_orders_if_that_is_set(
    vendor: Vendor, send: bool, names: list[str]
) -> None:
    [number] = await place(vendor)
    client = client_of(vendor)
    [item] = await client.order_items(str(number))
    product_id = item["Product"]["ProductId"]
    asset = {
        "Name": "Logo",
        "Path": "https://files.example/logo.pdf",
        "AssetUsage": "Product",
        "ProductId": product_id,
    }
    await client._session.change("POST", f"site/{SITE}/SubscriberAssets", asset)
    connector = connector_of(vendor, send_product_assets=send)
    [order] = await connector.read_orders((OrderRef(number=str(number)),))
    completed = await connector.read_order_details(order, (1,), files_may_follow=False)
    assert [file.file_name for file in completed.lines[0].files] == names
    assert await connector.list_line_files(str(number), 1) == completed.lines[0].files


@pytest.mark.parametrize(("read", "groups"), [(True, ("Everyone", "Trade")), (False, None)])
async def test_a_buyer_s_groups_are_read_if_that_is_set(
    vendor: Vendor, read: bool, groups: tuple[str, ...] | None
) -> None:
    [number] = await place(vendor)
    connector = connector_of(vendor, read_user_groups=read)
    [order] = await connector.read_orders((OrderRef(number=str(number)),))
    before = len(vendor.http.sent)
    completed = await connector.read_order_details(order, (1,), files_may_follow=False)
    assert completed.buyer.groups == groups
    assert len(vendor.http.sent) - before == 2 + read, "files, the user, and one more only if it is set"
