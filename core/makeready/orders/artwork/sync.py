"""Artwork: files that went with an order are checked, files that come later are attached.

A file never holds up its order: the order has gone. What is wrong with a file is kept, tried again
for a while, and shown.
"""

from collections.abc import Mapping, Sequence

import structlog
from makeready_hooks import Role
from makeready_hooks.errors import MakereadyError, NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import AcceptedOrder, Artwork, Order

from makeready.connectors import Connectors
from makeready.contexts import ArtworkContext, At, FileStore
from makeready.engine.model import Flow, NewWork, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.extensions import installed
from makeready.orders.artwork.model import FILE, LATE_FILES, FileRow, FileState
from makeready.orders.artwork.store import NewFile
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
NEED_A_PERSON = (FileState.FAILED, FileState.IN_DOUBT)

log = structlog.get_logger("makeready.files")


async def keep_files(context: At[FileStore], submission: Submission, order: Order) -> None:
    """Remember which files go with an order that is about to leave. They are checked once it is accepted.

    A line without any file is looked at again later: its file may still be made.
    """
    files = [
        NewFile(line=line.number, name=file.file_name, url=file.url, state=FileState.SENT)
        for line in order.lines
        for file in line.files
    ]
    now = context.clock()
    await context.store.files.add(submission, files, now=now, work=None)
    if not all(line.files for line in order.lines):
        later = NewWork(
            subscriber=submission.subscriber, kind=LATE_FILES, key=order.number, due_at=now + LOOK_AGAIN_S
        )
        await context.store.work.add([later])


async def find_late_artwork(context: ArtworkContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Ask the shop for files of lines that were sent before, and have new ones attached."""
    [work] = works
    connectors = await context.connectors(await context.subscriber(name))
    for key in await context.store.ledger.keys(name, work.key):
        submission = await context.store.ledger.submission(name, key)
        if submission is None or submission.ambiguous:  # the files could be the other order's
            continue
        if submission.state == LineState.ACCEPTED:
            await _find_late(context, connectors, submission)
        elif submission.state in ON_THE_WAY:
            return {work.id: Retry(error=f"{key} is on its way: its files are looked at afterwards.")}
    return {}


async def _find_late(context: ArtworkContext, connectors: Connectors, submission: Submission) -> None:
    files = [
        NewFile(line=line, name=file.file_name, url=file.url, state=FileState.LATE)
        for line in submission.lines
        for file in await connectors.list_line_files(submission.order_number, line)
    ]
    now = context.clock()
    await context.store.files.add(submission, files, now=now, work=_work(submission, now))


def _work(submission: Submission, now: float) -> NewWork:
    return NewWork(subscriber=submission.subscriber, kind=FILE, key=submission.key, due_at=now)


async def sync_artwork(context: ArtworkContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Check and attach what is not settled; come again for what may heal."""
    [work] = works
    submission = await context.store.ledger.submission(name, work.key)
    if submission is None or submission.state != LineState.ACCEPTED:
        return {}
    rows = await context.store.files.of(name, work.key)
    if not rows:
        return {}
    subscriber = await context.subscriber(name)
    files = context.files(allow_private=subscriber.orders.private_files)
    tending = _ArtworkSync(context, subscriber, await context.connectors(subscriber), submission, files)
    troubles = [await tending.sync(row) for row in rows]
    error = next((trouble for trouble in troubles if trouble), "")
    return {work.id: Retry(error=error)} if error else {}


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

    async def sync(self, row: FileRow) -> str:
        """What is wrong and may heal; "" if the file is settled."""
        try:
            if row.state == FileState.SENT and not self._is_looked_at(row):
                await self._move(row, FileState.UNCHECKED, "")
            elif row.state == FileState.SENT:
                await self._check(row)
            elif row.state == FileState.LATE:
                await self._attach(row)
        except RetryLater as exc:
            return await self._trouble(row, exc)
        except OutcomeUnknown as exc:
            await self._move(row, FileState.IN_DOUBT, str(exc))
        except (Refused, NotSupported) as exc:
            await self._fail(row, exc)
        return ""

    async def _check(self, row: FileRow) -> None:
        facts = await self._files.look(row.url, self._begin)
        now = self._context.clock()
        await self._context.store.files.move(
            self._submission,
            row,
            FileState.CHECKED,
            now=now,
            size=facts.size,
            content_type=facts.content_type,
        )

    def _is_looked_at(self, row: FileRow) -> bool:
        return not self._hosts or host_name(row.url) in self._hosts

    async def _attach(self, row: FileRow) -> None:
        if not self._is_looked_at(row):
            raise Refused(
                "The file's host is not among file_hosts.", fix="Add it, or give the file to the MIS by hand."
            )
        # Another MIS has other orders under these numbers.
        mis = far_end(self._context, self._subscriber, self._connectors, self._submission).connector
        content = await self._files.fetch(row.url, self._begin, limit=MAX_BYTES)
        accepted = AcceptedOrder(id=self._submission.mis_id, number=self._submission.mis_number)
        await self._connectors.attach_asset(mis, accepted, Artwork(file_name=row.name, url=row.url), content)
        now = self._context.clock()
        await self._context.store.files.move(
            self._submission, row, FileState.ATTACHED, now=now, size=len(content)
        )

    async def _trouble(self, row: FileRow, exc: RetryLater) -> str:
        if row.attempts + 1 >= MAX_ATTEMPTS:
            await self._fail(row, exc)
            return ""
        await self._move(row, FileState(row.state), str(exc))
        return str(exc)

    async def _fail(self, row: FileRow, exc: MakereadyError) -> None:
        await self._move(row, FileState.FAILED, str(exc))
        log.error("a file failed", submission=self._submission.key, file=row.name, error=str(exc))

    async def _move(self, row: FileRow, state: FileState, error: str) -> None:
        now = self._context.clock()
        work = installed().attention_work(self._subscriber, now) if state in NEED_A_PERSON else ()
        await self._context.store.files.move(self._submission, row, state, now=now, error=error, work=work)


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
