"""Artwork: files that went with an order are checked, files that come later are attached.

A file never holds up its order: the order has gone. What is wrong with a file is kept, tried again
for a while, and shown. Another file in the shop takes the place of the one that the MIS has, where it can.
"""

from collections.abc import Mapping, Sequence

import structlog
from makeready_hooks import Capability, Role
from makeready_hooks.errors import MakereadyError, NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import FileWay, OrderLine
from msgspec import structs

from makeready.connectors import Connectors
from makeready.contexts import ArtworkContext, At, FileStore
from makeready.engine.model import Flow, NewWork, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.extensions import installed
from makeready.orders.artwork.model import FILE, LATE_FILES, FileRow, FileState
from makeready.orders.artwork.rules import compare_files, held_now, ways_of, why_not
from makeready.orders.artwork.upload import CALL_S, Upload, with_content
from makeready.orders.model import LineState, Submission
from makeready.orders.submission.far_end import far_end
from makeready.outbound.addresses import host_name
from makeready.outbound.download import Files
from makeready.subscribers.model import Subscriber

MAX_ATTEMPTS = 8
MAX_BYTES = 50_000_000
LOOK_AGAIN_S = 900.0
ON_THE_WAY = (LineState.SUBMITTING, LineState.IN_DOUBT)
ARTWORK = "artwork"
"""As which calls for artwork stand among the calls that were made."""
NEED_A_PERSON = (FileState.FAILED, FileState.IN_DOUBT, FileState.WITHDRAWN)
TAKEN_AWAY = (
    "The shop does not show it any more, and the MIS has it. See to it there if it must not be printed."
)

log = structlog.get_logger("makeready.files")


async def keep_files(context: At[FileStore], submission: Submission) -> None:
    """Remember what becomes of the files of an order that is about to leave. They are seen to once it is accepted.

    A line without any file is looked at again later: its file may still be made. So is an order that leaves as it left
    before: a file may have been replaced since.
    """
    lines = await _keep_plan(context, submission)
    if submission.payload or not all(line.files for line in lines):
        due_at = context.clock() + LOOK_AGAIN_S
        number = submission.order_number
        later = NewWork(subscriber=submission.subscriber, kind=LATE_FILES, key=number, due_at=due_at)
        await context.store.work.add([later])


async def _keep_plan(context: At[FileStore], submission: Submission) -> tuple[OrderLine, ...]:
    """As it was committed with the bytes that leave; and the lines that do."""
    sent = await context.store.ledger.order_as_sent(submission.subscriber, submission.key)
    if sent is None:
        return ()
    await context.store.files.plan(submission, sent.files, context.clock())
    return sent.order.lines


