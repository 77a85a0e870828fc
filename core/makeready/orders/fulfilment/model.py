"""Progress and parcels as Structs, and the rules a subscriber sets."""

from enum import StrEnum
from itertools import groupby
from typing import Annotated

from makeready_hooks import ListKind, asked, listed
from makeready_hooks.model.progress import ShippedLine
from makeready_hooks.names import by_name, name_key
from msgspec import Meta, Struct, structs

PROGRESS = "progress"
"""Ask the MIS how far accepted orders are, and tell the shop. Key: the submission's; "" for all, again and again."""


class LineProgress(Struct, frozen=True, kw_only=True):
    """What is known of a line's progress in the MIS, and what the shop was told of it."""

    line: int
    status: str = ""
    """The MIS's, as it was read last."""
    stage: str = ""
    """The stage that the shop's item has reached, by our doing or a person's; empty if we did nothing yet."""
    moving_to: str = ""
    """The stage of a move that may have happened; empty if no move is open."""
    quiet_until: float = 0.0
    """Before this, an open move may still take effect."""
    refused: str = ""
    """The stage that cannot be reached; ``notice`` says why."""
    notice: str = ""
    finished: bool = False
    """It is not looked at on schedule any more."""


class ShipmentRow(Struct, frozen=True, kw_only=True):
    """A parcel of an order of the MIS, and how writing it in the shop fares."""

    submission: str
    tracking: str
    carrier: str
    shipped_at: float
    state: str
    id: str = ""
    service: str = ""
    lines: tuple[ShippedLine, ...] = ()
    """As the shop counts."""
    error: str = ""
    quiet_until: float = 0.0
    """While it is being written: before this, the call may still take effect."""


class PartShipped(Struct, frozen=True, kw_only=True):
    """A line of which some has left, and some has not; as the shop counts."""

    line: int
    gone: int
    ordered: int


class WatchedOrder(Struct, frozen=True, kw_only=True):
    """An order of the MIS whose progress is followed, with its lines."""

    subscriber: str
    key: str
    environment: str
    """Which of the two it was sent to; empty if a person entered it."""
    connector: str
    """Of the MIS that it was sent to; empty if that was not kept yet."""
    far_end: str
    """Which server or account of it."""
    order_number: str
    placed_at: float
    mis_id: str
    mis_number: str
    lines: tuple[LineProgress, ...]


class StatusRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of an order's progress in the MIS is written in the shop."""

    enabled: Annotated[bool, Meta(title="Send production status back to the shop")] = False
    stages: Annotated[
        dict[str, str],
        Meta(
            title="Shop stage for each MIS status",
            description="In production order: items never move back. A status that is not here moves nothing.",
            extra_json_schema=listed(ListKind.STAGES, names=ListKind.STATUSES),
        ),
    ] = {}
    shop_stages: Annotated[
        dict[str, dict[str, str]],
        Meta(
            title="Other stages for a shop",
            description="Another such table for a shop, by the name of its connector, where there are several.",
        ),
    ] = {}
    refused: Annotated[
        tuple[str, ...],
        Meta(
            title="Statuses of a rejected order",
            extra_json_schema=listed(ListKind.STATUSES),
            description=(
                "Statuses that mean that the MIS has refused an order after it had taken it: people are told, and it can "
                "be sent again."
            ),
        ),
    ] = ()
    cancelled: Annotated[
        tuple[str, ...],
        Meta(
            title="Statuses of a cancelled order",
            extra_json_schema=listed(ListKind.STATUSES),
            description=(
                "Statuses that mean that an order was cancelled in the MIS: people are told, and it can be sent again."
            ),
        ),
    ] = ()
    ship: Annotated[
        bool, Meta(title="Send tracking numbers to the shop", description="Written on its items.")
    ] = True
    poll_every_s: Annotated[
        float,
        Meta(
            title="Ask the MIS for the status every",
            description="Sooner if the MIS sends events.",
            ge=10,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 900.0
    watch_days: Annotated[
        float,
        Meta(
            title="Stop following an order after",
            description="Counted from acceptance, unless it is finished before.",
            gt=0,
            le=365,
            extra_json_schema=asked(unit="days"),
        ),
    ] = 30.0

    def __post_init__(self) -> None:
        if self.enabled and not self.stages and not self.shop_stages and not self.ship:
            raise ValueError("status is enabled, and has nothing to write: give stages, or set ship = true")
        for path, stages in self.tables.items():
            if not all(name.strip() for pair in stages.items() for name in pair):
                raise ValueError(f'a name in {path} is empty: write "status of the MIS" = "stage"')
            if len({name_key(status) for status in stages}) < len(stages):
                raise ValueError(f"a status stands twice in {path}; small and capital letters are the same")
            passed = [stage for stage, _ in groupby(stages.values(), key=name_key)]
            if len(set(passed)) < len(passed):
                raise ValueError(
                    f"{path} comes back to a stage: put the lines of one stage together, earlier stages first"
                )

    @property
    def tables(self) -> dict[str, dict[str, str]]:
        """Stages for statuses, by the setting that says so."""
        shops = {f"status.shop_stages.{shop}": stages for shop, stages in self.shop_stages.items()}
        return {"status.stages": self.stages, **shops}

    def of_shop(self, shop: str) -> "StatusRules":
        """With the stages of this one."""
        return structs.replace(self, stages=self.shop_stages[shop]) if shop in self.shop_stages else self

    @property
    def follows(self) -> bool:
        """Whether the settings want accepted orders to be looked at in the MIS."""
        return self.enabled or bool(self.refused or self.cancelled)

    @property
    def way(self) -> tuple[str, ...]:
        """The stages, each once, in the order in which an item passes them."""
        return tuple({name_key(stage): stage for stage in self.stages.values()}.values())

    def stage_for(self, status: str) -> str:
        """The stage of a status; "" if it moves nothing."""
        return by_name(self.stages, status) or ""


class ShipmentState(StrEnum):
    """The states of a shipment on its way into the shop."""

    WRITING = "writing"
    """The intent is committed; the call may be under way, or may have been lost."""
    DUE = "due"
    """It certainly is not there: to be written again."""
    WRITTEN = "written"
    REFUSED = "refused"
    """The shop said no; the error says why."""
