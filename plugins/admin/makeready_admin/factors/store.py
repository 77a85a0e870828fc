"""SQL of second factors, of sign-ins that have begun, and of challenges."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows
from sqlite_utils import Database as Sqlite

from makeready_admin.factors.model import BegunSignIn, Factor
from makeready_admin.users.store.users import end_sessions

MOST_BEGUN = 20
"""Sign-ins of one user that wait for the second factor; of more, the oldest end."""


class Factors(StorePart):
    async def of(self, user: str) -> list[Factor]:
        return await self._structs(Factor, "select * from factors where user = ? order by id", [user])

    async def users(self) -> set[str]:
        """Who has any."""
        return {str(row["user"]) for row in await self._rows("select distinct user from factors")}

    async def add(self, factor: Factor, first_codes: Sequence[str], *, keep_session: str) -> bool | None:
        """End the user's other sessions. ``first_codes``: hashes of recovery codes, kept if there are none yet.

        Returns whether they were kept; None, and nothing is changed, for a passkey that is there already.
        """

        def change(db: Sqlite) -> bool | None:
            if not insert(db, "factors", factor, without={"id"}):
                return None
            end_sessions(db, factor.user, keep=keep_session)
            if rows(db, "select 1 from recovery_codes where user = ? limit 1", [factor.user]):
                return False
            _put_codes(db, factor.user, first_codes)
            return True

        return await self._database.write(change)

    async def remove(self, user: str, number: int, *, keep_session: str, keep_last: bool) -> bool:
        """End the user's other sessions. False, and nothing is changed, if it is not there, or the last and kept."""

        def change(db: Sqlite) -> bool:
            others = rows(db, "select 1 from factors where user = ? and id != ? limit 1", [user, number])
            if keep_last and not others:
                return False
            if not db.execute("delete from factors where user = ? and id = ?", [user, number]).rowcount:
                return False
            if not others:
                db.execute("delete from recovery_codes where user = ?", [user])
            end_sessions(db, user, keep=keep_session)
            return True

        return await self._database.write(change)

    async def remove_all(self, user: str) -> int:
        """With the recovery codes and all sessions. How many factors there were."""

        def change(db: Sqlite) -> int:
            count = db.execute("delete from factors where user = ?", [user]).rowcount
            db.execute("delete from recovery_codes where user = ?", [user])
            end_sessions(db, user)
            return count

        return await self._database.write(change)

    async def use_period(self, number: int, period: int, *, now: float) -> bool:
        """The code of a period of 30 seconds. False if this one, or a later one, was taken before."""
        sql = "update factors set counter = ?, used_at = ? where id = ? and counter < ?"
        return bool(await self._execute(sql, [period, now, number, period]))

    async def use_passkey(self, number: int, count: int, *, now: float) -> None:
        sql = "update factors set counter = ?, used_at = ? where id = ?"
        await self._execute(sql, [count, now, number])

    async def count_codes(self, user: str) -> int:
        found = await self._rows("select count(*) as count from recovery_codes where user = ?", [user])
        return int(found[0]["count"])

    async def replace_codes(self, user: str, hashes: Sequence[str]) -> None:
        await self._database.write(lambda db: _put_codes(db, user, hashes))

    async def use_code(self, user: str, hashed: str) -> bool:
        """False if there is no such code, or not any more."""
        sql = "delete from recovery_codes where user = ? and hash = ?"
        return bool(await self._execute(sql, [user, hashed]))


def _put_codes(db: Sqlite, user: str, hashes: Sequence[str]) -> None:
    db.execute("delete from recovery_codes where user = ?", [user])
    for one in hashes:
        db.execute("insert into recovery_codes (user, hash) values (?, ?)", [user, one])


class BegunSignIns(StorePart):
    async def begin(self, begun: BegunSignIn, *, forget_before: float) -> None:
        def change(db: Sqlite) -> None:
            db.execute("delete from begun_sign_ins where begun_at < ?", [forget_before])
            db.execute(
                """delete from begun_sign_ins where id in (select id from begun_sign_ins where user = ?
                order by begun_at desc limit -1 offset ?)""",
                [begun.user, MOST_BEGUN - 1],
            )
            insert(db, "begun_sign_ins", begun)

        await self._database.write(change)

    async def get(self, key: str, *, since: float) -> BegunSignIn | None:
        sql = "select * from begun_sign_ins where id = ? and begun_at >= ?"
        return await self._first(BegunSignIn, sql, [key, since])

    async def try_once(self, key: str, *, most: int) -> bool:
        """Count a try. False, and it is over, if there were as many as may be."""

        def change(db: Sqlite) -> bool:
            sql = "update begun_sign_ins set tries = tries + 1 where id = ? and tries < ?"
            if db.execute(sql, [key, most]).rowcount:
                return True
            db.execute("delete from begun_sign_ins where id = ?", [key])
            return False

        return await self._database.write(change)

    async def end(self, key: str) -> bool:
        """False if it has ended already."""
        return bool(await self._execute("delete from begun_sign_ins where id = ?", [key]))


class Challenges(StorePart):
    """What a passkey signs: one for a session, or for a sign-in that has begun."""

    async def put(self, holder: str, challenge: str, *, now: float, forget_before: float) -> None:
        """Instead of the one before."""

        def change(db: Sqlite) -> None:
            db.execute("delete from challenges where at < ?", [forget_before])
            db.execute("insert or replace into challenges values (?, ?, ?)", [holder, challenge, now])

        await self._database.write(change)

    async def take(self, holder: str, *, since: float) -> str:
        """It is gone with that. "" if there is none, or it is too old."""
        sql = "delete from challenges where holder = ? returning challenge, at"
        found = await self._database.write(lambda db: rows(db, sql, [holder]))
        return str(found[0]["challenge"]) if found and found[0]["at"] >= since else ""


def factors_of(installation: Installation) -> Factors:
    return Factors(installation.store.database)


def begun_of(installation: Installation) -> BegunSignIns:
    return BegunSignIns(installation.store.database)


def challenges_of(installation: Installation) -> Challenges:
    return Challenges(installation.store.database)
