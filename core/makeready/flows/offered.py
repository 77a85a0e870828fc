"""Names that a setting can choose from, as both sides have them: asked once in a while, never waited for long."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial

from makeready_hooks import Role
from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.setup import VendorList
from msgspec import Struct

from makeready.installation import Installation
from makeready.records import Subscriber

ANSWER_WITHIN_S = 4.0
"""A person waits for a form."""
SIDES = {VendorList.STAGES: Role.STOREFRONT, VendorList.SITES: Role.STOREFRONT}
"""The others are the MIS's."""


class Offered(Struct, frozen=True, kw_only=True):
    names: tuple[str, ...] = ()
    trouble: str = ""
    """Why there are none: a sentence. A name is typed in then."""


LATE = Offered(trouble="The list has not come yet: load the page again, or type the name.")


async def offered(
    installation: Installation, subscriber: Subscriber, lists: Iterable[VendorList]
) -> Mapping[VendorList, Offered]:
    """What both sides offer. A list that comes too late for this form is there for the next."""
    readings = installation.vendor_lists
    keys = {one: (subscriber.name, subscriber.version, one) for one in dict.fromkeys(lists)}
    reading = {
        one: readings.reading(key, partial(_read, installation, subscriber, one)) for one, key in keys.items()
    }
    if reading:
        await asyncio.wait(reading.values(), timeout=ANSWER_WITHIN_S)
    found = {one: task.result() if task.done() else LATE for one, task in reading.items()}
    for one, key in keys.items():
        if found[one].trouble and reading[one].done():
            readings.forget(key)
    return found


async def _read(installation: Installation, subscriber: Subscriber, one: VendorList) -> Offered:
    side = SIDES.get(one, Role.MIS)
    word = "shop" if side is Role.STOREFRONT else "MIS"
    try:
        connectors = await installation.connectors(subscriber)
        if not connectors.names(side):
            return Offered(trouble=f"There is no {word} yet: type the name.")
        if one is VendorList.SITES:
            names: tuple[str, ...] | None = tuple(site.domain for site in await connectors.list_sites())
        else:
            names = await connectors.list_names(one)
    except MakereadyError as exc:
        return Offered(trouble=f"The list could not be read: {exc}")
    if one is VendorList.ORDER_STATUSES:
        names = (*(names or ()), *await installation.store.progress.statuses(subscriber.name))
    if not names:
        return Offered(trouble=f"The {word} does not list them: type the name.")
    return Offered(names=tuple(dict.fromkeys(names)))
