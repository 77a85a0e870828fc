"""Files of an order from Pressero's shop, as they arrive in an MIS: each at its line, and the newest in the end."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from file_server import FileServer
from lives import SCENARIO
from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.artwork.model import LATE_FILES
from makeready.orders.model import FETCH_ORDER
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready.plugins import load_tables
from makeready.storage.database import Database
from makeready.stores import Store
from makeready.subscribers import changes
from makeready.subscribers.secrets import KEY_VARIABLE, Vault
from makeready.work import engine_for
from makeready_hooks import ConnectorType
from makeready_hooks.testing.contracts.base import Vendor, emulating
from makeready_hooks.testing.emulation import BuyerItem, EmulatorType, Upload
from makeready_lab.demo.orders import plain_order
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_pressero_emulator import EMULATOR as PRESSERO_EMULATOR
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from makeready_tharstern_emulator import EMULATOR as THARSTERN_EMULATOR
from msgspec import structs
from plain_server import THIS_MACHINE
from platen_connector import CONNECTOR as PLATEN
from platen_emulator import EMULATOR as PLATEN_EMULATOR

SITE, STAGE = "shop.northfield.example", "Tharstern Xfr"
USAGES = {"file_role": "Usage", "file_roles": {"Proof": "proof", "Slip": "delivery note"}}


class Lines:
    """To both vendors."""

    def __init__(self, **vendors: Vendor) -> None:
        self._vendors = vendors

    def for_connector(self, subscriber: str, connector: str, limit: object) -> Any:
        return self._vendors[connector].http

    def clock_skew(self, subscriber: str, connector: str) -> None:
        return None

    async def aclose(self) -> None:
        pass


class Company:
    """Its shop, its MIS, and the product between them. The files lie at a real server."""

    def __init__(self, shop: Vendor, mis: Vendor, installation: Installation, part: str) -> None:
        self.shop, self.mis, self.installation = shop, mis, installation
        self._part = part
        self.files = FileServer()
        self.number = 0

    def upload(self, name: str, text: str, kind: str = "") -> Upload:
        return Upload(file_name=name, url=self.files.put(f"/{text}/{name}", text.encode()), kind=kind)

    async def order(self, *lines: tuple[Upload, ...]) -> None:
        """Each a line with its files; all together are one order of the MIS."""
        items = tuple(BuyerItem(part_number=self._part, quantity=1, uploads=files) for files in lines)
        placed = await self.shop.driver.place_order(
            structs.replace(plain_order(SITE, self._part, 1), items=items)
        )
        self.number = placed.order_number
        for item in placed.items:
            await self.shop.driver.move_to_stage(self.number, item, STAGE)
        await self.look(FETCH_ORDER)

    async def look(self, kind: str = LATE_FILES) -> None:
        now = self.installation.clock()
        work = NewWork(subscriber="northfield", kind=kind, key=str(self.number), due_at=now)
        await self.installation.store.work.add([work])
        engine = engine_for(self.installation)
        while await engine.run_due():
            await asyncio.sleep(0)

    async def arrived(self) -> list[tuple[int, str, str]]:
        """Line, name, and what is in it or where it lies, of each file that the MIS has."""
        [order] = await self.mis.driver.orders()
        return sorted((one["line"], one["name"], one.get("digest") or one["url"]) for one in order["files"])

    async def told(self) -> list[tuple[str, str, str]]:
        story = await order_story(self.installation, "northfield", str(self.number))
        assert story is not None
        [sent] = story.sent
        return [(one.file_name, one.state, one.error) for one in sent.files]


@asynccontextmanager
async def company(
    folder: Path, kind: ConnectorType, emulator: EmulatorType, part: str
) -> AsyncIterator[Company]:
    async with AsyncExitStack() as stack:
        scenario = folder / "shop.toml"
        scenario.write_text(SCENARIO.read_text().replace('"117-2284"', f'"{part}"'))
        switches = {"rate-limit": "off"}
        shop = await stack.enter_async_context(emulating(PRESSERO_EMULATOR, switches, scenario))
        mis = await stack.enter_async_context(emulating(emulator))
        vault = Vault(Path("unused"), {KEY_VARIABLE: Fernet.generate_key().decode()})
        installation = Installation(
            Store(Database(folder / "state.db", load_tables())),
            vault,
            {PRESSERO.name: PRESSERO, kind.name: kind},
            Lines(**{PRESSERO.name: shop, kind.name: mis}),
            reach=THIS_MACHINE,
        )
        stack.push_async_callback(installation.aclose)
        rules = {"trigger_stage": STAGE, "grouping": "order", "private_files": True}
        given = {
            "external_user_id": 117,
            "environment": "live",
            "orders": {**rules, "starts_at": "2020-01-01T00:00:00Z"},
            "connectors": {PRESSERO.name: {**shop.settings, "assumptions": USAGES}, kind.name: mis.settings},
        }
        await changes.save(installation, [await changes.propose(installation, "northfield", given)])
        made = Company(shop, mis, installation, part)
        listening = await asyncio.start_server(made.files.answer, "127.0.0.1", 0)
        made.files.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        yield made
        listening.close()
        await listening.wait_closed()


@pytest.fixture
async def at_platen(tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, PLATEN, PLATEN_EMULATOR, "117-KIT/22-84") as made:
        yield made


@pytest.fixture
async def at_tharstern(tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, THARSTERN, THARSTERN_EMULATOR, "117-2284") as made:
        yield made


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def test_each_file_arrives_at_its_line_in_the_way_of_its_role_and_the_newest_stays(
    at_platen: Company,
) -> None:
    one = at_platen
    proof = one.upload("proof.pdf", "proof", "Proof")
    slip = one.upload("slip.pdf", "slip", "Slip")
    first, second = (one.upload("card.pdf", text) for text in ("first", "second"))
    await one.order((first, proof, slip), (second,))
    assert await one.arrived() == [
        (1, "card.pdf", digest("first")),
        (1, "proof.pdf", proof.url),
        (2, "card.pdf", digest("second")),
    ]
    refusal = "The MIS takes no delivery notes from here. Give it the file by hand if it needs it."
    assert ("slip.pdf", "not_taken", refusal) in await one.told()
    subscriber = await one.installation.subscriber("northfield")
    [shown] = await preview_order(one.installation, subscriber, str(one.number))
    assert shown.differences[-1] == f"Line 1, slip.pdf: {refusal}"

    await one.shop.driver.replace_file(one.number, 2, "card.pdf", one.upload("card.pdf", "newer"))
    for _ in range(2):
        await one.look()
    assert await one.arrived() == [
        (1, "card.pdf", digest("first")),
        (1, "proof.pdf", proof.url),
        (2, "card.pdf", digest("newer")),
    ]
    [order] = await one.mis.driver.orders()
    assert [file.get("times", 0) for file in order["files"]] == [0, 0, 1], "once"


async def test_what_is_on_the_press_keeps_its_file_and_a_person_reads_so(at_platen: Company) -> None:
    one = at_platen
    await one.order((one.upload("card.pdf", "first"),))
    [order] = await one.mis.driver.orders()
    await one.mis.driver.move_order(order["id"], "press")
    await one.shop.driver.replace_file(one.number, 1, "card.pdf", one.upload("card.pdf", "newer"))
    await one.look()
    assert await one.arrived() == [(1, "card.pdf", digest("first"))]
    assert (await one.told())[-1] == ("card.pdf", "failed", "Platen refuses it: It is on the press.")


async def test_tharstern_has_the_older_file_and_a_person_reads_what_to_do(at_tharstern: Company) -> None:
    one = at_tharstern
    first, second = (one.upload("card.pdf", text) for text in ("first", "second"))
    await one.order((first,), (second,))
    before = await one.arrived()
    assert before == [(1, "card", first.url), (2, "card", second.url)]
    await one.shop.driver.replace_file(one.number, 2, "card.pdf", one.upload("card.pdf", "newer"))
    await one.look()
    assert await one.arrived() == before
    name, state, error = (await one.told())[-1]
    assert (name, state) == ("card.pdf", "failed")
    assert error.startswith(
        "The MIS has the older file card.pdf, and nothing can be put in its place from here."
    )
    assert await one.installation.store.files.count_bad("northfield") == 1