async def find_late_artwork(context: ArtworkContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Ask the shop for files of lines that were sent before, and have new ones attached, or put in the place of others."""
    [work] = works
    subscriber = await context.subscriber(name)
    connectors = await context.connectors(subscriber)
    for key in await context.store.ledger.keys(name, work.key):
        submission = await context.store.ledger.submission(name, key)
        if submission is None or submission.ambiguous:  # the files could be the other order's
            continue
        if submission.state == LineState.ACCEPTED:
            await _find_late(context, subscriber, connectors, submission)
        elif submission.state in ON_THE_WAY:
            return {work.id: Retry(error=f"{key} is on its way: its files are looked at afterwards.")}
    return {}


async def _find_late(
    context: ArtworkContext, subscriber: Subscriber, connectors: Connectors, submission: Submission
) -> None:
    await _keep_plan(context, submission)
    rows = await context.store.files.of(submission.subscriber, submission.key)
    for line in submission.lines:
        shown = await connectors.list_line_files(submission.order_number, line)
        new, moved = compare_files(line, rows, shown)
        now = context.clock()
        work = NewWork(subscriber=submission.subscriber, kind=FILE, key=submission.key, due_at=now)
        await context.store.files.add(submission, new, now=now, work=work)
        for row, state in moved:
            error = TAKEN_AWAY if state is FileState.WITHDRAWN else ""
            await _move(context, subscriber, submission, row, state, error)


async def _move(
    context: ArtworkContext,
    subscriber: Subscriber,
    submission: Submission,
    row: FileRow,
    state: FileState,
    error: str = "",
    replaced: FileRow | None = None,
) -> FileRow | None:
    now = context.clock()
    work = installed().attention_work(subscriber, now) if state in NEED_A_PERSON else ()
    return await context.store.files.move(
        submission, row, state, now=now, error=error, replaced=replaced, work=work
    )


async def sync_artwork(context: ArtworkContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Check and attach what is not settled; come again for what may heal."""
    [work] = works
    submission = await context.store.ledger.submission(name, work.key)
    if submission is None or submission.state != LineState.ACCEPTED:
        return {}
    await _keep_plan(context, submission)
    rows = await context.store.files.of(name, work.key)
    if not rows:
        return {}
    subscriber = await context.subscriber(name)
    files = context.files(allow_private=subscriber.orders.private_files)
    tending = _ArtworkSync(context, subscriber, await context.connectors(subscriber), submission, files)
    troubles = [await tending.sync(row) for row in rows]
    again = next((trouble for trouble in troubles if trouble), None)
    return {work.id: again} if again else {}


class _ArtworkSync:
    """The files of one submission."""

    def __init__(
        self,
        context: ArtworkContext,
        subscriber: Subscriber,
        connectors: Connectors,
        submission: Submission,
        files: Files,
    ) -> None:
        self._context = context
        self._subscriber = subscriber
        self._hosts = subscriber.orders.file_hosts
        self._connectors = connectors
        self._submission = submission
        self._files = files
        self._begin = context.start_call(subscriber.name, ARTWORK)

    async def sync(self, row: FileRow) -> Retry | None:
        """When to come again; None if the file is settled."""
        try:
            if row.state == FileState.SENT and not self._is_looked_at(row):
                await self._move(row, FileState.UNCHECKED)
            elif row.state == FileState.SENT:
                facts = await self._files.look(row.url, self._begin)
                seen = structs.replace(row, size=facts.size or row.size, content_type=facts.content_type)
                await self._move(seen, FileState.CHECKED)
            elif row.state in (FileState.LATE, FileState.ATTACHING):
                return await self._give(row)
        except RetryLater as exc:
            if row.attempts + 1 < MAX_ATTEMPTS:
                await self._move(row, row.state, str(exc))
                return Retry(error=str(exc))
            is_known = row.state is not FileState.ATTACHING
            await self._fail(row, exc, FileState.FAILED if is_known else FileState.IN_DOUBT)
        except OutcomeUnknown as exc:
            await self._move(row, FileState.IN_DOUBT, str(exc))
        except (Refused, NotSupported) as exc:
            await self._fail(row, exc)
        return None

    def _is_looked_at(self, row: FileRow) -> bool:
        return not self._hosts or host_name(row.url) in self._hosts

    async def _give(self, row: FileRow) -> Retry | None:
        """Upload it, with the intent committed first. Raises as `sync` catches."""
        if not self._is_looked_at(row):
            raise Refused(
                "The file's host is not among file_hosts.", fix="Add it, or give the file to the MIS by hand."
            )
        # Another MIS has other orders under these numbers.
        mis = far_end(self._context, self._subscriber, self._connectors, self._submission).connector
        rows = await self._context.store.files.of(self._submission.subscriber, self._submission.key)
        old = held_now(row, rows)
        if row.replaces and old is None:  # it has gone with a change of the whole order
            await self._move(row, FileState.CHECKED)
            return None
        self._check_taken(mis, row, old)
        upload = Upload(self._context, self._connectors, mis, self._submission, row, old)
        quiet_s = CALL_S + self._subscriber.orders.quiet_margin_s
        if (left_at := await upload.left_at()) is not None:
            if (early_s := left_at + quiet_s - self._context.clock()) > 0 and old:
                return Retry(after_s=early_s)
            if await upload.was_done():
                await self._move(row, FileState.ATTACHED, replaced=old)
                return None
        content = await self._files.fetch(row.url, self._begin, limit=MAX_BYTES)
        begun = await self._move(with_content(row, content), FileState.ATTACHING)
        if begun is None:
            return None
        try:
            await upload.send(begun, content)
        except RetryLater as exc:  # it was certainly not taken
            await self._move(begun, FileState.LATE, str(exc))
            return Retry(error=str(exc))
        except OutcomeUnknown as exc:
            if old:
                return Retry(error=str(exc), after_s=quiet_s)
            await self._move(begun, FileState.IN_DOUBT, str(exc))
        except (Refused, NotSupported) as exc:
            await self._fail(begun, exc)
        else:
            await self._move(begun, FileState.ATTACHED, replaced=old)
        return None

    def _check_taken(self, mis: str, row: FileRow, old: FileRow | None) -> None:
        """Raises Refused for what the MIS is not given after its order."""
        ways = ways_of(row.role, self._connectors.list_taken_files(mis))
        if old and Capability.REPLACE_FILE not in self._connectors.capabilities(mis):
            raise Refused(
                f"The MIS has the older file {old.name}, and nothing can be put in its place from here.",
                fix=f"Give the MIS the new {row.name} by hand, and have the older one taken out before it is printed.",
            )
        if FileWay.UPLOAD not in ways:
            raise Refused(why_not(row.role, ways))

    async def _fail(self, row: FileRow, exc: MakereadyError, state: FileState = FileState.FAILED) -> None:
        await self._move(row, state, str(exc))
        log.error("a file failed", submission=self._submission.key, file=row.name, error=str(exc))

    async def _move(
        self, row: FileRow, state: FileState, error: str = "", replaced: FileRow | None = None
    ) -> FileRow | None:
        return await _move(self._context, self._subscriber, self._submission, row, state, error, replaced)


LATE_ARTWORK_WORK = WorkType(
    kind=LATE_FILES,
    run=find_late_artwork,
    title="Look for files that the shop made later",
    side=Role.STOREFRONT,
    outage=True,
    waits="its files to be looked for in the shop",
    urgency=Urgency.POLL,
    max_per_subscriber=2,
)
ARTWORK_WORK = WorkType(
    kind=FILE,
    run=sync_artwork,
    flow=Flow.ORDERS,
    title="Check its files, and give late ones to the MIS",
    side=Role.MIS,
    waits="its files to be given to the MIS",
    urgency=Urgency.UPKEEP,
)
