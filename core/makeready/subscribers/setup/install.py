"""What is made in the vendors' accounts for a subscriber, and snippets for shop pages."""

from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import Installed

from makeready.contexts import SetupContext
from makeready.subscribers.model import Subscriber


async def snippets(context: SetupContext, subscriber: Subscriber) -> dict[str, str]:
    """What to paste into the head of each site with products of ours; under "" if there is none yet.

    Empty until the public address is known, and as long as a setting is missing.
    """
    if not await context.store.subscribers.public_url():
        return {}
    try:
        connectors = await context.connectors(subscriber)
    except ConfigError:  # `check` says which
        return {}
    links = await context.store.stock.links(subscriber.name)
    sites = list(dict.fromkeys(link.site for link in links)) or [""]
    shops = connectors.names(Role.STOREFRONT)
    return {
        site: html for site in sites for shop in shops if (html := connectors.storefront_snippet(shop, site))
    }


async def install(context: SetupContext, subscriber: Subscriber) -> list[tuple[str, Installed]]:
    """Make in the vendors' accounts what is needed there, and remember what was made.

    Raises ConfigError if the public address is not known yet.
    """
    if not await context.store.subscribers.public_url():
        raise ConfigError(
            "The address at which the outside reaches this server is not known.",
            field="public-url",
            fix="Start the server once with --public-url, or set MAKEREADY_PUBLIC_URL.",
        )
    connectors = await context.connectors(subscriber)
    made: list[tuple[str, Installed]] = []
    for name in subscriber.connectors:
        for one in await connectors.install(name):
            await context.store.subscribers.record_installed(subscriber.name, name, one)
            made.append((name, one))
    return made
