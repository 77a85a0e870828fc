"""``makeready rehearse`` and ``orders before-start --ask-mis`` with real shop and MIS, before any server runs."""

import json

from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import run, running
from story import STAGE, import_product, order, prepare


def told(site, *arguments: str):
    done = run(*arguments, "--json", db=site.db)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


async def test_what_would_happen_is_told_and_nothing_is_done(site) -> None:
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    with running("serve", "--port", "0", "--no-work", db=site.db) as server:  # the shop asks it for prices
        prepare(site, server.url)
        import_product(site, "2284")
        placed = await shop.place_order(order("117-2284", needs_approval=False))
        await shop.move_to_stage(placed.order_number, 1, STAGE)
        waiting = await shop.place_order(order("117-2284"))
    before = await shop.state()
    done = told(site, "rehearse", "northfield", "--days", "1")
    found = {one["order"]: one for one in done["lines"]}
    assert {str(placed.order_number), str(waiting.order_number)} <= set(found)
    assert found[str(placed.order_number)]["payload"]
    assert done["orders"] == len(found)
    assert sum(done["counts"].values()) == len(done["lines"])
    assert await shop.state() == before
    assert await mis.orders() == []
    assert told(site, "orders", "list", "northfield") == []
    assert told(site, "orders", "before-start", "northfield", "--ask-mis") == {
        "lines": [],
        "rehearsal": {"orders": 0, "asked_mis": done["asked_mis"], "counts": {}, "lines": []},
    }
    shown = run("rehearse", "northfield", db=site.db).stdout
    assert str(placed.order_number) in shown
    for driver in (shop, mis):
        await driver.aclose()
