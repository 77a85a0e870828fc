"""The REST API under ``/api/``: every module holds the endpoints of one subject."""

from makeready_pressero_emulator.api import addressbook, auth, sites, users, webhooks
from makeready_pressero_emulator.api.orders import assets, cart, orders, shipments, shipping, workflows
from makeready_pressero_emulator.api.products import calculators, products, stock

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
