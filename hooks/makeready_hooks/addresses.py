"""Addresses: where a person finds a product or an order in a vendor's own web pages."""

from makeready_hooks.markers import hookspec
from makeready_hooks.model.names import OrderNames, ProductNames


@hookspec
def product_address(product: ProductNames) -> str | None:
    """The address of a product in this vendor's own pages, for a browser. Any connector. Pure.

    Called:  for each product of a list, to show a link beside it.
    Return:  an address with http or https; None if there is none, or none is known.
    """


@hookspec
def order_address(order: OrderNames) -> str | None:
    """The address of an order in this vendor's own pages, for a browser. Any connector. Pure.

    Called:  for the page of an order, to show a link to it.
    Return:  an address with http or https; None if there is none, or none is known.
    """
