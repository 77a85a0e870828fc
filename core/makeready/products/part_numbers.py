"""The numbers that tie a shop's product to the MIS's: made at import, read from every order and price call.

A MIS's id is any text. It stands in the numbers as it is, as people have always typed them, so the end of an
engine's number is a site only where the company has that site.
"""

from collections.abc import Iterable

from msgspec import Struct

from makeready.subscribers.model import Subscriber

LONGEST_DOMAIN = 253


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
    found = (
        of_company
        or [(product, end) for product, end in ends if _may_be_site(subscriber, end)]
        or [(rest, "")]
    )
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


def _may_be_site(subscriber: Subscriber, text: str) -> bool:
    """A domain, of a shop beside the first after the name of its connector."""
    shop, colon, domain = text.rpartition(":")
    labels = domain.split(".") if shop in subscriber.connectors or not colon else []
    return len(labels) > 1 and not any(
        not label or label[0] == "-" or label[-1] == "-" or not label.replace("-", "").isalnum()
        for label in labels
    )
