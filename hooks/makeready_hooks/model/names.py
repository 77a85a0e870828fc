"""The names that a product and an order have on both sides, and addresses made of them."""

import string
from collections.abc import Collection
from urllib.parse import quote, urlsplit

from msgspec import Struct, structs

from makeready_hooks.model.ids import ShopId

NO_PARTS = ("", ".", "..")
"""A browser takes dots for a way up, however they are written."""


class ProductNames(Struct, frozen=True, kw_only=True):
    """Empty: not known."""

    site: ShopId = ""
    """Domain of the storefront."""
    shop_id: ShopId = ""
    """The shop's id of the product."""
    url_name: str = ""
    """Last part of the address of its page in the shop."""
    part_number: str = ""
    """As the shop has it."""
    mis_id: str = ""
    """The MIS's id of the product."""


class OrderNames(Struct, frozen=True, kw_only=True):
    """Empty: not known."""

    site: ShopId = ""
    """Domain of the storefront."""
    number: ShopId = ""
    """Of the shop's order."""
    mis_id: str = ""
    """The MIS's id of the order."""
    mis_number: str = ""
    """The number that people at the MIS use."""


def fill_address(template: str, names: ProductNames | OrderNames) -> str | None:
    """``https://{site}/product/{url_name}`` with the names in it; None if it is empty or needs one that is not known, or
    that no address can have as one of its parts.
    """
    values = structs.asdict(names)
    if not template or any(values.get(name, "") in NO_PARTS for name in _names_in(template)):
        return None
    return template.format_map({name: quote(value, safe="") for name, value in values.items()})


def check_address(field: str, template: str, kind: type[ProductNames | OrderNames]) -> None:
    """Raises ValueError, for a setting, if no address can be made of it. An empty one is right."""
    known = [one.name for one in structs.fields(kind)]
    if template and not _is_address(template, known):
        listed = ", ".join(f"{{{name}}}" for name in known)
        raise ValueError(
            f"{field} must be an address that begins with https:// or http://, with any of {listed} in it"
        )


def _is_address(template: str, known: Collection[str]) -> bool:
    try:
        names = _names_in(template)
        parts = urlsplit(template.format_map(dict.fromkeys(known, "x"))) if names <= set(known) else None
    except (ValueError, LookupError, AttributeError):  # braces that belong to nothing
        return False
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def _names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
