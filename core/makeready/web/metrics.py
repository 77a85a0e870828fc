"""``GET /metrics``: how every subscriber does, for monitoring. What it says is read from the state, so that it is
the same from each process and after a restart. It names subscribers, so it wants a token that may read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version

from msgspec import Struct
from prometheus_client import CONTENT_TYPE_PLAIN_1_0_0, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from makeready.alerts.health import Details, Overview, details, overview
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.web.api.problems import ApiError, response
from makeready.web.api.requests import admitted

DAY = "in the last 24 hours"


class Seen(Struct, frozen=True, kw_only=True):
    """One subscriber now."""

    glance: Overview
    details: Details

    @property
    def name(self) -> str:
        return self.glance.subscriber.name


def metrics_route(installation: Installation) -> Route:
    async def show(request: Request) -> Response:
        try:
            token = await admitted(installation, request)
        except ApiError as exc:
            return response(exc)
        found = [one for one in await installation.store.subscribers.all() if token.is_for(one.name)]
        glances = [await overview(installation, one) for one in found]
        seen = [Seen(glance=one, details=await details(installation, one)) for one in glances]
        registry = CollectorRegistry(auto_describe=False)
        registry.register(
            _Families([_build(), *_families(seen, installation.clock()), *installed().metrics(installation)])
        )
        return Response(
            generate_latest(registry),
            headers={"Cache-Control": "no-store"},
            media_type=CONTENT_TYPE_PLAIN_1_0_0,
        )

    return Route("/metrics", show, methods=["GET"])


class _Families(Collector):
    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _build() -> Metric:
    return InfoMetricFamily("makeready_build", "The version that runs.", {"version": version("makeready")})


def _families(seen: Sequence[Seen], now: float) -> Iterator[Metric]:
    yield _family(
        "waiting_for_person",
        "What needs attention, by why.",
        ("subscriber", "why"),
        [
            ((one.name, why), getattr(one.glance.waiting, why))
            for one in seen
            for why in ("refused", "parked", "noticed", "files", "work")
        ],
    )
    yield _family(
        "lines_today",
        "Order lines by the state that they came into since midnight in the subscriber's time zone.",
        ("subscriber", "state"),
        [((one.name, state), count) for one in seen for state, count in one.glance.today.items()],
    )
    yield _family(
        "connection_up",
        "1 if the last regular calls through a connector went well, else 0.",
        ("subscriber", "connector"),
        [((one.name, side.connector), float(side.ok)) for one in seen for side in one.glance.health],
    )
    yield from _of_work(seen, now)
    yield from _of_days(seen)
    yield from _moments(seen)


def _of_work(seen: Sequence[Seen], now: float) -> Iterator[Metric]:
    works = [((one.name, work.kind), work) for one in seen for work in one.details.work]
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


def _of_days(seen: Sequence[Seen]) -> Iterator[Metric]:
    yield _family(
        "prices",
        f"Buyers' questions for a price {DAY}, by how they were answered.",
        ("subscriber", "outcome"),
        [
            ((one.name, outcome), getattr(one.glance.prices, outcome))
            for one in seen
            for outcome in ("kept", "asked", "last_known", "refused")
        ],
    )
    yield _family(
        "price_seconds",
        f"Within what time this share of the questions was answered {DAY}.",
        ("subscriber", "quantile"),
        [
            ((one.name, share), ms / 1000)
            for one in seen
            for share, ms in (("0.5", one.glance.prices.p50_ms), ("0.95", one.glance.prices.p95_ms))
            if ms is not None
        ],
    )
    loads = [((one.name, load.connector), load) for one in seen for load in one.glance.loads]
    labels = ("subscriber", "connector")
    yield _family("calls", f"Calls to vendors {DAY}.", labels, [(key, load.calls) for key, load in loads])
    yield _family("calls_failed", "Of them.", labels, [(key, load.failed) for key, load in loads])


MOMENTS: tuple[tuple[str, str, Callable[[Overview], float]], ...] = (
    ("last_webhook", "The last webhook of the shop came.", lambda one: one.last_webhook_at),
    ("last_order", "The newest order was placed.", lambda one: one.last_placed_at),
    ("oldest_stock", "The oldest reading of stock that is shown.", lambda one: one.stock.oldest_at),
)


def _moments(seen: Sequence[Seen]) -> Iterator[Metric]:
    """Unix time; none for what never was."""
    for name, text, moment in MOMENTS:
        known = [((one.name,), moment(one.glance)) for one in seen if moment(one.glance)]
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
