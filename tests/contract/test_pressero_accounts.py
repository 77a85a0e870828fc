"""Accounts that lack calls which nobody outside Pressero has seen: the rest works all the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import NotSupported, Refused
from makeready_hooks.model.order import FileRole, FileWay, OrderRef
from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, PostalAddress, Upload
from makeready_hooks.testing.kit import Vendor, emulating
from makeready_pressero.plugin import CONNECTOR, Pressero, build
from makeready_pressero_emulator import EMULATOR
from msgspec import structs

SITE = "shop.northfield.example"
PLACE = PostalAddress(
    first_name="Ada",
    last_name="Quill",
    line1="2 Mill Lane",
    city="Leeds",
    region="",
    postcode="LS1",
    country="GB",
)
CARD = BuyerItem(
    part_number="NF-CARD", quantity=250, uploads=(Upload(file_name="card.pdf", content=b"%PDF-1.4"),)
)
ORDER = BuyerOrder(
    site=SITE,
    buyer_email="ada@northfield.example",
    bill_to=PLACE,
    ship_to=PLACE,
    items=(CARD,),
    shipping=5,
)
LACKING = pytest.mark.parametrize("how", ["the shop answers 404", "the settings say so"])


@asynccontextmanager
async def account(**switches: str) -> AsyncIterator[Vendor]:
    named = {name.replace("_", "-"): value for name, value in switches.items()}
    async with emulating(EMULATOR, {"rate-limit": "off", **named}) as vendor:
        yield vendor


def connector(
    vendor: Vendor,
    host: str = "bridge.example",
    company: str = "a",
    environment: str = "live",
    **assumptions: Any,
) -> Pressero:
    given = {**vendor.settings, "assumptions": assumptions}
    context = ConnectorContext(
        subscriber=company,
        environment=environment,
        http=vendor.http,
        webhook_url=f"https://{host}/hooks/{company}",
        pricing_url="https://bridge.example/price/a",
        signing_key="k",
    )
    return build(msgspec.convert(given, CONNECTOR.settings, dec_hook=decode_secret), context)


@LACKING
async def test_an_account_that_cannot_list_its_sites_says_so(how: str) -> None:
    answers = "404" in how
    async with account(site_list="off" if answers else "on") as vendor:
        pressero = connector(vendor, **({} if answers else {"sites_path": ""}))
        with pytest.raises(NotSupported):
            await pressero.list_sites()
        assert all(check.ok for check in await pressero.check_connection())


@LACKING
async def test_groups_that_cannot_be_listed_leave_the_other_choices(how: str) -> None:
    answers = "404" in how
    async with account(group_list="off" if answers else "on") as vendor:
        pressero = connector(vendor, **({} if answers else {"groups_path": ""}))
        choices = await pressero.read_site_choices(SITE)
        assert choices.groups is None
        assert choices.categories and choices.workflows
        with pytest.raises(Refused):
            await pressero.read_site_choices("nobody.example")


async def test_categories_that_cannot_be_listed_leave_the_other_choices() -> None:
    async with account(category_list="off") as vendor:
        choices = await connector(vendor).read_site_choices(SITE)
        assert choices.categories is None
        assert choices.groups and choices.workflows


@pytest.mark.parametrize(
    ("shown", "assumed", "names"),
    [
        ("Files", "Files", ["card.pdf"]),
        ("Papers", "Papers", ["card.pdf"]),
        ("Papers", "Files", []),
        ("absent", "Files", []),
    ],
)
async def test_files_are_found_under_their_member_and_no_files_hold_up_no_order(
    shown: str, assumed: str, names: list[str]
) -> None:
    async with account(item_files=shown) as vendor:
        number = str((await vendor.driver.place_order(ORDER)).order_number)
        pressero = connector(vendor, files_member=assumed)
        [order] = await pressero.read_orders((OrderRef(number=number),))
        [line] = (await pressero.read_order_details(order, (1,), files_may_follow=False)).lines
        assert [file.file_name for file in line.files] == names


@pytest.mark.parametrize(
    ("assumed", "role"),
    [
        ({}, FileRole.ARTWORK),
        ({"file_role": "Usage"}, FileRole.ARTWORK),
        ({"file_role": "Usage", "file_roles": {"proof ": FileRole.PROOF}}, FileRole.PROOF),
    ],
)
async def test_what_a_file_is_for_is_told_where_the_member_and_its_values_are_known(
    assumed: dict[str, Any], role: FileRole
) -> None:
    proof = Upload(file_name="proof.pdf", content=b"%PDF-1.4", kind="Proof")
    order = structs.replace(ORDER, items=(structs.replace(ORDER.items[0], uploads=(proof,)),))
    async with account() as vendor:
        number = str((await vendor.driver.place_order(order)).order_number)
        [file] = await connector(vendor, **assumed).list_line_files(number, 1)
        assert (file.role, file.way) == (role, FileWay.LASTING_ADDRESS)


async def test_what_cannot_be_installed_is_left_to_a_person_with_the_values() -> None:
    async with account() as vendor:
        webhook, engine = await connector(vendor, webhooks_path="", calculators_path="").install()
        assert (webhook.state.value, engine.state.value) == ("by-hand", "by-hand")
        assert "URL: https://bridge.example/hooks/a" in webhook.by_hand
        assert "URL: https://bridge.example/price/a" in engine.by_hand


async def test_engines_that_show_no_address_are_told_by_their_name() -> None:
    """The shape of an engine that was seen has no address in it."""
    async with account() as vendor:
        pressero = connector(vendor, engine_url="NotShown")
        _, made = await pressero.install()
        _, again = await pressero.install()
        assert (made.state.value, again.state.value) == ("created", "existing")
        assert made.id == again.id != ""


async def test_a_webhook_of_another_installation_for_the_same_environment_is_told() -> None:
    """Another company of ours, and tests beside *live*, are no others."""
    async with account() as vendor:
        await connector(vendor).install()
        await connector(vendor, company="b").install()
        await connector(vendor, host="tests.example", environment="test").install()
        assert await connector(vendor).list_other_instances() == ()
        newcomer = connector(vendor, host="new.example")
        assert await newcomer.list_other_instances() == ("bridge.example",)


async def test_an_account_that_shows_no_webhooks_tells_of_nobody() -> None:
    async with account() as vendor:
        assert await connector(vendor, webhooks_path="").list_other_instances() == ()
