"""What metrics add to Makeready: one address."""

from collections.abc import Callable, Sequence

from makeready.extensions import extension
from makeready.installation import Installation
from starlette.routing import BaseRoute

from makeready_metrics.endpoint import metrics_route


@extension
def routes(installation: Installation, wake: Callable[[], None]) -> Sequence[BaseRoute]:
    return (metrics_route(installation),)
