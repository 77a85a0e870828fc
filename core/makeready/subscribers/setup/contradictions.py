"""Settings that contradict what stands in the shop and the MIS: refused before they are saved; see docs/adr/0009.

Only what a change brings in is looked at, and a vendor that cannot be asked refuses nothing.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from makeready_hooks import ListKind, Role
from makeready_hooks.errors import ConfigError, MakereadyError, NotSupported
from makeready_hooks.lists import OF_NAMES, OF_VALUES
from makeready_hooks.model.setup import Check
from makeready_hooks.names import name_key, nearest
from msgspec.structs import fields

from makeready.connectors import Connectors
from makeready.contexts import NamesContext, SettingsContext
from makeready.products.part_numbers import product_of_part_number
from makeready.subscribers.model import RULES, Subscriber
from makeready.subscribers.settings import open_settings
from makeready.subscribers.setup.newest_orders import newest_orders, prepared_or_not

OF_SHOPS = (ListKind.SITES, ListKind.STAGES, ListKind.USER_GROUPS, ListKind.SHIPPING_METHODS)
PATIENCE_S = 15.0
"""Then a vendor counts as away."""

LACKS = {
    ListKind.STAGES: "The shop has no stage",
    ListKind.SITES: "The shop does not show its user the site",
    ListKind.SHIPPING_METHODS: "The shop has no shipping method",
    ListKind.CARRIERS: "The MIS has no carrier and service",
}
"""Lists whose names have to be there when they are first set."""
Names = dict[tuple[ListKind, str], tuple[str, str]]
"""By list and `name_key`: how it is typed, and the first setting that names it."""


class Contradiction(ConfigError):
    pass


def named(context: NamesContext, subscriber: Subscriber) -> Names:
    """All that the settings name of the vendors' lists."""
    tables = {path: getattr(subscriber, path) for path in RULES}
    for name, record in subscriber.connectors.items():
        kind, environment = context.kind(name), subscriber.environment
        tables[f"connectors.{name}"] = open_settings(
            kind, record, environment, context.vault, subscriber.name
        )
    return _named(tables)


def _named(tables: Mapping[str, Any]) -> Names:
    found: Names = {}
    for path, table in tables.items():
        for field in fields(table):
            for kind, name in _listed(field.type, getattr(table, field.name)):
                found.setdefault((kind, name_key(name)), (name, f"{path}.{field.name}"))
    return found


def _listed(annotation: Any, value: Any) -> Iterator[tuple[ListKind, str]]:
    """What a setting says of itself; see `makeready_hooks.lists`."""
    values = value.values() if isinstance(value, Mapping) else [value] if isinstance(value, str) else value
    for meta in getattr(annotation, "__metadata__", ()):
        lists = meta.extra_json_schema or {}
        for member, names in ((OF_NAMES, value), (OF_VALUES, values)):
            yield from ((ListKind(lists[member]), name) for name in names if name) if member in lists else ()


async def lacking(connectors: Connectors, kind: ListKind, names: Names) -> tuple[Names, list[str]]:
    """What the vendor does not have of these, and what it has. Nothing lacks where it does not tell."""
    wanted = {key: one for key, one in names.items() if key[0] is kind}
    try:
        there = [one.value for one in await connectors.list_options(kind)] if wanted else []
        if kind in OF_SHOPS and connectors.ids.names and not await connectors.shops_tell(kind):
            there = []  # of one of them nobody knows what it has
    except NotSupported:
        there = []
    known = set(map(name_key, there))
    return {key: one for key, one in wanted.items() if there and key[1] not in known}, there


async def contradictions(
    context: SettingsContext, before: Subscriber | None, after: Subscriber
) -> tuple[str, ...]:
    """Warnings of what could not be looked at. Raises ConfigError for what contradicts, with the ways out."""
    known = _named({path: kind() for path, kind in RULES.items()}) | (
        named(context, before) if before else {}
    )
    new = {key: one for key, one in named(context, after).items() if key not in known}
    renumbered = before is not None and before.external_user_id != after.external_user_id
    moved = before is not None and (before.connectors, before.environment) != (
        after.connectors,
        after.environment,
    )
    if not (new or renumbered or moved):
        return ()
    try:
        public_url = await context.store.subscribers.public_url()
        connectors = context.build(after, public_url)
        if before is not None and renumbered:
            await _check_number(context, before, connectors)
        async with asyncio.timeout(PATIENCE_S):
            for kind in LACKS:
                await _check_names(after, connectors, kind, new)
            if before is not None and moved:
                await _check_customers(context, before, after, context.build(before, public_url), connectors)
    except Contradiction:
        raise
    except (MakereadyError, TimeoutError) as exc:
        words = str(exc) or "no answer came in time."
        return (
            f"Whether this fits what is in the shop and the MIS could not be looked at: {words} Test the connections later.",
        )
    return ()


async def _check_number(context: SettingsContext, before: Subscriber, connectors: Connectors) -> None:
    """Linked products are known here; the shop's items are read where it shows them."""
    found = {(one.site, one.part_number) for one in await context.store.stock.links(before.name)}
    if not found and connectors.names(Role.STOREFRONT):
        async with asyncio.timeout(PATIENCE_S):
            for site in [one for shop in connectors.shops for one in await connectors.list_sites(shop)]:
                shown = await connectors.list_shop_products(site.domain)
                numbers = [
                    one.part_number for one in shown if product_of_part_number(before, one.part_number)
                ]
                found |= {(site.domain, number) for number in numbers}
    if found:
        number, count = before.external_user_id, len(found)
        many = f"{count} products in the shop carry part numbers that begin"
        one = "1 product in the shop carries a part number that begins"
        raise Contradiction(
            f"{one if count == 1 else many} with {number}: orders of it would not be taken for the MIS's any more.",
            field=f"subscribers.{before.name}.external_user_id",
            fix=f"Keep {number}. Or first unlink these products, and give them other numbers in the shop.",
        )


async def _check_names(after: Subscriber, connectors: Connectors, kind: ListKind, new: Names) -> None:
    missing, there = await lacking(connectors, kind, new)
    if not missing:
        return
    name, setting = next(iter(missing.values()))
    near = nearest(name, there)
    raise Contradiction(
        f"{LACKS[kind]} {' and no '.join(one for one, _ in missing.values())}.",
        field=f"subscribers.{after.name}.{setting}",
        fix=f"{f'Did you mean {near}? ' if near else ''}Choose one that is there ({', '.join(there)}), or make it first.",
    )


async def _check_customers(
    context: SettingsContext, before: Subscriber, after: Subscriber, old: Connectors, new: Connectors
) -> None:
    """Where the newest orders would carry another customer than until now, the MIS has to know it."""
    both = [name for name in new.names(Role.MIS) if name in old.names(Role.MIS)]
    for order in await newest_orders(context, after, new) if both and new.names(Role.STOREFRONT) else ():
        for name in both:
            was = await prepared_or_not(before, old, name, order)
            now = await prepared_or_not(after, new, name, order)
            found: Sequence[Check] = ()
            if isinstance(now, Check):
                found = [now] if now != was else ()
            elif isinstance(was, Check) or was.contents.customer != now.contents.customer:
                found = await new.check_orders(name, (now,))
            for one in found:
                if not one.ok:
                    raise Contradiction(
                        one.message, field=f"subscribers.{after.name}.connectors.{name}", fix=one.fix
                    )
