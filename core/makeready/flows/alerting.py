"""Alerts: what needs a person is told within a minute, gathered, once."""

import json
import os
from collections.abc import Mapping, Sequence

from makeready.engine import Again
from makeready.flows.kinds import ALERT
from makeready.http.notify import post_signed, send_mail
from makeready.installation import Installation
from makeready.records import LineRow, Subscriber, Work
from makeready.store.work import NewWork
from makeready.times import when

SHOWN = 50


def alert_work(subscriber: Subscriber, now: float) -> NewWork:
    """Ask for an alert. What needs a person until it is due goes into the same message."""
    return NewWork(subscriber=subscriber.name, kind=ALERT, key="", due_at=now + subscriber.alerts.gather_s)


async def alert(
    installation: Installation, name: str, works: Sequence[Work], environ: Mapping[str, str] = os.environ
) -> Mapping[int, Again]:
    """Tell of the lines that need a person and were not told of yet. At least once, after a crash perhaps twice.

    Raises RetryLater or ConfigError if it cannot be told; then it is tried again.
    """
    subscriber = await installation.subscriber(name)
    lines = await installation.store.ledger.untold(name)
    if lines:
        await _tell(installation, subscriber, lines, environ)
        await installation.store.ledger.told(lines)
    return {}


async def _tell(
    installation: Installation, subscriber: Subscriber, lines: list[LineRow], environ: Mapping[str, str]
) -> None:
    rules = subscriber.alerts
    if rules.email_to:
        count = f"{len(lines)} order line" + ("s need" if len(lines) > 1 else " needs")
        await send_mail(
            environ, rules.email_to, f"{subscriber.title}: {count} a person", as_text(subscriber, lines)
        )
    if rules.webhook_url:
        now = int(installation.clock())
        secret = installation.vault.open(rules.webhook_secret, field="alerts.webhook_secret")
        body = json.dumps(as_data(subscriber, lines)).encode()
        message_id = f"{subscriber.name}-{lines[0].order_number}-{lines[0].line}-{int(lines[0].updated_at)}"
        await post_signed(rules.webhook_url, secret, message_id, now, body)


def as_text(subscriber: Subscriber, lines: list[LineRow]) -> str:
    """The message for people: what, why, and what to do."""
    told = [
        f"{line.order_number}-{line.line}  {line.quantity} x {line.description}\n"
        f"    {line.state} since {when(line.updated_at)} UTC: {line.reason}\n"
        for line in lines[:SHOWN]
    ]
    more = f"... and {len(lines) - SHOWN} more.\n" if len(lines) > SHOWN else ""
    return (
        "\n".join(told)
        + more
        + f"\nSee: makeready orders show {subscriber.name} NUMBER\n"
        + "Then: makeready orders send-again, accept or ignore.\n"
    )


def as_data(subscriber: Subscriber, lines: list[LineRow]) -> dict[str, object]:
    """The message for programs."""
    told = [
        {
            "order": line.order_number,
            "line": line.line,
            "state": line.state,
            "reason": line.reason,
            "description": line.description,
        }
        for line in lines
    ]
    return {"type": "orders.need_a_person", "subscriber": subscriber.name, "lines": told}
