"""Accounts that lack calls which nobody outside Pressero has seen: the rest works all the same."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import NotSupported, Refused
from makeready_hooks.testing import emulating
from makeready_pressero.emulator import EMULATOR
from makeready_pressero.plugin import CONNECTOR, Pressero

SITE = "shop.northfield.example"
Account = Callable[..., AbstractAsyncContextManager[Pressero]]


@pytest.fixture
def account() -> Account:
    @asynccontextmanager
    async def made(switches: dict[str, str], **assumptions: str) -> AsyncIterator[Pressero]:
        async with emulating(EMULATOR, {"rate-limit": "off", **switches}) as vendor:
            given = {**vendor.settings, "assumptions": assumptions}
            settings = msgspec.convert(given, CONNECTOR.settings, dec_hook=decode_secret)
            context = ConnectorContext(
                subscriber="a",
                http=vendor.http,
                webhook_url="https://bridge.example/hooks/a",
                pricing_url="https://bridge.example/price/a",
                signing_key="k",
            )
            yield CONNECTOR.build(settings, context)  # type: ignore[misc]

    return made


@pytest.mark.parametrize(
    ("switches", "assumptions"), [({"site-list": "off"}, {}), ({}, {"sites_path": ""})], ids=["404", "known"]
)
async def test_an_account_that_cannot_list_its_sites_says_so(
    account: Account, switches: dict[str, str], assumptions: dict[str, str]
) -> None:
    async with account(switches, **assumptions) as pressero:
        with pytest.raises(NotSupported):
            await pressero.list_sites()
        assert all(check.ok for check in await pressero.check_connection())


@pytest.mark.parametrize(
    ("switches", "assumptions"),
    [({"group-list": "off"}, {}), ({}, {"groups_path": ""})],
    ids=["404", "known"],
)
async def test_groups_that_cannot_be_listed_leave_the_other_choices(
    account: Account, switches: dict[str, str], assumptions: dict[str, str]
) -> None:
    async with account(switches, **assumptions) as pressero:
        choices = await pressero.read_site_choices(SITE)
        assert choices.groups is None
        assert choices.categories and choices.workflows
        with pytest.raises(Refused):
            await pressero.read_site_choices("nobody.example")


async def test_categories_that_cannot_be_listed_leave_the_other_choices(account: Account) -> None:
    async with account({"category-list": "off"}) as pressero:
        choices = await pressero.read_site_choices(SITE)
        assert choices.categories is None
        assert choices.groups and choices.workflows


async def test_what_cannot_be_installed_is_left_to_a_person_with_the_values(account: Account) -> None:
    async with account({}, webhooks_path="", calculators_path="") as pressero:
        webhook, engine = await pressero.install()
        assert (webhook.state.value, engine.state.value) == ("by-hand", "by-hand")
        assert "URL: https://bridge.example/hooks/a" in webhook.by_hand
        assert "URL: https://bridge.example/price/a" in engine.by_hand


async def test_engines_that_show_no_address_are_told_by_their_name(account: Account) -> None:
    """The shape of an engine that was seen has no address in it."""
    async with account({}, engine_url="AddressThatIsNotShown") as pressero:
        _, made = await pressero.install()
        _, again = await pressero.install()
        assert (made.state.value, again.state.value) == ("created", "existing")
        assert made.id == again.id != ""
