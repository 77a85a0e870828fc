"""Links to products and orders in the vendors' own web pages, as far as the connectors know the addresses."""

from collections.abc import Mapping

from makeready.connectors import Connectors
from makeready.installation import Installation
from makeready.orders.model import LineRow
from makeready.products.model import LinkRow
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.names import OrderNames, ProductNames
from msgspec import Struct


class VendorLink(Struct, frozen=True, kw_only=True):
    title: str
    """Of the connector: the vendor's name."""
    address: str


async def links_of_products(
    installation: Installation, subscriber: Subscriber, products: list[LinkRow]
) -> dict[str, list[VendorLink]]:
    """By the MIS's product id. No vendor is asked; settings that do not work give no links."""
    connectors = await _connectors(installation, subscriber)
    if connectors is None:
        return {}
    return {one.product_id: _links_of_product(installation, subscriber, connectors, one) for one in products}


def _links_of_product(
    installation: Installation, subscriber: Subscriber, connectors: Connectors, link: LinkRow
) -> list[VendorLink]:
    names = ProductNames(
        site=link.site,
        shop_id=link.shop_product_id,
        url_name=link.url_name,
        part_number=link.part_number,
        mis_id=link.product_id,
    )
    addresses = {name: connectors.product_address(name, names) for name in subscriber.connectors}
    return _links(installation, addresses)


async def links_of_order(
    installation: Installation, subscriber: Subscriber, line: LineRow
) -> list[VendorLink]:
    """To the shop's order of a line, and to the MIS's if it has taken it."""
    connectors = await _connectors(installation, subscriber)
    if connectors is None:
        return []
    names = OrderNames(
        site=line.site, number=line.order_number, mis_id=line.mis_id, mis_number=line.mis_number
    )
    addresses = {name: connectors.order_address(name, names) for name in subscriber.connectors}
    return _links(installation, addresses)


async def _connectors(installation: Installation, subscriber: Subscriber) -> Connectors | None:
    try:
        return await installation.connectors(subscriber)
    except ConfigError:
        return None


def _links(installation: Installation, addresses: Mapping[str, str]) -> list[VendorLink]:
    return [
        VendorLink(title=installation.kind(name).title, address=address)
        for name, address in addresses.items()
        if address
    ]
