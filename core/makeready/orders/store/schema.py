"""Order lines, submissions, their files and progress. Illegal changes of a state are refused here."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

from makeready.orders.model import TRANSITIONS
from makeready.orders.store.words import INDEXED_BEGINNINGS, STATE, WITH_A_WORD

MIGRATIONS = Migrations("orders")
TO_LOOK_AT = "(state = 'waiting' or (state = 'refused' and mendable = 1))"


@MIGRATIONS()
def m001_orders(db: Sqlite) -> None:
    db.execute(
        """create table order_lines (
            id integer primary key, -- of its own, so that the index of words can hold it
            subscriber text not null, order_number text not null, line integer not null, site text not null,
            customer text not null default '', -- for people; empty if the shop did not say
            product_id text not null, -- the MIS's; empty for lines that are not the MIS's
            description text not null, quantity integer not null,
            net text, currency text not null default '', -- as the shop told them at the last change; null: it tells no price
            required_on text, -- ISO date for which the buyer asks; null: none
            placed_at real not null, -- of the order: makes reading many of them cheap
            state text not null, reason text not null,
            notified text not null default '', -- channels by which people know of it: see `makeready_alerts.store`
            seen integer not null default 0, -- 1 if a person said that it is dealt with
            notice text not null default '', -- what changed in the shop after it was sent; empty if nothing did
            decided_by_person integer not null default 0, -- 1 after a person's decision: a look does not change it
            submission text not null, -- key of the submission it belongs to; empty before it is ready
            updated_at real not null,
            checked_at real not null default 0.0, -- when the shop last showed it as still waiting
            words text not null default '', -- by which it is found: see `makeready.orders.store.words`
            mendable integer not null default 0, -- 1 if it was refused for what the shop gives of it, and never left
            included_at real not null default 0, -- when a person included it although it is from before our time
            unready_at real not null default 0, -- when it was last seen without approval or stage
            ambiguous integer not null default 0 -- see `makeready.orders.store.identities`
        ) strict"""
    )
    db.table("order_lines").create_index(["subscriber", "order_number", "line"], unique=True)
    db.table("order_lines").create_index(["subscriber", "submission"])
    db.table("order_lines").create_index(["subscriber", "placed_at"])
    by_change = [DescIndex("updated_at"), "order_number", "line"]  # the order of a list, page by page
    db.table("order_lines").create_index(["subscriber", *by_change])
    db.table("order_lines").create_index(["subscriber", "state", *by_change], "lines_by_state")
    unseen = "notice != '' and seen = 0"
    db.execute(f"create index lines_unseen on order_lines (subscriber, updated_at) where {unseen}")
    _index_words(db)
    db.execute(
        """create table submissions (
            subscriber text, key text, order_number text not null, environment text not null,
            payload blob not null, payload_hash text not null, attempts integer not null,
            sent_at real not null,
            quiet_until real not null, -- before this, a call without an answer may still take effect
            mis_id text not null, mis_number text not null, marked integer not null,
            mis_lines text not null default '[]', -- which of the MIS's lines is which of the shop's, as JSON
            marked_at real not null default 0.0,
            marks_repaired integer not null default 0, -- how often the shop's items had lost the mark
            connector text not null default '', -- and far_end: where it left for last; empty if it is not known
            far_end text not null default '',
            sent_order blob not null default x'', -- what the shop showed when it left, as JSON
            primary key (subscriber, key)) strict"""
    )
    db.execute("create index submissions_by_order on submissions (subscriber, order_number)")
    db.table("submissions").create_index(["subscriber", "mis_id"])
    db.table("submissions").create_index(["subscriber", "mis_number"])
    db.execute(
        """create table attempts (
            id integer primary key, subscriber text not null, key text not null,
            payload blob not null, sent_at real not null,
            outcome text not null default '', -- empty until it is known
            answer blob not null default x'' -- as it came; empty if none did
        ) strict"""
    )
    db.table("attempts").create_index(["subscriber", "key"])
    db.execute(
        """create table history (
            id integer primary key, subscriber text, order_number text, line integer, at real,
            from_state text, to_state text, cause text, actor text) strict"""
    )
    db.table("history").create_index(["subscriber", "order_number"])
    _guard_states(db)


def _index_words(db: Sqlite) -> None:
    """A line's words never change, and no line is deleted: an index that only grows is enough."""
    db.execute(
        """create virtual table order_words using fts5(words, content = 'order_lines', content_rowid = 'id',
            detail = none, tokenize = 'ascii')"""
    )
    db.execute(
        """create trigger order_lines_words after insert on order_lines
        begin insert into order_words (rowid, words) values (new.id, new.words); end"""
    )


def _guard_states(db: Sqlite) -> None:
    """An illegal change of a line's state is impossible in the database itself."""
    db.execute(
        """create table line_transitions (
            from_state text, to_state text, primary key (from_state, to_state)) strict"""
    )
    rows = [
        {"from_state": a.value, "to_state": b.value} for a, targets in TRANSITIONS.items() for b in targets
    ]
    db.table("line_transitions").insert_all(rows)
    db.execute(
        """create trigger order_lines_start before insert on order_lines
        when new.state != 'seen'
        begin select raise(abort, 'an order line starts as seen'); end"""
    )
    guard_moves(db)


