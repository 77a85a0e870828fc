"""Numbers and addresses that an import gives: only such as lead back to the product that they are made for."""

import hashlib
import re
import unicodedata
from collections.abc import Collection

from makeready.contexts import LinkContext
from makeready.products.links import sites_of
from makeready.products.part_numbers import EngineProductRef, engine_product_id, readings
from makeready.subscribers.model import Subscriber

PLAIN_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
"""Fit for an address as it is."""


class Numbering:
    """Which products can be given numbers in a site."""

    def __init__(
        self, subscriber: Subscriber, site: str, sites: Collection[str], taken: Collection[EngineProductRef]
    ) -> None:
        self._subscriber = subscriber
        self._site = site
        self._sites = sites
        self._taken = taken
        """What is linked in sites whose names end like this one's."""

    def why_not(self, product_id: str) -> str:
        """Why a product cannot be told by its numbers, for people; "" if it can."""
        if problem := why_unreadable(self._subscriber, product_id, self._site, self._sites):
            return problem
        number = engine_product_id(self._subscriber, product_id, self._site)
        others = readings(self._subscriber, number, {*self._sites, self._site})[1:]
        return next((ambiguous(number, one) for one in others if one in self._taken), "")


async def numbering(context: LinkContext, subscriber: Subscriber, site: str) -> Numbering:
    sites = await sites_of(context, subscriber)
    inside = [other for other in sites if site.lower().endswith(f"-{other.lower()}")]
    taken = {
        EngineProductRef(product_id=link.product_id, site=other)
        for other in inside
        for link in await context.store.links.of_site(subscriber.name, other)
    }
    return Numbering(subscriber, site, sites, taken)


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


def url_name(product_id: str, name: str) -> str:
    """``opening-kit-m2284``: readable, and the MIS's id is in it.

    Names make no difference between small and capital letters, so those of two ids can be the same.
    """
    return "-".join([*_words(name)[:8], f"m{_in_address(product_id)}"])


def _in_address(product_id: str) -> str:
    """The id, or what an address can hold of it and a mark by which it differs from every other id."""
    if PLAIN_ID.fullmatch(product_id):
        return product_id.lower()
    mark = hashlib.sha256(product_id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return "-".join([*_words(product_id)[:8], mark])


def _words(text: str) -> list[str]:
    return "".join(
        letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower()
    ).split()
