"""``makeready orders``: what became of an order."""

import getpass
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.orders import decisions
from makeready.orders.decisions import Replay, Replayed, replay
from makeready.orders.fulfilment.model import LineProgress
from makeready.orders.model import SYSTEM_ACTOR, UNREADABLE, LineState
from makeready.orders.reconcile import compare
from makeready.orders.views.history import OrderStory, SentOrder, order_story
from makeready.orders.views.preview import Preview, preview_order
from makeready.outbound.capture import as_data
from makeready.subscribers.model import Subscriber
from makeready.subscribers.shops import shop_ids
from makeready.terminal import as_json, folder_option, print_json, with_subscriber, write_file
from makeready.times import format_utc, from_seconds, parse_time
from makeready_hooks.errors import ConfigError
from makeready_inspect.evidence import as_document, as_page, order_evidence

from makeready_commands.orders.amend import amend
from makeready_commands.orders.before import before_start_list, dismiss, include
from makeready_commands.orders.by_hand import accept, take_back
from makeready_commands.orders.correct import correct
from makeready_commands.orders.list import from_option, list_lines, to_option, unreadable_data

T = TypeVar("T")


@click.group()
def orders() -> None:
    """See what became of orders, and decide about those that wait for a person.

    How far orders are in the MIS flows back into the shop, stages and tracking numbers, for a subscriber
    whose settings have [subscribers.NAME.status] with enabled = true and a table of stages.
    """


orders.add_command(list_lines)
orders.add_command(before_start_list)
orders.add_command(include)
orders.add_command(dismiss)
orders.add_command(accept)
orders.add_command(take_back)
orders.add_command(amend)
orders.add_command(correct)


@orders.command()
@with_subscriber()
@click.argument("number")
@as_json
async def show(installation: Installation, subscriber: Subscriber, number: str, as_json: bool) -> None:
    """Show all that is known of order NUMBER: its lines, what was sent, and every step with its cause.

    Where the MIS's progress is followed (settings: status), also how far it is there, and what of it the
    shop was told.
    """
    story = _known(await order_story(installation, subscriber.name, number), number)
    shop = shop_ids(installation.kinds, subscriber).named(number)
    if as_json:
        print_json({**_as_data(story), "shop": shop})
    else:
        _show(story, shop)


def _known(found: T | None, number: str) -> T:
    if found is None:
        raise ConfigError(
            f"Nothing is known of order {number}.", field="number", fix="See: makeready orders list."
        )
    return found


@orders.command()
@with_subscriber("orders reconcile", detail="from {start}")
@click.option("--from", "start", required=True, help="First day or moment, UTC.")
@click.option("--to", "end", default="", help="Last day or moment, UTC; now if not given.")
@click.option("--dry-run", is_flag=True, help="Only tell what is missing or amiss; change nothing.")
@click.option(
    "--ask-mis", is_flag=True, help="Also ask the MIS for each order that it accepted: a call each."
)
@as_json
async def reconcile(
    installation: Installation,
    subscriber: Subscriber,
    start: str,
    end: str,
    dry_run: bool,
    ask_mis: bool,
    as_json: bool,
) -> None:
    """Compare a period's orders in the shop, here and in the MIS; take in what is missing, mend lost marks.

    The server does this by itself every few minutes for the last days. Use it to take in the orders of
    a new subscriber from a date, after a look with --dry-run.
    """
    first = from_seconds(parse_time(start, field="from") or 0.0)
    last = from_seconds(parse_time(end, field="to", is_end=True) or installation.clock())
    done = await compare(installation, subscriber, first, last, dry_run=dry_run, ask_mis=ask_mis)
    if as_json:
        print_json(done)
        return
    missing = ", ".join(done.missing) or "none"
    what = "Missing here" if dry_run else "Taken in"
    click.echo(f"{done.looked_at} orders compared. {what}: {missing}.")
    for one in done.drift:
        where = f"{one.order}-{one.line}" if one.line else one.order
        click.echo(f"{where}: {one.text}{' (being mended)' if one.repaired else ''}")


@orders.command()
@with_subscriber()
@click.argument("number")
@as_json
async def preview(installation: Installation, subscriber: Subscriber, number: str, as_json: bool) -> None:
    """Show what order NUMBER would be sent as, under the settings of today. Nothing is sent."""
    found = await preview_order(installation, subscriber, number)
    if as_json:
        print_json([_preview_data(one) for one in found])
        return
    for one in found:
        lines = ", ".join(map(str, one.lines))
        click.echo(
            f"{one.key or 'not sent'} ({f'shop {one.shop}, ' if one.shop else ''}line {lines}): "
            f"{one.reason or f'would be sent to {one.mis} as'}"
        )
        for text in (*(each.text for each in one.shipping), *one.differences):
            click.echo(f"  {text}")
        if one.payload:
            click.echo(msgspec.json.format(one.payload, indent=2).decode())


