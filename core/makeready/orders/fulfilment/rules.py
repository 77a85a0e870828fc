"""Which stage of the shop an item goes to next: pure decisions. It never goes back.

The order of the stages in the subscriber's rules is the way; the shop's own workflow says where a
stage stands that is not on it.
"""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from makeready_hooks.model.order import OrderLine
from makeready_hooks.model.progress import OrderProgress, ProgressKind, ShippedLine
from makeready_hooks.names import same_name

from makeready.orders.fulfilment.model import LineProgress, PartShipped, ShipmentRow, StatusRules
from makeready.products.part_numbers import product_of_part_number
from makeready.subscribers.model import Subscriber


class StageAction(StrEnum):
    MOVE = "move"
    STAY = "stay"
    """It is there, or further, or where only a person can have put it."""
    UNKNOWN = "unknown"
    """Its workflow has no such stage."""


def wanted_stage(rules: StatusRules, status: str, line: LineProgress) -> str:
    """The stage that a status of the MIS asks for, if the line has not come as far yet; else ""."""
    stage = rules.stage_for(status)
    if not stage or same_name(stage, line.refused):
        return ""
    reached, asked = _place(line.stage, rules.way), _place(stage, rules.way)
    return "" if reached is not None and asked is not None and asked <= reached else stage


def stage_action(
    wanted: str, at: str, rules: StatusRules, workflow: Sequence[str], trigger: str
) -> StageAction:
    """Whether an item that is ``at`` a stage is moved to the ``wanted`` one.

    ``workflow`` holds the names of all stages that it can be at, in the shop's order. ``trigger`` is
    the stage at which it was sent to the MIS: the way begins there, wherever it stands in the workflow.
    """
    if same_name(wanted, at):
        return StageAction.STAY
    if _place(wanted, workflow) is None:
        return StageAction.UNKNOWN
    if same_name(at, trigger):
        return StageAction.MOVE
    for known in (rules.way, workflow):
        before, after = _place(at, known), _place(wanted, known)
        if before is not None and after is not None:
            return StageAction.MOVE if before < after else StageAction.STAY
    return StageAction.STAY


def is_finished(rules: StatusRules, lines: Sequence[LineProgress], parcels_settled: Sequence[bool]) -> bool:
    """Whether an order has nothing more to be told: its lines are at the last stage, its parcels are written.

    An order of which no parcel was seen is watched on, if parcels are to be written.
    """
    if any(line.moving_to for line in lines) or not all(parcels_settled):
        return False
    last = rules.way[-1] if rules.way else ""
    arrived = all(same_name(last, line.stage) or same_name(last, line.refused) for line in lines)
    return (arrived or not last) and (bool(parcels_settled) or not rules.ship)


def kind_of(rules: StatusRules, progress: OrderProgress) -> ProgressKind:
    """What a status means: as the MIS says, or else as the settings do."""
    if progress.kind is ProgressKind.RUNNING:
        for kind, statuses in (
            (ProgressKind.REFUSED, rules.refused),
            (ProgressKind.CANCELLED, rules.cancelled),
        ):
            if any(same_name(progress.status, one) for one in statuses):
                return kind
    return progress.kind


def contents_of(
    subscriber: Subscriber, lines: Sequence[OrderLine], told: Sequence[ShippedLine]
) -> tuple[ShippedLine, ...]:
    """What is in a parcel, each line once, as the shop counts. ``lines``: as they were sent.

    How many of a kit, or of packs that are not whole, is not told.
    """
    pieces, sizes = Counter[int](), {}
    for one in told:
        pieces[one.line] += one.quantity
    for line in lines:
        if product_id := product_of_part_number(subscriber, line.part_number):
            sizes[line.number] = line.pack_size if subscriber.orders.unit_of(product_id) == "pieces" else 1
    packs = {line: divmod(of, sizes[line]) if line in sizes else (0, 0) for line, of in pieces.items()}
    return tuple(ShippedLine(line=line, quantity=0 if rest else of) for line, (of, rest) in packs.items())


def part_shipped(lines: Sequence[OrderLine], parcels: Sequence[ShipmentRow]) -> tuple[PartShipped, ...]:
    """The lines, as they were sent, of which some is left. None where a parcel does not tell what is in it."""
    told = [one for parcel in parcels for one in parcel.lines]
    if not told or not all(parcel.lines for parcel in parcels):
        return ()
    untold = {one.line for one in told if not one.quantity}
    gone = {line.number: sum(one.quantity for one in told if one.line == line.number) for line in lines}
    return tuple(
        PartShipped(line=line.number, gone=gone[line.number], ordered=line.quantity)
        for line in lines
        if gone[line.number] < line.quantity and line.number not in untold
    )


def rejection(rules: StatusRules, progress: OrderProgress) -> str:
    """Why the MIS does not make an order that it had taken, in its own words; "" if it does."""
    kind = kind_of(rules, progress)
    if kind not in (ProgressKind.REFUSED, ProgressKind.CANCELLED):
        return ""
    words = ": ".join(dict.fromkeys(filter(None, (progress.status, progress.reason)))) or "it gives no reason"
    return f"cancelled there ({words})" if kind is ProgressKind.CANCELLED else words


def _place(stage: str, stages: Sequence[str]) -> int | None:
    return next((place for place, one in enumerate(stages) if same_name(one, stage)), None)
