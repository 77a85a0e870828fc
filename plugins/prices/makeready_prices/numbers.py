"""What a number of a shop's pricing engine means: by the sites that are known, and by what is linked there."""

from makeready.contexts import LinkContext
from makeready.products.links import sites_of
from makeready.products.part_numbers import EngineProductRef, readings
from makeready.subscribers.model import Subscriber


async def candidates(
    context: LinkContext, subscriber: Subscriber, number: str
) -> tuple[EngineProductRef, ...]:
    """What an engine's number can mean. Where it can be read in several ways, those that are linked, if any is."""
    found = readings(subscriber, number, await sites_of(context, subscriber))
    if len(found) < 2:
        return found
    linked = [one for one in found if await is_linked(context, subscriber, one)]
    return tuple(linked) or found


async def is_linked(context: LinkContext, subscriber: Subscriber, one: EngineProductRef) -> bool:
    """In its site; in any, if the number names none."""
    if not one.site:
        return bool(await context.store.links.linked(subscriber.name, [one.product_id]))
    link = await context.store.links.get(subscriber.name, one.site, one.product_id)
    return link is not None and link.linked_at > 0