def _preview_data(one: Preview) -> dict[str, Any]:
    payload = msgspec.json.decode(one.payload) if one.payload else None
    return {
        "key": one.key,
        "mis": one.mis,
        "shop": one.shop,
        "lines": one.lines,
        "reason": one.reason,
        "payload": payload,
        "shipping": [msgspec.to_builtins(each) for each in one.shipping],
        "differences": one.differences,
    }


@orders.command()
@with_subscriber()
@click.argument("number")
@folder_option("A folder for the two files; the current one if not given.")
async def evidence(installation: Installation, subscriber: Subscriber, number: str, out: Path) -> None:
    """Write all that is known of order NUMBER as JSON and as a page, to hand to a vendor.

    Each entry holds the hash of the one before, so that a change to any of them can be seen.
    """
    found = _known(await order_evidence(installation, subscriber.name, number), number)
    for suffix, content in (("json", as_document(found)), ("html", as_page(found))):
        write_file(out, f"order-{number}-evidence.{suffix}", content.encode())


key_argument = click.argument("key", metavar="NUMBER-LINE")


@orders.command("send-again")
@with_subscriber("orders send-again", target="{key}")
@key_argument
async def send_again(installation: Installation, subscriber: Subscriber, key: str) -> None:
    """Send a refused or parked line again, such as 6994-1.

    A refused one is mapped again under the settings of today. For a parked one, look into the MIS
    first: sending it again is right only if it is not there.
    """
    await decisions.send_again(installation, _decision(subscriber, key))
    click.echo(f"{key} will be sent again.")


@orders.command()
@with_subscriber("orders refuse", target="{key}", detail="{reason}")
@key_argument
@click.option("--reason", required=True, help="Why, in the MIS's words; kept in its history.")
async def refuse(installation: Installation, subscriber: Subscriber, key: str, reason: str) -> None:
    """Say that the MIS does not make an accepted order after all. It can be sent again, as another order."""
    await decisions.refuse(installation, _decision(subscriber, key), reason)
    click.echo(f"{key} is refused: {reason}")


@orders.command()
@with_subscriber("orders ignore", target="{key}", detail="{reason}")
@key_argument
@click.option("--reason", required=True, help="Why it shall not be sent; kept in its history.")
async def ignore(installation: Installation, subscriber: Subscriber, key: str, reason: str) -> None:
    """Say that a line shall not be sent to the MIS."""
    await decisions.ignore(installation, _decision(subscriber, key), reason)
    click.echo(f"{key} is ignored.")


