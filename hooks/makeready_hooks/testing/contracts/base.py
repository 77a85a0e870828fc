"""What all contracts stand on: a vendor's emulator in this process, and the connector in front of it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from makeready_hooks import (
    EDITION,
    NEEDED_HOOKS,
    Capability,
    ConnectorContext,
    ConnectorType,
    ListKind,
    Secret,
    capabilities_of,
    decode_secret,
    new_manager,
)
from makeready_hooks.errors import MakereadyError, NotSupported, RetryLater
from makeready_hooks.lists import OF_NAMES, OF_VALUES
from makeready_hooks.model.names import OrderNames, ProductNames
from makeready_hooks.model.setup import Option
from makeready_hooks.secret import GIVEN_SECRETS
from makeready_hooks.testing.emulation import EmulatorSetup, EmulatorType
from makeready_hooks.testing.http import AsgiHttp, Line
from makeready_hooks.testing.results import note_result

BASE_URL = "http://vendor.example"
OTHER_URL = "http://other-vendor.example"
SIGNING_KEY = "contract-signing-key"


class Vendor:
    """What stands at the other end, the client that reaches it, and the people in front of it.

    Without an emulator, ``Vendor(http, settings)`` over kept answers or a sandbox, tests that have to look at the vendor, or
    have somebody work there, are skipped.
    """

    def __init__(
        self,
        http: Line,
        settings: Mapping[str, Any],
        driver: Any = None,
        another: Callable[[], AbstractAsyncContextManager["Vendor"]] | None = None,
    ) -> None:
        self.http = http
        self.settings = dict(settings)
        """Settings with which a connector can sign in."""
        self._driver = driver
        self._another = another

    @property
    def driver(self) -> Any:
        if self._driver is None:
            pytest.skip("nobody can look at this vendor: it has no driver")
        return self._driver

    async def kept(self) -> object:
        """All that it keeps, to be compared."""
        return await self.driver.kept()

    def another(self) -> AbstractAsyncContextManager["Vendor"]:
        """The same for another company, with settings that are otherwise alike."""
        if self._another is None:
            pytest.skip("there is no second vendor of this kind")
        return self._alike(self._another())

    @asynccontextmanager
    async def _alike(self, making: AbstractAsyncContextManager["Vendor"]) -> AsyncIterator["Vendor"]:
        async with making as other:
            other.settings = {**self.settings, **other.settings}
            yield other


@asynccontextmanager
async def emulating(
    kind: EmulatorType,
    switches: Mapping[str, str] | None = None,
    scenario: Path | None = None,
    base_url: str = BASE_URL,
) -> AsyncIterator[Vendor]:
    """The vendor's emulator as it starts, with some switches set, and what a scenario file says is there."""
    app = kind.build(EmulatorSetup(base_url=base_url, switches=switches or {}, scenario=scenario))
    http = AsgiHttp(app)
    driver = kind.driver(base_url, transport=httpx.ASGITransport(app))
    another = partial(emulating, kind, switches, scenario, OTHER_URL)
    try:
        yield Vendor(http, await driver.connector_settings(), driver, another)
    finally:
        await driver.aclose()
        await http.aclose()


