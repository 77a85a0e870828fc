"""What people do in the emulated shop, for tests of the whole product."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, PostalAddress
from processes import run

T = TypeVar("T")
SHOP_SITE = "shop.northfield.example"
STAGE = "Tharstern Xfr"
PATIENCE_S = 60


def order(part_number: str, **changes) -> BuyerOrder:
    """An order of three pieces by a buyer of the scenario that ships."""
    place = PostalAddress(
        first_name="Ada",
        last_name="Quill",
        line1="2 Mill Lane",
        city="Leeds",
        region="",
        postcode="LS1",
        country="GB",
    )
    values = {
        "site": SHOP_SITE,
        "buyer_email": "ada@northfield.example",
        "bill_to": place,
        "ship_to": place,
        "items": (BuyerItem(part_number=part_number, quantity=3),),
        "shipping": 5,
        "needs_approval": True,
    }
    return BuyerOrder(**{**values, **changes})


def prepare(site, public_url: str) -> None:
    """Tell the installation its public address and let it make webhook and engine in the shop."""
    installed = run("subscriber", "install", "northfield", "--public-url", public_url, db=site.db)
    assert installed.returncode == 0, installed.stderr


def import_product(site, product_id: str) -> None:
    chosen = ("--site", SHOP_SITE, "--workflow", "MIS transfer")
    done = run("import", "run", "northfield", product_id, *chosen, db=site.db)
    assert done.returncode == 0, done.stdout + done.stderr


def address(site, purpose: str) -> str:
    """Path of one of the subscriber's addresses."""
    shown = json.loads(run("subscriber", "show", "northfield", "--json", db=site.db).stdout)
    return httpx.URL(shown["addresses"]["pressero"][purpose]).path


def signed_by_the_shop(site, body: bytes) -> dict[str, str]:
    """The header that makes a webhook genuine: with the security key that we gave to the shop, as it holds it."""
    state = httpx.get(f"{site.shop_url}/_emulator/state", trust_env=False).json()
    [key] = _find(state, "SecurityKey", "security_key")
    return {"MessageHash": hashlib.sha1(key.encode() + body).hexdigest()}  # noqa: S324 - the vendor's choice


def _find(value: object, *names: str) -> list[str]:
    if isinstance(value, dict):
        own = [inner for name, inner in value.items() if name in names and isinstance(inner, str)]
        return own + [text for inner in value.values() for text in _find(inner, *names)]
    return [text for inner in value for text in _find(inner, *names)] if isinstance(value, list) else []


async def until(look: Callable[[], Awaitable[T]], what: str, patience_s: float = PATIENCE_S) -> T:
    """Look until there is something."""
    try:
        async with asyncio.timeout(patience_s):
            while not (found := await look()):
                await asyncio.sleep(0.05)
            return found
    except TimeoutError:
        raise AssertionError(f"not yet: {what}") from None
