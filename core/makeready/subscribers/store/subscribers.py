"""Subscribers, their connectors' settings, and what was installed for them."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import Installed, VendorFinding
from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.store import enqueue, retry_stuck
from makeready.outbound.model import CallRules
from makeready.prices.model import PriceRules
from makeready.storage.database import Condition, Storage, TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import rows
from makeready.storage.values import Values, keep
from makeready.subscribers.model import (
    RULES,
    ConnectorRecord,
    InstalledRow,
    LearnedRow,
    SettingsChange,
    Subscriber,
)

PUBLIC_URL = "public_url"
CALLED_S = 0.01
NOBODY: tuple[float, Subscriber | None] = (0.0, None)
CHANGE_AS_JSON = ("changes", "before", "after")

_encode = msgspec.json.encode


class Subscribers(StorePart):
    def __init__(self, database: Storage) -> None:
        super().__init__(database)
        self._read: dict[str, Subscriber] = {}
        """As they were read last; good as long as their versions are those of the file."""
        self._called: dict[str, tuple[float, Subscriber]] = {}
        """By the unguessable part of their addresses, and until when nobody looks again."""

    async def get(self, name: str) -> Subscriber | None:
        return await self._database.read(lambda db: self._known(db, "name", name))

    def price_rules_in(self, name: str) -> Callable[[Sqlite], PriceRules | None]:
        """Those of the moment, inside another change; None if there is no such subscriber."""

        def read(db: Sqlite) -> PriceRules | None:
            found = _one(db, name)
            return found.prices if found else None

        return read

    def is_still(self, subscriber: Subscriber) -> Condition:
        """Whether its settings are those that were read."""
        return lambda db: _version(db, subscriber.name) == subscriber.version

    def check_number(self, after: Subscriber) -> TransactionStep:
        """Raises ConfigError if another one has its number."""
        sql = "select name from subscribers where external_user_id = ? and name != ?"

        def check(db: Sqlite) -> None:
            number = after.external_user_id
            for other in rows(db, sql, [number, after.name]):
                raise ConfigError(
                    f"external_user_id {number} belongs to {other['name']} already.",
                    field=f"subscribers.{after.name}.external_user_id",
                    fix=f"It begins the part numbers ({number}-12345): give each subscriber its own.",
                )

        return check

    def check_others(self, after: Subscriber, check: Callable[[Subscriber], None]) -> TransactionStep:
        """``check`` each other one; it raises for what would contradict it."""

        def check_all(db: Sqlite) -> None:
            for one in _load(db, "where name != ? order by name", [after.name]):
                check(one)

        return check_all

    async def look(self, check: TransactionStep) -> None:
        """Before anything is changed. Raises as the check."""
        await self._database.read(check)

    def call_rules(self, db: Sqlite, name: str) -> CallRules:
        """Those of the moment, inside another change; the defaults if there is no such subscriber."""
        found = _one(db, name)
        return found.calls if found else CallRules()

    async def by_url_token(self, segment: str) -> Subscriber | None:
        """Of some milliseconds ago, if another process changes it."""
        until, known = self._called.get(segment, NOBODY)
        if time.monotonic() < until:
            return known
        known = await self._database.read(lambda db: self._known(db, "url_token", segment))
        if known is not None:
            self._called[segment] = (time.monotonic() + CALLED_S, known)
        return known

    def _known(self, db: Sqlite, column: str, value: str) -> Subscriber | None:
        found = rows(db, f"select name, version from subscribers where {column} = ?", [value])
        if not found:
            return None
        name = str(found[0]["name"])
        known = self._read.get(name)
        if known is None or known.version != found[0]["version"]:
            [known] = _load(db, "where name = ?", [name])
            self._read[name] = known
        return known

    async def all(self) -> list[Subscriber]:
        return await self._database.read(lambda db: _load(db, "order by name", []))

    async def save(
        self,
        subscribers: Sequence[Subscriber],
        work: Sequence[NewWork] = (),
        changes: Sequence[SettingsChange] = (),
        versions: Mapping[str, int] | None = None,
        checks: Sequence[TransactionStep] = (),
    ) -> bool:
        """Insert or replace, ask for ``work``, and keep what changed, in one commit.

        Connectors that are no longer there lose their settings. False, and nothing is saved, if one of the
        subscribers in ``versions`` is of another version by now; 0 is one that there is not yet.
        What went wrong until somebody changes something is tried again at once.

        ``checks``: of other rooms, which raise for settings that contradict what they have; then nothing is saved.
        """

        def change(db: Sqlite) -> bool:
            if any(_version(db, name) != version for name, version in (versions or {}).items()):
                return False
            for check in checks:
                check(db)
            for subscriber in subscribers:
                _save(db, subscriber)
                retry_stuck(db, subscriber.name)
            enqueue(db, *work)
            for made in changes:
                _note(db, made)
            return True

        saved = await self._database.write(change)
        self._called.clear()
        return saved

    async def changes(self, name: str, limit: int, *, before: int = 0) -> list[SettingsChange]:
        """The newest first; after a page, those with smaller numbers than ``before``."""
        term, values = ("and id < ?", [before]) if before else ("", [])
        sql = f"select * from settings_changes where subscriber = ? {term} order by id desc limit ?"
        return await self._structs(SettingsChange, sql, [name, *values, limit], as_json=CHANGE_AS_JSON)

    async def change(self, name: str, number: int) -> SettingsChange | None:
        sql = "select * from settings_changes where subscriber = ? and id = ?"
        return await self._first(SettingsChange, sql, [name, number], as_json=CHANGE_AS_JSON)

    async def record_installed(self, name: str, connector: str, installed: Installed) -> None:
        row = msgspec.to_builtins(installed) | {
            "subscriber": name,
            "connector": connector,
            "by_hand": _encode(installed.by_hand).decode(),
        }
        await self._database.write(
            lambda db: db.table("installed").upsert(row, pk=("subscriber", "connector", "kind"))
        )

    async def installed(self, name: str) -> list[InstalledRow]:
        sql = """select connector, kind, state, title, id, by_hand from installed
            where subscriber = ? order by rowid"""
        return await self._structs(InstalledRow, sql, [name], as_json=("by_hand",))

    async def record_learned(
        self, name: str, connector: str, learned: Sequence[VendorFinding], *, at: float
    ) -> None:
        """Keep what a test order found; it replaces what was found before about the same."""
        found = [
            {
                "subscriber": name,
                "connector": connector,
                "about": one.about,
                "finding": one.finding,
                "value": one.value,
                "at": at,
            }
            for one in learned
        ]
        await self._database.write(
            lambda db: db.table("learned").upsert_all(found, pk=("subscriber", "connector", "about"))
        )

    async def learned(self, name: str) -> list[LearnedRow]:
        sql = "select connector, about, finding, value, at from learned where subscriber = ? order by about"
        return await self._structs(LearnedRow, sql, [name])

    async def set_url_token(self, name: str, token: str) -> None:
        """From now on its addresses hold this one; those of before are nobody's."""
        sql = "update subscribers set url_token = ?, version = version + 1 where name = ?"
        await self._database.write(lambda db: db.execute(sql, [token, name]))
        self._called.clear()

    async def public_url(self) -> str:
        """Where the outside reaches this installation; empty until it was told."""
        return await Values(self._database).get(PUBLIC_URL)

    async def set_public_url(self, url: str) -> None:
        """What was made from another one is made anew, as after any change of settings."""

        def change(db: Sqlite) -> None:
            if keep(db, PUBLIC_URL, url):
                # company: every one's, they share the address
                db.execute("update subscribers set version = version + 1")

        await self._database.write(change)
        self._called.clear()


