"""What pages offer of a company's connectors: no button for what none of them can do."""

from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready_hooks import specs
from makeready_hooks.errors import ConfigError

OFFERS = {
    "import": (specs.search_mis_products, specs.create_shop_product),
    "install": (specs.install,),
    "link": (specs.search_mis_products, specs.write_shop_binding),
}
"""With the hooks that it takes."""


async def offers(installation: Installation, subscriber: Subscriber | None) -> frozenset[str]:
    """All of it as long as nobody knows: without a company, or with a setting that is wrong, which is told elsewhere."""
    try:
        connectors = await installation.connectors(subscriber) if subscriber else None
    except ConfigError:
        connectors = None
    if connectors is None:
        return frozenset(OFFERS)
    return frozenset(name for name, hooks in OFFERS.items() if all(map(connectors.any_has, hooks)))
