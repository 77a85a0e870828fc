"""Figures as families of Prometheus."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_PLAIN_1_0_0, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from makeready_metrics.figures import Figures

DAY = "in the last 24 hours"
CONTENT_TYPE = CONTENT_TYPE_PLAIN_1_0_0


class _Families(Collector):
    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def as_text(families: Sequence[Metric]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(families))
    return generate_latest(registry)


def build_family() -> Metric:
    return InfoMetricFamily("makeready_build", "The version that runs.", {"version": version("makeready")})


def families(seen: Sequence[Figures], now: float) -> Iterator[Metric]:
    yield _family(
        "waiting_for_person",
        "What needs attention, by why.",
        ("subscriber", "why"),
        [
            ((one.subscriber, why), getattr(one.waiting, why))
            for one in seen
            for why in ("refused", "parked", "noticed", "unreadable", "files", "work")
        ],
    )
    yield _family(
        "lines_today",
        "Order lines by the state that they came into since midnight in the subscriber's time zone.",
        ("subscriber", "state"),
        [((one.subscriber, state), count) for one in seen for state, count in one.today.items()],
    )
    yield _family(
        "connection_up",
        "1 if the last calls through a connector, of each kind, went well or nothing was asked of it yet, else 0.",
        ("subscriber", "connector"),
        [((one.subscriber, side.connector), float(side.ok)) for one in seen for side in one.health],
    )
    yield from _of_work(seen, now)
    yield from _of_days(seen)
    yield from _moments(seen)


def _of_work(seen: Sequence[Figures], now: float) -> Iterator[Metric]:
    works = [((one.subscriber, work.kind), work) for one in seen for work in one.work]
    labels = ("subscriber", "kind")
    yield _family(
        "work", "Work that is not done, by kind.", labels, [(key, work.count) for key, work in works]
    )
    yield _family(
        "work_failing",
        "Of it, what went wrong last time.",
        labels,
        [(key, work.failing) for key, work in works],
    )
    yield _family(
        "work_late_seconds",
        "How long the first of it is due already.",
        labels,
        [(key, max(0.0, now - work.next_at)) for key, work in works],
    )


def _of_days(seen: Sequence[Figures]) -> Iterator[Metric]:
    yield _family(
        "prices",
        f"Buyers' questions for a price {DAY}, by how they were answered.",
        ("subscriber", "outcome"),
        [
            ((one.subscriber, outcome), getattr(one.prices, outcome))
            for one in seen
            for outcome in ("kept", "asked", "last_known", "over_budget", "refused")
        ],
    )
    yield _family(
        "price_seconds",
        f"Within what time this share of the questions was answered {DAY}.",
        ("subscriber", "quantile"),
        [
            ((one.subscriber, share), ms / 1000)
            for one in seen
            for share, ms in (("0.5", one.prices.p50_ms), ("0.95", one.prices.p95_ms))
            if ms is not None
        ],
    )
    loads = [((one.subscriber, load.connector), load) for one in seen for load in one.loads]
    labels = ("subscriber", "connector")
    yield _family("calls", f"Calls to vendors {DAY}.", labels, [(key, load.calls) for key, load in loads])
    yield _family("calls_failed", "Of them.", labels, [(key, load.failed) for key, load in loads])


MOMENTS: tuple[tuple[str, str, Callable[[Figures], float]], ...] = (
    ("last_webhook", "The last webhook of the shop came.", lambda one: one.last_webhook_at),
    ("last_order", "The newest order was placed.", lambda one: one.last_placed_at),
    ("oldest_stock", "The oldest reading of stock that is shown.", lambda one: one.stock.oldest_at),
)


def _moments(seen: Sequence[Figures]) -> Iterator[Metric]:
    """Unix time; none for what never was."""
    for name, text, moment in MOMENTS:
        known = [((one.subscriber,), moment(one)) for one in seen if moment(one)]
        yield _family(f"{name}_timestamp_seconds", text, ("subscriber",), known)


def _family(
    name: str, text: str, labels: tuple[str, ...], values: Sequence[tuple[tuple[str, ...], float]]
) -> Metric:
    """Values of the same labels are added: one connector may call several hosts."""
    family = GaugeMetricFamily(f"makeready_{name}", text, labels=labels)
    sums: dict[tuple[str, ...], float] = {}
    for key, value in values:
        sums[key] = sums.get(key, 0.0) + value
    for key, value in sums.items():
        family.add_metric(key, value)
    return family
