"""The examples of docs/examples, as somebody installs them."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import msgspec
import pytest
from extended import extended
from makeready.subscribers.settings import new_record
from makeready.web.app import create_app
from makeready_hooks.errors import Refused
from post import listening
from pretend import Bench, order
from steps import ask_to_look, settle

EXAMPLES = Path(__file__).parents[3] / "docs/examples"


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


async def refuse(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [Refused("There is no product 2284.")]
    await ask_to_look(bench, "6994")
    await settle(bench)


async def test_a_chat_is_told_of_an_order_that_needs_a_person_and_again_if_it_was_busy(bench: Bench) -> None:
    kind = example("chat").CONNECTOR
    kinds: Any = bench.installation.kinds
    kinds["chat"] = kind
    async with listening() as chat:
        chat.status = b"500 Busy"
        sealed = bench.installation.vault.seal(chat.hook_url)
        record = msgspec.structs.replace(new_record(bench.installation.vault), shared={"webhook": sealed})
        connectors = {**bench.subscriber.connectors, "chat": record}
        changed = msgspec.structs.replace(bench.subscriber, connectors=connectors)
        await bench.installation.store.subscribers.save([changed])
        await refuse(bench)
        chat.status = b"200 OK"
        bench.clock.now += 60
        await settle(bench)
        await settle(bench)
    (_, first), (_, second) = chat.hooks
    assert first == second == b'{"text":"Order 6994 needs a person: There is no product 2284."}'


async def test_a_screen_on_the_wall_shows_how_much_waits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await refuse(bench)
    with extended(monkeypatch, example("wall")):
        app = create_app(bench.installation, work=False)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bridge") as browser:
            shown = await browser.get("/wall/segment")
            assert ">1</p>" in shown.text
            assert (await browser.get("/wall/another")).status_code == 404
