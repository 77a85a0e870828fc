"""Webhooks come in crowds: they go past the middleware and the routes, which cost as much as what is done for them."""

from typing import Any

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from makeready.webhooks.endpoint import WebhookEdge

NOTHING_BEFORE, HOOKS, PARTS = "", "hooks", 4


class ShortWay(Starlette):
    """An application whose route ``/hooks/{segment}/{connector}`` is found without a look at the others. A call that is
    refused, or that fails, goes the whole way with its error: it is answered there as all others are.
    """

    def __init__(self, hooks: WebhookEdge, **options: Any) -> None:
        super().__init__(**options)
        self._hooks = hooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (names := _names(scope)) is None:
            await super().__call__(scope, receive, send)
            return
        scope["path_params"] = names
        try:
            await self._hooks.take(scope, receive)
        except Exception as exc:  # noqa: BLE001 - raised again on its route
            scope["failed"] = exc
            await super().__call__(scope, receive, send)
        else:
            await self._hooks.answer(send)


def _names(scope: Scope) -> dict[str, str] | None:
    """Of the route, if it is this one and nothing in the address is percent-encoded."""
    if scope["type"] != "http" or scope["method"] != "POST" or b"%" in scope.get("raw_path", b"%"):
        return None
    parts = scope["path"].split("/")
    if len(parts) != PARTS or parts[0] != NOTHING_BEFORE or parts[1] != HOOKS or not (parts[2] and parts[3]):
        return None
    return {"segment": parts[2], "connector": parts[3]}
