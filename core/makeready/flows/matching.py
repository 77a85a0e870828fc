"""Which of a shop's products may be a product of the MIS: by number, then by name. Pure."""

from collections.abc import Iterable, Mapping

from makeready_hooks.model.product import MisProduct, ShopProduct
from msgspec import Struct


class Match(Struct, frozen=True, kw_only=True):
    products: tuple[ShopProduct, ...]
    """More than one: a person has to choose."""
    because: str
    """``part number 117-4112``, or ``name Business card``."""


class ShopIndex:
    """A site's products that belong to no product of the MIS yet."""

    def __init__(self, products: Iterable[ShopProduct]) -> None:
        self._by_number: dict[str, list[ShopProduct]] = {}
        self._exact: dict[str, list[ShopProduct]] = {}
        self._by_name: dict[str, list[ShopProduct]] = {}
        for product in products:
            for number in {product.part_number.strip(), product.public_part_number.strip()}:
                self._exact.setdefault(number, []).append(product)
            for number in {_plain(product.part_number), _plain(product.public_part_number)}:
                self._by_number.setdefault(number, []).append(product)
            self._by_name.setdefault(_plain(product.name), []).append(product)

    def match(self, product: MisProduct, part_number: str) -> Match | None:
        """The best match: by our part number, by the MIS's code, by name.

        Ours counts as it is written: two ids of the MIS may differ in small and capital letters only.
        """
        tries: tuple[tuple[str, str, Mapping[str, list[ShopProduct]]], ...] = (
            ("part number", part_number, self._exact),
            ("part number", product.code, self._by_number),
            ("name", product.name, self._by_name),
        )
        for what, text, index in tries:
            key = text if index is self._exact else _plain(text)
            if key and (found := index.get(key)):
                return Match(products=tuple(found), because=f"{what} {text}")
        return None


def _plain(text: str) -> str:
    """Case and spaces make no difference to people."""
    return " ".join(text.casefold().split())
