"""A state file with a subscriber that is joined to emulators of both sides."""

import json
from pathlib import Path
from shutil import copytree

import httpx
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from msgspec import Struct
from processes import run, running


class Site(Struct, frozen=True, kw_only=True):
    """What a test of the whole product stands on."""

    db: Path
    shop_url: str
    mis_url: str

    def serve(self, port: int = 0):
        """The server as a process of its own."""
        return running("serve", "--port", str(port), db=self.db)


async def joined(folder: Path, shop_url: str, mis_url: str, more: str = "") -> Site:
    """Both emulators start over. ``more`` are other subscribers, as in a settings file."""
    _start_over(shop_url, mis_url)
    made = Site(db=folder / "makeready.db", shop_url=shop_url, mis_url=mis_url)
    settings = folder / "subscribers.toml"
    settings.write_text(await _subscribers_file(made) + more)
    applied = run("subscriber", "apply", str(settings), "--yes", db=made.db)
    assert applied.returncode == 0, applied.stderr
    return made


def joined_again(site: Site, folder: Path) -> Site:
    """A copy of the state that `joined` has made; both emulators start over."""
    _start_over(site.shop_url, site.mis_url)
    copytree(site.db.parent, folder, dirs_exist_ok=True)
    return Site(db=folder / site.db.name, shop_url=site.shop_url, mis_url=site.mis_url)


def _start_over(*emulators: str) -> None:
    for url in emulators:
        httpx.post(f"{url}/_emulator/reset", json={}, trust_env=False).raise_for_status()


async def _subscribers_file(site: Site) -> str:
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    lines = [
        "[subscribers.northfield]",
        'title = "Northfield Print"',
        "external_user_id = 117",
        "[subscribers.northfield.orders]",
        'trigger_stage = "Tharstern Xfr"',
        "[subscribers.northfield.connectors.pressero]",
        *_toml(await shop.connector_settings()),
        "[subscribers.northfield.connectors.tharstern.test]",
        *_toml(await mis.connector_settings()),
    ]
    await shop.aclose()
    await mis.aclose()
    return "\n".join(lines) + "\n"


def _toml(values) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in values.items()]
