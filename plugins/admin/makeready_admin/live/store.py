"""When something of a company changed last."""

from makeready.storage.part import StorePart
from makeready.stores import Store


class Newest(StorePart):
    async def of(self, subscriber: str) -> tuple[object, ...]:
        """Of its order lines, unreadable orders, imports and failing work: each by an index or among few rows."""
        sql = """select
            (select max(updated_at) from order_lines where subscriber = ?) as lines,
            (select max(looked_at) from unreadable_orders where subscriber = ?) as unreadable,
            (select max(at) from attention_marks where subscriber = ?) as marks"""
        [found] = await self._rows(sql, [subscriber] * 3)
        return tuple(found.values())


def newest_of(store: Store) -> Newest:
    return Newest(store.database)
