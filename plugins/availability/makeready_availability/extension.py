"""What stock warnings add to Makeready: the addresses that a shop's pages ask."""

from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

from makeready.extensions import extension
from makeready.installation import Installation
from starlette.routing import BaseRoute

from makeready_availability.availability import Availability
from makeready_availability.endpoint import storefront_routes


class Warnings:
    """For every server of this process."""

    def __init__(self) -> None:
        self._availability: WeakKeyDictionary[Installation, Availability] = WeakKeyDictionary()

    @extension
    def routes(self, installation: Installation, wake: Callable[[], None]) -> Sequence[BaseRoute]:
        availability = self._availability[installation] = Availability(installation)
        return storefront_routes(installation, availability)

    @extension
    async def on_stop(self, installation: Installation) -> None:
        if availability := self._availability.pop(installation, None):
            await availability.aclose()


EXTENSION = Warnings()
