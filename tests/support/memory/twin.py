"""Two more companies in each state file of a test: their numbers are those of the first, their values are not.

Numbers of orders, keys, products, files, parcels collide between shops by nature. So each row that the tests' company
gets is given to `TWINS` as well, by triggers, with the same numbers and another text or figure. A statement that
forgets to name its company reads their rows, or changes them; the latter is seen by `unharmed`. One comes before the
company by its name and in the file, the other one after it: whichever row is taken of several is a wrong one.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

from makeready.plugins import load_tables
from makeready.storage.database import Storage
from makeready.storage.migrate import bring_up_to_date
from makeready.storage.rows import rows
from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

COMPANY, TWINS = "northfield", {"before": "alderfield", "after": "twinfield"}
TWIN_NAMES = tuple(TWINS.values())
NUMBERED = frozenset({"import_jobs"})
"""People name them by their numbers, which the first twin would take."""
NOT_GIVEN = frozenset({"work", "audit", "tokens", "users", "invitations", "dictionaries"})
"""Work of the twin would be done, and a dictionary's number says what it holds; the others are the whole installation's."""
OTHER = {
    "order_lines": {
        "customer": "'Tess Twin'",
        "quantity": "new.quantity + 40",
        "description": "'Of the twin'",
    },
    "submissions": {
        "mis_id": "'twin-' || new.mis_id",
        "mis_number": "'TW-1'",
        "payload": "x'7477'",
        "sent_order": "x'7b7d'",
    },
    "unreadable_orders": {"problem": "'of the twin'"},
    "attempts": {"payload": "x'7477'", "outcome": "'of the twin'"},
    "history": {"cause": "'of the twin'"},
    "files": {"file_name": "'twin.pdf'", "error": "'of the twin'"},
    "progress": {"status": "'Of the twin'"},
    "shipments": {"carrier": "'Twin Parcels'"},
    "deliveries": {"body": "x'7477'"},
    "refused_deliveries": {"reason": "'of the twin'"},
    "stock_levels": {"on_hand": "'977'"},
    "stock_history": {"free": "'977'"},
    "stock_mirrors": {"level": "new.level + 977"},
    "known_prices": {"quote": 'replace(new.quote, \'"total":"\', \'"total":"9\')'},
    "estimates": {"reference": "'twin-' || new.reference"},
    "price_counts": {"n": "new.n + 977"},
    "calls": {"error": "'of the twin'"},
    "call_hours": {"calls": "new.calls + 977"},
    "call_kinds": {"failing_since": "977.0", "trouble": "'of the twin'"},
    "sent_alerts": {"title": "'Of the twin'"},
    "checkpoints": {"at": "new.at + 977"},
    "import_profiles": {"wish": "'of the twin'"},
    "product_links": {"job": "new.job + 977", "before": "'of the twin'"},
}
FOLLOWED = {"order_lines": "state", "files": "state", "shipments": "state"}
"""The twin's rows come into the same states, so that a list of a state would hold them."""
MOVES = frozenset({"quiet_until", "sent_at", "tried_at"})
"""Columns that move for all companies when the clock is set."""
SWEPT = frozenset({"known_prices", "estimates"})
"""Very old rows are deleted for all companies."""


async def give_twin(database: Storage) -> None:
    """From now on the twin has what the company has."""
    await database.write(_give)


