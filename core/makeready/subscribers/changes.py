"""Subscribers: from a settings file or from flags, with the difference shown before anything changes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, Refused
from makeready_hooks.names import name_key
from msgspec import Struct

from makeready.attention.model import AlertRules
from makeready.attention.working_hours import digest_time, working_time
from makeready.contexts import SettingsContext
from makeready.extensions import installed
from makeready.orders.beginning import with_start
from makeready.orders.model import SYSTEM_ACTOR, Orphaned
from makeready.orders.submission.far_end import mis_ends, new_ends, refusal
from makeready.outbound.addresses import server_address
from makeready.products.doubled_markups import MarkupsDoubled
from makeready.products.markups import check_change, refused
from makeready.storage.database import TransactionStep
from makeready.subscribers.model import RULES, CommonSettings, SettingsChange, Subscriber
from makeready.subscribers.secret_hosts import check_hosts
from makeready.subscribers.secrets import REFERENCE, STORED, is_sealed
from makeready.subscribers.settings import (
    ENVIRONMENTS,
    check_known,
    new_record,
    open_settings,
    seal_setting,
    seal_settings,
    secret_names,
    show_layer,
    show_settings,
    wrong_setting,
)
from makeready.subscribers.setup.addresses import new_url_token
from makeready.subscribers.setup.contradictions import contradictions
from makeready.subscribers.shops import check_first_shop, with_first_shop

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
MEMBERS = (*CommonSettings.__struct_fields__, "connectors")


class Change(Struct, frozen=True, kw_only=True):
    """One line of a difference."""

    path: str
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        if self.before is None:
            return f"+ {self.path} = {self.after!r}"
        if self.after is None:
            return f"- {self.path} (was {self.before!r})"
        return f"~ {self.path}: {self.before!r} becomes {self.after!r}"


class Proposal(Struct, frozen=True, kw_only=True):
    """A subscriber as it would be, and how that differs from what is stored."""

    subscriber: Subscriber
    changes: tuple[Change, ...]
    version: int
    """Of what is stored; 0 for a new subscriber."""
    warnings: tuple[str, ...] = ()
    """What could not be looked at before it is saved."""


async def propose(context: SettingsContext, name: str, given: Mapping[str, Any]) -> Proposal:
    """Check one subscriber's settings, and compare them with what is stored and what is in the shop. Changes nothing.

    Without the subscriber's number they are a part of the settings: what is not named stays as it is.
    Raises ConfigError that names the setting and the fix.
    """
    where = f"subscribers.{name}"
    if not NAME.fullmatch(name):
        raise ConfigError(
            f"{name!r} is not a subscriber name.",
            field=where,
            fix="Use lower case letters, digits and hyphens.",
        )
    for member in given:
        check_known(member, MEMBERS, where)
    before = await context.store.subscribers.get(name)
    if before is not None and "external_user_id" not in given:
        given = _merged(export(context, before), given)
    subscriber = with_start(context, before, _with_settings(context, name, given, before))
    subscriber = with_first_shop(context, before, subscriber)
    await context.store.subscribers.look(check_first_shop(context, before, subscriber))
    await context.store.subscribers.look(context.store.subscribers.check_number(subscriber))
    check_hosts(context, before, subscriber)
    await context.store.subscribers.look(_check_references(context, before, subscriber))
    _check_routes(context, subscriber)
    for connector, record in subscriber.connectors.items():
        open_settings(context.kind(connector), record, subscriber.environment, context.vault, name)
    await check_change(context, before, subscriber)
    warnings = await contradictions(context, before, subscriber)
    changes, version = _changes(context, before, subscriber), before.version if before else 0
    return Proposal(subscriber=subscriber, changes=changes, version=version, warnings=warnings)


def _check_routes(context: SettingsContext, subscriber: Subscriber) -> None:
    """Raises ConfigError for a route to what is no MIS of the company, or from what is none of its shops."""
    of_role = {
        role: [name for name in subscriber.connectors if context.kind(name).role is role]
        for role in (Role.MIS, Role.STOREFRONT)
    }
    shops = [(f"routes.shops.{one}", one, Role.STOREFRONT) for one in subscriber.routes.shops]
    for setting, name, role in (*shops, *((*one, Role.MIS) for one in subscriber.routes.named())):
        if name not in (there := of_role[role]):
            what = "MIS" if role is Role.MIS else "shop"
            raise ConfigError(
                f"{subscriber.title} has no {what} {name or '(none)'}.",
                field=f"subscribers.{subscriber.name}.{setting}",
                fix=f"Name one of: {', '.join(there)}."
                if there
                else f"Add the connector of the {what} first.",
            )


def _check_references(
    context: SettingsContext, before: Subscriber | None, after: Subscriber
) -> TransactionStep:
    """Raises ConfigError for a change by which orders of two companies have the same references in an account of an MIS."""
    ends = set(mis_ends(context, after))
    if before and before.orders.reference_prefix == after.orders.reference_prefix:
        ends -= set(mis_ends(context, before))

    def check(other: Subscriber) -> None:
        shared = ends & set(mis_ends(context, other))
        if shared and other.orders.reference_prefix == after.orders.reference_prefix:
            raise ConfigError(
                f"Orders of {other.title} go to {shared.pop()} as well, under the same references: 6994-1 could be an order "
                "of either.",
                field=f"subscribers.{after.name}.orders.reference_prefix",
                fix="Give one of the two companies a prefix of its own, such as W-.",
            )

    return context.store.subscribers.check_others(after, check)


async def save(context: SettingsContext, proposals: Sequence[Proposal], actor: str = SYSTEM_ACTOR) -> None:
    """All of them or, if anything fails, none. What changed is kept, with its author.

    Raises Refused if somebody changed one of them since it was compared, or if open submissions could not be
    asked about any more; ConfigError for settings that contradict what stands in the shop by now.
    """
    changed = [proposal.subscriber for proposal in proposals if proposal.changes]
    now = context.clock()
    before = {one.name: await context.store.subscribers.get(one.name) for one in changed}
    kept = [
        _kept(context, proposal, before[proposal.subscriber.name], actor, now)
        for proposal in proposals
        if proposal.changes
    ]
    checks = [check for one in changed for check in _checks(context, before[one.name], one)]
    types = installed().work_types.values()
    work = [new for one in changed for kind in types for new in kind.wanted_by(one, now)]
    versions = {proposal.subscriber.name: proposal.version for proposal in proposals if proposal.changes}
    try:
        saved = await context.store.subscribers.save(changed, work, kept, versions, checks)
    except Orphaned as exc:
        raise refusal(exc) from None
    except MarkupsDoubled as exc:  # an import went on since they were compared
        raise refused(context, exc.subscriber, exc.products) from None
    if not saved:
        raise Refused("The settings were changed meanwhile.", fix="Look at them, and begin again.")


def _checks(
    context: SettingsContext, before: Subscriber | None, after: Subscriber
) -> Iterator[TransactionStep]:
    """Looked at again in the transaction that saves: what they are about may change at any moment."""
    yield context.store.ledger.check_doubts(new_ends(context, before, after))
    if before is not None and before.environment == "test" and after.environment == "live":
        yield context.store.ledger.set_tests_aside(after.name, context.clock())
    yield context.store.markups.check(before, after)
    yield context.store.subscribers.check_number(after)
    yield _check_references(context, before, after)
    yield check_first_shop(context, before, after)
    if before is not None and before.external_user_id != after.external_user_id:
        yield context.store.links.check_none(after.name, before.external_user_id)


def _merged(stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Tables within one another, anything else as it is given."""
    together = {
        name: _merged(stored[name], value)
        if isinstance(value, Mapping) and isinstance(stored.get(name), Mapping)
        else value
        for name, value in given.items()
    }
    return {**stored, **together}


