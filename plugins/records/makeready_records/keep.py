"""What a company has kept for long is compressed, and deleted by its rules: in small steps, beside the orders.

Each step is one commit, with the place up to which it went: a process that ends between any two loses nothing and does
nothing twice. Pages that become free in the state file are used again; the file does not shrink.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from weakref import WeakKeyDictionary

from makeready.engine.model import Schedule, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.installation import Installation
from makeready.storage.contents import Content, Dictionary
from makeready.subscribers.model import Subscriber

from makeready_records.compress import Compressor, make_dictionary
from makeready_records.store import Page, Place, old_contents_of, places_of

KEEP_RECORDS = "keep-records"
EVERY_S = 3600.0
DAY_S = 86_400.0
AGAIN_S = 30.0
RUN_S = 20.0
"""Then another company has its turn."""
REST = 4.0
"""So many times as long as a step took it waits before the next one: orders come first."""
ORDERS, WEBHOOKS = 10, 40
"""In a step: some milliseconds."""
FOR_DICTIONARY = 100
DICTIONARY_DAYS = 180.0
"""Then what vendors tell may look otherwise."""

Old = Callable[[str, Place, float, int], Awaitable[Page]]

_turns: WeakKeyDictionary[Installation, asyncio.Lock] = WeakKeyDictionary()
"""One company after the other: many at once would take the time that is the orders'. Nobody waits for a turn: that would be
a place in which the engine does nothing."""


async def keep_records(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    [work] = works
    subscriber = await installation.subscriber(name)
    if not is_wanted(subscriber):
        return {}
    turn = _turns.setdefault(installation, asyncio.Lock())
    if turn.locked():
        return {work.id: Retry(after_s=AGAIN_S)}
    async with turn:
        is_done = await Keeping(installation, subscriber).run()
    return {work.id: Retry(after_s=EVERY_S if is_done else 0.0)}


def is_wanted(subscriber: Subscriber) -> bool:
    rules = subscriber.records
    return bool(rules.compress_days or rules.webhook_days or rules.evidence_days)


class Keeping:
    """One run over a company's records."""

    def __init__(self, installation: Installation, subscriber: Subscriber, rest: float = REST) -> None:
        self._store = installation.store
        self._old = old_contents_of(installation)
        self._places = places_of(installation)
        self._steady = installation.steady
        self._now = installation.clock()
        self._name = subscriber.name
        self._rules = subscriber.records
        self._rest = rest
        self._ends = self._steady() + RUN_S

    async def run(self) -> bool:
        """False if something is left to be done."""
        return await self._delete_webhooks() and await self._forget_evidence() and await self._compress()

    async def _delete_webhooks(self) -> bool:
        async def step() -> bool:
            until = self._now - self._rules.webhook_days * DAY_S
            return bool(await self._store.inbox.forget(self._name, until, WEBHOOKS))

        return not self._rules.webhook_days or await self._in_steps(step)

    async def _forget_evidence(self) -> bool:
        old = self._old.settled_orders
        days = self._rules.evidence_days
        return not days or await self._go_through("forgotten", old, days, ORDERS, _forgotten)

    async def _compress(self) -> bool:
        days = self._rules.compress_days
        if not days:
            return True
        dictionary = await self._dictionary()
        if dictionary is None:
            return True
        small = Compressor(dictionary).compress
        for done, old, limit in self._compressible():
            if not await self._go_through(done, old, days, limit, small):
                return False
        return True

    def _compressible(self) -> tuple[tuple[str, Old, int], ...]:
        return (
            ("compressed webhooks", self._old.webhooks, WEBHOOKS),
            ("compressed orders", self._old.orders, ORDERS),
        )

    async def _dictionary(self) -> Dictionary | None:
        """The newest, or a new one of what is to be compressed now. None while that is too little."""
        newest = await self._places.dictionary(self._name)
        if newest is not None and self._now - newest.made_at < DICTIONARY_DAYS * DAY_S:
            return newest
        until = self._now - self._rules.compress_days * DAY_S
        samples: list[Content] = []
        for done, old, _ in self._compressible():
            place = await self._places.of(self._name, done)
            samples += (await old(self._name, place, until, FOR_DICTIONARY))[0]
        made = make_dictionary(samples, self._now)
        if made is None or not await self._places.keep_dictionary(self._name, made):
            return newest
        return made

    async def _go_through(
        self,
        done: str,
        old: Old,
        days: float,
        limit: int,
        change: Callable[[Sequence[Content]], Sequence[tuple[Content, bytes]]],
    ) -> bool:
        async def step() -> bool:
            place = await self._places.of(self._name, done)
            contents, following = await old(self._name, place, self._now - days * DAY_S, limit)
            if following is not None:
                await self._places.go_on(self._name, done, following, change(contents))
            return following is not None

        return await self._in_steps(step)

    async def _in_steps(self, step: Callable[[], Awaitable[bool]]) -> bool:
        """Until nothing is left, or the time is over: then False."""
        while (began := self._steady()) < self._ends:
            if not await step():
                return True
            await asyncio.sleep(self._rest * (self._steady() - began))
        return False


def _forgotten(contents: Sequence[Content]) -> list[tuple[Content, bytes]]:
    return [(one, b"") for one in contents]


RECORDS_WORK = WorkType(
    kind=KEEP_RECORDS,
    run=keep_records,
    title="Compress and delete old records",
    urgency=Urgency.POLL,
    max_per_subscriber=1,
    schedules=(
        Schedule(
            title="Compress and delete old records",
            every_s=lambda one: EVERY_S if is_wanted(one) else 0.0,
        ),
    ),
)
