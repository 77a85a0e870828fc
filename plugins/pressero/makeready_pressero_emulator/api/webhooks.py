"""Registering webhooks. Path and body are inferred: only that the API has a PostWebHook was seen."""

from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.shop.webhooks import event_name
from makeready_pressero_emulator.state.webhooks import Webhook
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer, paged
from makeready_pressero_emulator.wire.members import squashed


class WebhookBody(Struct, frozen=True, rename=squashed):
    description: str | None = None
    security_key: str | None = None
    url: str | None = None
    events: list[str] | None = None


async def list_webhooks(call: Call) -> Answer:
    return paged(call.page(), list(call.shop.webhooks.values()), _shape)


async def create_webhook(call: Call) -> Answer:
    body = call.body_as(WebhookBody)
    if not body.url:
        raise invalid("Url", "The URL is required")
    hook = Webhook(
        webhook_id="",
        description=body.description or "",
        security_key=body.security_key or "",
        url=body.url,
        events=_events(body.events or []),
    )
    hook.webhook_id = call.world.ids.new()
    call.shop.webhooks[hook.webhook_id] = hook
    call.effect("webhook-created", webhook=hook.webhook_id, url=hook.url)
    return json_answer(_shape(hook))


async def show_webhook(call: Call) -> Answer:
    return json_answer(_shape(_webhook(call)))


async def change_webhook(call: Call) -> Answer:
    """Members that are absent or null stay as they are."""
    hook, body = _webhook(call), call.body_as(WebhookBody)
    events = hook.events if body.events is None else _events(body.events)
    for name in ("description", "security_key", "url"):
        if getattr(body, name) is not None:
            setattr(hook, name, getattr(body, name))
    hook.events = events
    call.effect("webhook-changed", webhook=hook.webhook_id)
    return json_answer(_shape(hook))


async def delete_webhook(call: Call) -> Answer:
    hook = _webhook(call)
    del call.shop.webhooks[hook.webhook_id]
    call.effect("webhook-deleted", webhook=hook.webhook_id)
    return Answer(status=204)


def _webhook(call: Call) -> Webhook:
    hook = call.shop.webhooks.get(call.params["id"].lower())
    if hook is None:
        raise ApiError(404, "The webhook was not found.")
    return hook


def _events(given: list[str]) -> list[str]:
    events = []
    for text in given:
        name = event_name(text)
        if name is None:
            raise invalid("Events", f"There is no event {text!r}")
        events.append(name)
    return events


def _shape(hook: Webhook) -> dict[str, Any]:
    """The security key is never shown again (assumed)."""
    return {
        "WebHookId": hook.webhook_id,
        "Id": hook.webhook_id,
        "Description": hook.description,
        "Url": hook.url,
        "Events": hook.events,
    }


_WEBHOOKS, _WEBHOOK = "/api/WebHooks", "/api/WebHooks/{id}"

ENDPOINTS = (
    Endpoint(verb="GET", path=_WEBHOOKS, mark=Mark.INFERRED, does="List webhooks.", handler=list_webhooks),
    Endpoint(
        verb="POST", path=_WEBHOOKS, mark=Mark.INFERRED, does="Register a webhook.", handler=create_webhook
    ),
    Endpoint(verb="GET", path=_WEBHOOK, mark=Mark.INFERRED, does="Show a webhook.", handler=show_webhook),
    Endpoint(verb="PUT", path=_WEBHOOK, mark=Mark.INFERRED, does="Change a webhook.", handler=change_webhook),
    Endpoint(
        verb="DELETE", path=_WEBHOOK, mark=Mark.INFERRED, does="Remove a webhook.", handler=delete_webhook
    ),
)
