"""The ledger's life and breaks, as rows of the state file."""

import secrets
from collections.abc import Callable

import msgspec
from sqlite_utils import Database as Sqlite

from makeready.orders.life.model import Break, BreakKind, Life
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, structs


class Lives(StorePart):
    async def life(self) -> Life:
        """Its name is empty before anything has worked with this file."""
        return await self._database.read(_life)

    async def broken_at(self) -> float:
        """Of the last break; 0 if there was none."""
        found = await self._rows("select max(at) as at from ledger_breaks")
        return float(found[0]["at"] or 0.0)

    async def quiet_since(self) -> float:
        """The same as the clock stands now, to wait from: the break is not moved to before it was noted, time is."""
        found = await self._rows("select max(at + min(ahead, 0)) as at from ledger_breaks")
        return float(found[0]["at"] or 0.0)

    async def breaks(self) -> list[Break]:
        """The last one first."""
        sql = "select at, kind, cause, actor from ledger_breaks order by id desc"
        return await self._structs(Break, sql)

    async def declare(self, broken: Break) -> None:
        """Whatever was placed before and has not left here may have been sent by somebody else."""
        await self._database.write(lambda db: insert(db, "ledger_breaks", broken))

    async def check_in(
        self,
        look: Callable[[Life], tuple[BreakKind, str] | None],
        keep: Callable[[Life], None],
        *,
        at: float,
        actor: str,
    ) -> Break | None:
        """Compare the life with its witness, begin a new one where it was broken, and write the witness again.

        In one transaction, so that two processes that start together agree. ``look`` and ``keep``: of the witness.
        """

        def change(db: Sqlite) -> Break | None:
            life, broken = _life(db), None
            if (found := look(life)) is not None:
                broken = Break(at=at, kind=found[0], cause=found[1], actor=actor)
                insert(db, "ledger_breaks", broken)
            if broken is not None or not life.name:
                life = msgspec.structs.replace(life, name=secrets.token_hex(8))
                db.execute("update ledger_life set name = ?", [life.name])
            keep(life)
            return broken

        return await self._database.write(change)


def _life(db: Sqlite) -> Life:
    [found] = structs(Life, db, "select name, departures from ledger_life")
    return found


def depart(db: Sqlite) -> Life:
    """One more attempt leaves, in the transaction that commits it."""
    [left] = structs(
        Life, db, "update ledger_life set departures = departures + 1 returning name, departures"
    )
    return left
