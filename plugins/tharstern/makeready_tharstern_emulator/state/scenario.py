"""Scenario files: what is there at the start, as TOML or JSON.

Tables are named as the records: ``[[products]]``, ``[[product_types]]``, ``[[customers]]``,
``[[contacts]]``, ``[[logins]]``. Ids of products and product types are given; others are counted.
"""

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from makeready_tharstern_emulator.state.records import Contact, Customer, Login, Product, ProductType, Record
from makeready_tharstern_emulator.state.tables import Table
from makeready_tharstern_emulator.state.world import World

R = TypeVar("R", bound=Record)


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Records to start from."""

    title: str = ""
    customer_code: str = ""
    """The customer that a demonstration connects for."""
    logins: tuple[dict[str, Any], ...] = ()
    customers: tuple[dict[str, Any], ...] = ()
    contacts: tuple[dict[str, Any], ...] = ()
    products: tuple[dict[str, Any], ...] = ()
    product_types: tuple[dict[str, Any], ...] = ()

    def fill(self, world: World) -> None:
        """Add the records. Raises ValueError for one that makes no sense."""
        _add(world.logins, self.logins, Login)
        _add(world.customers, self.customers, Customer)
        _add(world.contacts, self.contacts, Contact)
        _add(world.products, self.products, Product)
        _add(world.product_types, self.product_types, ProductType)


def _add(table: Table[R], rows: tuple[dict[str, Any], ...], record: type[R]) -> None:
    for number, row in enumerate(rows, start=1):
        unknown = row.keys() - set(record.__struct_fields__)
        if unknown:
            raise ValueError(f"{table.kind} {number} of the scenario: unknown {', '.join(sorted(unknown))}")
        try:
            if row.get("id") in table.rows:
                raise ValueError(f"{table.kind} {number} of the scenario: there is an id {row['id']} already")
            numbered = row if "id" in row else {"id": table.next_id(), **row}
            table.put(msgspec.convert(numbered, record, strict=False))
        except msgspec.ValidationError as exc:
            raise ValueError(f"{table.kind} {number} of the scenario: {exc}") from exc


def read_scenario(path: Path | None) -> Scenario:
    """The scenario in a file; the one that ships if there is none. Raises ValueError, OSError."""
    if path is None:
        return parse_scenario(
            files("makeready_tharstern_emulator").joinpath("scenarios/demo.toml").read_text("utf-8"), "toml"
        )
    return parse_scenario(path.read_text("utf-8"), path.suffix.lstrip("."))


def parse_scenario(text: str, kind: str) -> Scenario:
    """``kind`` is ``toml`` or ``json``. Raises ValueError."""
    try:
        document = tomllib.loads(text, parse_float=Decimal) if kind == "toml" else _from_json(text)
        scenario = msgspec.convert(document, Scenario)
    except (tomllib.TOMLDecodeError, msgspec.MsgspecError) as exc:
        raise ValueError(f"the scenario cannot be read: {exc}") from exc
    scenario.fill(World())
    return scenario


def _from_json(text: str) -> object:
    return msgspec.json.Decoder(float_hook=Decimal).decode(text)
