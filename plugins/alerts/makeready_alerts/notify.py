"""Tell people of order lines and files that need attention."""

from collections.abc import Callable, Mapping, Sequence

from makeready.attention.channel import AlertChannel, Message
from makeready.attention.model import AlertRules, counted
from makeready.engine.model import NewWork, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.orders.artwork.model import FileRow
from makeready.orders.model import UNREADABLE, LineRow, UnreadableOrder
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc

from makeready_alerts.channels import ENVIRON, channels_of, each_channel
from makeready_alerts.model import ALERT
from makeready_alerts.moments import local, quiet_until, with_zone
from makeready_alerts.store.sent import unsent_of
from makeready_alerts.tell import Teller

SHOWN = 50
WORDS = {
    "accepted": "In the MIS",
    "refused": "Rejected",
    "parked": "Unconfirmed",
    "failed": "Not given to the MIS",
    "in_doubt": "May have arrived",
    "withdrawn": "Taken away in the shop",
}
"""States as the pages say them."""

PageLink = Callable[[str], str]
"""The address of the page of an order, by its number; of what needs attention, for an empty one."""


async def alert(
    installation: Installation, name: str, works: Sequence[Work], environ: Mapping[str, str] = ENVIRON
) -> Mapping[int, Retry]:
    """Tell of the lines and files that need attention and were not told of yet. At least once through each
    channel, after a crash perhaps twice.

    In the company's quiet hours all of it waits, and comes together at their end.

    Raises RetryLater or ConfigError if a channel does not work; then that one is tried again.
    """
    subscriber, unsent = await installation.subscriber(name), unsent_of(installation)
    now = installation.clock()
    if until := quiet_until(subscriber.alerts, now):
        return {one.id: Retry(after_s=until - now) for one in works}
    teller = Teller(installation, subscriber, environ, now)

    async def use(channel: AlertChannel) -> None:
        lines = await unsent.lines(name, channel.name)
        files = await unsent.files(name, channel.name)
        orders = await unsent.unreadable(name, channel.name)
        if lines or files or orders:
            message = _message(subscriber, lines, files, orders, await page_link(installation, subscriber))
            await teller.message(channel, message, "orders")
            await unsent.note(lines, files, orders, channel.name)

    trouble = await each_channel(channels_of(subscriber, "orders"), use)
    if trouble is not None:
        raise trouble
    return {}


def _message(
    subscriber: Subscriber,
    lines: list[LineRow],
    files: list[FileRow],
    orders: list[UnreadableOrder],
    link: PageLink,
) -> Message:
    kinds = ((lines, "order line"), (orders, "unreadable order"), (files, "file"))
    counts = [counted(len(found), name) for found, name in kinds if found]
    verb = "needs" if len(lines) + len(files) + len(orders) == 1 else "need"
    return Message(
        subject=f"{' and '.join(counts)} {verb} attention",
        text=as_text(subscriber, lines, files, orders, link),
        data=as_data(subscriber, lines, files, orders, link),
    )


def as_text(
    subscriber: Subscriber,
    lines: list[LineRow],
    files: list[FileRow],
    orders: list[UnreadableOrder],
    link: PageLink,
) -> str:
    """The message for people: what, why, and what to do where."""
    pages, rules = link(""), subscriber.alerts
    told = [_line_text(line, rules, link) for line in lines]
    told += [_order_text(one, rules, link) for one in orders]
    told += [_file_text(file, rules) for file in files]
    more = [f"... and {len(told) - SHOWN} more.\n"] if len(told) > SHOWN else []
    fixes = [f"See: {pages}\n" if pages else f"See: makeready orders show {subscriber.name} NUMBER\n"]
    if lines and not pages:
        fixes.append("For lines: makeready orders send-again, accept or ignore.\n")
    if any(line.notice for line in lines):
        fixes.append("What changed after it was sent the MIS does not know: change it there by hand.\n")
    if orders:
        fixes.append("What cannot be read: correct it in the shop; it goes on by itself then.\n")
    if files:
        fixes.append("For files: look into the MIS, and give it those that it does not have.\n")
    return with_zone("\n".join([*told[:SHOWN], *more, "".join(fixes)]), rules)


def _line_text(line: LineRow, rules: AlertRules, link: PageLink) -> str:
    page, said = link(line.order_number), WORDS.get(line.state, line.state)
    return (
        f"{line.order_number}-{line.line}  {line.quantity} x {line.description}\n"
        f"    {said} since {local(line.updated_at, rules)}: {line.reason or line.notice}\n"
    ) + (f"    {page}\n" if page else "")


def _order_text(order: UnreadableOrder, rules: AlertRules, link: PageLink) -> str:
    page = link(order.order_number)
    return (
        f"{order.order_number}\n    Cannot be read since {local(order.since, rules)}: {order.problem}\n"
    ) + (f"    {page}\n" if page else "")


def _file_text(file: FileRow, rules: AlertRules) -> str:
    said = WORDS.get(file.state, file.state)
    return (
        f"{file.submission}, line {file.line}  file {file.file_name}\n"
        f"    {said} since {local(file.updated_at, rules)}: {file.error}\n"
    )


def as_data(
    subscriber: Subscriber,
    lines: list[LineRow],
    files: list[FileRow],
    orders: list[UnreadableOrder],
    link: PageLink,
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
                "url": link(line.order_number),
            }
            for line in lines
        ],
        "orders": [
            {
                "order": one.order_number,
                "state": UNREADABLE,
                "reason": one.problem,
                "since": format_utc(one.since),
                "url": link(one.order_number),
            }
            for one in orders
        ],
        "files": [
            {
                "submission": file.submission,
                "line": file.line,
                "name": file.file_name,
                "state": file.state,
                "error": file.error,
                "since": format_utc(file.updated_at),
            }
            for file in files
        ],
    }


async def page_link(installation: Installation, subscriber: Subscriber) -> PageLink:
    """Without pages, or as long as the public address is not known, every link is empty."""
    public_url = await installation.store.subscribers.public_url()

    def link(order: str) -> str:
        path = installed().page_path(subscriber.name, order)
        return f"{public_url}{path}" if public_url and path else ""

    return link


def alert_work(subscriber: Subscriber, now: float) -> NewWork:
    """Ask for an alert. What needs attention until it is due goes into the same message."""
    return NewWork(subscriber=subscriber.name, kind=ALERT, key="", due_at=now + subscriber.alerts.gather_s)


ALERT_WORK = WorkType(
    kind=ALERT,
    run=alert,
    title="Tell people what needs one",
    urgency=Urgency.UPKEEP,
    max_per_subscriber=1,
    after_settings_change=lambda one, now: [alert_work(one, now)] if channels_of(one, "orders") else [],
)
