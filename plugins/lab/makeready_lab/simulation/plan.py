"""What a life is made of: both sides, how long it lasts, what comes in it."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from makeready_hooks import ConnectorType
from makeready_hooks.testing.emulation import EmulatorType
from msgspec import Struct

from makeready_lab.simulation.buyers import LATEST_ORDER_S, WEBHOOKS_THAT_COME

MOST_SPELLS = 6
MAX_STEPS = 3000


class Pair(Struct, frozen=True, kw_only=True):
    """One side: its connector, its emulator, switches of the emulator, settings to add."""

    connector: ConnectorType
    emulator: EmulatorType
    switches: Mapping[str, str] = {}
    settings: Mapping[str, Any] = {}
    scenario: Path | None = None


class Term(Struct, frozen=True, kw_only=True):
    """How long a life is, and what comes in it."""

    lasts_s: float = LATEST_ORDER_S
    """The last order comes then at the latest."""
    webhooks_that_come: float = WEBHOOKS_THAT_COME
    """Their share. The others' orders are found by comparing."""
    weather: Mapping[str, float] = {}
    """How often each kind comes in a year; in a short life its odds between two steps."""
    most_spells: int = MOST_SPELLS
    most_steps: int = MAX_STEPS
    orders: Mapping[str, Any] = {}
    """Settings of the subscriber's orders."""
    look: Callable[[Any], Awaitable[None]] | None = None
    """Before each step, with the `makeready_lab.simulation.run.Simulation`."""
