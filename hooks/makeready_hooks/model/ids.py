"""Ids of several shops of one company, told apart.

Those of the company's first storefront stay as they are. Those of any other begin with the name of its connector,
``market:6994``, everywhere but in that connector, which takes and gives its own. What is an id is said by the mark `ShopId`,
in the Structs and in the arguments of the specifications.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, structs

from makeready_hooks.lists import ListKind

OF_SHOP = Meta(extra={"an id of": "the shop"})
ShopId = Annotated[str, OF_SHOP]
"""The storefront's own of an order, an item, a site, a product, a buyer, whatever it is that it numbers."""

LISTS_OF_IDS = (ListKind.SITES,)
"""Lists whose options are ids; those of the others are names, which two shops may share."""

Convert = Callable[[str], str]
Change = Callable[[Any, Convert], Any]
T = TypeVar("T")


class OfAnotherShopError(Exception):
    """An id is not the shop's that is asked."""


@dataclass(frozen=True, kw_only=True)
class ShopIds:
    """Whose an id is."""

    first: str = ""
    """The storefront whose ids stay as they are."""
    names: frozenset[str] = frozenset()
    """Of storefronts, with which an id can begin; none: there is one shop, and every id stays as it is."""

    def shop_of(self, text: str) -> str:
        """The connector whose id it is."""
        name = text.partition(":")[0]
        return name if name != text and name in self.names else self.first

    def named(self, text: str) -> str:
        """The same for people; "" where there is one shop."""
        return self.shop_of(text) if self.names else ""

    def bare(self, text: str) -> str:
        """As its shop knows it."""
        name, _, rest = text.partition(":")
        return rest if name != text and name in self.names else text

    def told_apart(self, shop: str, bare: str) -> str:
        """What `shop_of` and `bare` take apart again: no two ids of any shops become one."""
        if not bare or not self.names:
            return bare
        stays = shop == self.first and self.bare(bare) == bare
        return bare if stays else f"{shop}:{bare}"

    def by_shop(self, several: Iterable[T], id_of: Callable[[T], str]) -> dict[str, list[T]]:
        """These things by the shop whose they are, in their order."""
        shares: dict[str, list[T]] = {}
        for one in several:
            shares.setdefault(self.shop_of(id_of(one)), []).append(one)
        return shares

    def into(self, shop: str, spec: Any, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a hook (``spec``) is given, with the shop's own ids. Raises OfAnotherShopError."""

        def convert(text: str) -> str:
            if self.shop_of(text) != shop:
                raise OfAnotherShopError(text)
            return self.bare(text)

        changes = changes_of(spec)
        return {name: changes[name](one, convert) if name in changes else one for name, one in given.items()}

    def out_of(self, shop: str, spec: Any, answer: Any) -> Any:
        """What the shop's connector answers, told apart."""
        change = changes_of(spec).get("return")
        return change(answer, lambda bare: self.told_apart(shop, bare)) if change else answer


@cache
def changes_of(spec: Any) -> Mapping[str, Change]:
    """By argument, and under ``return`` of the answer, how the ids in it are changed; without what holds none."""
    hints = get_type_hints(spec, include_extras=True)
    return {name: change for name, one in hints.items() if (change := _change_of(one)) is not None}


@cache
def ids_of(kind: type[Struct]) -> Mapping[str, Change]:
    """The same of the members of a Struct."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        name: change for name in kind.__struct_fields__ if (change := _change_of(hints[name])) is not None
    }


def _change_of(annotation: Any) -> Change | None:
    """None if there is no id in it. Raises TypeError for a mark where it cannot be followed, such as in a table."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _convert if OF_SHOP in inner[1:] else _change_of(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _change_struct if ids_of(annotation) else None
    changes = [change for one in inner if (change := _change_of(one)) is not None]
    if not changes:
        return None
    if origin is tuple and inner[1:] == (...,):
        return lambda values, convert: tuple(changes[0](one, convert) for one in values)
    if origin in (Union, UnionType) and all(
        change is changes[0] or change is _change_struct for change in changes
    ):
        return lambda value, convert: value if value is None else changes[0](value, convert)
    raise TypeError(f"ids in {annotation} are not found: mark them in a Struct, or in a tuple of any length")


def _convert(text: Any, convert: Convert) -> Any:
    return convert(text) if text else text


def _change_struct(value: Any, convert: Convert) -> Any:
    kind: Any = type(value)
    ids = ids_of(kind)
    changed = {name: change(getattr(value, name), convert) for name, change in ids.items()}
    return structs.replace(value, **changed) if changed else value