def make_empty_state(path: Path) -> Path:
    """A new state file with all tables; from now on the twin has what the company has."""
    with closing(sqlite.connect(str(path), isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = wal")
        db = Sqlite(connection)
        bring_up_to_date(db, load_tables())
        with db.atomic():
            _give(db)
    return path


def unharmed(path: Path) -> None:
    """Nothing that was done for the company has changed a row of its twin."""
    with closing(sqlite.connect(str(path))) as connection:
        check_twin(Sqlite(connection))


def check_twin(db: Sqlite) -> None:
    """The same, of an open file."""
    harmed = {table: lines for table in _tables(db) if (lines := _harmed(db, table))}
    assert not harmed, f"rows of another company were changed: {harmed}"


def _give(db: Sqlite) -> None:
    for table in _tables(db):
        columns = _columns(db, table)
        names = ", ".join(columns)
        db.execute(f"create table given_{table} as select rowid as id_of, {names} from {table} where false")
        for when, twin in TWINS.items():
            given = ", ".join(_values(table, columns, twin))
            if when == "before" and table in NUMBERED:
                continue
            db.execute(
                f"""create trigger {twin}_{table} {when} insert on {table}
                    when new.subscriber = '{COMPANY}' and not exists ({_there(db, table, twin)}) begin
                    insert into {table} ({names}) values ({given}); end"""
            )
        db.execute(
            f"""create trigger given_{table} after insert on {table} when new.subscriber in {TWIN_NAMES} begin
                insert into given_{table} values (new.rowid, {", ".join(f"new.{name}" for name in columns)}); end"""
        )
        if column := FOLLOWED.get(table):
            _follow(db, table, column)


def _follow(db: Sqlite, table: str, column: str) -> None:
    db.execute(
        f"""create trigger twin_follows_{table} after update of {column} on {table}
            when new.subscriber = '{COMPANY}' and new.{column} != old.{column} begin
            update {table} set {column} = new.{column}
                where subscriber in {TWIN_NAMES} and {_same(db, table)} and {column} != new.{column}; end"""
    )


def _there(db: Sqlite, table: str, twin: str) -> str:
    """The twin's row of the same key; none in a table where each row is another."""
    same = _same(db, table)
    return f"select 1 from {table} where subscriber = '{twin}' and {same}" if same else "select 1 where false"


def _tables(db: Sqlite) -> list[str]:
    """Those with a company in each row, but for what belongs to its settings."""
    found = rows(
        db,
        """select m.name from sqlite_master m join pragma_table_info(m.name) c on c.name = 'subscriber'
        where m.type = 'table' and m.name not like 'given_%'
            and not exists (select 1 from pragma_foreign_key_list(m.name) f where f."table" = 'subscribers')
        order by 1""",
    )
    return [row["name"] for row in found if row["name"] not in NOT_GIVEN]


def _columns(db: Sqlite, table: str) -> list[str]:
    found = rows(db, f"select name from pragma_table_info('{table}')")
    return [f'"{row["name"]}"' for row in found if row["name"] != "id"]


def _same(db: Sqlite, table: str) -> str:
    """The other columns of its first unique index are those of the company's row."""
    found = rows(
        db,
        f"""select c.name from pragma_index_list('{table}') i join pragma_index_info(i.name) c
        where i."unique" and i.seq = (select max(seq) from pragma_index_list('{table}') where "unique")""",
    )
    return " and ".join(
        "true" if row["name"] == "subscriber" else f"{row['name']} = new.{row['name']}" for row in found
    )


def _values(table: str, columns: list[str], twin: str) -> list[str]:
    other = {"subscriber": f"'{twin}'", "words": f"replace(new.words, 's{COMPANY}', 's{twin}')"}
    other |= OTHER.get(table, {})
    if table == "product_links":
        other |= {name: _free(name, twin) for name in ("url_name", "shop_product_id")}
    return [other.get(name.strip('"'), f"new.{name}") for name in columns]


def _free(column: str, twin: str) -> str:
    """The same, as long as no other product of the twin has it: a company can give it to another one."""
    taken = f"select 1 from product_links where subscriber = '{twin}' and site = new.site and {column} = new.{column}"
    return f"case when exists ({taken}) then '' else new.{column} end"


def _harmed(db: Sqlite, table: str) -> list[dict[str, Any]]:
    """Rows of the twin that are not as they were given."""
    kept = [
        name
        for name in _columns(db, table)
        if name.strip('"') not in MOVES and name.strip('"') != FOLLOWED.get(table)
    ]
    columns = ", ".join(kept)
    given = f"select id_of, {columns} from given_{table}"
    now = f"select rowid, {columns} from {table} where subscriber in {TWIN_NAMES}"
    changed = rows(db, f"{now} except {given}")
    return changed if table in SWEPT else changed + rows(db, f"{given} except {now}")
