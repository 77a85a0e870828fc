"""Imports and links as an integrator does them, from the command line, against the emulated shop."""

import csv
import json
from pathlib import Path
from typing import Any

import httpx
from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.model import RECONCILE
from makeready.subscribers.model import Subscriber
from makeready.subscribers.setup import install
from makeready.work import engine_for
from makeready_imports import jobs, link_existing, links
from makeready_imports.choices import Existing, ImportRequest
from makeready_imports.plan import plan_import
from makeready_pressero_emulator import EMULATOR as PRESSERO
from processes import run
from story import SHOP_SITE, STAGE, import_product, order, prepare, until


def makeready(site, *arguments: str, code: int = 0) -> str:
    done = run(*arguments, db=site.db)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + (done.stderr if code else "")


def in_shop(site, part_number: str) -> dict[str, Any]:
    found = httpx.get(f"{site.shop_url}/_emulator/products", trust_env=False).json()
    [product] = [one for one in found if one["PrintersPartNum"] == part_number]
    return product


def test_a_file_is_planned_run_and_reported(site, tmp_path: Path) -> None:
    prepare(site, "http://127.0.0.1:1")
    file = tmp_path / "products.csv"
    file.write_bytes(
        "Code;Note\r\nKIT-2284;a\r\n9999999;b\r\nTOTE-NVY;c\r\nkit-2284;d\r\n".encode("utf-8-sig")
    )
    chosen = ("--site", SHOP_SITE, "--markup", "12.5", "--public-part-number", "{code}", "--json")
    shown = makeready(site, "import", "plan", "northfield", "--from-file", str(file), *chosen, code=1)
    plan = json.loads(shown)
    assert [(item["product_id"], item["action"]) for item in plan["items"]] == [
        ("2284", "create"),
        ("4107", "create"),
    ]
    assert sorted(error["row"]["line"] for error in plan["errors"]) == [3, 5]
    job = str(plan["job"]["id"])
    assert "planned: 0 of 2" in makeready(site, "import", "status", "northfield")
    makeready(site, "import", "run", "northfield", "--job", job)
    done = json.loads(makeready(site, "import", "status", "northfield", job, "--json"))
    assert (done["progress"]["state"], done["progress"]["counts"]) == ("done", {"created": 2})
    assert in_shop(site, "117-4107")["PublicPartNum"] == "TOTE-NVY"
    listed = json.loads(makeready(site, "products", "northfield", "--site", SHOP_SITE, "--json"))
    assert [one["product"]["id"] for one in listed["products"] if one["imported"]] == ["2284", "4107"]
    deleted = in_shop(site, "117-4107")["ProductId"]
    httpx.delete(f"{site.shop_url}/_emulator/products/{deleted}", trust_env=False).raise_for_status()
    check = json.loads(makeready(site, "import", "check-links", "northfield", "--site", SHOP_SITE, "--json"))
    assert [link["product_id"] for link in check["gone_from_shop"]] == ["4107"]


def test_what_is_wrong_is_one_line_that_says_what_to_do(site) -> None:
    for arguments, text in (
        (("import", "run", "northfield", "2284"), "No site was named"),
        (("import", "status", "northfield", "7"), "northfield has no import 7"),
    ):
        shown = makeready(site, *arguments, code=3)
        assert text in shown
        assert "Traceback" not in shown


def test_products_are_linked_from_a_file_of_suggestions_and_given_back(site, tmp_path: Path) -> None:
    prepare(site, "http://127.0.0.1:1")
    before = in_shop(site, "NF-CARD")
    renamed(site, before["ProductId"], {"PublicPartNum": "BC-STD"})  # the code of a product of the MIS
    before = in_shop(site, "NF-CARD")
    file = tmp_path / "suggested.csv"
    makeready(site, "link", "suggest", "northfield", "--site", SHOP_SITE, "--out", str(file))
    [row] = csv.DictReader(file.read_text().splitlines())
    assert (row["name"], row["because"]) == ("Business cards", "part number BC-STD")
    planned = makeready(site, "link", "plan", "northfield", "--site", SHOP_SITE, "--from-file", str(file))
    assert "part number NF-CARD becomes 117-4112" in planned
    assert in_shop(site, "NF-CARD") == before
    makeready(site, "link", "run", "northfield", "--job", "1")
    linked = in_shop(site, "117-4112")
    changed = {name for name in linked if linked[name] != before[name]}
    assert changed == {"PrintersPartNum", "MisId", "ProductGroupCalculators"}
    assert linked["MisId"] == f"117-4112-{SHOP_SITE}"
    makeready(site, "link", "undo", "northfield", "4112", "--site", SHOP_SITE)
    assert in_shop(site, "NF-CARD") == before | {"MisId": before["MisId"] or ""}


