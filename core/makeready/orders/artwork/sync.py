"""Artwork: files that went with an order are checked, files that come later are attached.

A file never holds up its order: the order has gone. What is wrong with a file is kept, tried again
for a while, and shown. Another file in the shop takes the place of the one that the MIS has, where it can.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import structlog
from makeready_hooks import Capability, Role
from makeready_hooks.errors import MakereadyError, NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import FileWay, OrderLine
from makeready_hooks.model.submission import AcceptedLine, AcceptedOrder
from msgspec import structs

from makeready.connectors import Connectors
from makeready.contexts import ArtworkContext, At, FileStore
from makeready.engine.each import each
from makeready.engine.model import Flow, NewWork, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.extensions import installed
from makeready.orders.artwork.model import FILE, LATE_FILES, FileRow, FileState
from makeready.orders.artwork.rules import compare_files, held_now, ways_of, why_not
from makeready.orders.model import LineState, OrderAsSent, Submission
from makeready.orders.submission.far_end import far_end
from makeready.outbound.addresses import host_name
from makeready.outbound.capture import capture_response, late_after
from makeready.outbound.download import Files
from makeready.storage.database import TransactionStep
from makeready.subscribers.model import Subscriber

MAX_ATTEMPTS = 8
MAX_BYTES = 50_000_000
LOOK_AGAIN_S = 900.0
CALL_S = 60.0  # a replacement, at most
ON_THE_WAY = (LineState.SUBMITTING, LineState.IN_DOUBT)
ARTWORK = "artwork"
"""As which calls for artwork stand among the calls that were made."""
NEED_A_PERSON = (FileState.FAILED, FileState.IN_DOUBT, FileState.WITHDRAWN)
TAKEN_AWAY = (
    "The shop does not show it any more, and the MIS has it. See to it there if it must not be printed."
)
NOT_KNOWN = (
    "It is not known whether the MIS has it{}. Look there, and give it the file by hand if it has not."
)

log = structlog.get_logger("makeready.files")


async def departing_files(
    context: At[FileStore], submission: Submission, shown: OrderAsSent
) -> TransactionStep:
    """What becomes of the files of an order that is about to leave, kept with its departure. They are seen to once it is
    accepted.

    A line without any file is looked at again later: its file may still be made. So is an order that leaves as it left
    before: a file may have been replaced since.
    """
    now, sent = context.clock(), shown
    if submission.payload:
        sent = await context.store.ledger.order_as_sent(submission.subscriber, submission.key) or shown
    looks_again = submission.payload or not all(line.files for line in sent.order.lines)
    later = (_late_look(submission, now + LOOK_AGAIN_S),) if looks_again else ()
    return context.store.files.planned(submission, sent.files, now, *later)


def has_files(submission: Submission, shown: OrderAsSent) -> bool:
    """Whether there is anything to see to once it is accepted."""
    follow = any(line.files_follow for line in shown.order.lines)
    return bool(shown.files or follow or submission.attempts)


def _late_look(submission: Submission, due_at: float) -> NewWork:
    return NewWork(
        subscriber=submission.subscriber, kind=LATE_FILES, key=submission.order_number, due_at=due_at
    )


async def _keep_plan(context: At[FileStore], submission: Submission) -> Sequence[OrderLine]:
    """As it was committed with the bytes that leave: the lines as they were shown."""
    sent = await context.store.ledger.order_as_sent(submission.subscriber, submission.key)
    if sent is None:
        return ()
    if sent.files or await context.store.files.of(submission.subscriber, submission.key):
        await context.store.files.plan(submission, sent.files, context.clock())
    return sent.order.lines


async def find_late_artwork(context: ArtworkContext, name: str, work: Work) -> Retry | None:
    """Ask the shop for files of lines that were sent before: new ones are attached, or take the place of others."""
    subscriber = await context.subscriber(name)
    connectors = await context.connectors(subscriber)
    again = None
    for key in await context.store.ledger.keys(name, work.key):
        submission = await context.store.ledger.submission(name, key)
        if submission is None or submission.ambiguous:  # the files could be the other order's
            continue
        if submission.state == LineState.ACCEPTED:
            rest_s = await _ArtworkSync(context, subscriber, connectors, submission).find_late()
            again = Retry(after_s=rest_s) if rest_s > 0 else again
        elif submission.state in ON_THE_WAY:
            return Retry(error=f"{key} is on its way: its files are looked at afterwards.")
    return again


async def sync_artwork(context: ArtworkContext, name: str, work: Work) -> Retry | None:
    """Check and attach what is not settled; come again for what may heal."""
    submission = await context.store.ledger.submission(name, work.key)
    if submission is None or submission.state != LineState.ACCEPTED:
        return None
    lines = await _keep_plan(context, submission)
    if any(line.files_follow for line in lines) and work.hint != LATE_FILES:
        await context.store.work.add([_late_look(submission, context.clock())])  # every such order comes by
    rows = await context.store.files.of(name, work.key)
    if not rows:
        return None
    subscriber = await context.subscriber(name)
    tending = _ArtworkSync(context, subscriber, await context.connectors(subscriber), submission)
    again = [one for row in rows if (one := await tending.sync(row))]
    return again[0] if again else None


class _ArtworkSync(NamedTuple):
    """The files of one submission."""

    context: ArtworkContext
    subscriber: Subscriber
    connectors: Connectors
    submission: Submission

    @property
    def files(self) -> Files:
        return self.context.files(allow_private=self.subscriber.orders.private_files)

    async def find_late(self) -> float:
        """In how many seconds to look again, since a file may still be made; 0 or less if not."""
        sent, bare = await _keep_plan(self.context, self.submission), False
        rows = await self.rows()
        for line in self.submission.lines:
            shown = await self.connectors.list_line_files(self.submission.order_number, line)
            bare = bare or not shown
            new, moved = compare_files(line, rows, shown)
            name, key, now = self.subscriber.name, self.submission.key, self.context.clock()
            work = NewWork(subscriber=name, kind=FILE, key=key, due_at=now, hint=LATE_FILES)
            await self.context.store.files.add(self.submission, new, work)
            for row, state in moved:
                await self.move(row, state, TAKEN_AWAY if state is FileState.WITHDRAWN else "")
        if not (bare and any(line.files_follow for line in sent)):
            return 0.0  # it was asked for before, or this is that look
        return self.submission.sent_at + LOOK_AGAIN_S - self.context.clock()

    async def rows(self) -> list[FileRow]:
        return await self.context.store.files.of(self.subscriber.name, self.submission.key)

    async def move(
        self, row: FileRow, state: FileState, error: str = "", replaced: FileRow | None = None
    ) -> FileRow | None:
        now = self.context.clock()
        work = installed().attention_work(self.subscriber, now) if state in NEED_A_PERSON else ()
        move = self.context.store.files.move
        return await move(self.submission, row, state, now=now, error=error, replaced=replaced, work=work)

    async def sync(self, row: FileRow) -> Retry | None:
        """When to come again; None if the file is settled."""
        hosts = self.subscriber.orders.file_hosts
        may_look = not hosts or host_name(row.url) in hosts
        try:
            if row.state is FileState.SENT and may_look:
                facts = await self.files.look(row.url, self.context.start_call(self.subscriber.name, ARTWORK))
                seen = structs.replace(row, size=facts.size or row.size, media_type=facts.content_type)
                await self.move(seen, FileState.CHECKED)
            elif row.state is FileState.SENT:
                await self.move(row, FileState.UNCHECKED)
            elif row.state in (FileState.LATE, FileState.ATTACHING):
                if not may_look:
                    fix = "Add it, or give the file to the MIS by hand."
                    raise Refused("The file's host is not among file_hosts.", fix=fix)
                return await self.give(row)
        except (RetryLater, OutcomeUnknown, Refused, NotSupported) as exc:
            return await self.trouble(row, exc, row.state)
        return None

    async def trouble(self, row: FileRow, exc: MakereadyError, back: FileState) -> Retry | None:
        """``back``: the state in which it is tried again."""
        if isinstance(exc, RetryLater) and row.attempts + 1 < MAX_ATTEMPTS:
            await self.move(row, back, str(exc))
            return Retry(error=str(exc))
        unsure = (OutcomeUnknown, RetryLater) if back is FileState.ATTACHING else OutcomeUnknown
        await self.move(row, FileState.IN_DOUBT if isinstance(exc, unsure) else FileState.FAILED, str(exc))
        log.error("a file failed", submission=self.submission.key, file=row.file_name, error=str(exc))
        return None

    async def give(self, row: FileRow) -> Retry | None:
        """Upload it, unless that was done. Raises as `sync` catches."""
        # Another MIS has other orders under these numbers.
        mis = far_end(self.context, self.subscriber, self.connectors, self.submission).connector
        old = held_now(row, await self.rows())
        if row.replaces and old is None:  # it has gone with a change of the whole order
            await self.move(row, FileState.CHECKED)
            return None
        self.check_taken(mis, row, old)
        accepted = self.submission.accepted
        where = (mis, accepted, next(one for one in accepted.lines if one.number == row.line))
        quiet_s = CALL_S + self.subscriber.orders.quiet_margin_s
        if (left_at := await self.left_at(row)) is not None:
            if old is None:
                raise OutcomeUnknown(NOT_KNOWN.format(""))
            if (early_s := left_at + quiet_s - self.context.clock()) > 0:
                return Retry(after_s=early_s)
            found = await self.connectors.find_replacement(*where, old.artwork, row.artwork)
            if found is None:
                raise OutcomeUnknown(NOT_KNOWN.format(f" in the place of {old.file_name}"))
            if found.done:
                await self.move(row, FileState.ATTACHED, replaced=old)
                return None
        return await self.send(row, old, where, quiet_s)

    async def send(
        self,
        row: FileRow,
        old: FileRow | None,
        where: tuple[str, AcceptedOrder, AcceptedLine],
        quiet_s: float,
    ) -> Retry | None:
        """With the intent committed first. A process that has stood still since then lets nothing leave."""
        begin = self.context.start_call(self.subscriber.name, ARTWORK)
        content = await self.files.fetch(row.url, begin, limit=MAX_BYTES)
        facts = structs.replace(row, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        if row.sha256 not in ("", facts.sha256):  # it may still be written there
            raise RetryLater(
                f"What lies at the address of {row.file_name} is another file than the shop names."
            )
        is_late = late_after(self.context.clock, self.context.steady)
        if (begun := await self.move(facts, FileState.ATTACHING)) is None:
            return None
        try:
            with capture_response(is_late):
                if old:
                    await self.connectors.replace_asset(*where, old.artwork, begun.artwork, content)
                else:
                    await self.connectors.attach_asset(*where, begun.artwork, content)
        except (RetryLater, OutcomeUnknown, Refused, NotSupported) as exc:
            if old and isinstance(exc, OutcomeUnknown):
                return Retry(error=str(exc), after_s=quiet_s)
            return await self.trouble(begun, exc, FileState.LATE)
        await self.move(begun, FileState.ATTACHED, replaced=old)
        return None

    def check_taken(self, mis: str, row: FileRow, old: FileRow | None) -> None:
        """Raises Refused for what the MIS is not given after its order."""
        ways = ways_of(row.role, self.connectors.list_taken_files(mis))
        if old and Capability.REPLACE_FILE not in self.connectors.capabilities(mis):
            raise Refused(
                f"The MIS has the older file {old.file_name}, and nothing can be put in its place from here.",
                fix=f"Give the MIS the new {row.file_name} by hand, and have the older one taken out before it is printed.",
            )
        if FileWay.UPLOAD not in ways:
            raise Refused(why_not(row.role, ways))

    async def left_at(self, row: FileRow) -> float | None:
        """When a call left of which nobody knows the end, or may have left in a life that this state does not know."""
        if row.state is FileState.ATTACHING:
            return row.updated_at
        lives = self.context.store.lives
        return await lives.quiet_since() if row.updated_at <= await lives.broken_at() else None


LATE_ARTWORK_WORK = WorkType(
    kind=LATE_FILES,
    run=each(find_late_artwork),
    title="Look for files that the shop made later",
    side=Role.STOREFRONT,
    outage=True,
    waits="its files to be looked for in the shop",
    urgency=Urgency.POLL,
    max_per_subscriber=2,
)
ARTWORK_WORK = WorkType(
    kind=FILE,
    run=each(sync_artwork),
    batch=10,
    flow=Flow.ORDERS,
    title="Check its files, and give late ones to the MIS",
    side=Role.MIS,
    waits="its files to be given to the MIS",
    urgency=Urgency.UPKEEP,
)
