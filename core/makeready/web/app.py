"""The server as an ASGI application, made from an installation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog
from makeready_hooks.errors import CallRejected, MakereadyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from makeready.engine.worker import keep_running
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.outbound.client import prepare_calls
from makeready.storage.errors import StateFileError
from makeready.storage.types import learn_types
from makeready.web.api.app import api_app, http_problem
from makeready.web.readiness import Readiness
from makeready.web.refusals import MINUTE_S, Refusals
from makeready.web.segments import keep_slashes
from makeready.webhooks.endpoint import WebhookEdge
from makeready.work import engine_for

API, HOOKS = "/api/v1", "/hooks/"

log = structlog.get_logger("makeready.web")


def create_app(installation: Installation, *, work: bool = True) -> Starlette:
    """The whole server. ``work=False`` leaves due work to ``makeready worker``."""
    engine = engine_for(installation) if work else None
    extensions = installed()
    learn_types()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        prepare_calls()
        stop = asyncio.Event()
        running = asyncio.create_task(keep_running(engine, stop)) if engine else None
        yield
        stop.set()
        refusals.end_minute()
        await readiness.aclose()
        await extensions.stop(installation)
        if running is not None:
            await running

    refusals = Refusals(installation.steady)
    readiness = Readiness(installation, (lambda: engine.trouble) if engine else (lambda: ""))
    wake = engine.wake if engine else lambda: None
    hooks = WebhookEdge(installation, wake, refusals)
    routes: list[BaseRoute] = [
        Route(f"{HOOKS}{{segment}}/{{connector}}", hooks, methods=["POST"]),
        # Each is compared in turn: a buyer's price does not wait for all the pages.
        *extensions.routes(installation, wake, refusals),
        Route("/healthz", _healthy, methods=["GET"]),
        Route("/readyz", readiness.answer, methods=["GET"]),
        Mount(API, api_app(installation, wake)),
    ]
    app = _App(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={
            CallRejected: partial(_rejected, refusals),
            MakereadyError: _failed,
            StateFileError: _not_kept,
            HTTPException: _http_error,
        },
    )
    app.hooks = hooks
    app.router.redirect_slashes = False  # such a redirect names the host that the caller gave
    return app


class _App(Starlette):
    """Webhooks come in crowds: they go past the middleware and the routes, which cost as much as what is done for them.
    One that is refused or that fails goes the whole way with its error, to be answered there.
    """

    hooks: WebhookEdge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and b"%" in (scope.get("raw_path") or b"%"):
            keep_slashes(scope)
        elif scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(HOOKS):
            match scope["path"].removeprefix(HOOKS).split("/"):
                case [segment, connector] if segment and connector:
                    scope["path_params"] = {"segment": segment, "connector": connector}
                    try:
                        await self.hooks.take(scope, receive)
                    except Exception as exc:  # noqa: BLE001 - raised on its route
                        scope["failed"] = exc
                    else:
                        await self.hooks.acknowledge(send)
                        return
        await super().__call__(scope, receive, send)


async def _healthy(request: Request) -> Response:
    return JSONResponse({"healthy": True})


async def _rejected(refusals: Refusals, request: Request, exc: Exception) -> Response:
    status = exc.status if isinstance(exc, MakereadyError) else 400
    refusals.told(request.scope, status=status, reason=str(exc))
    headers = {"Retry-After": f"{MINUTE_S:.0f}"} if status == 429 else None
    return JSONResponse({"error": str(exc)}, status, headers)


async def _failed(request: Request, exc: Exception) -> Response:
    """Our own trouble, such as a missing secret. The caller learns only that it is ours."""
    log.error("call failed", path=request.scope["route"].path, error=str(exc))
    return JSONResponse({"error": "The server is not set up for this just now. Its log says why."}, 503)


async def _not_kept(request: Request, exc: Exception) -> Response:
    """A webhook that could not be stored is not acknowledged, so that the vendor repeats it."""
    log.error("call failed", path=request.scope["route"].path, error=str(exc))
    return JSONResponse({"error": "Nothing can be stored just now. Try again later."}, 503)


async def _http_error(request: Request, exc: Exception) -> Response:
    if request.url.path.startswith(API):  # with what no route takes, such as a line break
        return await http_problem(request, exc)
    status, detail, headers = 500, "", None
    if isinstance(exc, HTTPException):
        status, detail, headers = exc.status_code, exc.detail, exc.headers
    text = "There is nothing at this address." if status == 404 else detail
    return JSONResponse({"error": text}, status, headers)
