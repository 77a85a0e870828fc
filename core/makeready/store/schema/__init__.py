"""The tables. A released migration is never edited; a change is a new one, behind those that are there."""

from makeready.store.schema import (
    access,
    activity,
    clocks,
    installation,
    orders,
    people,
    prices,
    products,
    settings,
    stock,
    work,
)
from makeready.store.schema.migrations import migrations
from makeready.store.schema.orders import guard_moves

__all__ = [
    "access",
    "activity",
    "clocks",
    "guard_moves",
    "installation",
    "migrations",
    "orders",
    "people",
    "prices",
    "products",
    "settings",
    "stock",
    "work",
]
