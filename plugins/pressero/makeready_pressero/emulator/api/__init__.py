"""The REST API under ``/api/``: every module holds the endpoints of one subject."""

from makeready_pressero.emulator.api import (
    auth,
    calculators,
    orders,
    products,
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
    *products.ENDPOINTS,
    *calculators.ENDPOINTS,
    *stock.ENDPOINTS,
    *workflows.ENDPOINTS,
    *orders.ENDPOINTS,
    *webhooks.ENDPOINTS,
)
