"""Numbers and addresses that an import gives: only such as lead back to the product that they are made for."""

import re
import unicodedata
from collections.abc import Collection, Mapping

from makeready.contexts import LinkContext
from makeready.products.links import sites_of
from makeready.products.part_numbers import EngineProductRef, engine_product_id, part_number, readings
from makeready.subscribers.model import Subscriber
from makeready_hooks.model.limits import PRODUCT_MEMBERS, Limit
from makeready_hooks.names import LOWER_CASE

PLAIN_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Fit for an address as it is."""


class Numbering:
    """Which products can be given numbers in a site."""

    def __init__(
        self,
        subscriber: Subscriber,
        site: str,
        sites: Collection[str],
        taken: Collection[EngineProductRef],
        limits: Collection[Limit] = (),
    ) -> None:
        self._subscriber = subscriber
        self._site = site
        self._sites = sites
        self._taken = taken
        """What is linked in sites whose names end like this one's."""
        self._limits = limits
        self.longest_url_name = next((one.longest for one in limits if one.member == "url_name"), 0)

    def why_not(self, product_id: str) -> str:
        """Why a product cannot be told by its numbers, for people; "" if it can."""
        if problem := why_unreadable(self._subscriber, product_id, self._site, self._sites):
            return problem
        number = engine_product_id(self._subscriber, product_id, self._site)
        others = readings(self._subscriber, number, {*self._sites, self._site})[1:]
        given = {"part_number": part_number(self._subscriber, product_id), "engine_product_id": number}
        return next((ambiguous(number, one) for one in others if one in self._taken), "") or self._too_long(
            given
        )

    def why_no_page(self, product_id: str) -> str:
        """Why a new product of the shop cannot have an address with this id in it, for people; "" if it can."""
        return self._too_long({"url_name": url_name(product_id, "")})

    def _too_long(self, given: Mapping[str, str]) -> str:
        for limit in self._limits:
            if why := limit.why(given.get(limit.member, "")):
                words, value = PRODUCT_MEMBERS[limit.member], given[limit.member]
                return f"The shop cannot hold its {words} {value}: {why}. Give it another id in the MIS."
        return ""


async def numbering(context: LinkContext, subscriber: Subscriber, site: str) -> Numbering:
    sites = await sites_of(context, subscriber)
    inside = [other for other in sites if site.lower().endswith(f"-{other.lower()}")]
    taken = {
        EngineProductRef(product_id=link.product_id, site=other)
        for other in inside
        for link in await context.store.links.of_site(subscriber.name, other)
    }
    connectors = await context.connectors(subscriber)
    limits = connectors.limits(connectors.ids.shop_of(site))
    return Numbering(subscriber, site, sites, taken, limits)


def why_unreadable(subscriber: Subscriber, product_id: str, site: str, sites: Collection[str]) -> str:
    """Why the numbers of a product would not lead back to it, for people; "" if they do.

    ``sites``: the company's others.
    """
    if not product_id:
        return "It has no id in the MIS."
    if product_id != product_id.strip() or any(
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in product_id
    ):
        return (
            f"Its id {product_id!r} begins or ends with a space, or holds characters that nobody sees: the shop's "
            "orders would not lead back to it. Give it another id in the MIS."
        )
    number = engine_product_id(subscriber, product_id, site)
    first = readings(subscriber, number, {*sites, site})[0]
    if first != EngineProductRef(product_id=product_id, site=site):
        return ambiguous(number, first)
    return ""


def ambiguous(number: str, other: EngineProductRef) -> str:
    """For people: a product cannot have this number, because it means another."""
    return (
        f"Its MIS Product ID would be {number}, which is product {other.product_id} of {other.site} as well: "
        "give it another id in the MIS."
    )


def url_name(product_id: str, name: str, longest: int = 0) -> str:
    """``opening-kit-m2284``: readable, and the MIS's id is at its end.

    Names make no difference between small and capital letters: an id with others than small letters, digits and single
    hyphens is written so that no other has its end. ``longest``: characters; words of the name are left out for it.
    """
    end = f"m{product_id}" if PLAIN_ID.fullmatch(product_id) else f"x{LOWER_CASE.write(product_id)}"
    words = _words(name)[:8]
    while words and 0 < longest < len("-".join([*words, end])):
        words.pop()
    return "-".join([*words, end])


def _words(text: str) -> list[str]:
    return "".join(
        letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower()
    ).split()
