"""How long do many orders at once take under the shop's real limit of calls, and do they hold up others?

``python tests/benchmarks/drain.py --orders 1000``: real processes on loopback. One subscriber's orders
reach the stage at the same moment; when half of them have arrived, another subscriber's single order does.
"""

import asyncio
import json
import sys
import time
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import tomli_w

sys.path.extend(str(Path(__file__).parents[1] / "support" / one) for one in ("memory", "whole"))

from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.model import FETCH_ORDER
from makeready_lab.demo.orders import plain_order
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from msgspec.structs import replace
from processes import run, running

SITE, STAGE = "shop.northfield.example", "Tharstern Xfr"
BUSY, QUIET = "northfield", "southgate"
PREFIXES = {BUSY: "", QUIET: "S-"}
"""Both share an account of the MIS."""
LIMIT_PER_S = 1.0  # 10 calls in 10 seconds


@click.command()
@click.option("--orders", default=40, show_default=True, type=click.IntRange(2, 10_000))
@click.option("--buyers", default=1, show_default=True, type=click.IntRange(1, 10_000))
def drain(orders: int, buyers: int) -> None:
    """Print the figures as JSON."""
    with TemporaryDirectory() as folder:
        click.echo(json.dumps(asyncio.run(measure(Path(folder), orders, buyers)), indent=2))


async def measure(folder: Path, orders: int, buyers: int) -> dict[str, Any]:
    db, scenario = folder / "makeready.db", folder / "shop.toml"
    shop_with_users = tomllib.loads(Path(__file__).with_name("shop.toml").read_text())
    shop_with_users["users"] += [
        {"site": SITE, "email": email_of(one), "first_name": "Ann", "last_name": f"Quill {one}"}
        for one in range(buyers)
    ]
    scenario.write_text(tomli_w.dumps(shop_with_users))
    with (
        running("emulate", "pressero", "--scenario", str(scenario)) as one,
        running("emulate", "tharstern") as other,
    ):
        shop, mis = PRESSERO.driver(one.url), THARSTERN.driver(other.url)
        await mis.set_stock("2284", 100_000_000)
        set_up(folder, db, await shop.connector_settings(), await mis.connector_settings())
        with running("serve", "--port", "0", db=db) as server:
            installed = run("subscriber", "install", BUSY, "--public-url", server.url, db=db)
            assert installed.returncode == 0, installed.stderr
            figures = await let_them_come(db, shop, mis, orders, buyers)
        await shop.aclose()
        await mis.aclose()
        return figures


def set_up(folder: Path, db: Path, shop: Mapping[str, Any], mis: Mapping[str, Any]) -> None:
    settings = {
        name: {
            "external_user_id": number,
            "orders": {"trigger_stage": STAGE, "reference_prefix": PREFIXES[name]},
            "connectors": {"pressero": dict(shop), "tharstern": dict(mis)},
        }
        for name, number in ((BUSY, 117), (QUIET, 118))
    }
    file = folder / "subscribers.toml"
    file.write_text(tomli_w.dumps({"subscribers": settings}))
    applied = run("subscriber", "apply", str(file), "--yes", db=db)
    assert applied.returncode == 0, applied.stderr


def email_of(buyer: int) -> str:
    return f"buyer-{buyer}@northfield.example"


async def let_them_come(db: Path, shop: Any, mis: Any, orders: int, buyers: int) -> dict[str, Any]:
    wanted = [plain_order(SITE, "117-2284", number) for number in range(orders)]
    wanted = [replace(one, buyer_email=email_of(number % buyers)) for number, one in enumerate(wanted)]
    placed = [await shop.place_order(one) for one in wanted]
    before, started = await shop.calls(), time.monotonic()
    for one in placed:
        await shop.move_to_stage(one.order_number, 1, STAGE)

    async def arrived(count: int) -> bool:
        return len(await mis.orders()) >= count

    async def marked(numbers: list[int]) -> bool:
        while numbers and await shop.mis_number(numbers[0], 1):
            del numbers[0]  # each is looked at once it has its mark, and until then one alone
        return not numbers

    await until(lambda: arrived(orders // 2))
    alone_s = await one_more(db, shop, mis)
    await until(lambda: arrived(orders + 1))
    in_mis_s, until_then = time.monotonic() - started, await shop.calls()
    waiting = [one.order_number for one in placed]
    await until(lambda: marked(waiting))
    seconds = time.monotonic() - started
    calls, first_calls = since(before, await shop.calls()), since(before, until_then)
    total = sum(calls.values())
    return {
        "orders": orders,
        "buyers": buyers,
        "calls to the shop until all are in the MIS": first_calls,
        "calls per order until all are in the MIS": round(sum(first_calls.values()) / orders, 3),
        "the same without marks": round(
            sum(count for name, count in first_calls.items() if not name.startswith("PUT")) / orders, 3
        ),
        "calls to the shop": calls,
        "calls per order": round(total / orders, 2),
        "seconds until all are in the MIS": round(in_mis_s, 1),
        "seconds until all are marked in the shop": round(seconds, 1),
        "seconds that the limit alone takes for these calls": round(total / LIMIT_PER_S - 10, 1),
        "seconds of the other subscriber's single order, from its webhook into the MIS": round(alone_s, 1),
    }


def since(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}


async def one_more(db: Path, shop: Any, mis: Any) -> float:
    """The quiet subscriber's order. It has no webhook of its own at this account: what one asks for is asked."""
    one = await shop.place_order(plain_order(SITE, "118-2284", 1))
    await shop.move_to_stage(one.order_number, 1, STAGE)
    started, key = time.monotonic(), f"{PREFIXES[QUIET]}{one.order_number}-1"
    async with Installation.opened(db) as installation:
        look = NewWork(subscriber=QUIET, kind=FETCH_ORDER, key=str(one.order_number), due_at=time.time())
        await installation.store.work.add([look])

    async def there() -> bool:
        return any(order["reference"] == key for order in await mis.orders())

    await until(there)
    return time.monotonic() - started


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    while not await look():
        await asyncio.sleep(0.25)


if __name__ == "__main__":
    drain()
