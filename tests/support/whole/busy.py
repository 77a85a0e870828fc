"""An office with everything in it that the pages can show, and a fortnight behind it."""

import asyncio
import math
import random
import time
from typing import Any

from makeready.orders.beginning import moment_text
from makeready.orders.store.words import words_of
from office import SITE, STAGE, TOTE, WORKFLOW, Office
from unguarded import unguarded

DAY_S, HOUR_S = 86_400.0, 3600.0
PAST_DAYS = 14
BEFORE, ACCEPTED, REFUSED, WAITING = 3, 12, 2, 2
UNREADABLE = "8888"
"""The number of an order that cannot be read."""
DOCUMENT = b'[{"OrderNumber":8888,"OrderItemNumber":1,"PrinterPartNumber":"117-2284","Quantity":"two"}]'
LATER_STAGE = "Press"
"""At which no order is sent."""


async def fill(office: Office) -> None:
    """Two companies, three users, products that were imported and planned, orders in each state."""
    short = {"quiet_margin_s": 0}
    await office.apply("northfield", "Northfield Print", 117, orders=short)
    await office.apply("southgate", "Southgate Labels", 118)
    for name, role, of in (("olga", "operator", ""), ("mia", "manager", "northfield")):
        office.passwords[name] = office.add_user(name, role, of)
    office.make("token", "add", "web-shop", "--subscriber", "northfield")
    office.make("import", "run", "northfield", "2284", "4107", "--site", SITE, "--workflow", WORKFLOW)
    office.make("import", "plan", "northfield", "4108", "--site", SITE, "--markup", "25")
    await office.shop.ask_price(SITE, TOTE, 25)
    await _begin_our_time(office, short)
    _write_the_past(office)
    await _take_orders(office)
    office.make("pause", "begin", "southgate", "--flow", "stock", "--reason", "Stocktaking until noon.")
    office.make("ledger", "mark-restored", "--reason", "The snapshot of Monday was put back.")


async def _begin_our_time(office: Office, rules: dict[str, Any]) -> None:
    """Orders were placed before it. One of them was seen waiting after it and is ready now."""
    placed = [await office.order(80 + count, stage=False) for count in range(BEFORE)]
    await office.until("northfield", "waiting", BEFORE)
    start = math.floor(time.time()) + 1
    rules = {**rules, "starts_at": moment_text(start)}
    await office.apply("northfield", "Northfield Print", 117, orders=rules)
    for one in placed:
        await office.shop.move_to_stage(one.order_number, one.items[0], LATER_STAGE)
    await office.until("northfield", "before_start", BEFORE)
    while time.time() <= start:
        await asyncio.sleep(0.05)
    first = placed[0]
    await office.shop.move_to_stage(first.order_number, first.items[0], STAGE)


async def _take_orders(office: Office) -> None:
    before = len(office.orders("northfield", "accepted"))
    for count in range(ACCEPTED):
        await office.order(count)
    await office.until("northfield", "accepted", before + ACCEPTED)
    await office.mis.set_switches({"strict-customer": "on"})
    for count in range(REFUSED):
        await office.order(50 + count)
    await office.until("northfield", "refused", REFUSED)
    await office.mis.set_switches({"strict-customer": "off"})
    await office.mis.set_switches({"fault-path": "orders/submit", "answer-lost": "next:1"})
    await office.order(60)
    await office.until("northfield", "parked", 1)
    await office.order_with_artwork()
    for count in range(WAITING):
        await office.order(70 + count, stage=False)
    await office.until("northfield", "waiting", WAITING + 1)


def _write_the_past(office: Office) -> None:
    """Orders of the last days, fewer on weekends, as they would stand in the store."""
    chance, now, rows = random.Random(7), time.time(), []  # noqa: S311
    for day in range(PAST_DAYS, 0, -1):
        at = now - day * DAY_S
        weekend = time.gmtime(at).tm_wday >= 5
        for count in range(chance.randint(2, 9) if weekend else chance.randint(18, 44)):
            number, moment = f"{6000 - 100 * day + count}", at + chance.random() * DAY_S / 3
            state = chance.choices(("accepted", "ignored", "cancelled"), (40, 1, 2))[0]
            rows.append((number, TOTE, chance.randint(1, 200), moment, state, f"{number}-1", moment))
    with unguarded(office.db) as db:
        db.create_function("words", 2, lambda customer, product: words_of("northfield", customer, product))
        db.executemany(
            """insert into order_lines (subscriber, order_number, line, site, customer, product_id, description,
                quantity, placed_at, state, reason, submission, updated_at, words)
            values ('northfield', ?, 1, 'shop.northfield.example', 'Dana Whitlock', ?, 'Navy tote bag', ?, ?, ?,
                '', ?, ?, words('Dana Whitlock', 'Navy tote bag'))""",
            rows,
        )
        problem = f"Order {UNREADABLE} cannot be read: Quantity: 'two' is not an amount. Look at the order in Pressero."
        unreadable = ("northfield", UNREADABLE, "", SITE, problem, DOCUMENT, now - HOUR_S, now, "")
        db.execute("insert into unreadable_orders values (?, ?, ?, ?, ?, ?, ?, ?, ?)", unreadable)
        db.execute("insert into order_words (order_words) values ('rebuild')")
    _write_hours(office, chance, now)


def _write_hours(office: Office, chance: random.Random, now: float) -> None:
    """How prices were answered, and how near calls came to the shop's limit, in the hours of a day."""
    this_hour, prices, peaks = int(now // HOUR_S), [], []
    for hour in range(this_hour - 24, this_hour):
        busy = 8 <= hour % 24 <= 18
        for outcome, bucket, least in (("kept", 3, 80), ("asked", 9, 20), ("asked", 11, 4)):
            count = chance.randint(least, 3 * least) if busy else chance.randint(0, least // 4)
            prices.append(("northfield", hour, outcome, bucket + chance.randint(0, 1), count))
        peaks.append(
            (
                office.shop_host,
                hour,
                chance.randint(400, 930) if busy else chance.randint(20, 200),
                1000,
                10.0,
            )
        )
    with unguarded(office.db) as db:
        db.executemany("insert into price_counts values (?, ?, ?, ?, ?)", prices)
        db.executemany("insert into call_peaks values (?, ?, ?, ?, ?)", peaks)
