"""Lists of order lines, page by page. The cost of a page does not grow with the number of orders kept."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlite_utils import Database as Sqlite

from makeready.orders.line_filter import LineFilter, LinePosition
from makeready.orders.model import SYSTEM_ACTOR, LineRow
from makeready.orders.store.words import Wanted, match_of, split, wanted_words
from makeready.storage.part import StorePart
from makeready.storage.rows import marks, rows, structs

COLUMNS = """select l.*, coalesce(s.connector, '') as mis, coalesce(s.mis_id, '') as mis_id,
    coalesce(s.mis_number, '') as mis_number"""
SUBMISSION = "left join submissions s on s.subscriber = l.subscriber and s.key = l.submission"
# company: whoever adds the condition names it
LINES = f"{COLUMNS} from order_lines l {SUBMISSION}"
# company: as above
IN_STATE = f"{COLUMNS} from order_lines l indexed by lines_by_state {SUBMISSION}"
"""Named, because a period makes SQLite prefer the index without the state, and read what has others."""

OF_MIS = """select o.id from submissions n cross join order_lines o
    on o.subscriber = n.subscriber and o.submission = n.key where n.subscriber = ?"""
# company: as above; and the selects within do
NAMED = f"""{COLUMNS} from (
        select id from order_lines where subscriber = ? and order_number = ?
        union select id from order_lines where subscriber = ? and submission = ?
        union {OF_MIS} and n.mis_number = ?
        union {OF_MIS} and n.mis_id = ?) named
    cross join order_lines l on l.id = named.id {SUBMISSION}"""
"""The few lines of a name. A cross join keeps the order in which tables are read."""

BY_WORDS = "order_words w cross join order_lines l on l.id = w.rowid"
WITH_STATE = "order_lines l indexed by lines_by_state"
WITH_WORDS = "l.id in (select rowid from order_words where order_words match ?)"
HOW_MANY = "select count(*) as n from (select 1 from order_words where order_words match ? limit ?)"
IN_THE_STATE = """select count(*) as n from (
    select 1 from order_lines indexed by lines_by_state where subscriber = ? and state = ? limit ?)"""
FEW = 5_000
"""So many lines with the words are read and sorted. If more have them, they come soon in any list."""
SHORT = 30_000
"""A list by state that is not longer is walked: that is quicker than all lines with words that many have."""
IN_ORDER = "order by l.updated_at desc, l.order_number, l.line"

Term = tuple[str, list[Any]]
"""Of a where clause, with the values in it."""


class Lines(StorePart):
    async def find(
        self, subscriber: str, wanted: LineFilter, *, limit: int, after: LinePosition | None = None
    ) -> list[LineRow]:
        """The most recently changed first; after a page, the next one."""
        return await self._database.read(lambda db: find_lines(db, subscriber, wanted, limit, after))

    async def search(
        self, subscribers: Sequence[str], numbers: Sequence[str], text: str, *, limit: int
    ) -> list[LineRow]:
        """Of any of these companies: the lines under one of these numbers; else those with the words of a text."""

        def ask(db: Sqlite) -> list[LineRow]:
            found: list[LineRow] = []
            for wanted in [*(LineFilter(query=one) for one in numbers), LineFilter(anything=text)]:
                if wanted.query or (not found and text):
                    for one in subscribers:
                        found += find_lines(db, one, wanted, limit - len(found)) if len(found) < limit else ()
            return list({(one.subscriber, one.order_number, one.line): one for one in found}.values())

        return await self._database.read(ask)

    async def last_placed_at(self, subscriber: str) -> float:
        """When the newest order was placed; 0 if there is none."""
        sql = "select placed_at as at from order_lines where subscriber = ? order by placed_at desc limit 1"
        found = await self._rows(sql, [subscriber])
        return float(found[0]["at"]) if found else 0.0

    async def waiting_since_before(self, subscriber: str, moment: float, limit: int) -> dict[str, float]:
        """Orders with lines that wait for an approval or a stage, placed before then: the oldest."""
        sql = """select order_number, min(placed_at) as at from order_lines indexed by lines_by_state
            where subscriber = ? and state = 'waiting' and placed_at < ?
            group by order_number order by at limit ?"""
        found = await self._rows(sql, [subscriber, moment, limit])
        return {str(row["order_number"]): float(row["at"]) for row in found}

    async def last_taken_at(self, subscriber: str, mis: str, since: float, now: float) -> float:
        """As `last_accepted_at`, by one of several MIS, since a moment; 0 if it took none since."""
        sql = """select max(updated_at) as at from order_lines l where subscriber = ? and state = 'accepted'
            and updated_at > ? and updated_at <= ?
            and exists (select 1 from submissions s where s.subscriber = l.subscriber
                and s.key = l.submission and s.connector = ?)
            and exists (select 1 from history h where h.subscriber = l.subscriber
                and h.order_number = l.order_number and h.line = l.line and h.to_state = 'accepted' and h.actor = ?)"""
        found = await self._rows(sql, [subscriber, since, now, mis, SYSTEM_ACTOR])
        return float(found[0]["at"] or 0.0)

    async def mis_of(self, subscriber: str, keys: Collection[str]) -> dict[str, str]:
        """To which MIS these submissions go, as far as it is known."""
        sql = f"select key, connector from submissions where subscriber = ? and key in ({marks(keys)})"
        found = await self._rows(sql, [subscriber, *keys])
        return {str(row["key"]): str(row["connector"]) for row in found}

    async def last_accepted_at(self, subscriber: str, now: float) -> float:
        """When the MIS last took a line; 0 if it never did. That a person says so tells nothing of the MIS. What was noted
        while the clock stood ahead was at no moment that is known.
        """
        sql = """select updated_at as at from order_lines l where subscriber = ? and state = 'accepted'
            and updated_at <= ?
            and exists (select 1 from history h where h.subscriber = l.subscriber
                and h.order_number = l.order_number and h.line = l.line and h.to_state = 'accepted' and h.actor = ?)
            order by updated_at desc limit 1"""
        found = await self._rows(sql, [subscriber, now, SYSTEM_ACTOR])
        return float(found[0]["at"]) if found else 0.0


def find_lines(
    db: Sqlite, subscriber: str, wanted: LineFilter, limit: int, after: LinePosition | None = None
) -> list[LineRow]:
    texts = (wanted.customer, wanted.product, wanted.anything)
    words = wanted_words(*texts)
    if any(text and not split(text) for text in texts):
        return []  # signs only
    terms = [("l.subscriber = ?", [subscriber]), *_filters(wanted, after)]
    if words and not wanted.query:
        return _with_words(db, subscriber, words, terms, wanted.state, limit)
    where, given = _joined([*terms, *_word_terms(words)])
    source: str = IN_STATE if wanted.state else LINES
    if wanted.query:
        source, given = NAMED, [*[subscriber, wanted.query] * 4, *given]
    return structs(LineRow, db, f"{source} where {where} {IN_ORDER} limit ?", [*given, limit])


def _with_words(
    db: Sqlite, subscriber: str, words: Wanted, terms: list[Term], state: str, limit: int
) -> list[LineRow]:
    """Rare words: all lines with them are read. Others: a list is walked until enough of its lines have them.

    In a long list by state this is asked of the index of words, once: there may be none in that state.
    """
    source, match = "order_lines l", match_of(subscriber, words)
    if rows(db, HOW_MANY, [match, FEW + 1])[0]["n"] <= FEW:
        source, terms = BY_WORDS, [("w.order_words match ?", [match]), *terms]
    elif state and rows(db, IN_THE_STATE, [subscriber, state, SHORT + 1])[0]["n"] > SHORT:
        source, terms = WITH_STATE, [*terms, (WITH_WORDS, [match])]
    else:
        terms = [*terms, *_word_terms(words)]
    where, given = _joined(terms)
    # company: the first of the terms names it
    found = f"select l.id from {source} where {where} {IN_ORDER} limit ?"
    # company: the select within names it, by the first of its terms
    sql = f"{COLUMNS} from ({found}) f cross join order_lines l on l.id = f.id {SUBMISSION} {IN_ORDER}"
    return structs(LineRow, db, sql, [*given, limit])


def _word_terms(words: Wanted) -> list[Term]:
    has = "instr(l.words, ?) > 0"
    return [(f"({' or '.join([has] * len(one))})", [f" {word}" for word in one]) for one in words]


def _joined(terms: list[Term]) -> tuple[str, list[Any]]:
    return " and ".join(term for term, _ in terms), [value for _, values in terms for value in values]


def _filters(wanted: LineFilter, after: LinePosition | None) -> list[Term]:
    terms: list[Term] = []
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
