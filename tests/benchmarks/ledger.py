"""A ledger as it looks after a year: orders, submissions, history, calls and what was counted, written at once."""

from pathlib import Path

from makeready.orders.store.words import words_of
from makeready.outbound.model import MOST_CALLS
from pysqlite3 import dbapi2 as sqlite
from unguarded import unguarded

DAYS = 365
FIRST_NAMES = ("Aaron", "Bella", "Carla", "Dario", "Edith", "Farid", "Greta", "Hanna", "Ivo", "Jonas")
LAST_NAMES = ("Zweig", "Young", "Xavier", "Weber", "Vidal", "Ueda", "Thorn", "Silva", "Roux", "Quist")
KINDS = ("Business cards", "Flyers", "Posters", "Envelopes", "Booklets")


def customer_and_product(number: int) -> tuple[str, str]:
    """Ten thousand people, of whom a thousand have a name of their own; every tenth product is not the MIS's."""
    person = number * 7919 % 10_000
    name = f"{FIRST_NAMES[person % 10]} {LAST_NAMES[person // 10 % 10]}"
    company = "Lodge" if number % 3 == 0 else "Northfield"
    product = f"Foreign item {number % 50}" if number % 10 == 9 else f"{KINDS[number % 5]} {number % 200}"
    return f"{name}, {company} {person // 100}", product


def fill(path: Path, orders: int, *, since: float = 0.0, last: int | None = None) -> None:
    """A year of orders from a moment on, evenly; nearly all accepted, and every tenth, whose product is foreign, ignored.
    ``last``: only so many of them, the newest.
    """
    with unguarded(path) as db:
        db.create_function("customer", 1, lambda number: customer_and_product(number)[0])
        db.create_function("product", 1, lambda number: customer_and_product(number)[1])
        db.create_function("words", 1, lambda number: words_of("northfield", *customer_and_product(number)))
        first = orders - (last or orders) + 1
        numbers = f"with recursive n(i) as (select {first} union all select i + 1 from n where i < {orders})"
        at = f"{since} + i * {DAYS * 86_400.0} / {orders}"
        state = "case when i % 10000 = 0 then 'refused' when i % 1000 = 1 then 'waiting' "
        state += "when i % 10 = 9 then 'ignored' else 'accepted' end"
        db.execute(
            f"""{numbers} insert into order_lines (subscriber, order_number, line, site, customer, product_id,
                description, quantity, placed_at, state, reason, submission, updated_at, words)
            select 'northfield', i, 1, 'shop.example', customer(i), '2284', product(i), 10, {at}, {state}, '',
                i || '-1', {at}, words(i) from n"""
        )
        db.execute("insert into order_words (order_words) values ('rebuild')")
        db.execute(
            f"""{numbers} insert into submissions (subscriber, key, order_number, environment, payload, payload_hash,
                attempts, sent_at, quiet_until, mis_id, mis_number, marked)
            select 'northfield', i || '-1', i, 'test', x'7b7d', '', 1, {at}, 0, i, 'SO-' || i, 1 from n"""
        )
        db.execute(
            f"""{numbers} insert into history (subscriber, order_number, line, at, from_state, to_state, cause, actor)
            select 'northfield', i, 1, {at}, 'submitting', 'accepted', 'the MIS took it', 'makeready' from n"""
        )


def fill_measures(path: Path, calls: int, now: float) -> None:
    """As many calls as a company may keep, for one after the other until there are enough; their hours; prices of
    a month. No call took 30 seconds: whoever asks for such makes the server look at all.
    """
    db = sqlite.connect(str(path))
    names = [name for (name,) in db.execute("select name from subscribers order by name")]
    hour = int(now // 3600)
    for place, name in enumerate(names):
        count = min(MOST_CALLS, calls - place * MOST_CALLS)
        db.execute(
            f"""with recursive n(i) as (select 1 union all select i + 1 from n where i < {max(count, 1)})
            insert into calls (subscriber, connector, at, host, method, path, status, error, ms, size, failed)
            select ?, case when i % 3 then 'shop' else 'mis' end, ? - i, 'vendor.example', 'POST', '/api/orders/' || i,
                case when i % 5000 then 200 else 503 end, '', i % 2000, 4000, i % 5000 = 0 from n""",
            [name, now],
        )
        for back in range(24 * 30):
            db.execute(
                "insert into call_hours values (?, ?, 'shop', ?, 900, 2, 40000.0)",
                [name, hour - back, f"{name}.example"],
            )
            db.execute("insert into call_peaks values (?, ?, 9, 10, 10.25)", [f"{name}.example", hour - back])
            for outcome in ("kept", "asked", "refused"):
                for bucket in range(2, 20):
                    row = [name, hour - back, outcome, bucket, 30]
                    db.execute("insert into price_counts values (?, ?, ?, ?, ?)", row)
    db.commit()
    db.close()
