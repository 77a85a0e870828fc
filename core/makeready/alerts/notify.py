"""Tell people of order lines and files that need attention."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from makeready.alerts.channels import ENVIRON, Message, channels_of, counted, each_channel, tell
from makeready.alerts.model import Channel
from makeready.engine.model import Work
from makeready.engine.retry import Retry
from makeready.installation import Installation
from makeready.orders.artwork.model import BadFile
from makeready.orders.model import LineRow
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc

SHOWN = 50

PAGES = "/admin"


async def alert(
    installation: Installation, name: str, works: Sequence[Work], environ: Mapping[str, str] = ENVIRON
) -> Mapping[int, Retry]:
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
        f"    {line.state} since {format_utc(line.updated_at)} UTC: {line.reason or line.notice}\n"
    ) + (f"    {page}\n" if page else "")


def _file_text(file: BadFile) -> str:
    return (
        f"{file.submission}, line {file.line}  file {file.name}\n"
        f"    {file.state} since {format_utc(file.updated_at)} UTC: {file.error}\n"
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
                "since": format_utc(line.updated_at),
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
                "since": format_utc(file.updated_at),
            }
            for file in files
        ],
    }


async def pages_of(installation: Installation, subscriber: Subscriber) -> str:
    """Where the pages of a subscriber begin; "" as long as the public address is not known."""
    public_url = await installation.store.subscribers.public_url()
    return f"{public_url}{PAGES}/subscribers/{subscriber.name}" if public_url else ""


def order_page(pages: str, number: str) -> str:
    """The page of an order; "" without ``pages``."""
    return f"{pages}/orders/{quote(number, safe='')}" if pages else ""
