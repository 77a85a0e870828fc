"""The audit log as it is read. The core writes it; see `makeready.access.audit`."""

from collections.abc import AsyncIterator

from makeready.access.model import AuditRow
from makeready.installation import Installation
from makeready.storage.part import StorePart
from msgspec import Struct

COLUMNS = "id, at, actor, via, address, subscriber, action, target, detail, outcome"
ROWS_AT_ONCE = 1000


class AuditFilter(Struct, frozen=True, kw_only=True):
    """Which rows; without anything all."""

    subscriber: str = ""
    actor: str = ""
    action: str = ""
    """Or the beginning of one."""


class AuditLog(StorePart):
    async def find(self, wanted: AuditFilter, *, limit: int, before: int = 0) -> list[AuditRow]:
        """The newest first; after a page, those with smaller numbers than ``before``."""
        terms, values = ["id > 0"], []
        for term, given in (
            ("subscriber = ?", wanted.subscriber),
            ("actor = ?", wanted.actor),
            ("substr(action, 1, length(?)) = ?", wanted.action),
            ("id < ?", before),
        ):
            if given:
                terms.append(term)
                values += [given] * term.count("?")
        sql = f"select {COLUMNS} from audit where {' and '.join(terms)} order by id desc limit ?"
        return await self._structs(AuditRow, sql, [*values, limit])

    async def all(self, wanted: AuditFilter) -> AsyncIterator[AuditRow]:
        """The newest first."""
        before = 0
        while found := await self.find(wanted, limit=ROWS_AT_ONCE, before=before):
            for row in found:
                yield row
            before = found[-1].id


def audit_log_of(installation: Installation) -> AuditLog:
    return AuditLog(installation.store.database)
