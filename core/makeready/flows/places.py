"""Addresses of our own pages, for messages that leave."""

from urllib.parse import quote

from makeready.installation import Installation
from makeready.records import Subscriber

PAGES = "/admin"


async def pages_of(installation: Installation, subscriber: Subscriber) -> str:
    """Where the pages of a subscriber begin; "" as long as the public address is not known."""
    public_url = await installation.store.subscribers.public_url()
    return f"{public_url}{PAGES}/subscribers/{subscriber.name}" if public_url else ""


def order_page(pages: str, number: str) -> str:
    """The page of an order; "" without ``pages``."""
    return f"{pages}/orders/{quote(number, safe='')}" if pages else ""
