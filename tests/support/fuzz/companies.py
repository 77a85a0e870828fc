"""Three companies in one installation: two with equal numbers at pretend vendors, one at the emulators of real ones.

Whatever a company's vendors tell holds its mark, so that an answer shows whose it is. Orders come, are refused, parked
and unreadable, vendors go away and come back: `Companies.live` lets something of this happen.
"""

import asyncio
import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec
from invented import STAGE, line, order, product
from makeready.engine.model import Flow, NewWork
from makeready.installation import Installation
from makeready.orders.fulfilment.model import StatusRules
from makeready.orders.life.witness import WitnessFile
from makeready.orders.model import FETCH_ORDER
from makeready.orders.settings import OrderRules
from makeready.stores import Store
from makeready.subscribers import changes
from makeready.subscribers.model import Subscriber
from makeready.subscribers.secrets import Vault
from makeready.subscribers.settings import new_record
from makeready.subscribers.setup.install import install
from makeready.work import engine_for
from makeready_hooks import CallLimit, ConnectorContext, ConnectorType, Role, hookimpl
from makeready_hooks.errors import CallRejected, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.event import EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.order import Artwork
from makeready_hooks.model.price import PriceOption, Quote
from makeready_hooks.model.product import ProductBinding
from makeready_hooks.model.submission import AcceptedOrder, FindResult, MisOrder, PreparedOrder
from makeready_hooks.testing.emulation import EmulatorSetup
from makeready_lab.demo.orders import plain_order
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_pressero_emulator import EMULATOR as PRESSERO_EMULATOR
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from makeready_tharstern_emulator import EMULATOR as THARSTERN_EMULATOR
from msgspec import Struct
from pretend import Clock, PretendSettings
from pretend_mis import Mis
from pretend_shop import Shop

PRETEND = {"northfield": "Northmark", "twinfield": "Twinmark"}
JOINED, JOINED_MARK = "eastfield", "Eastmark"
MARKS = {**PRETEND, JOINED: JOINED_MARK}
SECRET = "hush-hush-of-"
SCENARIO = Path(__file__).parents[2] / "simulation" / "shop.toml"
JOINED_SITE, JOINED_STAGE, JOINED_PART = "shop.northfield.example", "Tharstern Xfr", "117-2284"
SHOP_URL, MIS_URL = "http://shop.emulated.example", "http://mis.emulated.example"
PUBLIC_URL = "http://bridge.localhost"
"""Where a browser has passkeys without TLS."""
FATES = ("accepted", "refused", "parked", "unreadable", "waiting", "away")
NUMBERS_FROM = 7001
MOST_AUDITED = 2000
"""Rows of the audit log that are kept: a file of all of them grows with the run, and so does the time for it."""


