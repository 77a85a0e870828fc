"""A site beside the MIS: what is missing on either side, with what to do; and how the stock of a product went."""

from decimal import Decimal

import pytest
from browser import Browser
from makeready.stock.model import HistoryPoint
from makeready.subscribers.setup import install
from makeready_admin.products.stock_line import stock_line
from makeready_hooks.model.product import ShopProduct, StockLevel
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from pretend import SITE, Bench
from steps import settle

AT = f"/subscribers/northfield/linked?site={SITE}"
DAY = 86_400.0


@pytest.fixture(autouse=True)
async def imported(bench: Bench) -> None:
    bench.clock.now += 40 * DAY
    for days_ago, on_hand in ((20, 310), (10, 40), (1, 45)):
        level = StockLevel(product_id="2284", on_hand=Decimal(on_hand))
        at = bench.clock() - days_ago * DAY
        await bench.installation.store.stock.save_levels("northfield", [level], read_at=at)
    await bench.installation.store.subscribers.set_public_url("http://pages.example")
    await install.install(bench.installation, bench.subscriber)
    await import_now(bench.installation, bench.subscriber, ImportRequest(site=SITE, product_ids=("2284",)))
    await settle(bench)


async def test_what_is_on_one_side_only_has_its_next_step(mia: Browser, bench: Bench) -> None:
    bench.shop.others["x"] = ShopProduct(id="x", name="Old poster", part_number="OLD-1", url_name="x")
    page = await mia.get(f"{AT}&compare=yes&wait=yes")
    assert "1 products compared: all fit together." in page.text
    assert "1 product in the shop and not linked Old poster OLD-1 Link it" in page.text
    assert "1 product in the MIS and not in this site 4107 Tote bag Import it" in page.text
    [link] = [one for one in page.links if "/products?" in one and "&q=" in one]
    assert link.startswith(f"/admin/subscribers/northfield/products?site={SITE}&mis=")
    bench.shop.products.clear()
    page = await mia.get(f"{AT}&compare=yes&wait=yes")
    assert "Deleted in the shop: unlink it" in page.text


async def test_the_stock_of_a_product_is_a_line_that_is_also_said(mia: Browser, bench: Bench) -> None:
    page = await mia.get(AT)
    assert "Stock of 30 days: from 310 to 45, at least 40, at most 310" in page.html


def test_a_line_is_level_until_it_changes_and_has_few_steps() -> None:
    now = 100 * DAY
    points = [HistoryPoint(at=now - 15 * DAY + one * 60, free=Decimal(one % 7)) for one in range(5000)]
    line = stock_line(points, now)
    assert line is not None
    assert line.path.count("V") < 60
    assert stock_line([HistoryPoint(at=now - 90 * DAY, free=Decimal(5))], now) is None
    two = [HistoryPoint(at=now - 40 * DAY, free=Decimal(5)), HistoryPoint(at=now - 15 * DAY, free=Decimal(9))]
    drawn = stock_line(two, now)
    assert drawn is not None
    assert drawn.path == "M0.0 18.5H40.0V1.5H80"
