"""Who is signed in, and who tried to."""

from collections.abc import Mapping, Sequence

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows, structs
from sqlite_utils import Database as Sqlite

from makeready_admin.users.model import Session


class Sessions(StorePart):
    async def begin(self, session: Session, *, forget_before: float) -> None:
        """And forget those that began before a moment."""

        def change(db: Sqlite) -> None:
            db.execute("delete from sessions where begun_at < ?", [forget_before])
            insert(db, "sessions", session)

        await self._database.write(change)

    async def get(self, key: str) -> Session | None:
        sql = "select * from sessions where id = ?"
        found = await self._database.read(lambda db: structs(Session, db, sql, [key]))
        return found[0] if found else None

    async def seen(self, key: str, *, now: float) -> None:
        sql = "update sessions set seen_at = ? where id = ?"
        await self._database.write(lambda db: db.execute(sql, [now, key]))

    async def note(self, key: str, notice: str) -> None:
        """What the next page tells; empty when it was told."""
        sql = "update sessions set notice = ? where id = ?"
        await self._database.write(lambda db: db.execute(sql, [notice, key]))

    async def end(self, key: str) -> None:
        await self._database.write(lambda db: db.execute("delete from sessions where id = ?", [key]))


class SignInAttempts(StorePart):
    """Counted before a password is looked at, so that many tries at the same moment are counted as well."""

    async def begin(self, limits: Mapping[str, int], *, now: float, window_s: float) -> float:
        """Count a try under each key. Seconds until the next is allowed; 0 if this one is."""

        def change(db: Sqlite) -> float:
            db.execute("delete from sign_in_attempts where at < ?", [now - window_s])
            waits = [_wait_s(db, key, limit, now - window_s) for key, limit in limits.items()]
            if any(waits):
                return max(waits)
            for key in limits:
                db.execute("insert into sign_in_attempts (key, at) values (?, ?)", [key, now])
            return 0.0

        return await self._database.write(change)

    async def forgive(self, all_of: Sequence[str], this_of: Sequence[str], *, at: float) -> None:
        """It went well: all tries under some keys are forgotten, and this one under the others."""

        def change(db: Sqlite) -> None:
            for key in all_of:
                db.execute("delete from sign_in_attempts where key = ?", [key])
            for key in this_of:
                db.execute("delete from sign_in_attempts where key = ? and at = ?", [key, at])

        await self._database.write(change)


def _wait_s(db: Sqlite, key: str, limit: int, since: float) -> float:
    """Until the oldest of the tries that count falls out of the window."""
    sql = "select at from sign_in_attempts where key = ? order by at desc limit 1 offset ?"
    found = rows(db, sql, [key, limit - 1])
    return float(found[0]["at"]) - since if found else 0.0


def sessions_of(installation: Installation) -> Sessions:
    return Sessions(installation.store.database)


def attempts_of(installation: Installation) -> SignInAttempts:
    return SignInAttempts(installation.store.database)
