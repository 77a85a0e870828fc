"""A page for a screen on the wall: how much of a company's waits for a person. Who knows its address may see it."""

from collections.abc import Callable, Sequence

from makeready.extensions import extension
from makeready.installation import Installation
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

PAGE = """<!doctype html><html lang="en"><title>Waiting</title><meta http-equiv="refresh" content="60">
<p style="font: 20vh sans-serif; text-align: center">{count}</p><p style="text-align: center">wait for a person</p></html>"""


@extension
def routes(installation: Installation, wake: Callable[[], None]) -> Sequence[BaseRoute]:
    async def wall(request: Request) -> Response:
        company = await installation.store.subscribers.by_url_token(request.path_params["segment"])
        if company is None:
            return Response("There is nothing at this address.", 404)
        counts = await installation.store.attention.counts(company.name)
        return HTMLResponse(PAGE.format(count=counts.refused + counts.parked + counts.unreadable))

    return [Route("/wall/{segment}", wall)]
