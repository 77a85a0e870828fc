"""A secret belongs to the host that it was given for, and is entered again before it goes to another."""

from collections.abc import Iterator
from contextlib import suppress

from makeready_hooks import ConnectorType
from makeready_hooks.errors import ConfigError, Refused
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from makeready.contexts import NamesContext
from makeready.outbound.addresses import origin, read_address
from makeready.subscribers.model import ConnectorRecord, Environment, Subscriber
from makeready.subscribers.settings import ENVIRONMENTS, address_names, secret_names, setting_titles


class _Use(Struct, frozen=True, kw_only=True):
    """A secret, as it is stored, and a host that it would go to."""

    text: str
    host: str
    """Empty as long as no address is set."""
    field: str
    label: str


def check_hosts(context: NamesContext, before: Subscriber | None, after: Subscriber) -> None:
    """Raises ConfigError that names the first secret that was stored for another host, in either environment."""
    known = {(one.text, one.host) for one in _uses(context, before)} if before else set()
    stored = {text for text, _ in known}
    for one in _uses(context, after):
        if one.host and one.text in stored and (one.text, one.host) not in known:
            raise ConfigError(
                f"{one.label} was given for another server, so it is not sent to {one.host}.",
                field=f"subscribers.{after.name}.{one.field}",
                fix="Enter it again: what is stored stays with the server it was given for. A variable needs a new name.",
            )


def _uses(context: NamesContext, subscriber: Subscriber) -> Iterator[_Use]:
    for name, record in subscriber.connectors.items():
        for environment in ENVIRONMENTS:
            yield from _of_connector(context.kind(name), record, environment)
    alerts = subscriber.alerts
    if alerts.webhook_url and alerts.webhook_secret:
        label, host = "The webhook secret of alerts", alerts.webhook_url
        with suppress(ConfigError):  # a variable that is not set: another one is another host
            host = _host(context.vault.open(host, field="alerts.webhook_url", company=subscriber.name))
        yield _Use(text=alerts.webhook_secret, host=host, field="alerts.webhook_secret", label=label)


def _of_connector(kind: ConnectorType, record: ConnectorRecord, environment: Environment) -> Iterator[_Use]:
    defaults = {one.name: one.default for one in fields(kind.settings) if one.default is not NODEFAULT}
    own = getattr(record, environment)
    values = {**defaults, **record.shared, **own}
    hosts = [_host(str(values[name])) for name in address_names(kind.settings) if values.get(name)]
    for name in sorted(secret_names(kind.settings)):
        where = f"connectors.{kind.name}." + (f"{environment}." if name in own else "")
        for host in hosts or [""] if values.get(name) else ():
            label = setting_titles(kind.settings)[name]
            yield _Use(text=values[name], host=host, field=where + name, label=label)


def _host(url: str) -> str:
    try:
        return origin(read_address(url))
    except Refused:
        return url
