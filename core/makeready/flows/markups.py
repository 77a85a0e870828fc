"""A mark-up is added once: by the shop, or by us."""

from collections.abc import Sequence
from decimal import Decimal

from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import Check

from makeready.installation import Installation
from makeready.records import Subscriber
from makeready.store.markups import MarkedUp, MarkupsDoubled
from makeready.times import when

SHOWN = 5


async def check_markup(installation: Installation, subscriber: Subscriber) -> Check:
    """Whether products in the shop have a mark-up of their own while we add one too.

    Known of are the mark-ups with which we made products; one that a person entered in the shop is not seen, and one
    that a person took out there counts until the settings say so.
    """
    rules = subscriber.prices
    if rules.markup == "shop":
        return Check(
            name="mark-up", ok=True, message="The shop adds its products' mark-up; the engine adds none."
        )
    products = await installation.store.prices.doubled(subscriber)
    percents = ", ".join(
        [
            f"{rules.markup_percent} %",
            *(f"{site}: {one} %" for site, one in rules.site_markup_percents.items()),
        ]
    )
    if not products:
        return Check(name="mark-up", ok=True, message=f"The engine adds the mark-up ({percents}).")
    return Check(
        name="mark-up",
        ok=False,
        message=f"The mark-up is added twice: by the engine ({percents}), and by the shop for {_named(products)}.",
        fix=_ways_out(installation),
    )


async def check_change(installation: Installation, before: Subscriber | None, after: Subscriber) -> None:
    """Raises ConfigError for a change by which a mark-up would be added twice, with the count and the ways out."""
    if after.prices.removed_at > installation.clock():
        raise ConfigError(
            "The shop's mark-ups cannot have been taken out at a moment that has not come yet.",
            field=f"subscribers.{after.name}.prices.shop_markups_removed_at",
            fix="Give the moment in UTC.",
        )
    try:
        await installation.store.prices.check_markups(before, after)
    except MarkupsDoubled as exc:
        raise refused(installation, after, exc.products) from None


def refused(installation: Installation, subscriber: Subscriber, products: Sequence[MarkedUp]) -> ConfigError:
    """For settings by which these products would have two mark-ups."""
    count = f"{len(products)} product{'s' if len(products) > 1 else ''}"
    return ConfigError(
        f"The mark-up would be added twice: the shop adds one to {count} that we imported with it "
        f"({_named(products)}), and the engine would add its own.",
        field=f"subscribers.{subscriber.name}.prices.markup",
        fix=_ways_out(installation),
    )


def _named(products: Sequence[MarkedUp]) -> str:
    more = f" and {len(products) - SHOWN} more" if len(products) > SHOWN else ""
    return ", ".join(one.part_number for one in products[:SHOWN]) + more


def _ways_out(installation: Installation) -> str:
    """Both: the shop's mark-up stays, or goes. What is under way is told of by its import."""
    return (
        "Leave the mark-up to the shop. Or end imports that still run with a mark-up, set the mark-up of these "
        "products to 0 in the shop, and say in the same change when that was done: "
        f'shop_markups_removed_at = "{when(installation.clock())}".'
    )


def check_wished_markup(subscriber: Subscriber, percent: Decimal) -> None:
    """Raises ConfigError for a mark-up in the shop where the engine adds one."""
    if percent and subscriber.prices.markup == "engine":
        raise ConfigError(
            "The mark-up would be added twice: by the shop, and by the engine.",
            field="markup",
            fix='Import without a mark-up, or set markup = "shop" in the subscriber\'s prices.',
        )
