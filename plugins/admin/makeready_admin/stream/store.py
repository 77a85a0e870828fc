"""What happened to a company before a moment, of each kind the newest first: all of it stands elsewhere already."""

from makeready.access.model import AuditRow
from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.subscribers.model import SettingsChange
from msgspec import Struct

AS_JSON = ("changes", "before", "after")


class LineMoved(Struct, frozen=True, kw_only=True):
    """A line, and what it came to last."""

    order_number: str
    line: int
    description: str
    quantity: int
    customer: str
    state: str
    reason: str
    updated_at: float
    mis_number: str


class WebhookCame(Struct, frozen=True, kw_only=True):
    key: str
    """The vendor's id of the message."""
    connector: str
    event: str
    order_number: str
    received_at: float


class WebhookRefused(Struct, frozen=True, kw_only=True):
    connector: str
    reason: str
    body: bytes
    received_at: float


class Happenings(StorePart):
    async def lines(self, subscriber: str, before: float, limit: int) -> list[LineMoved]:
        sql = """select l.order_number, l.line, l.description, l.quantity, l.customer, l.state, l.reason, l.updated_at,
                coalesce(s.mis_number, '') as mis_number
            from order_lines l left join submissions s on s.subscriber = l.subscriber and s.key = l.submission
            where l.subscriber = ? and l.updated_at < ?
            order by l.updated_at desc, l.order_number, l.line limit ?"""
        return await self._structs(LineMoved, sql, [subscriber, before, limit])

    async def webhooks(self, subscriber: str, before: float, limit: int) -> list[WebhookCame]:
        sql = """select key, connector, event, order_number, received_at from deliveries
            where subscriber = ? and received_at < ? order by received_at desc, id desc limit ?"""
        return await self._structs(WebhookCame, sql, [subscriber, before, limit])

    async def refused(self, subscriber: str, before: float, limit: int) -> list[WebhookRefused]:
        sql = """select connector, reason, body, received_at from refused_deliveries
            where subscriber = ? and received_at < ? order by id desc limit ?"""
        return await self._structs(WebhookRefused, sql, [subscriber, before, limit])

    async def acts(self, subscriber: str, before: float, limit: int) -> list[AuditRow]:
        """Of people and programs."""
        sql = """select id, at, actor, via, address, subscriber, action, target, detail, outcome from audit
            where subscriber = ? and at < ? order by id desc limit ?"""
        return await self._structs(AuditRow, sql, [subscriber, before, limit])

    async def changes(self, subscriber: str, before: float, limit: int) -> list[SettingsChange]:
        sql = "select * from settings_changes where subscriber = ? and at < ? order by id desc limit ?"
        values = [subscriber, before, limit]
        return await self._structs(SettingsChange, sql, values, as_json=AS_JSON)


def happenings_of(installation: Installation) -> Happenings:
    return Happenings(installation.store.database)
