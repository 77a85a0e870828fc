"""A process that the machine lets stand still between its intent and its call does not make the call any more."""

import signal
import sqlite3
import time
from contextlib import ExitStack, closing

import pytest
from joined import Site
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import run, running
from story import STAGE, import_product, order, prepare, until

pytestmark = pytest.mark.waits

STOOD_STILL_S = 6.0
"""Beyond the quiet margin, which is never less than five seconds."""
NO_MARGIN = "[subscribers.northfield.orders]\nquiet_margin_s = 0\n"


async def test_a_process_that_stood_still_with_a_submission_in_its_hands_lets_it_go(site: Site) -> None:
    part = site.db.with_name("part.toml")
    part.write_text(NO_MARGIN)
    assert run("subscriber", "apply", str(part), "--yes", db=site.db).returncode == 0
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    with ExitStack() as stack:
        server = stack.enter_context(running("serve", "--port", "0", db=site.db))
        prepare(site, server.url)
        import_product(site, "2284")
        placed = await shop.place_order(order("117-2284", needs_approval=False))
        await mis.expire_tokens()
        await mis.set_switches({"slow": "1", "slow-s": "4"})  # the sign-in holds the call up
        await shop.move_to_stage(placed.order_number, 1, STAGE)
        stack.callback(server.process.send_signal, signal.SIGCONT)
        await until(lambda: _frozen_while_submitting(server, site), "it is about to call")
        woken_at = time.monotonic() + STOOD_STILL_S
        await until(lambda: _is_past(woken_at), "it stood still for longer than the margin")
        await mis.set_switches({"slow": "0"})
        server.process.send_signal(signal.SIGCONT)
        await until(lambda: _is(site, "in_doubt", "parked"), "the order is in doubt")
        assert await mis.orders_received() == []
        answer = run("orders", "show", "northfield", str(placed.order_number), db=site.db)
        assert "stood still before the call left" in answer.stdout
    await shop.aclose()
    await mis.aclose()


async def _frozen_while_submitting(server, site: Site) -> bool:
    if await _is(site, "submitting"):
        server.process.send_signal(signal.SIGSTOP)
        return True
    return False


async def _is_past(moment: float) -> bool:
    return time.monotonic() >= moment


async def _is(site: Site, *states: str) -> bool:
    with closing(sqlite3.connect(site.db)) as db:
        found = db.execute("select state from order_lines").fetchall()
    return [one for [one] in found if one in states] != []
