"""All that a Tharstern site knows, as tables; filled from a scenario, kept in a state file."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from makeready_tharstern_emulator.state.records import (
    Contact,
    Customer,
    Delivery,
    Estimate,
    File,
    Job,
    Login,
    Note,
    Order,
    Place,
    Product,
    ProductType,
    Received,
)
from makeready_tharstern_emulator.state.tables import StateFile, Table

_ID = re.compile("[0-9]{1,9}")


class World:
    """The tables. Numbers start where a site with some years behind it would be."""

    def __init__(self, state: Path | None = None) -> None:
        self.logins = Table("login", Login, key=lambda row: row.email.lower())
        self.products = Table("product", Product, first=5001, key=lambda row: row.code.lower())
        self.product_types = Table("product_type", ProductType)
        self.customers = Table("customer", Customer, first=101, key=lambda row: row.code.lower())
        self.contacts = Table("contact", Contact, first=501, key=lambda row: row.customer_code.lower())
        self.places = Table("place", Place, first=901, key=lambda row: row.customer_code.lower())
        self.estimates = Table("estimate", Estimate, first=88001, key=lambda row: row.ref.lower())
        self.orders = Table("order", Order, first=30001, key=lambda row: row.unique_id)
        self.jobs = Table("job", Job, first=52001, key=lambda row: row.number.lower())
        self.deliveries = Table("delivery", Delivery, first=7701, key=lambda row: f"order:{row.order_id}")
        self.files = Table("file", File, key=lambda row: row.owner)
        self.notes = Table("note", Note)
        self.received = Table("received", Received)
        self._state = StateFile(state) if state else None

    @property
    def tables(self) -> tuple[Table[Any], ...]:
        return tuple(table for table in vars(self).values() if isinstance(table, Table))

    def load(self) -> bool:
        """Read the state file; False if there is none or nothing in it."""
        return self._state.load(self.tables) if self._state else False

    def save(self) -> None:
        """Commit what has changed to the state file, if there is one."""
        if self._state:
            self._state.save(self.tables)

    def clear(self) -> None:
        for table in self.tables:
            table.clear()
        if self._state:
            self._state.clear()

    def close(self) -> None:
        if self._state:
            self._state.close()

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        return {table.kind: len(table) for table in self.tables}

    def product(self, id_or_code: str) -> Product | None:
        """By ``2284`` or by ``KIT-2284``."""
        by_id = self.products.get(int(id_or_code)) if _ID.fullmatch(id_or_code) else None
        return by_id or self.products.first(id_or_code.lower())

    def order_by_number(self, number: str) -> Order | None:
        digits = number.removeprefix(ORDER_PREFIX)
        found = self.orders.get(int(digits)) if _ID.fullmatch(digits) else None
        return found if found and found.number == number else None

    def order(self, id_or_number: str) -> Order | None:
        """By ``30001`` or by ``SO-0030001``."""
        by_id = self.orders.get(int(id_or_number)) if _ID.fullmatch(id_or_number) else None
        return by_id or self.order_by_number(id_or_number)

    def deliveries_of(self, order: Order) -> list[Delivery]:
        return self.deliveries.find(f"order:{order.id}")

    def files_of(self, owner: str) -> Iterable[File]:
        return self.files.find(owner)


ORDER_PREFIX = "SO-"
"""Order numbers are assumed to be this and the ID in seven digits: ``SO-0030001``."""


def order_number(id_: int) -> str:
    return f"{ORDER_PREFIX}{id_:07d}"