class ConnectorContract:
    """What holds for every connector. A subclass sets ``kind`` and gives the fixture ``vendor``."""

    kind: ConnectorType

    @pytest.fixture(autouse=True)
    def kept_result(self, request: pytest.FixtureRequest) -> Iterator[None]:
        """See `makeready_hooks.testing.results`: of the kit's own tests, not of those that a connector adds."""
        before = request.session.testsfailed
        yield
        name = request.function.__name__
        if request.function.__module__.startswith("makeready_hooks."):
            note_result(self.kind, name, failed=request.session.testsfailed > before)

    @pytest.fixture
    def connector(self, vendor: Vendor) -> object:
        """The connector, built from settings as the core builds it."""
        settings = msgspec.convert(vendor.settings, self.kind.settings, dec_hook=decode_secret)
        return self.kind.build(settings, self.context(vendor))

    @pytest.fixture
    def hook(self, connector: object) -> Any:
        """The hooks of a manager that holds this connector alone."""
        manager = new_manager()
        manager.register(connector)
        manager.check_pending()  # a misspelt hook fails here
        return manager.hook

    def context(self, vendor: Vendor) -> ConnectorContext:
        return ConnectorContext(
            subscriber="contract",
            http=vendor.http,
            webhook_url="https://bridge.example/hooks/segment/vendor",
            pricing_url="https://bridge.example/price/segment/vendor",
            signing_key=SIGNING_KEY,
        )

    def secrets(self, vendor: Vendor) -> list[str]:
        """The texts of the settings that nobody may read anywhere."""
        settings = msgspec.convert(vendor.settings, self.kind.settings, dec_hook=decode_secret)
        values = [getattr(settings, field.name) for field in msgspec.structs.fields(self.kind.settings)]
        return [value.reveal() for value in values if isinstance(value, Secret)]

    def can(self, hook: Any, capability: Capability) -> bool:
        names = [name for name, caller in vars(hook).items() if caller.get_hookimpls()]
        can = capabilities_of(self.kind.role, names) | self.kind.also
        return capability in can - (hook.unavailable() or frozenset())

    def shows_no_secret(self, vendor: Vendor, text: str, where: str) -> None:
        shown = [secret for secret in self.secrets(vendor) if secret in text]
        assert not shown, f"{where} shows a secret of the settings: {text}"

    async def error_of(self, vendor: Vendor, waiting: Awaitable[object]) -> MakereadyError:
        """What a call raises. It has to be in the contract's words, and to show no secret."""
        with pytest.raises(MakereadyError) as caught:
            await waiting
        self.shows_no_secret(vendor, f"{caught.value!r} {caught.value}", "an error")
        return caught.value

    async def test_building_it_calls_nobody(self, vendor: Vendor, connector: object) -> None:
        assert vendor.http.sent == []

    async def test_it_rules_out_only_what_it_has_hooks_for(self, hook: Any) -> None:
        names = [name for name, caller in vars(hook).items() if caller.get_hookimpls()]
        can = capabilities_of(self.kind.role, names) | self.kind.also
        assert can >= (hook.unavailable() or frozenset())

    async def test_it_is_built_for_this_edition_of_the_contract(self) -> None:
        assert self.kind.edition == EDITION

    async def test_it_has_what_its_role_needs(self, hook: Any) -> None:
        assert all(getattr(hook, name).get_hookimpls() for name in NEEDED_HOOKS[self.kind.role])

    async def test_its_settings_can_be_described(self, vendor: Vendor) -> None:
        schema = msgspec.json.schema(self.kind.settings, schema_hook=lambda kind: {"type": "string"})
        assert schema["$defs"]

    async def test_it_refuses_a_setting_that_it_does_not_know(self, vendor: Vendor) -> None:
        with pytest.raises(msgspec.ValidationError, match="no_such_setting"):
            wrong = {**vendor.settings, "no_such_setting": 1}
            msgspec.convert(wrong, self.kind.settings, dec_hook=decode_secret)

    async def test_its_settings_show_no_secret(self, vendor: Vendor) -> None:
        settings = msgspec.convert(vendor.settings, self.kind.settings, dec_hook=decode_secret)
        assert self.secrets(vendor)
        assert not any(secret in f"{settings!r} {settings}" for secret in self.secrets(vendor))

    async def test_a_setting_that_is_a_server_s_address_says_so(self, vendor: Vendor) -> None:
        """Before another server is given the secrets, they are asked for again."""
        names = {field.name for field in msgspec.structs.fields(self.kind.settings)}
        schema = msgspec.json.schema(self.kind.settings, schema_hook=lambda kind: {"type": "string"})
        known = schema["$defs"][self.kind.settings.__name__]["properties"]
        is_address = {name for name in names if str(vendor.settings.get(name)).startswith("http")}
        assert {name for name in names if known[name].get("format") == GIVEN_SECRETS["format"]} >= is_address

    async def listed(self, hook: Any, kind: ListKind) -> tuple[Option, ...] | None:
        """None if there is no such list here, or the account does not tell it."""
        try:
            answers = [await waiting for waiting in hook.list_options(kind=kind)]
        except NotSupported:
            return None
        return answers[0] if answers else None

    async def test_a_list_to_choose_from_holds_every_name_once(self, hook: Any) -> None:
        for kind in ListKind:
            names = [one.value for one in await self.listed(hook, kind) or ()]
            assert all(name.strip() for name in names), kind
            assert len(set(names)) == len(names), kind

    async def test_its_settings_name_lists_that_there_are(self) -> None:
        for field in msgspec.json.schema(self.kind.settings, schema_hook=lambda kind: {"type": "string"})[
            "$defs"
        ].values():
            for setting in field.get("properties", {}).values():
                assert {setting[name] for name in (OF_VALUES, OF_NAMES) if name in setting} <= set(ListKind)

    async def test_an_outage_while_a_list_is_read_is_try_later(self, vendor: Vendor, hook: Any) -> None:
        kinds = [kind for kind in ListKind if await self.listed(hook, kind) is not None]
        vendor.http.down = True
        for kind in kinds:
            error = await self.error_of(vendor, self.listed(self.fresh(vendor), kind))
            assert isinstance(error, RetryLater), kind

    def fresh(self, vendor: Vendor) -> Any:
        """The hooks of a connector that remembers nothing."""
        settings = msgspec.convert(vendor.settings, self.kind.settings, dec_hook=decode_secret)
        return self.hooks_of(self.kind.build(settings, self.context(vendor)))

    @staticmethod
    def hooks_of(connector: object) -> Any:
        """Of a manager that holds this connector alone."""
        manager = new_manager()
        manager.register(connector)
        return manager.hook

    async def test_addresses_are_made_without_a_call_and_only_of_what_is_known(
        self, vendor: Vendor, hook: Any
    ) -> None:
        odd = "<a href='x'>/../ä?b#c"
        site = "shop.example"
        products = [
            ProductNames(),
            ProductNames(site=site, shop_id="s1", url_name="kit", part_number="117-1", mis_id="1"),
            ProductNames(site=site, shop_id=odd, url_name=odd, part_number=odd, mis_id=odd),
            ProductNames(site=site, shop_id="..", url_name="..", part_number="..", mis_id=".."),
        ]
        orders = [
            OrderNames(),
            OrderNames(site=site, number="7101", mis_id="30001", mis_number="SO-1"),
            OrderNames(site=site, number=odd, mis_id=odd, mis_number=odd),
        ]
        made = [
            *(hook.product_address(product=one) for one in products),
            *(hook.order_address(order=one) for one in orders),
        ]
        made = [address for address in made if address is not None]
        assert all(re.fullmatch(r"https?://[\w.:-]+/[^\s<>'\"{}]*", address) for address in made), made
        assert not any("/../" in f"{address}/" for address in made), "a name stays one part of the address"
        assert hook.product_address(product=ProductNames()) is None
        assert hook.order_address(order=OrderNames()) is None
        assert vendor.http.sent == []

    async def test_a_connection_that_works_has_no_finding(self, hook: Any) -> None:
        checks = [check for waiting in hook.check_connection() for check in await waiting]
        assert checks
        assert [check for check in checks if not check.ok] == []

    async def test_an_outage_is_a_finding_and_not_an_error(self, vendor: Vendor, hook: Any) -> None:
        vendor.http.down = True
        checks = [check for waiting in hook.check_connection() for check in await waiting]
        assert not all(check.ok for check in checks)

    async def test_a_refused_login_says_what_to_check_and_shows_no_secret(self, vendor: Vendor) -> None:
        password = next(iter(self._secret_settings()))
        vendor.settings[password] = "wrong-and-secret"
        checks = [check for waiting in self.fresh(vendor).check_connection() for check in await waiting]
        refused = [check for check in checks if not check.ok]
        assert refused
        assert all(check.fix for check in refused)
        assert "wrong-and-secret" not in repr(checks)

    def _secret_settings(self) -> list[str]:
        fields = msgspec.structs.fields(self.kind.settings)
        return [field.name for field in fields if field.required and Secret.__name__ in str(field.type)]
