"""Every order that needs a person is posted to a chat, by its incoming webhook."""

from typing import Annotated

from makeready_hooks import ConnectorContext, ConnectorType, Role, Secret, hookimpl
from makeready_hooks.errors import RetryLater
from makeready_hooks.http import HttpRequest
from makeready_hooks.model.news import OrderNews
from msgspec import Meta, Struct, json


class ChatSettings(Struct, frozen=True, kw_only=True):
    webhook: Annotated[
        Secret, Meta(title="Incoming webhook", description="Its address, from the chat's settings.")
    ]


class Chat:
    def __init__(self, settings: ChatSettings, context: ConnectorContext) -> None:
        self._settings, self._http = settings, context.http

    @hookimpl
    async def order_needs_person(self, news: OrderNews) -> None:
        text = f"Order {news.order_number} needs a person: {news.reason} {news.page}".strip()
        answer = await self._http.send(
            HttpRequest(
                method="POST",
                url=self._settings.webhook.reveal(),
                headers={"Content-Type": "application/json"},
                body=json.encode({"text": text}),
            )
        )
        if answer.status >= 400:
            raise RetryLater(f"The chat answers {answer.status}.")


CONNECTOR = ConnectorType(
    name="chat", title="Chat", role=Role.OBSERVER, edition=2, settings=ChatSettings, build=Chat
)
