"""What has to be in the Pressero account: a webhook, and a pricing engine that calls us.

Both are looked for first. Where the account does not let us, a person gets the exact values.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from makeready_hooks import ConnectorContext
from makeready_hooks.errors import NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.setup import Installed, InstallKind, InstallState
from msgspec import structs

from makeready_pressero.client import PresseroClient
from makeready_pressero.session import Row
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.webhooks import KINDS
from makeready_pressero.wire import text

OURS = "Makeready"
"""Begins the description of the webhooks that this product makes; the environment follows."""
WEBHOOK_ID = ("WebHookId", "Id", "ID")
"""Members that may hold a webhook's id: none is seen."""


class Installer:
    def __init__(
        self, client: PresseroClient, settings: PresseroSettings, context: ConnectorContext, webhook_key: str
    ) -> None:
        self._client = client
        self._settings = settings
        self._context = context
        self._webhook_key = webhook_key

    async def webhook(self) -> Installed:
        """A subscription of all order events to our address."""
        if found := await self.find_webhook():
            return found
        making = self._client.create_webhook(
            self._description, self._webhook_key, self._context.webhook_url, tuple(KINDS)
        )
        return await _made(making, self._webhook, self.find_webhook) or self._webhook_left()

    async def find_webhook(self) -> Installed | None:
        """What is there; left by hand if the account does not show it."""
        try:
            row = _with_url(await self._client.webhooks(), "Url", self._context.webhook_url)
        except (Refused, NotSupported):
            return self._webhook_left()
        return self._webhook(InstallState.EXISTING, row) if row else None

    @property
    def _description(self) -> str:
        return f"{OURS} ({self._context.environment})"

    async def other_instances(self) -> tuple[str, ...]:
        """Hosts of webhooks that another installation made for the same environment; nothing if they are not shown.

        Other companies of this installation may share the account: their webhooks lead to our own host.
        """
        try:
            rows = await self._client.webhooks()
        except (Refused, NotSupported):
            return ()
        urls = [text(row.get("Url")) for row in rows if text(row.get("Description")) == self._description]
        hosts = dict.fromkeys(urlsplit(url).hostname or url for url in urls)
        return tuple(host for host in hosts if host != urlsplit(self._context.webhook_url).hostname)

    def _webhook(self, state: InstallState, row: Row) -> Installed:
        return _installed(InstallKind.WEBHOOK, state, self._webhook_title, _first(row, WEBHOOK_ID))

    def _webhook_left(self) -> Installed:
        return Installed(
            kind=InstallKind.WEBHOOK,
            state=InstallState.BY_HAND,
            title=self._webhook_title,
            by_hand=self._webhook_by_hand(self._context.webhook_url),
        )

    @property
    def _webhook_title(self) -> str:
        return f"Webhook to {self._context.subscriber}"

    def _webhook_by_hand(self, url: str) -> tuple[str, ...]:
        return (
            "In Pressero: Admin > Preferences > Webhooks, add one with:",
            f"URL: {url}",
            "Security Key: one that you choose; enter the same as webhook_key in the connector's settings",
            f"Events: {', '.join(KINDS)}",
        )

    async def pricing_engine(self) -> Installed:
        """One engine that serves every product."""
        if found := await self.find_pricing_engine():
            return found
        settings, token = self._settings, self._settings.pricing_token
        making = self._client.create_engine(
            settings.pricing_engine_name,
            self._context.pricing_url,
            settings.pricing_user,
            token.reveal() if token else "",
        )
        return await _made(making, self._engine_of, self.find_pricing_engine) or self._engine_left()

    async def find_pricing_engine(self) -> Installed | None:
        """As `find_webhook`. One that was made by hand is taken as it is."""
        settings = self._settings
        if by_hand := settings.pricing_engine_id:
            return self._engine(InstallState.EXISTING, by_hand)
        try:
            rows = await self._client.engines()
        except (Refused, NotSupported):
            return self._engine_left()
        row = _engine(
            rows, settings.assumptions.engine_url, self._context.pricing_url, settings.pricing_engine_name
        )
        return self._engine_of(InstallState.EXISTING, row) if row else None

    def _engine_of(self, state: InstallState, row: Row) -> Installed:
        return self._engine(state, text(row.get("CalculatorId")))

    def _engine(self, state: InstallState, key: str) -> Installed:
        return _installed(InstallKind.PRICING_ENGINE, state, self._settings.pricing_engine_name, key)

    def _engine_left(self) -> Installed:
        name = self._settings.pricing_engine_name
        return Installed(
            kind=InstallKind.PRICING_ENGINE,
            state=InstallState.BY_HAND,
            title=name,
            by_hand=_engine_by_hand(name, self._context.pricing_url, self._settings),
        )


async def _made(
    making: Awaitable[Row],
    of: Callable[[InstallState, Row], Installed],
    find: Callable[[], Awaitable[Installed | None]],
) -> Installed | None:
    """None if the account does not let us. Raises RetryLater if nobody knows whether it was made: it is looked for first."""
    try:
        made = of(InstallState.CREATED, await making)
    except (Refused, NotSupported):
        return None
    except OutcomeUnknown as exc:
        raise RetryLater(exc.message) from exc
    if made.id:
        return made
    if (found := await find()) is None:
        raise RetryLater(f"Pressero's answer does not say whether it has made: {made.title}.")
    return structs.replace(found, state=InstallState.CREATED)


def _engine_by_hand(name: str, url: str, settings: PresseroSettings) -> tuple[str, ...]:
    user = (f"User: {settings.pricing_user}",) if settings.pricing_user else ()
    token = ("Access Token: the pricing_token of the connector's settings",) if settings.pricing_token else ()
    return (
        "In Pressero: Admin > Preferences > Pricing Engines, add one of the kind external service with:",
        f"Name: {name}",
        f"URL: {url}",
        *user,
        *token,
        "Then enter its id as pricing_engine_id in the connector's settings.",
    )


def _with_url(rows: list[Row], member: str, url: str) -> Row | None:
    return next((row for row in rows if text(row.get(member)) == url), None)


def _engine(rows: list[Row], member: str, url: str, name: str) -> Row | None:
    """By its address; by its name where no engine shows one (the shape that was seen has none)."""
    if any(member in row for row in rows):
        return _with_url(rows, member, url)
    return next((row for row in rows if text(row.get("CalculatorName")) == name), None)


def _first(row: Row, members: tuple[str, ...]) -> str:
    return next((text(row[member]) for member in members if row.get(member)), "")


def _installed(kind: InstallKind, state: InstallState, title: str, key: str) -> Installed:
    return Installed(kind=kind, state=state, title=title, id=key)
