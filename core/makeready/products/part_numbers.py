"""The numbers that tie a shop's product to the MIS's: made at import, read from every order and price call.

A MIS's id is any text. It stands in the numbers as it is, as people have always typed them, so the end of an
engine's number is a site only where the company has that site.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable

from msgspec import Struct

from makeready.subscribers.model import Subscriber

LONGEST_DOMAIN = 253
PLAIN_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
"""Fit for an address as it is."""


class EngineProductRef(Struct, frozen=True, kw_only=True):
    """A product of the MIS as a shop's number names it."""

    product_id: str
    site: str = ""


def part_number(subscriber: Subscriber, product_id: str) -> str:
    """``117-2284``: the operator's number for the subscriber, then the MIS's product id."""
    return f"{subscriber.external_user_id}-{product_id}"


def engine_product_id(subscriber: Subscriber, product_id: str, site: str) -> str:
    """``117-2284-shop.example``: what the shop's pricing engine asks with. Without a site, the part number."""
    number = part_number(subscriber, product_id)
    return f"{number}-{site}" if site else number


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


def product_of_part_number(subscriber: Subscriber, number: str) -> str:
    """The MIS's product id, or "" for a product that is not the MIS's."""
    prefix = f"{subscriber.external_user_id}-"
    number = number.strip()
    return number.removeprefix(prefix) if number.startswith(prefix) else ""


def readings(subscriber: Subscriber, number: str, sites: Iterable[str]) -> tuple[EngineProductRef, ...]:
    """What a number of the shop's pricing engine can mean; the one with the longest site is the first.

    ``sites``: the company's. Where none of them is its end, any that could be a domain is, since people may have
    typed a number before we knew their site. Empty for a number that is not this subscriber's.
    """
    rest = product_of_part_number(subscriber, number)
    ends = [
        (rest[:at], rest[at + 1 :])
        for at in range(max(1, len(rest) - LONGEST_DOMAIN - 1), len(rest))
        if rest[at] == "-"
    ]
    known = _by_domain(sites)
    of_company = [(product, _spelled(end, known)) for product, end in ends if end.lower() in known]
    found = of_company or [(product, end) for product, end in ends if _may_be_domain(end)] or [(rest, "")]
    return tuple(EngineProductRef(product_id=product, site=site) for product, site in found if product)


def _by_domain(sites: Iterable[str]) -> dict[str, list[str]]:
    """How each is spelled; small and capital letters make no difference in a domain."""
    known: dict[str, list[str]] = {}
    for site in sorted(filter(None, sites)):
        known.setdefault(site.lower(), []).append(site)
    return known


def _spelled(end: str, known: dict[str, list[str]]) -> str:
    spellings = known[end.lower()]
    return end if end in spellings else spellings[0]


def _may_be_domain(text: str) -> bool:
    labels = text.split(".")
    return len(labels) > 1 and not any(
        not label or label[0] == "-" or label[-1] == "-" or not label.replace("-", "").isalnum()
        for label in labels
    )


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
