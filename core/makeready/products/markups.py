"""A mark-up is added once: by the shop, or by us."""

from collections.abc import Sequence

from makeready_hooks.errors import ConfigError

from makeready.contexts import At, MarkupStore
from makeready.products.doubled_markups import MarkedUp, MarkupsDoubled
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc

SHOWN = 5


async def check_change(context: At[MarkupStore], before: Subscriber | None, after: Subscriber) -> None:
    """Raises ConfigError for a change by which a mark-up would be added twice, with the count and the ways out."""
    if after.prices.removed_at > context.clock():
        raise ConfigError(
            "The shop's mark-ups cannot have been taken out at a moment that has not come yet.",
            field=f"subscribers.{after.name}.prices.shop_markups_removed_at",
            fix="Give the moment in UTC.",
        )
    try:
        await context.store.markups.look(before, after)
    except MarkupsDoubled as exc:
        raise refused(context, after, exc.products) from None


def refused(context: At[MarkupStore], subscriber: Subscriber, products: Sequence[MarkedUp]) -> ConfigError:
    """For settings by which these products would have two mark-ups."""
    count = f"{len(products)} product{'s' if len(products) > 1 else ''}"
    return ConfigError(
        f"The mark-up would be added twice: the shop adds one to {count} that we imported with it "
        f"({named_products(products)}), and the engine would add its own.",
        field=f"subscribers.{subscriber.name}.prices.markup",
        fix=ways_out(context),
    )


def named_products(products: Sequence[MarkedUp]) -> str:
    more = f" and {len(products) - SHOWN} more" if len(products) > SHOWN else ""
    return ", ".join(one.part_number for one in products[:SHOWN]) + more


def ways_out(context: At[MarkupStore]) -> str:
    """Both: the shop's mark-up stays, or goes. What is under way is told of by its import."""
    return (
        "Leave the mark-up to the shop. Or end imports that still run with a mark-up, set the mark-up of these "
        "products to 0 in the shop, and say in the same change when that was done: "
        f'shop_markups_removed_at = "{format_utc(context.clock())}".'
    )
