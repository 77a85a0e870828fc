"""Lists of order lines, page by page. The cost of a page does not grow with the number of orders kept."""

from typing import Any, NamedTuple

from msgspec import Struct
from sqlite_utils import Database as Sqlite

from makeready.records import LineRow
from makeready.store.database import Storage
from makeready.store.rows import rows, structs

COLUMNS = "select l.*, coalesce(s.mis_id, '') as mis_id, coalesce(s.mis_number, '') as mis_number"
SUBMISSION = "left join submissions s on s.subscriber = l.subscriber and s.key = l.submission"
LINES = f"{COLUMNS} from order_lines l {SUBMISSION}"
IN_STATE = f"{COLUMNS} from order_lines l indexed by lines_by_state {SUBMISSION}"
"""Named, because a period makes SQLite prefer the index without the state, and read what has others."""

OF_MIS = """select o.rowid from submissions n cross join order_lines o
    on o.subscriber = n.subscriber and o.submission = n.key where n.subscriber = ?"""
NAMED = f"""{COLUMNS} from (
        select rowid as id from order_lines where subscriber = ? and order_number = ?
        union select rowid from order_lines where subscriber = ? and submission = ?
        union {OF_MIS} and n.mis_number = ?
        union {OF_MIS} and n.mis_id = ?) named
    cross join order_lines l on l.rowid = named.id {SUBMISSION}"""
"""The few lines of a name. A cross join keeps the order in which tables are read."""


class LineFilter(Struct, frozen=True, kw_only=True):
    """Which lines; without anything all."""

    state: str = ""
    start: float | None = None
    """Changed at this moment or later."""
    end: float | None = None
    """Changed before this moment."""
    query: str = ""
    """The whole number of an order, a submission's key, or the MIS's number or id."""
    reason: str = ""
    """Text that the reason holds, in upper or lower case. Give a state with it: all its lines are read."""


class Position(NamedTuple):
    """Where a page ended."""

    updated_at: float
    order_number: str
    line: int


class Lines:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def find(
        self, subscriber: str, wanted: LineFilter, *, limit: int, after: Position | None = None
    ) -> list[LineRow]:
        """The most recently changed first; after a page, the next one."""
        return await self._database.read(lambda db: find_lines(db, subscriber, wanted, limit, after))

    async def last_placed_at(self, subscriber: str) -> float:
        """When the newest order was placed; 0 if there is none."""
        sql = "select placed_at as at from order_lines where subscriber = ? order by placed_at desc limit 1"
        found = await self._database.read(lambda db: rows(db, sql, [subscriber]))
        return float(found[0]["at"]) if found else 0.0

    async def last_accepted_at(self, subscriber: str) -> float:
        """When the MIS last took a line; 0 if it never did."""
        sql = """select updated_at as at from order_lines where subscriber = ? and state = 'accepted'
            order by updated_at desc limit 1"""
        found = await self._database.read(lambda db: rows(db, sql, [subscriber]))
        return float(found[0]["at"]) if found else 0.0


def find_lines(
    db: Sqlite, subscriber: str, wanted: LineFilter, limit: int, after: Position | None = None
) -> list[LineRow]:
    source: str = IN_STATE if wanted.state else LINES
    values: list[Any] = [subscriber]
    if wanted.query:
        source, values = NAMED, [*[subscriber, wanted.query] * 4, subscriber]
    terms = ["l.subscriber = ?"]
    for term, given in _terms(wanted, after):
        terms.append(term)
        values += given
    sql = f"{source} where {' and '.join(terms)} order by l.updated_at desc, l.order_number, l.line limit ?"
    return structs(LineRow, db, sql, [*values, limit])


def _terms(wanted: LineFilter, after: Position | None) -> list[tuple[str, list[Any]]]:
    terms: list[tuple[str, list[Any]]] = []
    if wanted.state:
        terms.append(("l.state = ?", [wanted.state]))
    if wanted.start is not None:
        terms.append(("l.updated_at >= ?", [wanted.start]))
    if wanted.end is not None:
        terms.append(("l.updated_at < ?", [wanted.end]))
    if wanted.reason:
        terms.append(("instr(lower(l.reason), lower(?)) > 0", [wanted.reason]))
    if after is not None:
        # Two terms: the first is a place in the index, the second passes over lines of the same moment.
        terms.append(("l.updated_at <= ?", [after.updated_at]))
        terms.append(("(l.updated_at < ? or (l.order_number, l.line) > (?, ?))", [*after]))
    return terms