def test_what_is_left_by_hand_can_be_done_with_the_shop_s_own_file(site, tmp_path: Path) -> None:
    prepare(site, "http://127.0.0.1:1")
    switches = f"{site.shop_url}/_emulator/switches"
    httpx.put(switches, json={"inferred-product-members": "off"}, trust_env=False).raise_for_status()
    try:
        shown = makeready(
            site, "import", "run", "northfield", "2284", "--site", SHOP_SITE, "--require-upload"
        )
    finally:
        httpx.put(switches, json={"inferred-product-members": "on"}, trust_env=False)
    assert "Left to do by hand: Require an upload" in shown
    written = makeready(site, "import", "file", "northfield", "1", "--out", str(tmp_path)).strip()
    row = next(csv.DictReader(Path(written).read_text("utf-8-sig").splitlines()))
    assert row["Product Id"] == in_shop(site, "117-2284")["ProductId"]
    assert row["MIS Product ID price 1"] == f"117-2284-{SHOP_SITE}"


EDITED = {
    "ProductInfo": {
        "ProductName": "Renamed by the printer",
        "UrlName": "renamed-by-the-printer",
        "PublicPartNum": "THEIR-1",
        "ShortDescription": "Short.",
        "LongDescription": "Long.",
        "IsActive": False,
        "IsBackOrderingAllowed": True,
        "DaysToShipInStock": 1,
        "DaysToShipOutStock": 9,
    },
    "Markups": [{"MinQty": 1, "MaxQty": 99, "Markup": 77}],
    "Categories": ["Marketing"],
    "FileUploads": [{"Name": "Their upload", "Required": False}],
    "Attributes": [{"AttributeId": "a-1", "AttributeValue": "theirs"}],
    "ImageUrl": "http://127.0.0.1:1/their-picture.png",
}
"""Every field that the shop's API lets a person change and that is the shop's after an import."""


def renamed(site, product_id: str, info: dict[str, Any]) -> None:
    edit(site, product_id, {"ProductInfo": info})


def edit(site, product_id: str, body: dict[str, Any]) -> None:
    """As a person in the shop's admin."""
    access = httpx.get(f"{site.shop_url}/_emulator/access", trust_env=False).json()
    login = {
        "UserName": access["user_name"],
        "Password": access["password"],
        "SubscriberId": access["subscriber_id"],
        "ConsumerID": access["consumer_id"],
    }
    with httpx.Client(base_url=f"{site.shop_url}/api", trust_env=False) as shop:
        token = shop.post("/V2/Authentication", json=login).json()["Token"]
        path = f"/site/{SHOP_SITE}/products/{product_id}"
        shop.put(path, json=body, headers={"Authorization": f"token {token}"}).raise_for_status()


async def test_what_belongs_to_the_shop_is_overwritten_by_nothing_that_we_do(site, tmp_path: Path) -> None:
    with site.serve() as server:
        prepare(site, server.url)
        import_product(site, "2284")
        product_id = in_shop(site, "117-2284")["ProductId"]
        await order_arrives(site, "117-2284")
        edit(site, product_id, EDITED)
        before = in_shop(site, "117-2284")
        for name, value in EDITED["ProductInfo"].items():
            assert before[name] == value, "the edit itself"
        async with Installation.opened(site.db) as installation:
            await do_everything(installation)
        assert in_shop(site, "117-2284") == before


async def do_everything(installation: Installation) -> None:
    """Imports with every rule, a link, comparison, un-linking; and all work that there is."""
    subscriber = await installation.subscriber("northfield")
    for existing in Existing:
        await import_again(installation, subscriber, existing)
    await link_existing.suggest(installation, subscriber, SHOP_SITE)
    await install.install(installation, subscriber)
    now = installation.clock()
    await installation.store.work.add([NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=now)])
    engine = engine_for(installation)
    while await engine.run_due():
        pass
    assert (await links.check_links(installation, subscriber, SHOP_SITE)).looked_at == 1
    await links.unlink(installation, subscriber, SHOP_SITE, ("2284",))
    await import_again(installation, subscriber, Existing.SKIP)


async def import_again(installation: Installation, subscriber: Subscriber, existing: Existing) -> None:
    """Everything else than at the first time; the product is skipped."""
    wish = ImportRequest(
        site=SHOP_SITE,
        product_ids=("2284",),
        markup_percent="5",
        categories=("Stationery",),
        upload_required=True,
        existing=existing,
    )
    plan = await plan_import(installation, subscriber, wish)
    assert [item.action for item in plan.items] == ["skip"]
    await jobs.start(installation, subscriber, plan.job.id)


async def order_arrives(site, part_number: str) -> None:
    """An order on its whole way: looked at, sent, marked, its files tended."""
    shop = PRESSERO.driver(site.shop_url)
    placed = await shop.place_order(order(part_number, needs_approval=False))
    await shop.move_to_stage(placed.order_number, 1, STAGE)
    await until(lambda: shop.mis_number(placed.order_number, 1), "the mark")
    await shop.aclose()
