"""The people who may sign in."""

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows, structs
from sqlite_utils import Database as Sqlite

from makeready_admin.users.model import User, UserRole


class Users(StorePart):
    async def add(self, user: User) -> bool:
        """False if the name is taken."""
        return await self._database.write(lambda db: insert(db, "users", user))

    async def add_first(self, user: User) -> bool:
        """False if there is a user already."""
        nobody = "not exists (select 1 from users)"
        return await self._database.write(lambda db: insert(db, "users", user, where=nobody))

    async def get(self, name: str) -> User | None:
        sql = "select * from users where name = ?"
        found = await self._database.read(lambda db: structs(User, db, sql, [name]))
        return found[0] if found else None

    async def all(self) -> list[User]:
        return await self._database.read(lambda db: structs(User, db, "select * from users order by name"))

    async def none_yet(self) -> bool:
        return not await self._database.read(lambda db: rows(db, "select 1 from users limit 1"))

    async def set_password(
        self, name: str, password_hash: str, *, now: float, keep_session: str = ""
    ) -> bool:
        """End the user's sessions, but for one. False if there is no such user."""

        def change(db: Sqlite) -> bool:
            sql = "update users set password_hash = ?, password_at = ? where name = ?"
            if not db.execute(sql, [password_hash, now, name]).rowcount:
                return False
            end_sessions(db, name, keep=keep_session)
            return True

        return await self._database.write(change)

    async def set_role(self, name: str, role: UserRole, subscriber: str) -> bool:
        """False if there is no such user. Raises OnlyOperator."""

        def change(db: Sqlite) -> bool:
            sql = "update users set role = ?, subscriber = ? where name = ?"
            found = db.execute(sql, [role, subscriber, name]).rowcount
            return _an_operator_is_left(db, name, found)

        return await self._database.write(change)

    async def set_disabled(self, name: str, *, disabled: bool) -> bool:
        """End the user's sessions. False if there is no such user. Raises OnlyOperator."""

        def change(db: Sqlite) -> bool:
            end_sessions(db, name)
            sql = "update users set disabled = ? where name = ?"
            return _an_operator_is_left(db, name, db.execute(sql, [int(disabled), name]).rowcount)

        return await self._database.write(change)

    async def set_reading(self, name: str, *, language: str, time_zone: str) -> None:
        sql = "update users set language = ?, time_zone = ? where name = ?"
        await self._database.write(lambda db: db.execute(sql, [language, time_zone, name]))

    async def remove(self, name: str) -> bool:
        """With the user's sessions, second factors and identities. False if there is no such user. Raises OnlyOperator."""

        def change(db: Sqlite) -> bool:
            end_sessions(db, name)
            for table in ("factors", "recovery_codes", "identities"):
                db.execute(f"delete from {table} where user = ?", [name])
            found = db.execute("delete from users where name = ?", [name]).rowcount
            return _an_operator_is_left(db, name, found)

        return await self._database.write(change)


def end_sessions(db: Sqlite, user: str, *, keep: str = "") -> None:
    """With the sign-ins that have begun."""
    db.execute("delete from sessions where user = ? and id != ?", [user, keep])
    db.execute("delete from begun_sign_ins where user = ?", [user])


class OnlyOperator(Exception):
    """Without this user nobody could change anything. Nothing was changed."""


def _an_operator_is_left(db: Sqlite, name: str, changed: int) -> bool:
    """Looked at in the transaction that changes, so that two of them cannot take each other away. ``changed``: users."""
    if changed and not rows(db, "select 1 from users where role = 'operator' and disabled = 0 limit 1"):
        raise OnlyOperator(name)
    return bool(changed)


def users_of(installation: Installation) -> Users:
    return Users(installation.store.database)