def _kept(
    context: SettingsContext, proposal: Proposal, before: Subscriber | None, actor: str, now: float
) -> SettingsChange:
    return SettingsChange(
        subscriber=proposal.subscriber.name,
        at=now,
        actor=actor,
        changes=tuple(map(str, proposal.changes)),
        before=export(context, before) if before else None,
        after=export(context, proposal.subscriber),
    )


def export(context: SettingsContext, subscriber: Subscriber) -> dict[str, Any]:
    """A subscriber's settings in the form of the file, without any secret."""
    connectors = {
        name: show_settings(context.kind(name), record) for name, record in subscriber.connectors.items()
    }
    alerts = show_layer(AlertRules, msgspec.structs.asdict(subscriber.alerts))
    shown = msgspec.structs.replace(subscriber, alerts=AlertRules(**alerts))
    return {
        "title": subscriber.title,
        "external_user_id": subscriber.external_user_id,
        "environment": subscriber.environment,
        **{name: _unlike_default(getattr(shown, name), kind()) for name, kind in RULES.items()},
        "connectors": connectors,
    }


def _unlike_default(rules: Struct, default: Struct) -> dict[str, Any]:
    """The members that somebody has set."""
    values, defaults = msgspec.to_builtins(rules), msgspec.to_builtins(default)
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value != defaults[name]
    }


def _with_settings(
    context: SettingsContext, name: str, given: Mapping[str, Any], before: Subscriber | None
) -> Subscriber:
    connectors = given.get("connectors", {})
    if not isinstance(connectors, Mapping):
        raise ConfigError(
            f"subscribers.{name}.connectors must be tables.", field=f"subscribers.{name}.connectors"
        )
    known = before.connectors if before else {}
    values = {
        "title": name,
        **given,
        "name": name,
        "url_token": before.url_token if before else new_url_token(),
        "connectors": {},
    }
    try:
        subscriber = msgspec.convert(values, Subscriber)
    except msgspec.ValidationError as exc:
        raise wrong_setting(exc, Subscriber, f"subscribers.{name}") from None
    _check_status(subscriber)
    subscriber = msgspec.structs.replace(subscriber, alerts=_alerts(context, name, subscriber.alerts, before))
    records = {
        connector: seal_settings(
            context.kind(connector),
            settings,
            known.get(connector) or new_record(context.vault),
            context.vault,
            name,
        )
        for connector, settings in connectors.items()
    }
    return msgspec.structs.replace(subscriber, connectors=records)


