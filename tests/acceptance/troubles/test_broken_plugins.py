"""Distributions that are installed and cannot be loaded: they are told, and only who uses them stands still."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from api import Api
from browser import Browser
from joined import Site, joined
from makeready.plugins import BrokenPlugin
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from msgspec import Struct
from pretend import Bench
from processes import Running, run, running
from story import STAGE, import_product, order, prepare, until

pytestmark = pytest.mark.waits

WORKS = """
from makeready_hooks import ConnectorType, Role
from msgspec import Struct

class Settings(Struct, frozen=True, kw_only=True):
    server_url: str = ""

OFFER = ConnectorType(
    name="{name}", title="Letterpress", role=Role.MIS, settings=Settings, build=lambda settings, context: object()
)
"""
RUSH = """
from makeready_hooks import ConnectorType, Role, hookimpl
from msgspec import Struct

class Settings(Struct, frozen=True, kw_only=True):
    surcharge: int = 15

class Rush:
    def __init__(self, settings, context):
        pass

    @hookimpl
    def adjust_quote(self, quote, query):
        return quote.total + self.surcharge

    @hookimpl
    async def order_accepted(self, news):
        raise KeyError("chat")

OFFER = ConnectorType(name="rush", title="Rush hour", role=Role.OBSERVER, settings=Settings, build=Rush)
"""
BROKEN = {
    "a package that is missing": ("import a_package_that_is_missing", "a_package_that_is_missing"),
    "a mistake in its text": ("def (:", "SyntaxError"),
    "an error while it is imported": (
        "raise RuntimeError('the licence file is missing')",
        "the licence file is missing",
    ),
    "an end while it is imported": ("raise SystemExit('not on this machine')", "not on this machine"),
    "no offer": ("", "OFFER"),
    "an offer of something else": ("OFFER = 7", "does not offer a ConnectorType"),
    "no hook at all": (
        WORKS.format(name="letterpress").replace("lambda settings, context: object()", "Settings"),
        "every connector of this role (mis) has map_order and submit_order; it has not.",
    ),
    "a hook that does not exist": (
        RUSH.replace("rush", "letterpress").replace("order_accepted", "order_acepted"),
        "unknown hook 'order_acepted'",
    ),
    "settings that are none": (
        WORKS.format(name="letterpress").replace("settings=Settings", "settings=int"),
        "cannot be loaded",
    ),
}
OTHER_COMPANY = """
[subscribers.southfield]
title = "Southfield Print"
external_user_id = 118
[subscribers.southfield.connectors.letterpress]
server_url = "https://mis.example"
"""


class Distributions(Struct, frozen=True):
    """A folder on the path of a process, in which distributions are installed as an installer leaves them."""

    folder: Path

    @property
    def env(self) -> dict[str, str]:
        return {"PYTHONPATH": str(self.folder)}

    def install(self, distribution: str, text: str, *, entry: str = "letterpress") -> None:
        module = distribution.replace("-", "_")
        (self.folder / f"{module}.py").write_text(text)
        info = self.folder / f"{module}-1.2.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[makeready.connectors]\n{entry} = {module}:OFFER\n")


@pytest.fixture
def distributions(tmp_path: Path) -> Distributions:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    return Distributions(folder)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_plugin_that_cannot_be_loaded_is_listed_with_the_reason(
    distributions: Distributions, kind: str
) -> None:
    text, why = BROKEN[kind]
    distributions.install("makeready-letterpress", text)
    listed = run("plugins", env=distributions.env)
    assert listed.returncode == 0, listed.stderr
    assert (
        "The plugin letterpress (makeready-letterpress 1.2, makeready_letterpress:OFFER) cannot be loaded"
        in (listed.stdout)
    )
    assert why in listed.stdout
    assert "tharstern" in listed.stdout


def test_scripts_are_told_as_well_and_who_asks_for_another_is_not_held_up(
    distributions: Distributions,
) -> None:
    distributions.install("makeready-letterpress", "raise SystemExit('not on this machine')")
    [told] = [
        one for one in json.loads(run("plugins", "--json", env=distributions.env).stdout) if "fix" in one
    ]
    assert told["name"] == "letterpress"
    asked = run("plugins", "letterpress", env=distributions.env)
    assert (asked.returncode, "cannot be loaded" in asked.stderr) == (3, True)
    assert run("plugins", "tharstern", env=distributions.env).returncode == 0


def test_of_plugins_that_offer_the_same_name_none_serves_and_both_are_told(
    distributions: Distributions,
) -> None:
    distributions.install("makeready-letterpress", WORKS.format(name="letterpress"))
    assert "letterpress" in run("plugins", env=distributions.env).stdout
    distributions.install("rival", WORKS.format(name="letterpress"), entry="rival")
    listed = run("plugins", env=distributions.env).stdout
    assert (
        "The plugin letterpress (makeready-letterpress 1.2, makeready_letterpress:OFFER and rival 1.2, rival:OFFER)"
        in (listed)
    )
    assert "Remove all but one" in listed


async def test_only_the_company_that_uses_a_broken_plugin_stands_still(
    tmp_path: Path, distributions: Distributions, shop_process: Running, mis_process: Running
) -> None:
    site = await joined(tmp_path, shop_process.url, mis_process.url)
    distributions.install("makeready-letterpress", WORKS.format(name="letterpress"))
    other = tmp_path / "southfield.toml"
    other.write_text(OTHER_COMPANY)
    applied = run("subscriber", "apply", str(other), "--yes", db=site.db, env=distributions.env)
    assert applied.returncode == 0, applied.stderr
    distributions.install("makeready-letterpress", "import a_package_that_is_missing")
    distributions.install("makeready-rush", RUSH, entry="rush")
    with running("serve", "--port", "0", db=site.db, env=distributions.env) as server:
        assert server.prints("a plugin cannot be loaded")
        assert server.prints("a connector was built for an older contract")
        prepare(site, server.url)
        import_product(site, "2284")
        await _an_order_arrives(site)
        ready = httpx.get(f"{server.url}/readyz", trust_env=False)
        assert ready.json() == {"ready": True, "subscribers": 2, "plugins_in_trouble": ["letterpress"]}
    ours = run("subscriber", "check", "northfield", db=site.db, env=distributions.env)
    assert ours.returncode == 0, ours.stdout + ours.stderr
    theirs = run("subscriber", "check", "southfield", db=site.db, env=distributions.env)
    assert theirs.returncode == 3
    assert "The plugin letterpress (makeready-letterpress 1.2" in theirs.stderr
    assert "a_package_that_is_missing" in theirs.stderr
    assert "Reinstall it" in theirs.stderr
    assert "southfield" in run("subscriber", "list", db=site.db, env=distributions.env).stdout


async def test_a_defect_of_a_plugin_costs_no_price_and_no_order_and_is_named(
    tmp_path: Path, distributions: Distributions, shop_process: Running, mis_process: Running
) -> None:
    site = await joined(tmp_path, shop_process.url, mis_process.url)
    distributions.install("makeready-rush", RUSH, entry="rush")
    settings = tmp_path / "subscribers.toml"
    settings.write_text(f"{settings.read_text()}\n[subscribers.northfield.connectors.rush]\nsurcharge = 20\n")
    with running("serve", "--port", "0", db=site.db, env=distributions.env) as server:
        prepare(site, server.url)
        import_product(site, "2284")
        applied = run("subscriber", "apply", str(settings), "--yes", db=site.db, env=distributions.env)
        assert applied.returncode == 0, applied.stderr
        await _an_order_arrives(site)
        priced = run("price", "northfield", "2284", "--quantity", "500", db=site.db, env=distributions.env)
        assert priced.returncode == 0, priced.stdout + priced.stderr
        ready = httpx.get(f"{server.url}/readyz", trust_env=False)
        assert ready.json()["plugins_in_trouble"] == ["rush"]
        assert server.prints(
            "The connector rush (makeready-rush 1.2) has a defect in order_accepted: KeyError."
        )


async def _an_order_arrives(site: Site) -> None:
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    placed = await shop.place_order(order("117-2284", needs_approval=False))
    await shop.move_to_stage(placed.order_number, 1, STAGE)

    async def marked() -> str:
        return await shop.mis_number(placed.order_number, 1)

    await until(marked, "the shop's item is marked")
    assert len(await mis.orders_received()) == 1
    await shop.aclose()
    await mis.aclose()


async def test_operators_and_the_api_see_what_cannot_be_loaded_and_other_companies_pages_work(
    bench: Bench, api: Api, new_browser: Callable[[], Browser]
) -> None:
    why = "ModuleNotFoundError: No module named 'a_package'."
    broken = BrokenPlugin(
        name="mis", origin="makeready-mis 1.2, makeready_mis:OFFER", why=why, fix="Reinstall it."
    )
    bench.installation.broken_plugins = (broken,)
    bench.installation.kinds = {"shop": bench.installation.kinds["shop"]}
    told = (await api.get("/connectors"))["cannot_be_loaded"]
    assert [(one["name"], one["why"]) for one in told] == [("mis", why)]
    olga = new_browser()
    await olga.sign_in("olga")
    server = (await olga.get("/admin/server")).text
    assert "Plugins that cannot be loaded" in server
    assert why in server
    assert "Northfield Print" in server
    assert (await olga.get("/admin")).status == 200
    assert why in (await olga.get("/admin/subscribers/northfield")).text
