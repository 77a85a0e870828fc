"""The server as an ASGI application, made from an installation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from makeready_hooks.errors import CallRejected, MakereadyError
from makeready_hooks.model.incoming import IncomingCall
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from makeready.engine import Engine
from makeready.flows.availability import Availability
from makeready.flows.handlers import engine_for
from makeready.flows.pricing import answer_price_call
from makeready.flows.receiving import receive_webhook
from makeready.installation import Installation
from makeready.records import Subscriber
from makeready.web.admin import admin_routes
from makeready.web.api import api_app
from makeready.web.bodies import read_body
from makeready.web.storefront import storefront_routes

log = structlog.get_logger("makeready.web")


def create_app(installation: Installation, *, work: bool = True, admin_password: str = "") -> Starlette:
    """The whole server.

    ``work=False`` leaves due work to ``makeready worker``; without a password the pages are closed.
    """
    engine = engine_for(installation) if work else None
    availability = Availability(installation)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        running = asyncio.create_task(engine.run(stop)) if engine else None
        yield
        stop.set()
        await availability.aclose()
        if running is not None:
            await running

    edge = _Edge(installation, engine)
    routes = [
        Route("/hooks/{segment}/{connector}", edge.webhook, methods=["POST"]),
        Route("/price/{segment}/{connector}", edge.price, methods=["POST"]),
        Route("/healthz", _healthy, methods=["GET"]),
        Route("/readyz", edge.ready, methods=["GET"]),
        Mount("/api/v1", api_app(installation, engine.wake if engine else lambda: None)),
        *storefront_routes(installation, availability),
        *admin_routes(installation, admin_password),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={CallRejected: _rejected, MakereadyError: _failed, HTTPException: _http_error},
    )


class _Edge:
    def __init__(self, installation: Installation, engine: Engine | None) -> None:
        self._installation = installation
        self._engine = engine

    async def webhook(self, request: Request) -> Response:
        """Stored on the disk before it is answered."""
        subscriber, connector = await self._addressee(request)
        call = await _incoming(request)
        if await receive_webhook(self._installation, subscriber, connector, call) and self._engine:
            self._engine.wake()
        return JSONResponse({"received": True})

    async def price(self, request: Request) -> Response:
        subscriber, connector = await self._addressee(request)
        answer = await answer_price_call(self._installation, subscriber, connector, await _incoming(request))
        return Response(answer.body, answer.status, media_type=answer.content_type)

    async def ready(self, request: Request) -> Response:
        """The state file can be read."""
        subscribers = await self._installation.store.subscribers.all()
        return JSONResponse({"ready": True, "subscribers": len(subscribers)})

    async def _addressee(self, request: Request) -> tuple[Subscriber, str]:
        """Whose address this is. Unknown ones all look the same, so that nothing can be learned by trying."""
        segment, connector = request.path_params["segment"], request.path_params["connector"]
        subscriber = await self._installation.store.subscribers.by_path_segment(segment)
        if subscriber is None or connector not in subscriber.connectors:
            raise CallRejected(
                "Nobody has this address.", status=404, fix="Copy it from: makeready subscriber show NAME."
            )
        return subscriber, connector


async def _incoming(request: Request) -> IncomingCall:
    return IncomingCall(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=await read_body(request),
    )


async def _healthy(request: Request) -> Response:
    return JSONResponse({"healthy": True})


async def _rejected(request: Request, exc: Exception) -> Response:
    status = exc.status if isinstance(exc, CallRejected) else 400
    log.warning("call rejected", path=request.scope["route"].path, status=status, reason=str(exc))
    return JSONResponse({"error": str(exc)}, status)


async def _failed(request: Request, exc: Exception) -> Response:
    """Our own trouble, such as a missing secret. The caller learns only that it is ours."""
    log.error("call failed", path=request.scope["route"].path, error=str(exc))
    return JSONResponse({"error": "The server is not set up for this just now. Its log says why."}, 503)


async def _http_error(request: Request, exc: Exception) -> Response:
    status, detail, headers = 500, "", None
    if isinstance(exc, HTTPException):
        status, detail, headers = exc.status_code, exc.detail, exc.headers
    text = "There is nothing at this address." if status == 404 else detail
    return JSONResponse({"error": text}, status, headers)
