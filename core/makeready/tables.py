"""The core's tables, a set of migrations for each room, in the order in which they are applied."""

from makeready.access.schema import MIGRATIONS as ACCESS
from makeready.engine.observers.schema import MIGRATIONS as OBSERVERS
from makeready.engine.schema import MIGRATIONS as ENGINE
from makeready.orders.artwork.schema import MIGRATIONS as ARTWORK
from makeready.orders.corrections.schema import MIGRATIONS as CORRECTIONS
from makeready.orders.fulfilment.schema import MIGRATIONS as FULFILMENT
from makeready.orders.life.schema import MIGRATIONS as LIFE
from makeready.orders.store.schema import MIGRATIONS as ORDERS
from makeready.outbound.schema import MIGRATIONS as OUTBOUND
from makeready.prices.schema import MIGRATIONS as PRICES
from makeready.products.store.schema import MIGRATIONS as PRODUCTS
from makeready.stock.store.schema import MIGRATIONS as STOCK
from makeready.storage.schema import MIGRATIONS as STORAGE
from makeready.subscribers.schema import MIGRATIONS as SUBSCRIBERS
from makeready.webhooks.schema import MIGRATIONS as WEBHOOKS

TABLES = (
    STORAGE,
    SUBSCRIBERS,  # before what refers to them
    ENGINE,
    OBSERVERS,
    OUTBOUND,
    WEBHOOKS,
    PRODUCTS,
    PRICES,
    STOCK,
    ORDERS,
    LIFE,
    CORRECTIONS,
    ARTWORK,
    FULFILMENT,
    ACCESS,
)
