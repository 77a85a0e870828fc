"""How long an import takes under the shop's real call limit, how many calls it makes, and what the limit allows.

``python tests/benchmarks/measure_import.py 50 500``: real processes on loopback, one import after the other.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

sys.path.extend(str(Path(__file__).parents[1] / "support" / one) for one in ("memory", "whole"))

from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import run, running

SITE = "shop.northfield.example"
CALLS, WINDOW_S = 10, 10.0


def settings_file(shop: dict[str, object], mis: dict[str, object]) -> str:
    lines = ["[subscribers.northfield]", "external_user_id = 117"]
    for name, values in (("pressero", shop), ("tharstern", mis)):
        lines.append(f"[subscribers.northfield.connectors.{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(lines)


def made(*arguments: str, db: Path) -> str:
    done = run(*arguments, db=db, timeout_s=7200)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def calls_since(url: str, after: int) -> list[dict[str, object]]:
    """The calls to the vendor's own API."""
    found: list[dict[str, object]] = httpx.get(
        f"{url}/_emulator/journal?after={after}", trust_env=False, timeout=60
    ).json()
    return [one for one in found if str(one["path"]).startswith("/api/")]


async def prepare(shop_url: str, mis_url: str, count: int, db: Path) -> None:
    shop, mis = PRESSERO.driver(shop_url), THARSTERN.driver(mis_url)
    file = db.with_suffix(".toml")
    file.write_text(
        settings_file(dict(await shop.connector_settings()), dict(await mis.connector_settings()))
    )
    await mis.generate_catalogue(count * 2)
    await shop.aclose()
    await mis.aclose()
    made("subscriber", "apply", str(file), "--yes", db=db)
    made("subscriber", "install", "northfield", "--public-url", "http://127.0.0.1:1", db=db)


def stock_products(db: Path, count: int) -> list[str]:
    """With a stock item each, as most of a catalogue has: the dearest kind, two calls each."""
    found: list[str] = []
    cursor = ""
    while True:
        more = ("--cursor", cursor) if cursor else ()
        text = made("products", "northfield", "GEN-", *more, "--page-size", "500", "--json", db=db)
        listed = json.loads(text)
        found += [one["product"]["id"] for one in listed["products"] if one["product"]["kind"] == "stock"]
        if len(found) >= count:
            return found[:count]
        cursor = listed["next"]
        assert cursor, "the catalogue is too small"


def measure(count: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running("emulate", "pressero") as shop,
        running("emulate", "tharstern") as mis,
    ):
        db = Path(folder) / "makeready.db"
        asyncio.run(prepare(shop.url, mis.url, count, db))
        rows = Path(folder) / "products.txt"
        rows.write_text("\n".join(stock_products(db, count)))
        planned = json.loads(
            made("import", "plan", "northfield", "--from-file", str(rows), "--site", SITE, "--json", db=db)
        )
        time.sleep(WINDOW_S + 1)  # the window of the calls so far
        before = max(int(str(one["n"])) for one in calls_since(shop.url, 0))
        started = time.monotonic()
        made("import", "run", "northfield", "--job", str(planned["job"]["id"]), "--json", db=db)
        took = time.monotonic() - started
        show(count, took, calls_since(shop.url, before))


def show(count: int, took: float, calls: list[dict[str, object]]) -> None:
    bound = (len(calls) - 1) // CALLS * WINDOW_S
    kinds = Counter(f"{one['method']} {str(one['path']).rpartition('/')[2]} {one['status']}" for one in calls)
    print(  # noqa: T201 - the figure is the result
        f"{count} products: {took:.1f} s, {len(calls)} calls to the shop ({len(calls) / count:.2f} each), "
        f"the limit allows no less than {bound:.0f} s: {took / bound:.3f}\n  {dict(kinds)}"
    )


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ["50", "500"]):
        measure(size)