def _alerts(context: SettingsContext, name: str, given: AlertRules, before: Subscriber | None) -> AlertRules:
    """With its secrets sealed. Raises ConfigError for times that are none, an odd address, or nothing to sign with."""
    where = f"subscribers.{name}.alerts"
    digest_time(given, where)
    working_time(given, where)
    if given.webhook_url and not given.webhook_secret:
        raise ConfigError(
            f"{where}.webhook_secret is missing.",
            field=f"{where}.webhook_secret",
            fix="It signs what goes to webhook_url.",
        )
    for one in ("webhook_url", "ntfy_url", "chat_url"):
        url = getattr(given, one)
        of_apprise = one == "chat_url" and "://" in url and not url.startswith("http")
        if url and url != STORED and not url.startswith(REFERENCE) and not of_apprise:
            server_address(url, f"{where}.{one}")
    stored = before.alerts if before else AlertRules()
    sealed = {
        one: seal_setting(f"{where}.{one}", value, getattr(stored, one), context.vault, name)
        for one in secret_names(AlertRules)
        if (value := getattr(given, one))
    }
    return msgspec.structs.replace(given, **sealed)


def _check_status(subscriber: Subscriber) -> None:
    """Raises ConfigError for a stage that would send items to the MIS again."""
    orders = subscriber.orders
    triggers = {name_key(stage) for stage in (orders.trigger_stage, *orders.site_trigger_stages.values())}
    tables = subscriber.status.tables.items()
    for path, status, stage in [(path, *one) for path, stages in tables for one in stages.items()]:
        if name_key(stage) in triggers:
            field = f"subscribers.{subscriber.name}.{path}"
            raise ConfigError(
                f"{field}: {status} leads to {stage}, the stage at which items go to the MIS.",
                field=field,
                fix="Choose a stage that comes after it, or leave this status out.",
            )


def _changes(context: SettingsContext, before: Subscriber | None, after: Subscriber) -> tuple[Change, ...]:
    old, new = ({} if one is None else _told(export(context, one)) for one in (before, after))
    changes = [
        Change(path=f"subscribers.{after.name}.{path}", before=old.get(path), after=new.get(path))
        for path in dict.fromkeys([*old, *new])
        if old.get(path) != new.get(path)
    ]
    return (*changes, *_new_way(before, after), *_new_secrets(context, before, after))


def _told(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a difference."""
    return {".".join(path): value for path, value in flat(settings) if value != {}}


def _new_way(before: Subscriber | None, after: Subscriber) -> Iterator[Change]:
    """The same stages in another order: the order is what an item's way is."""
    for path, new in after.status.tables.items():
        old = (before or after).status.tables.get(path, {})
        if old == new and list(old) != list(new):
            where = f"subscribers.{after.name}.{path} (their order)"
            yield Change(path=where, before=", ".join(old), after=", ".join(new))


def flat(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Settings by their paths; a table without anything is a value."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from flat(inner, (*path, name))
    else:
        yield path, value


def put_setting(settings: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Into the tables that the path names; None takes it out."""
    *tables, name = path
    for table in tables:
        inner = settings.setdefault(table, {})
        if not isinstance(inner, dict):
            return
        settings = inner
    if value is None:
        settings.pop(name, None)
    elif value == {}:  # a table without anything: what came into it later stays
        settings.setdefault(name, value)
    else:
        settings[name] = value


def _new_secrets(context: SettingsContext, before: Subscriber | None, after: Subscriber) -> Iterator[Change]:
    """Secrets that were given anew: they look the same when shown. Whether one is the stored one again is not told:
    nobody shall try guesses."""
    old, new = ({} if one is None else dict(_sealed(context, one)) for one in (before, after))
    for path, text in new.items():
        if path in old and old[path] != text:
            yield Change(path=f"subscribers.{after.name}.{path}", before=STORED, after="(a new secret)")


def _sealed(context: SettingsContext, subscriber: Subscriber) -> Iterator[tuple[str, str]]:
    """By their paths."""
    alerts: Mapping[str, Any] = msgspec.structs.asdict(subscriber.alerts)
    tables: list[tuple[str, type[Struct], Mapping[str, Any]]] = [("alerts", AlertRules, alerts)]
    for connector, record in subscriber.connectors.items():
        for layer in ("shared", *ENVIRONMENTS):
            path = f"connectors.{connector}" + ("" if layer == "shared" else f".{layer}")
            tables.append((path, context.kind(connector).settings, getattr(record, layer)))
    for path, settings, values in tables:
        yield from (
            (f"{path}.{name}", values[name])
            for name in sorted(secret_names(settings) & values.keys())
            if is_sealed(values[name])
        )
