"""Dictionaries with which old contents are compressed; see `makeready.storage.contents`."""

from typing import NamedTuple

from makeready.storage.part import StorePart


class Dictionary(NamedTuple):
    id: int
    """As the frames name it."""
    made_at: float
    content: bytes


class Dictionaries(StorePart):
    """Each stays for good, since contents are read with it."""

    async def newest(self, subscriber: str) -> Dictionary | None:
        sql = (
            "select id, made_at, content from dictionaries where subscriber = ? order by made_at desc limit 1"
        )
        return next((Dictionary(**row) for row in await self._rows(sql, [subscriber])), None)

    async def keep(self, subscriber: str, one: Dictionary) -> bool:
        """False if another one has its number."""
        sql = "insert or ignore into dictionaries (subscriber, id, made_at, content) values (?, ?, ?, ?)"
        return await self._execute(sql, [subscriber, *one]) == 1
