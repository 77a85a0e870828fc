"""Informing the shop how far an order is: its items are moved to stages, parcels are written on them.

State first, then the call: the intent is committed before it leaves. A call without an answer stays
open until it can no longer take effect; then a look settles it.
"""

from collections.abc import Sequence

import structlog
from makeready_hooks.errors import ConfigError, NotSupported, Refused, RetryLater
from makeready_hooks.model.order import Order, OrderLine
from makeready_hooks.model.progress import Shipment, Stage
from makeready_hooks.names import same_name
from msgspec import convert, structs

from makeready.connectors import Connectors
from makeready.contexts import FulfilmentContext
from makeready.orders.fulfilment.model import LineProgress, ShipmentRow, ShipmentState, WatchedOrder
from makeready.orders.fulfilment.rules import StageAction, stage_action, wanted_stage
from makeready.orders.model import Cause
from makeready.subscribers.model import Subscriber

CONTROLS = 3
"""So many of the newest parcels that the shop took are looked for, until one is found."""
QUIET_S = 300.0
"""Longer than any call lasts, and than a shop goes on showing an item as it was before a change."""

log = structlog.get_logger("makeready.progress")


class ShopWriteBack:
    """One order of the MIS, and the shop's order that it belongs to as the shop shows it now."""

    def __init__(
        self,
        context: FulfilmentContext,
        subscriber: Subscriber,
        connectors: Connectors,
        watched: WatchedOrder,
        order: Order,
    ) -> None:
        self._clock = context.clock
        self._progress = context.store.progress
        self._shop = connectors.ids.shop_of(watched.order_number)
        self._rules = subscriber.status.of_shop(self._shop)
        self._trigger = subscriber.orders.stage_for(order.site)
        self._connectors = connectors
        self._watched = watched
        self._order = order
        self._items = {line.number: line for line in order.lines}

    # Parcels

    async def ship(self, parcel: ShipmentRow) -> None:
        """Write a parcel on its items: on all of the MIS's order, where the MIS does not say which are in it.

        Raises RetryLater, ConfigError, OutcomeUnknown.
        """
        begun = await self._progress.begin_shipment(
            self._watched,
            parcel,
            quiet_until=self._clock() + QUIET_S,
            cause=self._cause(f"parcel {parcel.tracking} is about to be written in the shop"),
        )
        if not begun:  # another process has been quicker
            return
        try:
            await self._record(parcel)
        except (Refused, NotSupported) as exc:
            await self._end_shipment(parcel, ShipmentState.REFUSED, "the shop did not take", str(exc))
        except (RetryLater, ConfigError) as exc:
            before = ShipmentState(parcel.state)  # what was unknown before still is
            await self._end_shipment(parcel, before, "it is not written in the shop yet:", str(exc))
            raise
        else:
            await self._end_shipment(parcel, ShipmentState.WRITTEN, "the shop shows")

    async def _record(self, parcel: ShipmentRow) -> None:
        named = parcel.lines or self._watched.lines
        lines = tuple(one.line for one in named if self._is_wanted(one.line))
        if not lines:
            raise Refused("The shop shows no item of it that is still wanted.")
        shipment = convert(parcel, Shipment, from_attributes=True, strict=False)
        if parcel.state == ShipmentState.WRITING and not await self._can_tell(lines, shipment):
            raise Refused(
                f"The shop gave no answer to parcel {parcel.tracking}, and nobody can tell whether it shows it.",
                fix="Look at the order in the shop, and add the parcel if it is missing.",
            )
        await self._connectors.create_shipment(self._order, lines, shipment)

    async def _can_tell(self, lines: Sequence[int], shipment: Shipment) -> bool:
        """Whether the shop shows the parcel; or, asked in the same way, another one that it certainly took."""
        ids, number = self._connectors.ids, self._order.number
        most = CONTROLS * (
            100 if ids.names else 1
        )  # those of another shop, which tell nothing of this one, are among them
        taken = await self._progress.newest_written(self._watched.subscriber, most)
        here = [one for one in taken if ids.shop_of(one[0]) == self._shop][:CONTROLS]
        asked = [*((number, line, shipment.tracking) for line in lines), *here]
        for number, line, tracking in asked:
            if await self._connectors.shows_shipment(number, line, Shipment(tracking=tracking)):
                return True
        return False

    def _is_wanted(self, number: int) -> bool:
        return number in self._items and not self._items[number].withdrawn

    async def _end_shipment(
        self, parcel: ShipmentRow, state: ShipmentState, text: str, error: str = ""
    ) -> None:
        cause = self._cause(f"{text} parcel {parcel.tracking}")
        await self._progress.end_shipment(self._watched, parcel.tracking, state, cause=cause, error=error)
        if state is ShipmentState.REFUSED:
            log.error("a parcel was not taken by the shop", order=self._watched.key, error=error)

    # Stages

    async def move(self, line: LineProgress, status: str) -> None:
        """Bring a line's item to the stage of a status. Raises RetryLater, ConfigError, OutcomeUnknown."""
        item = self._items.get(line.line)
        if line.moving_to:
            line = await self._settle(line, item)
        wanted = wanted_stage(self._rules, status, line)
        if not wanted:
            return
        if item is None:
            await self._refuse(line, wanted, "The shop does not show this item any more.")
            return
        if item.withdrawn or same_name(item.stage, wanted):
            await self._stay(line, item, wanted)
            return
        try:
            stages = await self._connectors.list_workflow_stages(self._shop, item.workflow_id)
        except (Refused, NotSupported) as exc:
            await self._refuse(line, wanted, str(exc))
        else:
            await self._judge(line, item, wanted, stages, status)

    async def _settle(self, line: LineProgress, item: OrderLine | None) -> LineProgress:
        """An open move can no longer take effect: it is seen whether it has."""
        arrived = item is not None and same_name(item.stage, line.moving_to)
        stage = line.moving_to if arrived else line.stage
        text = f"the move to stage {line.moving_to} {'took' if arrived else 'did not take'} effect"
        await self._end(line, text, moving_to=line.moving_to, stage=stage)
        return structs.replace(line, stage=stage, moving_to="", quiet_until=0.0)

    async def _judge(
        self, line: LineProgress, item: OrderLine, wanted: str, stages: Sequence[Stage], status: str
    ) -> None:
        names = [stage.name for stage in stages]
        match stage_action(wanted, item.stage, self._rules, names, self._trigger):
            case StageAction.STAY:
                await self._stay(line, item, wanted)
            case StageAction.UNKNOWN:
                await self._refuse(
                    line,
                    wanted,
                    f"The workflow of the shop's item has no stage {wanted}; it has {', '.join(names) or 'none'}. "
                    "Correct the stage in the subscriber's status.stages.",
                )
            case StageAction.MOVE:
                stage = next(one for one in stages if same_name(one.name, wanted))
                await self._move(line, stage, f"{self._watched.mis_number or self._watched.mis_id}: {status}")

    async def _move(self, line: LineProgress, stage: Stage, note: str) -> None:
        begun = await self._progress.begin_move(
            self._watched,
            line,
            stage.name,
            quiet_until=self._clock() + QUIET_S,
            cause=self._cause(f"its item is about to be moved to stage {stage.name}"),
        )
        if not begun:  # another process has been quicker
            return
        try:
            await self._connectors.move_line_to_stage(self._watched.order_number, line.line, stage, note)
        except (Refused, NotSupported) as exc:
            await self._refuse(line, stage.name, str(exc), moving_to=stage.name)
        except (RetryLater, ConfigError) as exc:
            await self._end(line, "its item is not moved yet", moving_to=stage.name, notice=str(exc))
            raise
        else:
            text = f"its item is moved to stage {stage.name}"
            await self._end(line, text, moving_to=stage.name, stage=stage.name)

    async def _stay(self, line: LineProgress, item: OrderLine, wanted: str) -> None:
        """It is there, further, or where a person has put it: the status is done with."""
        await self._end(line, f"its item stays at stage {item.stage}", stage=wanted)

    async def _refuse(self, line: LineProgress, stage: str, notice: str, *, moving_to: str = "") -> None:
        """It is not tried again: another stage, by the MIS's next status or by corrected rules, is."""
        text = f"its item is not moved to stage {stage}"
        await self._end(line, text, moving_to=moving_to, refused=stage, notice=notice)
        log.error("an item is not moved", order=self._watched.key, line=line.line, error=notice)

    async def _end(self, line: LineProgress, text: str, **outcome: str) -> None:
        """``outcome``: see `makeready.orders.fulfilment.store.Progress.end_move`."""
        await self._progress.end_move(self._watched, line.line, cause=self._cause(text), **outcome)

    def _cause(self, text: str) -> Cause:
        return Cause(text, self._clock())
