"""What every use case stands on: the store, the secrets, the plugins, the way out, the clock."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from makeready_hooks import CallLimit, ConnectorContext, ConnectorType
from makeready_hooks.errors import ConfigError, MakereadyError
from makeready_hooks.http import Http
from makeready_hooks.outside import split_address

from makeready.connectors import Connectors
from makeready.connectors.asker import ENDS
from makeready.connectors.trouble import HookTroubles
from makeready.orders.life.witness import Witnesses, WitnessFile
from makeready.orders.store.fetched import RecentOrders
from makeready.orders.submission.controls import Controls
from makeready.outbound.addresses import Reach
from makeready.outbound.call_log import CallLog
from makeready.outbound.call_timer import StartCall, start_call
from makeready.outbound.client import Outbound, check_environment
from makeready.outbound.download import Files
from makeready.plugins import BrokenPlugin, Found, connectors
from makeready.storage.errors import DamagedFile
from makeready.stores import Store
from makeready.subscribers.model import ConnectorRecord, Subscriber
from makeready.subscribers.secrets import Vault
from makeready.subscribers.settings import open_settings
from makeready.subscribers.setup.addresses import addresses_of
from makeready.subscribers.shops import shop_ids
from makeready.subscribers.store.secrets import holds_sealed

KEY_FILE_SUFFIX = ".key"
PUBLIC_NAME = "makeready"
"""The name under which storefront files are always served."""


class HttpFactory(Protocol):
    """What hands out clients to connectors; see `makeready.outbound.client.Outbound`."""

    def for_connector(self, subscriber: str, connector: str, limit: CallLimit | None) -> Http: ...
    def clock_skew(self, subscriber: str, connector: str) -> float | None: ...
    async def aclose(self) -> None: ...


class Installation:
    """One running Makeready. Make it with `open`, give it back with `aclose`."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        kinds: Mapping[str, ConnectorType],
        outbound: HttpFactory,
        *,
        call_log: CallLog | None = None,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        broken: tuple[BrokenPlugin, ...] = (),
        witness: Witnesses | None = None,
        reach: Reach | None = None,
    ) -> None:
        """``call_log``: where ``outbound`` notes its calls, if it does. ``steady``: counts seconds, for ages in memory, and
        nobody can set it. ``broken``: plugins that cannot be loaded. ``witness``: of the state file, if it is one on a disk.
        ``reach``: of calls without ``outbound``.
        """
        self.store = store
        self.vault = vault
        self.kinds = kinds
        self.broken_plugins = broken
        self.witness = witness
        self.reach = reach or Reach()
        self.clock = clock
        self.steady = steady
        self.call_log = call_log or new_call_log(store)
        self._outbound = outbound
        self.recent_orders = RecentOrders()
        self.controls = Controls(steady)
        self.found_products: dict[tuple[str, str, str], set[str]] = {}
        """Ids of products that the MIS has shown, by subscriber and environment."""
        self.hook_troubles = HookTroubles(clock)
        self.closing = AsyncExitStack()
        """Of what an extension keeps with it; ended while it can still write."""
        self._files: dict[bool, Files] = {}
        self._built: dict[str, tuple[int, Connectors]] = {}

    @classmethod
    def open(cls, path: Path) -> "Installation":
        """Over the state file at ``path``, with the plugins that are installed and can be loaded.

        Raises ConfigError if the file cannot be opened, or if what the environment says of calls cannot be used.
        """
        found, reach = connectors(), Reach.of_environment()
        check_environment()
        try:
            store = Store.open(path)
        except OSError as exc:
            give = "Give a path in a folder that exists and that you may write to: --db, or MAKEREADY_DB."
            restore = "Stop all processes, keep it aside, and put the last backup at its place (docs/operations.md)."
            fix = restore if isinstance(exc, DamagedFile) else give
            raise ConfigError(f"{exc}.", fix=fix) from exc
        vault = Vault(path.with_name(path.name + KEY_FILE_SUFFIX), holds_secrets=lambda: holds_sealed(path))
        try:
            vault.check()
        except ConfigError:
            store.close()
            raise
        call_log = new_call_log(store)
        outbound = Outbound(store.call_slots, note=call_log.call, reach=reach, filters=vault.filters)
        return cls(
            store,
            vault,
            found.types,
            outbound,
            call_log=call_log,
            broken=found.broken,
            witness=WitnessFile(path),
            reach=reach,
        )

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path) -> AsyncIterator["Installation"]:
        """`open`, and `aclose` at the end of the block."""
        installation = cls.open(path)
        try:
            yield installation
        finally:
            await installation.aclose()

    async def aclose(self) -> None:
        await self.closing.aclose()
        await self._outbound.aclose()
        for files in self._files.values():
            await files.aclose()
        await self.call_log.aclose()
        self.store.close()

    def start_call(self, subscriber: str, connector: str) -> StartCall:
        """For calls that are made without a client from `connectors`."""
        clean = self.vault.filters[subscriber].clean
        return start_call(self.call_log.call, self.clock, subscriber, connector, clean)

    def files(self, *, allow_private: bool) -> Files:
        """The client for files that a storefront names by address: never to where no call may lead."""
        if allow_private not in self._files:
            self._files[allow_private] = Files(self.reach if allow_private else Reach())
        return self._files[allow_private]

    def clock_skew(self, subscriber: str, connector: str) -> float | None:
        """Seconds by which a connector's vendor was ahead of us at the last call; None before one."""
        return self._outbound.clock_skew(subscriber, connector)

    def kind(self, name: str) -> ConnectorType:
        """Raises ConfigError if no such connector is installed, or if its plugin cannot be loaded."""
        found = Found(types=self.kinds, broken=self.broken_plugins)
        return found.one(name, "connector", field=f"connectors.{name}")

    async def subscriber(self, name: str) -> Subscriber:
        """Raises ConfigError if there is no such subscriber."""
        if (found := await self.store.subscribers.get(name)) is None:
            names = [subscriber.name for subscriber in await self.store.subscribers.all()]
            known = f"Known are: {', '.join(names)}." if names else "Add one with: makeready subscriber add."
            raise ConfigError(f"There is no subscriber {name}.", field="subscriber", fix=known)
        return found

    async def set_public_url(self, url: str) -> None:
        """Remember where the outside reaches us. Raises ConfigError for what is no address."""
        parts = split_address(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ConfigError(
                f"{url} is not an address.", field="public-url", fix="Write it as in https://bridge.example."
            )
        await self.store.subscribers.set_public_url(url.rstrip("/"))

    async def connectors(self, subscriber: Subscriber) -> Connectors:
        """The subscriber's connectors, built again when its settings have changed.

        Raises ConfigError that names the setting that is wrong or missing.
        """
        kept = self._built.get(subscriber.name)
        if kept is None or kept[0] != subscriber.version:
            public_url = await self.store.subscribers.public_url()
            kept = (subscriber.version, self.build(subscriber, public_url))
            await self.store.observers.save(subscriber.name, kept[1].observers())
            self._built[subscriber.name] = kept
        return kept[1]

    def build(self, subscriber: Subscriber, public_url: str) -> Connectors:
        """Connectors from a record, whether it is stored or not. Does no I/O."""
        kinds = {name: self.kind(name) for name in subscriber.connectors}
        objects = {
            name: self._build_one(subscriber, kinds[name], record, public_url)
            for name, record in subscriber.connectors.items()
        }
        filters = self.vault.filters[subscriber.name]
        ids, troubles = shop_ids(self.kinds, subscriber), self.hook_troubles
        return Connectors(kinds, objects, filters, company=subscriber.name, troubles=troubles, ids=ids)

    def _build_one(
        self, subscriber: Subscriber, kind: ConnectorType, record: ConnectorRecord, public_url: str
    ) -> object:
        name = subscriber.name
        settings = open_settings(kind, record, subscriber.environment, self.vault, name)
        filters = self.vault.filters[name]
        filters.add(subscriber.url_token)
        addresses = addresses_of(subscriber, kind, public_url)
        context = ConnectorContext(
            subscriber=name,
            environment=subscriber.environment,
            http=self._outbound.for_connector(name, kind.name, kind.limit(settings)),
            webhook_url=addresses.get("webhook", ""),
            pricing_url=addresses.get("pricing", ""),
            signing_key=self.vault.open(record.signing_key, field=f"{kind.name}.signing_key", company=name),
            files_url=f"{public_url}/integrations/{self._public_name(subscriber)}" if public_url else "",
        )
        try:
            return kind.build(settings, context)
        except MakereadyError:
            raise
        except ENDS as exc:
            why = filters.clean(f"{type(exc).__name__}: {exc}")
            fix = "Correct its settings, or update it."
            raise ConfigError(f"The connector {kind.name} cannot be made: {why}.", fix=fix) from None

    def _public_name(self, subscriber: Subscriber) -> str:
        """By which people know the integration: of the subscriber's MIS, if it has one."""
        names = (self.kind(name).public_name for name in subscriber.connectors)
        return next(filter(None, names), PUBLIC_NAME)


def new_call_log(store: Store) -> CallLog:
    return CallLog(store.calls.keep, store.price_counts.add)
