"""``GET /metrics``: how every subscriber does, for monitoring. What it says is read from the state, so that it is
the same from each process and after a restart. It names subscribers, so it wants a token that may read.
"""

from makeready.extensions import installed
from makeready.installation import Installation
from makeready.web.api.problems import ApiError, response
from makeready.web.api.requests import admitted
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from makeready_metrics.figures import figures_of


def metrics_route(installation: Installation) -> Route:
    async def show(request: Request) -> Response:
        from makeready_metrics import families  # noqa: PLC0415 - with 1 MB, where nobody may ever ask

        try:
            token = await admitted(installation, request)
        except ApiError as exc:
            return response(exc)
        companies = [one for one in await installation.store.subscribers.all() if token.is_for(one.name)]
        seen = [await figures_of(installation, one) for one in companies]
        others = installed().metrics(installation)
        found = [families.build_family(), *families.families(seen, installation.clock()), *others]
        return Response(
            families.as_text(found), headers={"Cache-Control": "no-store"}, media_type=families.CONTENT_TYPE
        )

    return Route("/metrics", show, methods=["GET"])
