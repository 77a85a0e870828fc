"""A mark-up is added once: by the shop, or by us."""

from decimal import Decimal

from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import Check

from makeready.installation import Installation
from makeready.records import Subscriber

SHOWN = 5


async def check_markup(installation: Installation, subscriber: Subscriber) -> Check:
    """Whether products in the shop have a mark-up of their own while we add one too.

    Known of are the mark-ups with which we made products; one that a person entered in the shop is not seen.
    """
    rules = subscriber.prices
    if rules.markup == "shop":
        return Check(
            name="mark-up", ok=True, message="The shop adds its products' mark-up; the engine adds none."
        )
    doubled = await installation.store.prices.marked_up_in_shop(subscriber.name)
    percents = ", ".join(
        [
            f"{rules.markup_percent} %",
            *(f"{site}: {one} %" for site, one in rules.site_markup_percents.items()),
        ]
    )
    if not doubled:
        return Check(name="mark-up", ok=True, message=f"The engine adds the mark-up ({percents}).")
    more = f" and {len(doubled) - SHOWN} more" if len(doubled) > SHOWN else ""
    return Check(
        name="mark-up",
        ok=False,
        message=f"The mark-up is added twice: by the engine ({percents}), and by the shop for "
        f"{', '.join(doubled[:SHOWN])}{more}.",
        fix='Set the mark-up of these products to 0 in the shop, or set markup = "shop" in prices.',
    )


def check_wished_markup(subscriber: Subscriber, percent: Decimal) -> None:
    """Raises ConfigError for a mark-up in the shop where the engine adds one."""
    if percent and subscriber.prices.markup == "engine":
        raise ConfigError(
            "The mark-up would be added twice: by the shop, and by the engine.",
            field="markup",
            fix='Import without a mark-up, or set markup = "shop" in the subscriber\'s prices.',
        )
