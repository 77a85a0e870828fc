"""How the stock of a product went, as a line in a row of a table: pure arithmetic."""

from collections.abc import Sequence
from decimal import Decimal

from makeready.stock.model import HistoryPoint
from msgspec import Struct

from makeready_admin.web.texts import gettext as _

DAYS = 30
WIDTH, HEIGHT, EDGE = 80.0, 20.0, 1.5
MOST_STEPS = 60


class StockLine(Struct, frozen=True, kw_only=True):
    path: str
    """Of an SVG that is `WIDTH` and `HEIGHT` large: level until it changes."""
    text: str
    """The same in words."""


def stock_line(points: Sequence[HistoryPoint], now: float) -> StockLine | None:
    """Of the last days, by rising time; the first may be from before. None if nothing has changed that could be shown."""
    since = now - DAYS * 86_400
    levels: dict[int, Decimal] = {}
    for one in points:  # the last one of each step counts
        levels[max(0, min(MOST_STEPS, int((one.at - since) / (now - since) * MOST_STEPS)))] = one.free
    if len(levels) < 2:
        return None
    low, high = min(levels.values()), max(levels.values())
    span = float(high - low) or 1.0

    def y(level: Decimal) -> str:
        return f"{HEIGHT - EDGE - float(level - low) / span * (HEIGHT - 2 * EDGE):.1f}"

    steps = iter(levels.items())
    at, first = next(steps)
    path = f"M{at * WIDTH / MOST_STEPS:.1f} {y(first)}"
    path += "".join(f"H{at * WIDTH / MOST_STEPS:.1f}V{y(level)}" for at, level in steps)
    last = list(levels.values())[-1]
    numbers = {"days": DAYS, "first": first, "last": last, "low": low, "high": high}
    text = _("Stock of %(days)s days: from %(first)s to %(last)s, at least %(low)s, at most %(high)s")
    return StockLine(path=f"{path}H{WIDTH:g}", text=text % numbers)
