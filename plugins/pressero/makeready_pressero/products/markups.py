"""What Pressero adds to the price of its pricing engines, by product."""

from decimal import Decimal
from typing import Any

from makeready_hooks import hookimpl
from makeready_hooks.errors import NotSupported, Refused
from makeready_hooks.model.product import ShopMarkup

from makeready_pressero.client import PresseroClient
from makeready_pressero.products.mapping import MAX_QUANTITY
from makeready_pressero.settings import PresseroSettings

Row = dict[str, Any]


def markup_rows(percent: Decimal) -> list[Row]:
    """One for any quantity. 0 is said too: an empty list may count as nothing said, and leave what is there."""
    return [{"MinQty": 1, "MaxQty": MAX_QUANTITY, "Markup": percent}]


def markup_from(rows: object) -> ShopMarkup | None:
    """None if it cannot be understood, or is not shown. Quantities without a row have no mark-up."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    try:
        percents = {Decimal(str(row["Markup"])) for row in rows}
        least = min((int(row["MinQty"]) for row in rows), default=1)
        most = max((int(row["MaxQty"]) for row in rows), default=MAX_QUANTITY)
    except (KeyError, ValueError, TypeError, ArithmeticError):
        return None
    if least > 1 or most < MAX_QUANTITY:
        percents.add(Decimal(0))
    return ShopMarkup(percent=None if len(percents) > 1 else next(iter(percents), Decimal(0)))


class ShopMarkups:
    """Hooks of the connector."""

    _client: PresseroClient
    _settings: PresseroSettings

    @hookimpl
    async def read_shop_markup(self, site: str, shop_product_id: str) -> ShopMarkup:
        if (found := await self._shown(site, shop_product_id)) is None:
            raise NotSupported(
                "This Pressero account does not show the mark-up of a product.",
                fix="Look in the admin: Catalog > Products > Pricing.",
            )
        return found

    @hookimpl
    async def write_shop_markup(self, site: str, shop_product_id: str, percent: Decimal) -> tuple[str, ...]:
        body = {"ProductInfo": {}, self._settings.assumptions.markups_member: markup_rows(percent)}
        await self._client.update_product(site, shop_product_id, body)
        try:  # the answer to a change may be an echo
            found = await self._shown(site, shop_product_id)
        except Refused:  # it was done, and cannot be seen
            found = None
        if found == ShopMarkup(percent=percent):
            return ()
        shown = "is not shown to us" if found is None else "is shown as another"
        return (f"Enter the mark-up {percent:f} %, which {shown}: Catalog > Products > Pricing.",)

    async def _shown(self, site: str, shop_product_id: str) -> ShopMarkup | None:
        details = await self._client.product_details(site, shop_product_id)
        return markup_from(details.get(self._settings.assumptions.markups_member))