@orders.command("replay")
@with_subscriber()
@click.option(
    "--state",
    "states",
    required=True,
    multiple=True,
    type=click.Choice(["refused", "parked"]),
    help="Which ones; repeatable.",
)
@from_option
@to_option
@click.option("--reason", default="", metavar="TEXT", help="Only those whose reason holds this text.")
@click.option(
    "--parked-are-not-in-the-mis", is_flag=True, help="You have looked: the MIS has none of the parked ones."
)
@click.option("--dry-run", is_flag=True, help="Only tell which.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before sending.")
async def replay_many(
    installation: Installation,
    subscriber: Subscriber,
    states: tuple[str, ...],
    start: str,
    end: str,
    reason: str,
    parked_are_not_in_the_mis: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Send again all refused or parked lines that a filter finds, after a look at their number."""
    wanted = Replay(
        subscriber=subscriber.name,
        states=tuple(map(LineState, states)),
        start=parse_time(start, field="from"),
        end=parse_time(end, field="to", is_end=True),
        reason=reason,
        actor=getpass.getuser(),
        parked_are_not_in_the_mis=parked_are_not_in_the_mis,
    )
    found = await replay(installation, wanted, dry_run=True)
    click.echo(f"{len(found.keys)} found{_more(found)}: {', '.join(found.keys) or 'none'}.")
    if found.keys and not dry_run and (yes or click.confirm("Send them again?")):
        act = Act(action="orders replay", subscriber=subscriber.name, target=reason, detail=", ".join(states))
        async with audited(installation, on_the_command_line(), act):
            _tell_replayed(await replay(installation, wanted))
    else:
        click.echo("Nothing was sent.")


def _tell_replayed(done: Replayed) -> None:
    click.echo(f"{len(done.keys)} will be sent again{_more(done)}.")
    if done.skipped:
        click.echo(f"Not waiting any more: {', '.join(done.skipped)}.")


def _more(done: Replayed) -> str:
    return " (there are more: do it again afterwards)" if done.more else ""


@orders.command("retry")
@with_subscriber("orders retry", target="{number}")
@click.argument("number", required=False)
async def retry(installation: Installation, subscriber: Subscriber, number: str | None) -> None:
    """Try at once what went wrong and waits for its next try: of order NUMBER, or of all orders."""
    count = await decisions.retry(installation, subscriber.name, number, actor=getpass.getuser())
    click.echo(f"{count} tried again now." if count else "Nothing waits for another try.")


@orders.command("look-again")
@with_subscriber("orders look-again", target="{number}")
@click.argument("number")
async def look_again(installation: Installation, subscriber: Subscriber, number: str) -> None:
    """Read order NUMBER, which cannot be read, once more at once. It is also looked at by itself."""
    await decisions.look_again(installation, subscriber.name, number)
    click.echo(f"Order {number} is read again now.")


def _decision(subscriber: Subscriber, key: str) -> decisions.Decision:
    return decisions.Decision(subscriber=subscriber.name, key=key, actor=getpass.getuser())


def _as_data(story: OrderStory) -> dict[str, Any]:
    """The story for a script: payloads as JSON, webhooks' bodies as text."""
    data: dict[str, Any] = msgspec.to_builtins(story, builtin_types=(bytes,))
    for sent in data["sent"]:
        del sent["submission"]["payload"]
        for attempt in sent["attempts"]:
            attempt |= {name: as_data(attempt[name]) for name in ("payload", "answer")}
    data["unreadable"] = unreadable_data(story.unreadable)
    for webhook in data["webhooks"]:
        webhook["body"] = webhook["body"].decode("utf-8", "replace")
    return data


def _show(story: OrderStory, shop: str) -> None:
    """``shop``: that has it, where there are several."""
    if shop:
        click.echo(f"Placed in the shop {shop}")
    for one in story.unreadable:
        click.echo(f"{one.order_number}  {UNREADABLE} since {format_utc(one.since)}: {one.problem}")
        click.echo(one.document.decode("utf-8", "replace"))
    for line in story.lines:
        taker = f" by {line.mis}" if line.mis else ""
        mis = f"{taker} as {line.mis_number or line.mis_id}" if line.mis_id else ""
        text = f"{story.order}-{line.line}  {line.quantity} x {line.description}: {line.shown_state}{mis}"
        click.echo(f"{text}  {line.reason or line.notice}".rstrip())
    for webhook in story.webhooks:
        click.echo(f"webhook: {webhook.event}")
    for row in story.history:
        by = "" if row.actor == SYSTEM_ACTOR else f", by {row.actor}"
        change = f"{row.from_state or 'new'} -> {row.to_state}"
        click.echo(f"{format_utc(row.at)}  line {row.line}: {change} ({row.cause}{by})")
    for error in story.errors:
        click.echo(f"will be tried again: {error}")
    for sent in story.sent:
        for number, attempt in enumerate(sent.attempts, 1):
            text = f"{sent.submission.key}, attempt {number}, {format_utc(attempt.sent_at)}"
            click.echo(f"sent as {text}: {attempt.outcome or 'no outcome yet'}; the payload: --json")
        for text in (*(each.text for each in sent.shipping), *sent.differences):
            click.echo(f"  {text}")
        for file in sent.files:
            size = "" if file.size is None else f", {file.size} bytes"
            click.echo(f"file {file.file_name}: {file.state}{size}  {file.error}".rstrip())
        _show_progress(story.order, sent)


def _show_progress(order: str, sent: SentOrder) -> None:
    for line in sent.progress:
        text = f"{order}-{line.line} in the MIS: {line.status}; {_in_the_shop(line)}"
        click.echo(f"{text}  {line.notice}".rstrip())
    for one in sent.shipments:
        parcel = " ".join(filter(None, (one.carrier, one.service, one.tracking)))
        of = ", ".join(f"{each.quantity or 'some'} of line {each.line}" for each in one.lines)
        parcel = f"{parcel} ({of})" if of else parcel
        click.echo(f"parcel {parcel}, {format_utc(one.shipped_at)}: {one.state}  {one.error}".rstrip())
    for part in sent.part_shipped:
        click.echo(f"{order}-{part.line} is part shipped: {part.gone} of {part.ordered}")


def _in_the_shop(line: LineProgress) -> str:
    if line.moving_to:
        return f"in the shop: on its way to {line.moving_to}"
    return f"in the shop: {line.stage}" if line.stage else "not moved in the shop"