def guard_moves(db: Sqlite) -> None:
    db.execute(
        """create trigger order_lines_move before update of state on order_lines
        when new.state != old.state and not exists (
            select 1 from line_transitions where from_state = old.state and to_state = new.state)
        begin select raise(abort, 'illegal change of an order line''s state'); end"""
    )


@MIGRATIONS()
def m002_readings(db: Sqlite) -> None:
    """What is newer is told by a number that only grows, whichever process asks and whatever its clock says."""
    db.execute("create table reading_numbers (last integer not null) strict")
    db.execute("insert into reading_numbers (last) values (0)")
    db.execute(
        """create table order_readings (
            subscriber text not null, order_number text not null,
            read integer not null default 0, -- of the newest reading that was taken in
            content text not null default '', -- a digest of what that one showed
            announced integer not null default 0, -- when a webhook told last that the order has changed
            primary key (subscriber, order_number)
        ) strict"""
    )


@MIGRATIONS()
def m003_identities(db: Sqlite) -> None:
    """Orders of one number, told apart; see `makeready.orders.store.identities`."""
    db.execute(
        """create table order_ids (
            subscriber text not null,
            number text not null, shop_id text not null, site text not null, -- as the shop shows them
            known_as text not null, -- its number in this file
            primary key (subscriber, number, shop_id)) strict"""
    )


@MIGRATIONS()
def m004_unreadable(db: Sqlite) -> None:
    db.execute(
        """create table unreadable_orders (
            subscriber text not null, order_number text not null, shop_id text not null, site text not null,
            problem text not null, document blob not null, -- as it came, at most 64 kB
            since real not null, looked_at real not null,
            notified text not null default '', -- as in order_lines
            primary key (subscriber, order_number, shop_id)) strict"""
    )


@MIGRATIONS()
def m005_by_hand(db: Sqlite) -> None:
    """Submissions that a person has accepted, and what they were before."""
    db.execute(
        """create table accepted_by_hand (
            subscriber text not null, key text not null,
            state text not null, reason text not null, mis_id text not null, mis_number text not null,
            connector text not null, environment text not null, far_end text not null,
            mark text not null default '', -- once it was taken back: what is still to be taken off the shop's items
            primary key (subscriber, key)) strict"""
    )
    db.execute("insert or ignore into line_transitions (from_state, to_state) values ('accepted', 'parked')")


@MIGRATIONS()
def m006_words_of_states(db: Sqlite) -> None:
    """The index of words knows the state of a line, if it has a word; see `makeready.orders.store.words`."""
    db.execute("drop trigger order_lines_words")
    db.execute("drop table order_words")
    states = ", ".join(f"'{one.value}'" for one in WITH_A_WORD)
    word = f"iif({{0}}state in ({states}), ' {STATE}' || {{0}}state, '')"
    db.execute(
        f"create view indexed_words (id, words) as select id, words || {word.format('')} from order_lines"
    )
    db.execute(
        """create virtual table order_words using fts5(words, content = 'indexed_words', content_rowid = 'id',
            detail = none, tokenize = 'ascii')"""
    )
    had, has = (word.format(f"{one}.") for one in ("old", "new"))
    old, new = f"old.words || {had}", f"new.words || {has}"
    db.execute(
        f"""create trigger order_lines_words after insert on order_lines
        begin insert into order_words (rowid, words) values (new.id, {new}); end"""
    )
    db.execute(
        f"""create trigger order_lines_state after update of state on order_lines when {had} != {has}
        begin
            insert into order_words (order_words, rowid, words) values ('delete', old.id, {old});
            insert into order_words (rowid, words) values (new.id, {new});
        end"""
    )
    db.execute("insert into order_words (order_words) values ('rebuild')")


@MIGRATIONS()
def m007_lines_to_look_at(db: Sqlite) -> None:
    """Of many that wait those are found that nobody has looked at for longest."""
    columns = "(subscriber, checked_at, order_number)"
    db.execute(f"create index lines_to_look_at on order_lines {columns} where {TO_LOOK_AT}")


@MIGRATIONS()
def m008_beginnings(db: Sqlite) -> None:
    """Beginnings of one to five letters after the mark have entries of their own, as if they were words; of longer ones the
    words that have them are looked up: see `makeready.orders.store.words.match_of`.
    """
    db.execute("drop table order_words")
    db.execute(
        f"""create virtual table order_words using fts5(words, content = 'indexed_words', content_rowid = 'id',
            detail = none, tokenize = 'ascii', prefix = '{" ".join(map(str, INDEXED_BEGINNINGS))}')"""
    )
    db.execute("insert into order_words (order_words) values ('rebuild')")
    db.execute("create virtual table order_vocabulary using fts5vocab(order_words, instance)")
