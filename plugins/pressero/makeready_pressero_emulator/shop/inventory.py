"""Stock: a level that is typed once and moves by transactions (seen)."""

from makeready_pressero_emulator.shop import webhooks
from makeready_pressero_emulator.state.journal import Entry
from makeready_pressero_emulator.state.records import OrderItem, Product, Stock, Transaction
from makeready_pressero_emulator.world import World


class OutOfStock(Exception):
    """The stock does not cover the quantity and the product is not back-ordered."""


def stock_of(world: World, product: Product) -> Stock | None:
    return world.shop.stocks.get(product.stock_id or "")


def check(world: World, product: Product, quantity: int) -> None:
    """Raises OutOfStock (inferred: without back-ordering it cannot be ordered)."""
    stock = stock_of(world, product)
    if stock and stock.level < quantity and not product.is_back_ordering_allowed:
        raise OutOfStock(f"{product.name} is out of stock.")


def draw(world: World, entry: Entry, item: OrderItem) -> None:
    """Take an item's quantity from the stock of its product, if it has one."""
    stock = stock_of(world, world.shop.products[item.product_id])
    if stock:
        adjust(world, entry, stock, -item.quantity, kind="Order")


def adjust(
    world: World, entry: Entry, stock: Stock, change: int, *, kind: str, notes: str | None = None
) -> Transaction:
    """Move the level. LowInventory is sent when it goes *below* the re-order point (seen)."""
    before, stock.level = stock.level, stock.level + change
    transaction = Transaction(
        transaction_id=world.ids.new(), date=world.clock.now(), type=kind, total_quantity=change, notes=notes
    )
    stock.transactions.append(transaction)
    world.changed(entry, "stock-moved", stock=stock.name, by=change, level=stock.level)
    if before >= stock.reorder_point > stock.level:
        data = {"StockId": stock.stock_id, "StockName": stock.name, "CurrentLevel": stock.level}
        webhooks.announce(world, entry, "LowInventory", site_id=stock.site_id, data=data)
    return transaction
