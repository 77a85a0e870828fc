"""An MIS connector that finds the wrong order, or none."""

from typing import Any

from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.submission import FindResult, MisOrder, PreparedOrder
from platen_mapping import mis_order

ALIKE = "test_orders_whose_keys_are_alike_are_told_apart"
FAILED = "test_a_look_that_failed_is_never_a_certain_answer"


@broken("not there is only said if the look succeeded", FAILED)
class NotThereAlthoughTheLookFailed(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        try:
            return await super().find_submitted_order(prepared)
        except MakereadyError:
            return FindResult(certain=True)


@broken("an order that is there is not certainly absent", "test_not_there_is_only_said_for_certain", ALIKE)
class NeverFindsAnything(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        return FindResult(certain=True)


class Remembering(Platen):
    """Knows the keys of what it has sent."""

    async def found_as(self, key: str | None, prepared: PreparedOrder) -> FindResult:
        return await super().find_submitted_order(replace(prepared, key=key or prepared.key))

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> Any:
        self.keys = [*getattr(self, "keys", []), prepared.key]
        return await super().submit_order(prepared)


@broken("an order is found by its whole key", ALIKE)
class FindsByPrefix(Remembering):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        known = getattr(self, "keys", [])
        return await self.found_as(
            next((one for one in known if one.startswith(prepared.key)), None), prepared
        )


@broken("an order is found by its own beginning", ALIKE)
class FindsByTheBeginningOfIts(Remembering):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        known = getattr(self, "keys", [])
        return await self.found_as(
            next((one for one in known if prepared.key.startswith(one)), None), prepared
        )


@broken("an order is found by its key in its own spelling", ALIKE)
class FindsInAnySpelling(Remembering):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        known = [one for one in getattr(self, "keys", []) if one.casefold() == prepared.key.casefold()]
        return await self.found_as(known[0] if known else None, prepared)


@broken("somebody else's order is not ours", ALIKE)
class FindsSomebodyElsesOrder(Remembering):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        known = getattr(self, "keys", [])
        return await self.found_as(known[-1] if known else None, prepared)


@broken("two orders under one key are both told", "test_two_orders_under_one_key_are_both_told")
class HidesTheOthers(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        return replace(await super().find_submitted_order(prepared), others=())


@broken("what is found is what was sent", "test_what_is_found_is_what_was_sent_as_far_as_the_mis_shows_it")
class FindsItsOwnContents(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        found = await super().find_submitted_order(prepared)
        if found.order is None:
            return found
        lines = tuple(replace(one, quantity=one.quantity + 1) for one in found.order.contents.lines or ())
        return replace(found, order=replace(found.order, contents=replace(found.order.contents, lines=lines)))


@broken("a begun order is told", "test_an_order_of_several_steps_is_one_order_whichever_answer_was_lost")
class DraftsAreNotTold(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        found = await super().find_submitted_order(prepared)
        return FindResult(certain=True) if found.begun else found

    async def _draft(self, prepared: PreparedOrder) -> str:
        """Under a key that changes, so that the MIS makes another."""
        body = prepared.payload.replace(b'","customer"', b' ","customer"')
        return await super()._draft(replace(prepared, payload=body) if prepared.attempt > 1 else prepared)


@broken("orders are read by exactly their names", "test_orders_are_read_by_exactly_their_names")
class ReadsWhateverBeginsSo(Platen):
    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...]:
        found = [*await self._named(numbers)]
        if not found and numbers:
            longer = [f"{one}{digit}" for one in numbers for digit in "0123456789"]
            found = await self._named(tuple(longer))
        return tuple(map(mis_order, found))


@broken("all orders asked for are read", "test_orders_are_read_by_exactly_their_names")
class ReadsTenOrders(Platen):
    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...]:
        return await super().read_mis_orders(numbers[:10])


@broken("an order is read by its number, too", "test_an_order_is_read_by_its_number_and_by_its_id")
class ReadsByIdOnly(Platen):
    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...]:
        return await super().read_mis_orders(tuple(one for one in numbers if one.startswith("SO")))
