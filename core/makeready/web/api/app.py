"""The JSON API at ``/api/v1``: all that the pages and the commands do, for programs."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cache, partial
from importlib.metadata import version
from typing import Any

import msgspec
import structlog
from makeready_hooks.errors import MakereadyError
from msgspec import Struct
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from makeready.access.audit import Act, Actor, audited
from makeready.access.model import Token
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.web.api.idempotency import once
from makeready.web.api.openapi import document
from makeready.web.api.operation import Operation
from makeready.web.api.problems import ApiError, as_api_error, response
from makeready.web.api.requests import Call, addressed, admitted, read_json, read_query
from makeready.web.bodies import read_body
from makeready.web.defects import log_defect
from makeready.web.segments import of_any_text

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

LAST = "\uffff"
"""Comes after every letter."""

log = structlog.get_logger("makeready.api")


def api_app(installation: Installation, wake: Callable[[], None]) -> Starlette:
    """The API as an application of its own, to be mounted. ``wake`` is called when there may be work."""
    routes = [Route("/openapi.json", _describe, methods=["GET"])]
    by_path: dict[str, dict[str, _Endpoint]] = {}
    for operation in installed().operations:
        endpoint = _Endpoint(installation, wake, operation)
        by_path.setdefault(operation.path, {})[operation.method] = endpoint
    for path, found in sorted(by_path.items(), key=_fixed_first):
        routes.append(Route(of_any_text(path), _by_method(found), methods=[*found]))
    app = Starlette(routes=routes, exception_handlers={HTTPException: http_problem})
    app.router.redirect_slashes = False  # such a redirect names the host that the caller gave
    return app


async def _describe(request: Request) -> Response:
    return Response(_openapi(), media_type="application/json")


@cache
def _openapi() -> bytes:
    return msgspec.json.encode(described())


def described() -> dict[str, Any]:
    """The OpenAPI document."""
    return document(installed().operations, version("makeready"))


def _fixed_first(item: tuple[str, object]) -> list[str]:
    """``orders/replay`` stands before ``orders/{number}``."""
    return [segment.replace("{", LAST) for segment in item[0].split("/")]


def _by_method(endpoints: Mapping[str, "_Endpoint"]) -> Callable[[Request], Awaitable[Response]]:
    """All that an address takes stands in one route: what it does not take is answered with all that it does."""

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await endpoints[method].answer(request)

    return answer


class _Endpoint:
    """One operation: who calls, is it allowed, is it readable, then do it."""

    def __init__(self, installation: Installation, wake: Callable[[], None], operation: Operation) -> None:
        self._installation = installation
        self._wake = wake
        self._operation = operation
        given = [kind for kind in (operation.query, operation.body) if kind is not None]
        self._given = {field.encode_name for kind in given for field in msgspec.structs.fields(kind)}

    async def answer(self, request: Request) -> Response:
        try:
            token = await admitted(self._installation, request)
            subscriber = await addressed(self._installation, request, token)
            _check_scopes(token, self._operation)
            body = await read_body(request)
            make = partial(self._make, request, token, subscriber, body)
            if not self._operation.action:
                return await make()
            return await once(
                self._installation, token, request, body, make, keep=not self._operation.shows_secret
            )
        except (ApiError, MakereadyError) as exc:
            return self._problem(request, exc)
        except Exception:  # noqa: BLE001 - whatever it is, the caller gets a problem and the log the rest
            reference = log_defect(log, operation=self._operation.name)
            text = f"Something went wrong in Makeready itself. Its log has the reason under {reference}."
            return response(ApiError(500, text))

    async def _make(
        self, request: Request, token: Token, subscriber: Subscriber | None, body: bytes
    ) -> Response:
        """The answer, or the problem: either may be kept for the same call made again."""
        try:
            call = Call(
                installation=self._installation,
                token=token,
                request=request,
                given_subscriber=subscriber,
                query=read_query(request, self._operation.query),
                body=read_json(body, self._operation.body),
            )
            made = await self._run(call)
        except (ApiError, MakereadyError) as exc:
            return self._problem(request, exc)
        if self._operation.action:
            self._wake()
        if isinstance(made, Response):
            return made
        return Response(msgspec.json.encode(made), headers=HEADERS, media_type="application/json")

    async def _run(self, call: Call) -> Struct | Response:
        """What changes something is kept in the audit log."""
        if not self._operation.action:
            return await self._operation.run(call)
        address = call.request.client.host if call.request.client else ""
        parts = {name: str(part) for name, part in call.request.path_params.items() if name != "subscriber"}
        act = Act(
            action=self._operation.action,
            subscriber=call.given_subscriber.name if call.given_subscriber else "",
            target=" ".join(parts.values()) or getattr(call.body, "name", ""),
            detail="" if self._operation.takes_secrets else msgspec.json.encode(call.body).decode(),
        )
        async with audited(self._installation, Actor(name=call.token.name, via="api", address=address), act):
            return await self._operation.run(call)

    def _problem(self, request: Request, exc: ApiError | MakereadyError) -> Response:
        error = exc
        if isinstance(error, MakereadyError):
            error = as_api_error(
                error, address=request.path_params, given=self._given, names=self._operation.names
            )
        log.warning(
            "API call rejected", operation=self._operation.name, status=error.status, reason=error.detail
        )
        return response(error)


def _check_scopes(token: Token, operation: Operation) -> None:
    """Raises ApiError 403."""
    missing = [scope for scope in operation.scopes if scope not in token.scopes]
    if missing:
        why = "may only read" if missing == ["change"] else "is not an operator's"
        raise ApiError(403, f"The token {token.name} {why}.", field="Authorization")


async def http_problem(request: Request, exc: Exception) -> Response:
    """For what is no address of ours, or does not take this method."""
    status, headers = 500, None
    if isinstance(exc, HTTPException):
        status, headers = exc.status_code, exc.headers
    texts = {404: "There is nothing at this address.", 405: "This address does not take this method."}
    return response(ApiError(status, texts.get(status, "The call is not accepted."), headers=headers))
