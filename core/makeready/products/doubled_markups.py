"""Products to which a mark-up would be added twice."""

from msgspec import Struct

from makeready.subscribers.model import Subscriber


class MarkedUp(Struct, frozen=True, kw_only=True):
    site: str
    part_number: str
    made_at: float


class MarkupsDoubled(Exception):
    """Settings by which we would add a mark-up to products that have one in the shop. Nothing was saved."""

    def __init__(self, subscriber: Subscriber, products: list[MarkedUp]) -> None:
        super().__init__(f"{len(products)} products of {subscriber.name} would have two mark-ups")
        self.subscriber = subscriber
        self.products = products
