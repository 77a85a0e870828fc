"""When our time begins: what was placed before it may have been sent by another system, and is not ours to send."""

from datetime import UTC, datetime

from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from msgspec import structs

from makeready.installation import Installation
from makeready.orders.model import FarEnd
from makeready.orders.settings import OrderRules
from makeready.orders.submission.far_end import far_ends
from makeready.subscribers.model import Subscriber


def with_start(installation: Installation, before: Subscriber | None, after: Subscriber) -> Subscriber:
    """A subscriber with the moment at which its orders begin to flow, from settings as somebody gave them.

    A moment that somebody has chosen stands. Otherwise it is now on the first day: when shop and MIS are connected, and
    when orders go to another environment or MIS than before. Raises ConfigError for what is no moment.
    """
    given = after.orders.starts_at
    _check(after, given)
    chosen = bool(given) and (before is None or given != before.orders.starts_at)
    if chosen or not _flows(installation, after):
        return after
    kept = before.orders.starts_at if before else ""
    if kept and before and _takers(installation, before) == _takers(installation, after):
        return _starting(after, kept)
    return _starting(after, moment_text(installation.clock()))


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


def _flows(installation: Installation, subscriber: Subscriber) -> bool:
    """Whether there is a shop that orders come from, and an MIS that they go to."""
    kinds = [installation.kinds[name] for name in subscriber.connectors if name in installation.kinds]
    return {Role.STOREFRONT, Role.MIS} <= {kind.role for kind in kinds}


def _takers(installation: Installation, subscriber: Subscriber) -> list[FarEnd]:
    """Where orders go; empty if that cannot be read."""
    ends = far_ends(installation, subscriber) or ()
    return [end for end in ends if installation.kind(end.connector).role is Role.MIS]
