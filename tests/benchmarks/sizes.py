"""How much a run measures; small by default, so that all parts together take some minutes."""

from msgspec import Struct


class Sizes(Struct, frozen=True, kw_only=True):
    rounds: int = 3
    """What is compared is measured in turns, so often."""
    seconds: float = 2.0
    """Of load, in each turn."""
    orders: int = 300
    """That come at once."""
    workers: tuple[int, ...] = (1,)
    """Processes that do the work; 1 is the server itself."""
    per_s: float = 20.0
    """Of orders that come one by one."""
    trickle_s: float = 10.0
