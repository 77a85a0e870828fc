"""How much a run measures; small by default, so that all parts together take some minutes."""

from collections.abc import Sequence

import click
import msgspec
from msgspec import Struct


class Sizes(Struct, frozen=True, kw_only=True):
    rounds: int = 3
    """What is compared is measured in turns, so often."""
    seconds: float = 2.0
    """Of load, in each turn."""
    orders: int = 1000
    """Complete orders that come at once, without a limit of calls."""
    workers: tuple[int, ...] = (1, 2)
    """Processes that do the work; 1 is the server itself."""
    per_s: float = 20.0
    """Of orders that come one by one."""
    trickle_s: float = 10.0
    burst: int = 40
    """Orders that come at once under the shop's limit."""
    imported: int = 20
    """Products of an import."""
    ledger: int = 50_000
    """Orders in the store where it is asked what grows."""
    waiting: int = 1000
    """Webhooks that wait where it is asked what grows."""


def sizes_of(given: Sequence[str]) -> Sizes:
    """``orders=1000``, ``workers=1,2``…"""
    values: dict[str, object] = {}
    for text in given:
        name, _, value = text.partition("=")
        values[name] = value.split(",") if name == "workers" else value
    if unknown := set(values) - set(Sizes.__struct_fields__):
        raise click.BadParameter(
            f"there is no {', '.join(unknown)}; there are {', '.join(Sizes.__struct_fields__)}"
        )
    return msgspec.convert(values, Sizes, strict=False)
