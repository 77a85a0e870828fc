"""Where a vendor reaches us for a subscriber."""

import secrets

from makeready_hooks import ConnectorType, Role
from makeready_hooks.errors import CallRejected

from makeready.contexts import SetupContext
from makeready.subscribers.model import Subscriber


def new_url_token() -> str:
    """192 bits that nobody guesses, fit for a URL."""
    return secrets.token_urlsafe(24)


async def renew_addresses(context: SetupContext, subscriber: Subscriber) -> None:
    """Under which vendors reach us: who knows the old ones gets no answer any more. `install` gives the new ones."""
    await context.store.subscribers.set_url_token(subscriber.name, new_url_token())


async def addressee(context: SetupContext, segment: str, connector: str) -> Subscriber:
    """Whose address this is. Raises CallRejected; unknown ones all look the same, so that nothing is learned by trying."""
    subscriber = await context.store.subscribers.by_url_token(segment)
    if subscriber is None or connector not in subscriber.connectors:
        raise CallRejected(
            "Nobody has this address.", status=404, fix="Copy it from: makeready subscriber show NAME."
        )
    return subscriber


def addresses_of(subscriber: Subscriber, kind: ConnectorType, public_url: str) -> dict[str, str]:
    """Where a vendor reaches us for this subscriber; empty until the public address is known.

    A connector has one for the events that its vendor tells of; a storefront one for prices.
    """
    paths = {"webhook": "hooks"} if kind.tells else {}
    paths |= {"pricing": "price"} if kind.role is Role.STOREFRONT else {}
    if not public_url:
        return {}
    return {name: f"{public_url}/{path}/{subscriber.url_token}/{kind.name}" for name, path in paths.items()}
