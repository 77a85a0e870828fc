"""The REST API under ``/api/``: every module holds the endpoints of one subject."""

from makeready_pressero.emulator.api import (
    addressbook,
    assets,
    auth,
    calculators,
    cart,
    orders,
    products,
    shipments,
    shipping,
    sites,
    stock,
    users,
    webhooks,
    workflows,
)

ENDPOINTS = (
    *auth.ENDPOINTS,
    *sites.ENDPOINTS,
    *users.ENDPOINTS,
    *addressbook.ENDPOINTS,
    *products.ENDPOINTS,
    *calculators.ENDPOINTS,
    *stock.ENDPOINTS,
    *workflows.ENDPOINTS,
    *orders.ENDPOINTS,
    *shipments.ENDPOINTS,
    *cart.ENDPOINTS,
    *shipping.ENDPOINTS,
    *assets.ENDPOINTS,
    *webhooks.ENDPOINTS,
)
