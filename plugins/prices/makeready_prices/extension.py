"""What it adds to Makeready: the address that shops' pricing engines call. Others call its modules."""

from collections.abc import Sequence

from makeready.extensions import extension
from makeready.installation import Installation
from makeready.web.refusals import Refusals
from starlette.routing import BaseRoute, Route

from makeready_prices.endpoint import PriceEdge


@extension
def routes(installation: Installation, refusals: Refusals) -> Sequence[BaseRoute]:
    edge = PriceEdge(installation, refusals)
    return [Route("/price/{segment}/{connector}", edge, methods=["GET", "POST"])]
