"""Stock for people: what the MIS has, what buyers ordered, what the shop shows, and how it came to be so."""

from decimal import Decimal

from makeready.contexts import StockContext
from makeready.stock.model import HistoryPoint, LevelRow, LinkedProduct, MirrorRow
from makeready.subscribers.model import Subscriber
from makeready_hooks import Capability
from makeready_hooks.errors import ConfigError
from msgspec import Struct

DAY_S = 86_400.0


class ShopLevel(Struct, frozen=True, kw_only=True):
    """A product in one site."""

    site: str
    url_name: str
    part_number: str
    mirror: MirrorRow | None = None
    """None if the shop has no stock item for it, or its level was never read."""


class StockView(Struct, frozen=True, kw_only=True):
    """A product of the MIS that is in a shop."""

    product_id: str
    name: str
    level: LevelRow | None
    """None if the MIS has not told any."""
    ordered: int
    """By buyers, and not known in the MIS yet."""
    shops: tuple[ShopLevel, ...]

    @property
    def available(self) -> Decimal | None:
        """For buyers."""
        return None if self.level is None else self.level.free - self.ordered


class MirrorState(Struct, frozen=True, kw_only=True):
    """Whether the shop's own levels are kept in step, in a sentence."""

    state: str
    """``off``, ``not-supported``, ``untried``, ``trying``, ``works``, ``refused``."""
    text: str


async def stock_views(context: StockContext, subscriber: Subscriber, product_id: str = "") -> list[StockView]:
    """All products, or one, by id. Raises ConfigError for one that is in no shop."""
    stock = context.store.stock
    links = await stock.links(subscriber.name)
    if product_id:
        links = [link for link in links if link.product_id == product_id]
        if not links:
            raise ConfigError(
                f"Product {product_id} is in no shop of {subscriber.name}.",
                field="product",
                fix=f"See: makeready stock show {subscriber.name}.",
            )
    levels, ordered = await stock.levels(subscriber.name), await stock.ordered(subscriber.name)
    mirrors = {(row.site, row.product_id): row for row in await context.store.mirrors.all(subscriber.name)}
    by_product: dict[str, list[LinkedProduct]] = {}
    for link in links:
        by_product.setdefault(link.product_id, []).append(link)
    return [
        StockView(
            product_id=key,
            name=of_product[0].name,
            level=levels.get(key),
            ordered=ordered.get(key, 0),
            shops=tuple(_shop_level(link, mirrors.get((link.site, key))) for link in of_product),
        )
        for key, of_product in by_product.items()
    ]


def _shop_level(link: LinkedProduct, mirror: MirrorRow | None) -> ShopLevel:
    return ShopLevel(site=link.site, url_name=link.url_name, part_number=link.part_number, mirror=mirror)


async def stock_history(
    context: StockContext, subscriber: Subscriber, product_id: str, *, days: float
) -> list[HistoryPoint]:
    since = context.clock() - days * DAY_S
    return await context.store.stock.history(subscriber.name, product_id, since=since)


async def mirror_state(context: StockContext, subscriber: Subscriber) -> MirrorState:
    """Of several shops the state of the first, and the text of each."""
    connectors = await context.connectors(subscriber)
    found = [(shop, await mirror_of_shop(context, subscriber, shop)) for shop in connectors.shops]
    if len(found) < 2:
        return found[0][1]
    return MirrorState(state=found[0][1].state, text=" ".join(f"{shop}: {one.text}" for shop, one in found))


async def mirror_of_shop(context: StockContext, subscriber: Subscriber, shop: str) -> MirrorState:
    """``shop``: its connector."""
    trial = await context.store.mirrors.trial(subscriber.name, shop)
    if not (subscriber.stock.enabled and subscriber.stock.mirror):
        return MirrorState(state="off", text="The shop's own stock levels are left alone.")
    connectors = await context.connectors(subscriber)
    if not shop or Capability.STOCK_MIRROR not in connectors.capabilities(shop):
        return MirrorState(
            state="not-supported",
            text="The shop has no call for stock levels: buyers are warned on its pages only.",
        )
    if trial.version != subscriber.version or not trial.state:
        return MirrorState(state="untried", text="The first change will show whether the shop takes it.")
    texts = {
        "trying": "The shop took a change and does not show it yet.",
        "works": "The shop's own stock levels follow the MIS.",
        "refused": "The shop's own stock levels cannot be kept in step: buyers are warned on its pages only. "
        f"{trial.reason}",
    }
    return MirrorState(state=trial.state, text=texts[trial.state].strip())
