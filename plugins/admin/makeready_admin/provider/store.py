"""SQL of identities: who of a provider is which user."""

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import insert
from sqlite_utils import Database as Sqlite

from makeready_admin.provider.model import KnownIdentity
from makeready_admin.users.model import User


class Identities(StorePart):
    async def get(self, issuer: str, subject: str) -> KnownIdentity | None:
        sql = "select * from identities where issuer = ? and subject = ?"
        return await self._first(KnownIdentity, sql, [issuer, subject])

    async def keep(self, identity: KnownIdentity) -> None:
        """In place of one that the same person had before."""

        def change(db: Sqlite) -> None:
            old = "delete from identities where issuer = ? and subject = ?"
            db.execute(old, [identity.issuer, identity.subject])
            insert(db, "identities", identity)

        await self._database.write(change)

    async def add(self, identity: KnownIdentity, user: User) -> bool:
        """With the user, both or neither. False if the user's name is taken."""

        def change(db: Sqlite) -> bool:
            if not insert(db, "users", user):
                return False
            insert(db, "identities", identity)
            return True

        return await self._database.write(change)


def identities_of(installation: Installation) -> Identities:
    return Identities(installation.store.database)
