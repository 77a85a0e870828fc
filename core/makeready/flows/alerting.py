"""Alerts: what needs a person is told within a minute, gathered, once."""

from collections.abc import Mapping, Sequence

from makeready.engine import Again
from makeready.flows.kinds import ALERT
from makeready.flows.places import order_page, pages_of
from makeready.flows.telling import ENVIRON, Message, channels_of, counted, each_channel, tell
from makeready.installation import Installation
from makeready.records import BadFile, Channel, LineRow, Subscriber, Work
from makeready.store.work import NewWork
from makeready.times import when

SHOWN = 50


def alert_work(subscriber: Subscriber, now: float) -> NewWork:
    """Ask for an alert. What needs a person until it is due goes into the same message."""
    return NewWork(subscriber=subscriber.name, kind=ALERT, key="", due_at=now + subscriber.alerts.gather_s)


async def alert(
    installation: Installation, name: str, works: Sequence[Work], environ: Mapping[str, str] = ENVIRON
) -> Mapping[int, Again]:
    """Tell of the lines and files that need a person and were not told of yet. At least once through each
    channel, after a crash perhaps twice.

    Raises RetryLater or ConfigError if a channel does not work; then that one is tried again.
    """
    subscriber = await installation.subscriber(name)

    async def use(channel: Channel) -> None:
        lines = await installation.store.ledger.untold(name, channel)
        files = await installation.store.files.untold(name, channel)
        if lines or files:
            message = _message(subscriber, lines, files, await pages_of(installation, subscriber))
            await tell(installation, subscriber, channel, message, environ)
            await installation.store.ledger.told(lines, channel)
            await installation.store.files.told(files, channel)

    trouble = await each_channel(channels_of(subscriber.alerts), use)
    if trouble is not None:
        raise trouble
    return {}


def _message(subscriber: Subscriber, lines: list[LineRow], files: list[BadFile], pages: str) -> Message:
    counts = [counted(len(found), name) for found, name in ((lines, "order line"), (files, "file")) if found]
    verb = "needs" if len(lines) + len(files) == 1 else "need"
    return Message(
        subject=f"{' and '.join(counts)} {verb} a person",
        text=as_text(subscriber, lines, files, pages),
        data=as_data(subscriber, lines, files, pages),
    )


def as_text(subscriber: Subscriber, lines: list[LineRow], files: list[BadFile], pages: str) -> str:
    """The message for people: what, why, and what to do where. ``pages``: where those of the subscriber begin."""
    told = [_line_text(line, pages) for line in lines] + [_file_text(file) for file in files]
    more = [f"... and {len(told) - SHOWN} more.\n"] if len(told) > SHOWN else []
    fixes = [f"See: {pages}/inbox\n" if pages else f"See: makeready orders show {subscriber.name} NUMBER\n"]
    if lines and not pages:
        fixes.append("For lines: makeready orders send-again, accept or ignore.\n")
    if any(line.notice for line in lines):
        fixes.append("What changed after it was sent the MIS does not know: change it there by hand.\n")
    if files:
        fixes.append("For files: look into the MIS, and give it those that it does not have.\n")
    return "\n".join([*told[:SHOWN], *more, "".join(fixes)])


def _line_text(line: LineRow, pages: str) -> str:
    page = order_page(pages, line.order_number)
    return (
        f"{line.order_number}-{line.line}  {line.quantity} x {line.description}\n"
        f"    {line.state} since {when(line.updated_at)} UTC: {line.reason or line.notice}\n"
    ) + (f"    {page}\n" if page else "")


def _file_text(file: BadFile) -> str:
    return (
        f"{file.submission}, line {file.line}  file {file.name}\n"
        f"    {file.state} since {when(file.updated_at)} UTC: {file.error}\n"
    )


def as_data(
    subscriber: Subscriber, lines: list[LineRow], files: list[BadFile], pages: str
) -> dict[str, object]:
    """The message for programs."""
    return {
        "type": "orders.need_a_person",
        "subscriber": subscriber.name,
        "lines": [
            {
                "order": line.order_number,
                "line": line.line,
                "state": line.state,
                "reason": line.reason or line.notice,
                "description": line.description,
                "since": when(line.updated_at),
                "url": order_page(pages, line.order_number),
            }
            for line in lines
        ],
        "files": [
            {
                "submission": file.submission,
                "line": file.line,
                "name": file.name,
                "state": file.state,
                "error": file.error,
                "since": when(file.updated_at),
            }
            for file in files
        ],
    }