def _note(db: Sqlite, made: SettingsChange) -> None:
    row = {"subscriber": made.subscriber, "at": made.at, "actor": made.actor}
    as_json = {name: _encode(getattr(made, name)).decode() for name in CHANGE_AS_JSON}
    db.table("settings_changes").insert({**row, **as_json})


def _version(db: Sqlite, name: str) -> int:
    """Of its settings; 0 if there is no such subscriber."""
    found = rows(db, "select version from subscribers where name = ?", [name])
    return int(found[0]["version"]) if found else 0


def _one(db: Sqlite, name: str) -> Subscriber | None:
    found = _load(db, "where name = ?", [name])
    return found[0] if found else None


def _load(db: Sqlite, where: str, values: list[Any]) -> list[Subscriber]:
    subscribers = rows(db, f"select * from subscribers {where}", values)
    return [_subscriber(row, _connectors(db, row["name"])) for row in subscribers]


def _subscriber(row: dict[str, Any], connectors: dict[str, ConnectorRecord]) -> Subscriber:
    rules = msgspec.json.decode(row.pop("rules"))
    return msgspec.structs.replace(msgspec.convert({**row, **rules}, Subscriber), connectors=connectors)


def _connectors(db: Sqlite, name: str) -> dict[str, ConnectorRecord]:
    sql = "select connector, settings, signing_key from connectors where subscriber = ? order by connector"
    return {
        row["connector"]: ConnectorRecord(
            signing_key=row["signing_key"], **msgspec.json.decode(row["settings"])
        )
        for row in rows(db, sql, [name])
    }


def _save(db: Sqlite, subscriber: Subscriber) -> None:
    rules = _encode({name: getattr(subscriber, name) for name in RULES}).decode()
    names = [subscriber.name, subscriber.title, subscriber.external_user_id, subscriber.environment]
    db.execute(
        """insert into subscribers (name, title, external_user_id, environment, rules, url_token, version)
        values (?, ?, ?, ?, ?, ?, 1)
        on conflict (name) do update set title = excluded.title, external_user_id = excluded.external_user_id,
            environment = excluded.environment, rules = excluded.rules, version = version + 1""",
        [*names, rules, subscriber.url_token],
    )
    db.execute("delete from connectors where subscriber = ?", [subscriber.name])
    db.table("connectors").insert_all(
        {
            "subscriber": subscriber.name,
            "connector": name,
            "settings": _encode({"shared": record.shared, "test": record.test, "live": record.live}).decode(),
            "signing_key": record.signing_key,
        }
        for name, record in subscriber.connectors.items()
    )
