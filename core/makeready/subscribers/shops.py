"""A company's storefronts: whose ids stay as they are, and what a change of that would do to the orders that are known."""

from collections.abc import Mapping
from typing import Any

from makeready_hooks import ConnectorType, Role
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.ids import ShopIds
from msgspec import structs

from makeready.contexts import SettingsContext
from makeready.storage.database import TransactionStep
from makeready.subscribers.model import Subscriber


def shop_ids(kinds: Mapping[str, ConnectorType], subscriber: Subscriber) -> ShopIds:
    """How ids of its shops are told apart; of one shop alone they are not, unless it once was one of several."""
    shops, first = _shops(kinds, subscriber), subscriber.routes.first_shop
    if len(shops) < 2 and not first:
        return ShopIds(first="".join(shops))
    storefronts = {one.name for one in kinds.values() if one.role is Role.STOREFRONT}
    return ShopIds(first=first or shops[0], names=frozenset({*storefronts, *shops, first} - {""}))


def with_first_shop(context: SettingsContext, before: Subscriber | None, after: Subscriber) -> Subscriber:
    """Where a second storefront comes, the one that was there is the first. Raises ConfigError if nothing says which."""
    shops, given = _shops(context.kinds, after), after.routes.first_shop
    was = shop_ids(context.kinds, before).first if before else ""
    kept = before.routes.first_shop if before else ""
    first = given or kept or (was if len(shops) > 1 and was in shops else "")
    if (len(shops) > 1 or given) and first not in {*shops, was} - {""}:
        raise ConfigError(
            f"{after.title} has several shops, and nothing says whose numbers of orders stay as they are.",
            field=f"subscribers.{after.name}.routes.first_shop",
            fix=f"Name one of: {', '.join(shops)}. Those of the others begin with the name of their connector.",
        )
    return structs.replace(after, routes=structs.replace(after.routes, first_shop=first))


def check_first_shop(
    context: SettingsContext, before: Subscriber | None, after: Subscriber
) -> TransactionStep:
    """Raises ConfigError if ids that are known would be another shop's."""
    was = shop_ids(context.kinds, before).first if before else ""
    names_it = after.routes.first_shop
    changes = bool(was and names_it and names_it != was)
    known = (context.store.ledger.knows_orders(after.name), context.store.links.knows_products(after.name))

    def check(db: Any) -> None:
        if changes and any(one(db) for one in known):
            raise ConfigError(
                f"Orders and products of {was} are known by its own numbers: they would be taken for those of {names_it}.",
                field=f"subscribers.{after.name}.routes.first_shop",
                fix=f"Keep {was}. A company of its own can begin with another shop.",
            )

    return check


def _shops(kinds: Mapping[str, ConnectorType], subscriber: Subscriber) -> list[str]:
    return [one for one in subscriber.connectors if one in kinds and kinds[one].role is Role.STOREFRONT]