class FuzzedShop(Shop):
    """It says what it does not understand, as a real connector does."""

    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        return _understood(lambda: super(FuzzedShop, self).decode_webhook(call))

    @hookimpl
    def decode_price_call(self, call: IncomingCall) -> Any:
        return _understood(lambda: super(FuzzedShop, self).decode_price_call(call))

    @hookimpl
    async def list_line_files(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        """Of an order that is forgotten meanwhile there are none."""
        return tuple(self.files)

    @hookimpl
    async def read_shop_binding(self, site: str, shop_product_id: str) -> ProductBinding:
        return self.bindings.get(shop_product_id) or ProductBinding(part_number="")

    @hookimpl
    async def write_shop_binding(
        self, site: str, shop_product_id: str, binding: ProductBinding
    ) -> tuple[str, ...]:
        self.bindings[shop_product_id] = binding
        return ()


class FuzzedMis(Mis):
    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark
        self.products = {
            key: msgspec.structs.replace(product(key, f"{mark} {name}"), stock=Decimal(90))
            for key, name in (("2284", "opening kit"), ("4107", "tote bag"), ("a/b 1", "odd one"))
        }
        self.quotes = [Quote(total=Decimal("82.50"))]
        self.options = (PriceOption(id="paper", label=f"{mark} paper"),)

    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        return _understood(lambda: super(FuzzedMis, self).decode_webhook(call))

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        taken = await super().submit_order(prepared)
        self.shown[prepared.key] = FindResult(order=MisOrder(id=taken.id, number=taken.number))
        return msgspec.structs.replace(taken, number=f"{self.mark}-{taken.number}")


def _understood(decode: Callable[[], Any]) -> Any:
    try:
        return decode()
    except ValueError as exc:
        raise CallRejected(f"This cannot be read: {exc}.") from None


class Emulated:
    """The way to both emulators, and to nowhere else."""

    def __init__(self) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.build()
        transports = {url: httpx.ASGITransport(self._reach(url)) for url in (SHOP_URL, MIS_URL)}
        self._client = httpx.AsyncClient(mounts=dict(transports), verify=tls, trust_env=False)
        self.shop = PRESSERO_EMULATOR.driver(SHOP_URL, transport=transports[SHOP_URL])
        self.mis = THARSTERN_EMULATOR.driver(MIS_URL, transport=transports[MIS_URL])

    def build(self) -> None:
        """They begin anew."""
        off = {"rate-limit": "off"}
        shop = EmulatorSetup(base_url=SHOP_URL, scenario=SCENARIO, switches=off)
        mis = EmulatorSetup(base_url=MIS_URL, switches={"artwork": "off"})
        self._apps = {SHOP_URL: PRESSERO_EMULATOR.build(shop), MIS_URL: THARSTERN_EMULATOR.build(mis)}

    def _reach(self, url: str) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await self._apps[url](scope, receive, send)

        return app

    def for_connector(self, subscriber: str, connector: str, limit: CallLimit | None) -> "Emulated":
        return self

    def clock_skew(self, subscriber: str, connector: str) -> float | None:
        return None

    async def send(self, request: HttpRequest) -> HttpAnswer:
        if not request.url.startswith((f"{SHOP_URL}/", f"{MIS_URL}/")):
            raise RetryLater("no connection")
        response = await self._client.request(
            request.method,
            request.url,
            params=list(request.query) or None,
            headers=dict(request.headers),
            content=request.body,
        )
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(status=response.status_code, headers=headers, body=response.content)

    async def aclose(self) -> None:
        for one in (self._client, self.shop, self.mis):
            await one.aclose()


class Company(Struct, frozen=True, kw_only=True):
    subscriber: Subscriber
    mark: str
    shop: Shop
    mis: FuzzedMis


class Companies:
    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.emulated = Emulated()
        self.pretend = {name: (FuzzedShop(), FuzzedMis(mark)) for name, mark in PRETEND.items()}
        self.vault = Vault(folder / "fuzz.key", {})
        path = folder / "fuzz.db"
        store = Store.open(path)
        self.installation = Installation(
            store,
            self.vault,
            {
                "shop": self._kind("shop", 0),
                "mis": self._kind("mis", 1),
                "pressero": PRESSERO,
                "tharstern": THARSTERN,
            },
            self.emulated,  # type: ignore[arg-type]
            clock=self.clock,
            steady=self.clock,
            witness=WitnessFile(path),
        )
        self.engine = engine_for(self.installation)
        self.numbers = [str(NUMBERS_FROM)]
        """Of orders that there are, oldest first."""
        self._last_number = NUMBERS_FROM
        self.away = False
        """Vendors are away, so that an answer may say so."""
        self.first: dict[str, Subscriber] = {}
        """As they were at the beginning."""

    def _kind(self, name: str, which: int) -> ConnectorType:
        def build(settings: PretendSettings, context: ConnectorContext) -> object:
            return self.pretend.get(context.subscriber, (FuzzedShop(), FuzzedMis("nobody")))[which]

        return ConnectorType(
            name=name,
            title=name.title(),
            role=(Role.STOREFRONT, Role.MIS)[which],
            settings=PretendSettings,
            build=build,
            tells=frozenset(EventKind),
            far_end=lambda settings: f"port {settings.port}",
        )

    async def start(self, orders: int = 6) -> None:
        for turn, (name, mark) in enumerate(PRETEND.items()):
            self.first[name] = self._subscriber(name, mark, 118 + turn)
        await self.installation.store.subscribers.save(list(self.first.values()))
        await self._join()
        await self.installation.set_public_url(PUBLIC_URL)
        for subscriber in self.first.values():
            await install(self.installation, subscriber)
        for fate in FATES[:orders]:
            await self.order(fate)

    def _subscriber(self, name: str, mark: str, number: int) -> Subscriber:
        settings = {"user": "u", "password": self.vault.seal(SECRET + name)}
        record = msgspec.structs.replace(new_record(self.vault), shared=settings)
        return Subscriber(
            name=name,
            title=f"{mark} Print",
            external_user_id=number,
            environment="live",
            orders=OrderRules(trigger_stage=STAGE),
            status=StatusRules(enabled=True, stages={"In production": "Press"}),
            url_token=f"segment-{name}",
            connectors={"shop": record, "mis": record},
        )

    async def _join(self) -> None:
        given = {
            "title": f"{JOINED_MARK} Print",
            "external_user_id": 117,
            "environment": "live",
            "orders": {"trigger_stage": JOINED_STAGE, "starts_at": "1970-01-01T00:00:00Z"},
            "connectors": {
                "pressero": {**await self.emulated.shop.connector_settings(), "webhook_key": SECRET + JOINED},
                "tharstern": dict(await self.emulated.mis.connector_settings()),
            },
        }
        proposal = await changes.propose(self.installation, JOINED, given)
        await changes.save(self.installation, [proposal])
        self.first[JOINED] = await self.installation.subscriber(JOINED)

    # What goes on

    async def order(self, fate: str) -> None:
        """An order of the next number in each shop, and what comes of it."""
        self._last_number += 1
        number = str(self._last_number)
        self.numbers.append(number)
        trouble = {"refused": Refused("On stop."), "away": RetryLater("The MIS is away.")}
        for name, (shop, mis) in self.pretend.items():
            mark = PRETEND[name]
            part = f"{self.first[name].external_user_id}-2284"
            first, second = line(1, part_number=part, description=f"{mark} kit"), line(2, part_number=part)
            made = order(number, first, msgspec.structs.replace(second, approved=fate != "waiting"))
            if fate == "unreadable":
                made = msgspec.structs.replace(
                    made, lines=(), problem=f"{mark}: no amount", document=b'{"a": "many"}'
                )
            placed_at = datetime.fromtimestamp(self.clock(), UTC)
            shop.orders[number] = msgspec.structs.replace(made, placed_at=placed_at)
            mis.before_effect = [trouble[fate]] * 2 if fate in trouble else []
            mis.trouble = [OutcomeUnknown("cut")] * 2 if fate == "parked" else []
            await self._look(name, number)
        await self.work()

    async def joined_order(self) -> None:
        placed_at = datetime.fromtimestamp(self.clock(), UTC).replace(tzinfo=None).isoformat()
        order = plain_order(JOINED_SITE, JOINED_PART, 1, placed_at)
        marked = msgspec.structs.replace(order.bill_to, last_name=JOINED_MARK)
        placed = await self.emulated.shop.place_order(msgspec.structs.replace(order, bill_to=marked))
        await self.emulated.shop.move_to_stage(placed.order_number, 1, JOINED_STAGE)
        self.numbers.append(str(placed.order_number))
        await self._look(JOINED, str(placed.order_number))
        await self.work()

    async def _look(self, name: str, number: str) -> None:
        look = NewWork(subscriber=name, kind=FETCH_ORDER, key=number, due_at=self.clock())
        await self.installation.store.work.add([look])

    async def work(self) -> None:
        """What is due now is done, and what that makes due."""
        for _ in range(20):
            if not await self.engine.run_due():
                break
            await asyncio.sleep(0)

    async def live(self, random: Random) -> None:
        """Something happens, as it does while people call."""
        happens = random.randrange(10)
        for name, one in self.first.items():
            await self.installation.store.subscribers.set_url_token(name, one.url_token)
        self.clock.now += random.choice((0, 1, 60, 1000))
        if happens < 4:
            await self.order(random.choice(FATES))
        elif happens == 4:
            for _, mis in self.pretend.values():
                for at in range(len(mis.received)):
                    mis.progress[f"{mis.mark}-SO-{at + 1}"] = (random.choice(("In production", "Done")), ())
            await self.work()
        elif happens == 5:
            await self.joined_order()
        elif happens == 6:
            self.away = not self.away
            self._come_back(None if not self.away else RetryLater("The shop is away."))
        else:
            await self.work()

    def _come_back(self, away: Exception | None) -> None:
        for shop, mis in self.pretend.values():
            shop.away = away
            mis.quotes = [away or Quote(total=Decimal("82.50"))]

    async def restore(self) -> None:
        """Settings, and what vendors remember, are as at the beginning; so that nothing that is tried ends the trying."""
        self.away = False
        self._come_back(None)
        await self.installation.store.subscribers.save(list(self.first.values()))
        await self.installation.set_public_url(PUBLIC_URL)
        for name in ("", *self.first):
            for flow in Flow:
                await self.installation.store.pauses.end(name, flow)
        for shop, mis in self.pretend.values():
            for seen in (
                shop.reads,
                shop.periods,
                shop.moves,
                shop.shipments,
                mis.asked,
                mis.questions,
                mis.products_asked,
            ):
                seen.clear()
            mis.received[:] = mis.received[-50:]
            for kept in (shop.orders, shop.marks, shop.products, shop.bindings, mis.shown, mis.progress):
                for key in list(kept)[:-100]:
                    del kept[key]
        self.emulated.build()
        short = f"delete from audit where id < (select max(id) from audit) - {MOST_AUDITED}"
        await self.installation.store.database.write(lambda db: db.execute(short))

    async def aclose(self) -> None:
        await self.installation.aclose()


def toml_of(name: str, settings: dict[str, Any]) -> str:
    """A settings file with plain members only."""
    plain = {key: value for key, value in settings.items() if isinstance(value, str | int | float)}
    return "\n".join(
        [f"[subscribers.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in plain.items())]
    )
