"""The other side of a connector's lives: the vendor that `makeready new connector` writes, with its connector."""

import atexit
import importlib
import json
import sys
import tempfile
from functools import cache
from pathlib import Path

from makeready_hooks import Role

from makeready_lab.scaffold.write import write
from makeready_lab.simulation.plan import Pair

PRICE = "50.25"


@cache
def _folder() -> Path:
    """Until the process ends: a traceback shows lines of what is in it."""
    made = tempfile.TemporaryDirectory(prefix="makeready-example-")
    atexit.register(made.cleanup)
    return Path(made.name)


@cache
def example(role: Role) -> Pair:
    """It is written and imported once in a process."""
    name = f"example{role.value}"
    written = str(_folder() / name)
    write(name, role, Path(written))
    sys.path.insert(0, written)
    try:
        plugin = importlib.import_module(f"makeready_{name}.plugin")
        emulator = importlib.import_module(f"makeready_{name}_emulator")
    finally:
        sys.path.remove(written)
    return Pair(connector=plugin.CONNECTOR, emulator=emulator.EMULATOR)


def shop_selling(part_number: str) -> Pair:
    """At a price that the shop knows by itself."""
    shop, scenario = example(Role.STOREFRONT), _folder() / f"shop-{part_number.encode().hex()}.json"
    product = {"name": "A product", "part_number": part_number, "url_name": "a-product", "price": PRICE}
    scenario.write_text(json.dumps({"products": [product]}), "utf-8")
    return Pair(connector=shop.connector, emulator=shop.emulator, scenario=scenario)
