"""SQL of invitations."""

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows
from sqlite_utils import Database as Sqlite

from makeready_admin.invitations.model import Invitation
from makeready_admin.users.model import User


class Invitations(StorePart):
    """Operators make and see all of them."""

    async def add(self, invitation: Invitation, *, forget_before: float) -> int:
        """Its number. Those that expired before a moment are forgotten."""

        def change(db: Sqlite) -> int:
            # company: the list is the whole installation's
            db.execute("delete from invitations where expires_at < ?", [forget_before])
            insert(db, "invitations", invitation, without={"id"})
            return int(rows(db, "select last_insert_rowid() as id")[0]["id"])

        return await self._database.write(change)

    async def all(self) -> list[Invitation]:
        """The newest first, with those that have expired."""
        # company: the list is the whole installation's
        return await self._structs(Invitation, "select * from invitations order by id desc")

    async def get(self, hash_: str, *, now: float) -> Invitation | None:
        """None if it has expired, too."""
        # company: the list is the whole installation's
        sql = "select * from invitations where hash = ? and expires_at > ?"
        return await self._first(Invitation, sql, [hash_, now])

    async def newest_for(self, email: str, *, now: float) -> Invitation | None:
        """That of an e-mail address, in any spelling of capitals."""
        # company: the list is the whole installation's
        sql = "select * from invitations where lower(whom) = lower(?) and expires_at > ? order by id desc limit 1"
        return await self._first(Invitation, sql, [email, now])

    async def withdraw(self, number: int) -> bool:
        """False if there is none of this number."""
        # company: the list is the whole installation's
        return bool(await self._execute("delete from invitations where id = ?", [number]))

    async def accept(self, invitation: Invitation, user: User) -> bool:
        """Use it up and make the user, both or neither. False if the name is taken; raises `UsedUp`."""

        def change(db: Sqlite) -> bool:
            # company: the list is the whole installation's
            used = "delete from invitations where id = ? and hash = ?"
            if not insert(db, "users", user):
                return False
            if not db.execute(used, [invitation.id, invitation.hash]).rowcount:
                raise UsedUp(invitation.whom)
            return True

        return await self._database.write(change)


class UsedUp(Exception):
    """Somebody was quicker, or it was withdrawn meanwhile. Nothing was changed."""


def invitations_of(installation: Installation) -> Invitations:
    return Invitations(installation.store.database)
