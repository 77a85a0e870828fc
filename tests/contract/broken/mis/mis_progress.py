"""An MIS connector that tells of other progress than there is."""

from datetime import datetime

from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.model.event import ChangePage
from makeready_hooks.model.progress import OrderProgress, Shipment
from makeready_hooks.model.submission import AcceptedOrder

Accepted = tuple[AcceptedOrder, ...]
Told = tuple[OrderProgress, ...]
PARCELS = "test_parcels_are_told_with_their_tracking_numbers"


def with_parcels(found: Told, **changes: object) -> Told:
    def changed(one: Shipment) -> Shipment:
        return replace(one, **changes)

    return tuple(replace(one, shipments=tuple(map(changed, one.shipments))) for one in found)


@broken("a moment has a zone", PARCELS)
class NaiveTimes(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        return with_parcels(await super().read_order_progress(accepted), shipped_at=datetime(2026, 3, 9, 12))


@broken("every parcel is told", PARCELS)
class FirstParcelOnly(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        return tuple(
            replace(one, shipments=one.shipments[:1]) for one in await super().read_order_progress(accepted)
        )


@broken("a parcel has its carrier", PARCELS)
class NoCarrier(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        return with_parcels(await super().read_order_progress(accepted), carrier="")


@broken("a part shipment says how many", "test_a_part_shipment_names_its_lines_and_how_many")
class WholeForPart(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        return with_parcels(await super().read_order_progress(accepted), lines=())


@broken(
    "progress is of the order that was asked for",
    "test_how_far_an_order_is_is_told_of_that_order",
    "test_each_order_s_status_is_told",
)
class ProgressOfTheFirst(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        found = await super().read_order_progress(accepted)
        return tuple(replace(found[0], accepted=one.accepted) for one in found)


@broken("only orders that exist are told of", "test_only_orders_that_exist_are_told_of")
class ProgressOutOfNothing(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        found = {one.accepted: one for one in await super().read_order_progress(accepted)}
        return tuple(found.get(one) or OrderProgress(accepted=one, status="queued") for one in accepted)


@broken("many orders cost few calls", "test_many_orders_cost_few_calls")
class OneCallForEachOrder(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        told = [await super(OneCallForEachOrder, self).read_order_progress((one,)) for one in accepted]
        return tuple(one for found in told for one in found)


@broken("whoever asks about nothing is told nothing", "test_whoever_asks_about_no_order_hears_of_none")
class AsksAboutNothing(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        await self._client.read("account", has="currency")
        return await super().read_order_progress(accepted)


@broken(
    "an order is known by the number that a person typed",
    "test_an_order_is_known_by_the_number_that_a_person_entered",
)
class NumbersAreNotKnown(Platen):
    @hookimpl
    async def read_order_progress(self, accepted: Accepted) -> Told:
        return await super().read_order_progress(tuple(one for one in accepted if one.id.startswith("SO")))


@broken("every change is told", "test_every_order_that_moved_is_told_once_and_in_its_turn")
class FirstPageOfChanges(Platen):
    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        return replace(await super().read_changes(cursor), more=False)


@broken("each change has an id of its own", "test_every_order_that_moved_is_told_once_and_in_its_turn")
class ChangesWithOneId(Platen):
    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        found = await super().read_changes(cursor)
        return replace(found, changes=tuple(replace(one, id="change") for one in found.changes))


@broken(
    "a change that is told again has the same id",
    "test_a_cursor_can_be_asked_with_again_and_tells_the_same_under_the_same_ids",
)
class ChangesWithNewIds(Platen):
    told = 0

    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        found = await super().read_changes(cursor)
        ChangesWithNewIds.told += 1
        return replace(
            found, changes=tuple(replace(one, id=f"{one.id}/{self.told}") for one in found.changes)
        )


@broken("the first reading begins with now", "test_the_first_reading_begins_with_now")
class ChangesFromTheBeginning(Platen):
    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        return await super().read_changes(cursor or "ch0")


@broken("a cursor that is not known is refused", "test_a_cursor_that_is_not_known_is_refused")
class OddCursorIsNow(Platen):
    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        return await super().read_changes(cursor if cursor.startswith("ch") else "")
