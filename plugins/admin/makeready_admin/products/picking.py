"""What somebody has ticked of the MIS's products: it stays over the pages of a search, and over searches."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready_imports.catalogue import all_matching, why_not_sold

from makeready_admin.products.store import Picker, picks_of


async def picked(installation: Installation, who: Picker) -> list[str]:
    return await picks_of(installation).of(who)


async def keep(installation: Installation, who: Picker, shown: Sequence[str], ticked: Sequence[str]) -> None:
    """Of what was shown, exactly what is ticked is picked."""
    await picks_of(installation).change(who, shown=shown, ticked=ticked, now=installation.clock())


async def clear(installation: Installation, who: Picker) -> None:
    await picks_of(installation).clear(who)


async def pick_all(installation: Installation, subscriber: Subscriber, who: Picker, text: str) -> None:
    """All that a search finds, and that can be imported. Raises Refused, RetryLater."""
    connectors = await installation.connectors(subscriber)
    links = await installation.store.links.of_site(who.subscriber, who.site)
    there = {link.product_id for link in links if link.linked_at and link.mis in ("", who.mis)}
    found = await all_matching(connectors, connectors.mis(who.mis), text)
    await keep(
        installation, who, (), [one.id for one in found if one.id not in there and not why_not_sold(one)]
    )
