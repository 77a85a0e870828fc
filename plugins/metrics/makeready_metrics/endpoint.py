"""``GET /metrics``: how every subscriber does, for monitoring. What it says is read from the state, so that it is
the same from each process and after a restart. It names subscribers, so it wants a token that may read.
"""

from collections.abc import Iterable, Sequence

from makeready.extensions import installed
from makeready.installation import Installation
from makeready.web.api.problems import ApiError, response
from makeready.web.api.requests import admitted
from prometheus_client import CONTENT_TYPE_PLAIN_1_0_0, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from makeready_metrics.families import build_family, families
from makeready_metrics.figures import figures_of


def metrics_route(installation: Installation) -> Route:
    async def show(request: Request) -> Response:
        try:
            token = await admitted(installation, request)
        except ApiError as exc:
            return response(exc)
        found = [one for one in await installation.store.subscribers.all() if token.is_for(one.name)]
        seen = [await figures_of(installation, one) for one in found]
        registry = CollectorRegistry(auto_describe=False)
        others = installed().metrics(installation)
        registry.register(_Families([build_family(), *families(seen, installation.clock()), *others]))
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
