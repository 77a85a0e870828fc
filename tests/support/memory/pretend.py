"""A shop and an MIS that exist only in a test: real connectors of the contract, kept in memory."""

from pathlib import Path
from typing import Annotated

import msgspec
import structlog
from invented import SITE, STAGE, line, order, product
from makeready.installation import Installation
from makeready.orders.life.witness import WitnessFile
from makeready.orders.settings import OrderRules
from makeready.outbound.client import Outbound
from makeready.products.routes import RouteRules
from makeready.storage.clocks import Clocks
from makeready.stores import Store
from makeready.subscribers.model import Subscriber
from makeready.subscribers.secrets import Vault
from makeready.subscribers.settings import new_record
from makeready_hooks import Capability, ConnectorContext, ConnectorType, Role, Secret
from makeready_hooks.model.event import EventKind
from makeready_hooks.secret import GIVEN_SECRETS
from msgspec import Meta, Struct
from plain_server import THIS_MACHINE
from pretend_mis import Mis
from pretend_shop import Shop

__all__ = [
    "SITE",
    "STAGE",
    "Bench",
    "Clock",
    "Machine",
    "Mis",
    "Shop",
    "line",
    "new_bench",
    "order",
    "plain_log",
    "product",
]


BEHAVIOUR = frozenset({Capability.SUBMIT_IN_STEPS, Capability.LATER_REFUSAL, Capability.CARRIERS})
"""What no hook shows; a test says whether an MIS has it."""


class PretendSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    user: str
    password: Secret
    port: int = 1
    server: Annotated[str, Meta(title="Server", extra_json_schema=GIVEN_SECRETS)] = "https://vendor.example"


class Clock:
    """Time that moves only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Machine(Clock):
    """One whose clock can be set: ``now`` is how much time has really passed, ``ahead`` what the clock adds to it."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0
        self.starts = 0

    def __call__(self) -> float:
        return self.now + self.ahead

    @property
    def clocks(self) -> Clocks:
        """As a process sees them that begins now."""
        return Clocks(wall=self, steady=lambda: self.now, boot=f"start {self.starts}")


class Bench(Struct, frozen=True, kw_only=True):
    """An installation over a real database file, with a pretend shop and MIS of one subscriber."""

    installation: Installation
    outbound: Outbound
    subscriber: Subscriber
    shop: Shop
    mis: Mis
    clock: Clock
    folder: Path


def plain_log() -> None:
    """Unless a log is set up, its tracebacks have colours and frames, and one of them takes longer than an order."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, renderer])


def new_bench(
    folder: Path,
    clock: Clock,
    shop: Shop | None = None,
    mis: Mis | None = None,
    clocks: Clocks | None = None,
    name: str = "test.db",
    store: Store | None = None,
    press: Mis | None = None,
    market: Shop | None = None,
) -> Bench:
    """``press``: a second MIS of the company, beside ``mis``; ``market``: a second shop, beside ``shop``."""
    shop, mis = shop or Shop(), mis or Mis()

    def kind(name: str, role: Role, connector: object) -> ConnectorType:
        def build(settings: PretendSettings, context: ConnectorContext) -> object:
            return connector

        return ConnectorType(
            name=name,
            title=name.title(),
            role=role,
            also=BEHAVIOUR if role is Role.MIS else frozenset(),
            settings=PretendSettings,
            build=build,
            tells=frozenset(EventKind),
            far_end=lambda settings: f"port {settings.port}",
        )

    kinds = {"shop": kind("shop", Role.STOREFRONT, shop), "mis": kind("mis", Role.MIS, mis)}
    if press is not None:
        kinds["press"] = kind("press", Role.MIS, press)
    if market is not None:
        kinds["market"] = kind("market", Role.STOREFRONT, market)
    vault = Vault(folder / f"{name}.key", {})
    outbound = Outbound(clock=clock, reach=THIS_MACHINE)
    installation = Installation(
        store or Store.open(folder / name, clocks=clocks),
        vault,
        kinds,
        outbound,
        clock=clock,
        steady=clock,
        witness=WitnessFile(folder / name),
        reach=THIS_MACHINE,
    )
    record = msgspec.structs.replace(
        new_record(vault), shared={"user": "u", "password": vault.seal("secret")}
    )
    subscriber = Subscriber(
        name="northfield",
        title="Northfield Print",
        external_user_id=117,
        environment="live",
        orders=OrderRules(trigger_stage=STAGE),
        routes=RouteRules(first_shop="shop" if market else ""),
        url_token="segment",
        connectors=dict.fromkeys(kinds, record),
    )
    return Bench(
        installation=installation,
        outbound=outbound,
        subscriber=subscriber,
        shop=shop,
        mis=mis,
        clock=clock,
        folder=folder,
    )
