"""Which MIS of a company makes a product: the one of its link, else by its id, by the site, by the shop, else the fallback.

Pure; what is linked is read by `makeready.products.links`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from makeready_hooks import ListKind, listed
from makeready_hooks.model.ids import ShopIds
from makeready_hooks.model.limits import Limit
from msgspec import Meta, Struct


class RouteRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which MIS makes what, for a company with more than one. A product that is linked goes to the MIS of its link."""

    products: Annotated[
        dict[str, str],
        Meta(
            title="MIS for products",
            description=(
                "By the product's id in the MIS: * stands for any text, such as ACME-*. Of several that "
                "fit, the one with the most letters counts."
            ),
        ),
    ] = {}
    sites: Annotated[
        dict[str, str],
        Meta(
            title="MIS for a site",
            description="For all other products of the site.",
            extra_json_schema=listed(names=ListKind.SITES),
        ),
    ] = {}
    shops: Annotated[
        dict[str, str],
        Meta(
            title="Other MIS for a shop",
            description="For all its other products, by the name of the shop's connector, where there are several shops.",
        ),
    ] = {}
    first_shop: Annotated[
        str,
        Meta(
            title="First shop",
            description=(
                "With several shops: the connector of the one whose numbers of orders and domains stay as they are. Those "
                "of any other begin with the name of its connector (market:6994). It stays the same for good."
            ),
        ),
    ] = ""
    fallback: Annotated[
        str, Meta(title="MIS for all else", description="Empty: such a line waits for a person.")
    ] = ""

    def named(self) -> Iterable[tuple[str, str]]:
        """Every MIS that is named, after the setting that names it."""
        yield from ((f"routes.products.{one}", mis) for one, mis in self.products.items())
        yield from ((f"routes.sites.{one}", mis) for one, mis in self.sites.items())
        yield from ((f"routes.shops.{one}", mis) for one, mis in self.shops.items())
        if self.fallback:
            yield "routes.fallback", self.fallback


class Routes(Struct, frozen=True, kw_only=True):
    """The routes of a company, with what is linked of the products that are asked for."""

    names: tuple[str, ...]
    """The company's MIS."""
    rules: RouteRules = RouteRules()
    linked: Mapping[tuple[str, str], str] = {}
    """Site and product id; without a site where all its links name the same MIS."""
    shops: ShopIds = ShopIds()
    limits: Mapping[str, tuple[Limit, ...]] = {}
    """What the members of each MIS can hold."""

    def mis_of(self, site: str, product_id: str) -> str:
        """Its connector; "" if there are several, and nothing says which."""
        if len(self.names) < 2:
            return "".join(self.names)
        patterns = sorted(self.rules.products, key=_nearness, reverse=True)
        found = (
            self.linked.get((site, product_id), ""),
            *(self.rules.products[one] for one in patterns if _fits(one, product_id)),
            next((mis for domain, mis in self.rules.sites.items() if domain.lower() == site.lower()), ""),
            self.rules.shops.get(self.shops.shop_of(site), "") if site else "",
            self.rules.fallback,
        )
        return next((one for one in found if one in self.names), "")

    def shares(self, product_ids: Iterable[str]) -> dict[str, list[str]]:
        """These products by their MIS, whatever the site, in their order; those of none are left out."""
        shares: dict[str, list[str]] = {}
        for one in product_ids:
            if mis := self.mis_of("", one):
                shares.setdefault(mis, []).append(one)
        return shares

    def why_none(self, product_id: str) -> str:
        """For people."""
        return (
            f"no route says which MIS makes product {product_id}: {', '.join(self.names)}. Link the product, or set a "
            "route or a fallback in the settings (routes)"
        )


def _nearness(pattern: str) -> tuple[int, bool]:
    return len(pattern.replace("*", "")), "*" not in pattern


def _fits(pattern: str, product_id: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), product_id, re.DOTALL) is not None
