"""Lists of order lines, page by page. The cost of a page does not grow with the number of orders kept.

A list is in the order of the last change. What is found by words, of whatever time, comes in the order in which it came
in, the newest first: that is the order of the index of words, in which a page ends as soon as it is full.
"""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from msgspec import json
from sqlite_utils import Database as Sqlite

from makeready.orders.line_filter import LineFilter, LinePosition
from makeready.orders.model import SYSTEM_ACTOR, LineRow
from makeready.orders.store.words import LASTING, Wanted, match_of, split, wanted_words
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
MOST_NAMED = 32
"""Words of one beginning, such as *cards* and *cardstock*. Of more, each step through them costs too much."""
FIRST = 4_000
"""So many lines are looked through before all are looked for that have the words."""
BY_CHANGE = "idx_order_lines_subscriber_updated_at_order_number_line"
IN_ORDER = "order by l.updated_at desc, l.order_number, l.line"
NEWEST = "order by l.id desc"
MOST_ID = 2**62

Term = tuple[str, list[Any]]
"""Of a where clause, with the values in it."""


class Lines(StorePart):
    async def find(
        self, subscriber: str, wanted: LineFilter, *, limit: int, after: LinePosition | None = None
    ) -> list[LineRow]:
        """The most recently changed first, by words the newest; after a page, the next one."""
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
    if words and not wanted.query:
        return _ByWords(db, subscriber, words, wanted).find(limit, after)
    terms = [("l.subscriber = ?", [subscriber]), *_filters(wanted)]
    where, given = _joined([*terms, *_place(after), *_word_terms(words)])
    source: str = IN_STATE if wanted.state else LINES
    if wanted.query:
        source, given = NAMED, [*[subscriber, wanted.query] * 4, *given]
    return structs(LineRow, db, f"{source} where {where} {IN_ORDER} limit ?", [*given, limit])


class _ByWords:
    """Lines with some words. In a period they come in the order of their last change, as all lists do."""

    def __init__(self, db: Sqlite, subscriber: str, words: Wanted, wanted: LineFilter) -> None:
        self._db = db
        self._matching = partial(match_of, subscriber, words, wanted.state, named=self._named)
        self._terms = [("l.subscriber = ?", [subscriber]), *_filters(wanted)]
        self._has_words = _word_terms(words)
        self._list = f"order_lines l indexed by {'lines_by_state' if wanted.state else BY_CHANGE}"
        self._in_period = wanted.start is not None or wanted.end is not None
        self._is_passing = bool(wanted.state) and wanted.state not in LASTING

    def find(self, limit: int, after: LinePosition | None) -> list[LineRow]:
        """What many have is in the first lines that come. Else all lines with the words are read, until there are enough."""
        if self._in_period:
            terms = [*self._terms, *_place(after)]
            found = self._walk(terms, FIRST, limit)
            if len(found) == limit or self._count(terms) <= FIRST:
                return self._lines(found, IN_ORDER)
            return self._lines(self._ids(BY_WORDS, [self._match(), *terms], IN_ORDER, limit), IN_ORDER)
        before = _id_after(self._db, after, self._terms[0])
        terms = [*self._terms, ("l.id < ?", [before])]
        if self._is_passing:
            found = self._ids(self._list, [*terms, *self._has_words], NEWEST, limit)
            return self._lines(found, NEWEST)
        # company: the first of the terms names it
        newest = f"(select * from order_lines where id < {before} order by id desc limit {FIRST}) l"
        found = self._ids(newest, [*self._terms, *self._has_words], NEWEST, limit)
        if len(found) < limit:
            found = self._ids(
                BY_WORDS,
                [self._match(), ("w.rowid < ?", [before]), *self._terms],
                "order by w.rowid desc",
                limit,
            )
        return self._lines(found, NEWEST)

    def _match(self) -> Term:
        return "w.order_words match ?", [self._matching()]

    def _named(self, beginning: str) -> list[str]:
        """The words that the index has of it; none if they are too many."""
        found: list[str] = []
        after = beginning
        while len(found) <= MOST_NAMED:
            # company: the words of all, each asked for by its place
            sql = "select term from order_vocabulary where term >= ? limit 1"
            word = next((str(row["term"]) for row in rows(self._db, sql, [after])), "")
            if not word.startswith(beginning):
                return found
            found.append(word)
            after = f"{word}\x01"
        return []

    def _walk(self, terms: list[Term], most: int, limit: int) -> list[int]:
        """From the beginning of a list, so many lines at most."""
        where, given = _joined(terms)
        # company: the first of the terms names it
        first = f"(select * from {self._list} where {where} {IN_ORDER} limit {most}) l"
        has_words, values = _joined(self._has_words)
        # company: the select within names it
        sql = f"select l.id from {first} where {has_words} limit ?"
        return [row["id"] for row in rows(self._db, sql, [*given, *values, limit])]

    def _count(self, terms: list[Term]) -> int:
        where, given = _joined(terms)
        # company: the first of the terms names it
        sql = f"select count(*) as n from (select 1 from {self._list} where {where} limit {FIRST + 1})"
        return int(rows(self._db, sql, given)[0]["n"])

    def _ids(self, source: str, terms: list[Term], order: str, limit: int) -> list[int]:
        where, given = _joined(terms)
        # company: one of the terms names it
        sql = f"select l.id from {source} where {where} {order} limit ?"
        return [row["id"] for row in rows(self._db, sql, [*given, limit])]

    def _lines(self, ids: list[int], order: str) -> list[LineRow]:
        # company: those that were found are the company's
        sql = f"{COLUMNS} from json_each(?) f cross join order_lines l on l.id = f.value {SUBMISSION} {order}"
        return structs(LineRow, self._db, sql, [json.encode(ids).decode()])


def _id_after(db: Sqlite, after: LinePosition | None, company: Term) -> int:
    """Lines of the next page have smaller ones."""
    if after is None:
        return MOST_ID
    where, given = _joined([company, ("l.order_number = ? and l.line = ?", [after.order_number, after.line])])
    # company: the first of the terms names it
    found = rows(db, f"select l.id from order_lines l where {where}", given)
    return int(found[0]["id"]) if found else 0


def _word_terms(words: Wanted) -> list[Term]:
    has = "instr(l.words, ?) > 0"
    return [(f"({' or '.join([has] * len(one))})", [f" {word}" for word in one]) for one in words]


def _joined(terms: list[Term]) -> tuple[str, list[Any]]:
    return " and ".join(term for term, _ in terms), [value for _, values in terms for value in values]


def _filters(wanted: LineFilter) -> list[Term]:
    terms: list[Term] = []
    if wanted.state:
        terms.append(("l.state = ?", [wanted.state]))
    if wanted.start is not None:
        terms.append(("l.updated_at >= ?", [wanted.start]))
    if wanted.end is not None:
        terms.append(("l.updated_at < ?", [wanted.end]))
    if wanted.reason:
        terms.append(("instr(lower(l.reason), lower(?)) > 0", [wanted.reason]))
    return terms


def _place(after: LinePosition | None) -> list[Term]:
    """Two terms: the first is a place in the index, the second passes over lines of the same moment."""
    if after is None:
        return []
    passed = "(l.updated_at < ? or (l.order_number, l.line) > (?, ?))"
    return [("l.updated_at <= ?", [after.updated_at]), (passed, [*after])]
