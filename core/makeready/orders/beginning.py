"""When our time begins: what was placed before it may have been sent by another system, and is not ours to send."""

from datetime import UTC, datetime

from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from msgspec import structs

from makeready.contexts import StartContext
from makeready.orders.model import FarEnd
from makeready.orders.settings import OrderRules
from makeready.orders.submission.far_end import far_ends
from makeready.subscribers.model import Subscriber


def with_start(context: StartContext, before: Subscriber | None, after: Subscriber) -> Subscriber:
    """A subscriber with the moment at which its orders begin to flow, from settings as somebody gave them.

    A moment that somebody has chosen stands. Otherwise it is now on the first day: when shop and MIS are connected, and
    when orders go to another environment or MIS than before. Raises ConfigError for what is no moment.
    """
    given = after.orders.starts_at
    _check(after, given)
    chosen = bool(given) and (before is None or given != before.orders.starts_at)
    if chosen or not _flows(context, after):
        return after
    kept = before.orders.starts_at if before else ""
    if kept and before and _takers(context, before) == _takers(context, after):
        return _starting(after, kept)
    return _starting(after, moment_text(context.clock()))


def moment_text(seconds: float) -> str:
    """``2026-03-02T09:15:30Z``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _starting(subscriber: Subscriber, at: str) -> Subscriber:
    return structs.replace(subscriber, orders=structs.replace(subscriber.orders, starts_at=at))


def _check(subscriber: Subscriber, given: str) -> None:
    field = f"subscribers.{subscriber.name}.orders.starts_at"
    try:
        OrderRules(starts_at=given).start  # noqa: B018 - it raises
    except ConfigError as exc:
        raise ConfigError(f"{field}: {given!r} is no moment.", field=field, fix=exc.fix) from None


def _flows(context: StartContext, subscriber: Subscriber) -> bool:
    """Whether there is a shop that orders come from, and an MIS that they go to."""
    kinds = [context.kinds[name] for name in subscriber.connectors if name in context.kinds]
    return {Role.STOREFRONT, Role.MIS} <= {kind.role for kind in kinds}


def _takers(context: StartContext, subscriber: Subscriber) -> list[FarEnd]:
    """Where orders go; empty if that cannot be read."""
    ends = far_ends(context, subscriber) or ()
    return [end for end in ends if context.kind(end.connector).role is Role.MIS]
