"""Lists of the vendors' that settings are chosen from, or why a name has to be typed."""

from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready_hooks import ListKind
from makeready_hooks.errors import ConfigError, NotSupported, Refused
from makeready_hooks.model.setup import Option
from makeready_hooks.names import same_name
from msgspec import Struct


class Options(Struct, frozen=True, kw_only=True):
    """What can be chosen; without any name a person types, and ``trouble`` says why."""

    names: tuple[Option, ...] = ()
    trouble: str = ""

    def has(self, value: str) -> bool:
        return any(same_name(value, one.value) for one in self.names)


async def list_options(
    installation: Installation, subscriber: Subscriber, kind: ListKind, connector: str = ""
) -> Options:
    """Asks the connector whose setting it is, else whichever has such a list.

    Statuses that were met already are always among them. Raises RetryLater if the vendor is away.
    """
    names: dict[str, Option] = {}
    trouble = ""
    try:
        connectors = await installation.connectors(subscriber)
        of = installation.kind(connector) if connector else None
        names = {one.value: one for one in await connectors.list_options(kind, of)}
    except NotSupported:
        trouble = f"No connector lists {kind.value}."
    except (ConfigError, Refused) as exc:
        trouble = str(exc)
    if kind is ListKind.STATUSES:
        for status in await installation.store.progress.statuses(subscriber.name):
            names.setdefault(status, Option(value=status))
    return Options(
        names=tuple(names.values()), trouble="" if names else trouble or f"There are no {kind.value}."
    )
