"""The numbers that tie a shop's product to the MIS's: made at import, read from every order and price call."""

from msgspec import Struct

from makeready.records import Subscriber


class ProductLink(Struct, frozen=True, kw_only=True):
    """A product of the MIS as a shop's number names it."""

    product_id: str
    site: str = ""


def part_number(subscriber: Subscriber, product_id: str) -> str:
    """``117-2284``: the operator's number for the subscriber, then the MIS's product id."""
    return f"{subscriber.external_user_id}-{product_id}"


def engine_product_id(subscriber: Subscriber, product_id: str, site: str) -> str:
    """``117-2284-shop.example``: what the shop's pricing engine asks with."""
    return f"{part_number(subscriber, product_id)}-{site}"


def url_name(product_id: str, name: str) -> str:
    """``opening-kit-m2284``: readable, and unique because the MIS's id is in it."""
    words = "".join(
        letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower()
    ).split()
    return "-".join([*words[:8], f"m{product_id.lower()}"])


def product_of_part_number(subscriber: Subscriber, number: str) -> str:
    """The MIS's product id, or "" for a product that is not the MIS's."""
    prefix = f"{subscriber.external_user_id}-"
    number = number.strip()
    return number.removeprefix(prefix) if number.startswith(prefix) else ""


def product_of_engine_id(subscriber: Subscriber, number: str) -> ProductLink | None:
    """The product that a price is asked for; None for a number that is not this subscriber's."""
    rest = product_of_part_number(subscriber, number)
    if not rest:
        return None
    product_id, _, site = rest.partition("-")
    return ProductLink(product_id=product_id, site=site)
