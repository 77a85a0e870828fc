"""Stock levels of the shop follow the MIS, although the shop draws on them itself.

What the shop should show is what is free in the MIS less what buyers have ordered and the MIS does not know
yet. It is brought there by differences, so that what is ordered between reading and writing stays drawn. An
order that is not known here at all shows only as a level that has fallen: for a while, a level is not
raised by what has just fallen.

Whether an account lets us move levels at all is found out by the first change: the level is read again.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import groupby

import structlog
from makeready.connectors import Connectors
from makeready.contexts import StockContext
from makeready.stock.model import LinkedProduct, MirrorRow, MirrorTrial
from makeready.subscribers.model import Subscriber
from makeready_hooks import Capability
from makeready_hooks.errors import MakereadyError, NotSupported, OutcomeUnknown, Refused
from makeready_hooks.model.product import ShopStock
from msgspec import Struct, structs

QUIET_S = 300.0
"""How long a change without an answer may still take effect: more than the deadline of any call."""
TRIAL_S = 240.0
"""A shop may show a change minutes after it was made (seen for other changes)."""

log = structlog.get_logger("makeready.stock")


class LevelChange(Struct, frozen=True, kw_only=True):
    """A stock item and by how much it should move."""

    row: MirrorRow
    item: ShopStock
    change: int


def wanted_change(free: Decimal, row: MirrorRow, *, now: float, settle_s: float) -> tuple[int, float | None]:
    """By how much a level should move, and in how many seconds it should be looked at again; None for not early.

    What is sold below zero in the shop is left as it is: neither side has more to sell.
    """
    target = int(free.to_integral_value(ROUND_FLOOR))
    change = (target if target >= 0 else min(row.level, 0)) - row.level
    if change <= 0:
        return change, None
    fresh_until, fell_until = row.first_seen_at + settle_s, row.dropped_at + settle_s
    if now < fresh_until:
        return 0, fresh_until - now
    if now < fell_until and row.recent_drop:
        return max(0, change - row.recent_drop), fell_until - now
    return change, None


class StockMirror:
    """One round over the shop's sites."""

    def __init__(self, context: StockContext, subscriber: Subscriber, connectors: Connectors) -> None:
        self._context = context
        self._mirrors = context.store.mirrors
        self._subscriber = subscriber
        self._name = subscriber.name
        self._connectors = connectors
        self._shop, self._trial = "", MirrorTrial()
        """Of the site whose turn it is."""
        self.moved = 0
        self.again_s: float | None = None
        self.trouble = ""

    async def run(self, links: Sequence[LinkedProduct], free: Mapping[str, Decimal]) -> None:
        """Bring the levels of these products to what is free. The trouble of one site does not hold up others."""
        if not self._subscriber.stock.mirror:
            return
        for site, of_site in groupby(links, key=lambda link: link.site):
            known = {link.part_number: link.product_id for link in of_site if link.product_id in free}
            if known and can_mirror(self._connectors, site):
                await self._try_site(site, known, free)

    async def _try_site(self, site: str, known: Mapping[str, str], free: Mapping[str, Decimal]) -> None:
        self._shop = self._connectors.ids.shop_of(site)
        self._trial = await self._mirrors.trial(self._name, self._shop)
        if self._trial.version != self._subscriber.version:
            self._trial = MirrorTrial(version=self._subscriber.version)
        if self._trial.state == "refused":
            return
        try:
            await self._bring(site, known, free)
        except NotSupported as exc:
            await self._give_up(str(exc))
        except MakereadyError as exc:
            self.trouble = str(exc)

    async def _bring(self, site: str, known: Mapping[str, str], free: Mapping[str, Decimal]) -> None:
        rows, items = await self._look(site, known)
        if self._trial.state == "trying" and self._trial.site == site:
            await self._judge_trial(items)
        wishes = [wish for key in items if (wish := self._wish(rows[key], items[key], free[key]))]
        if self._trial.state == "" and wishes:
            first = max(wishes, key=lambda wish: wish.change)  # buyers never raise a level
            wishes.remove(first)
            await self._begin_trial(first, known)
        if self._trial.state != "works" or not wishes:
            return
        written = [wish for wish in wishes if await self._write(wish)]
        if written and not await self._moved(site, known, written):
            await self._doubt(written[0])

    async def _look(
        self, site: str, known: Mapping[str, str]
    ) -> tuple[dict[str, MirrorRow], dict[str, ShopStock]]:
        """Rows and stock items by product. The rows are read first: a change that comes between is noticed."""
        before = {row.product_id: row for row in await self._mirrors.all(self._name) if row.site == site}
        items = await self._items(site, known)
        rows = await self._mirrors.see(
            self._name,
            site,
            before,
            {key: item.level for key, item in items.items()},
            now=self._context.clock(),
            settle_s=self._subscriber.stock.settle_s,
        )
        return rows, items

    async def _items(self, site: str, known: Mapping[str, str]) -> dict[str, ShopStock]:
        found = await self._connectors.read_shop_stock(site, tuple(known))
        return {known[item.name]: item for item in found if item.name in known}

    def _wish(self, row: MirrorRow, item: ShopStock, free: Decimal) -> LevelChange | None:
        now = self._context.clock()
        if now < row.quiet_until:
            self._come_early(row.quiet_until - now)
            return None
        settle_s = self._subscriber.stock.settle_s
        change, early_s = wanted_change(free, row, now=now, settle_s=settle_s)
        if early_s is not None:
            self._come_early(early_s)
        return LevelChange(row=row, item=item, change=change) if change else None

    def _come_early(self, after_s: float) -> None:
        self.again_s = after_s if self.again_s is None else min(self.again_s, after_s)

    async def _write(self, wish: LevelChange) -> bool:
        """The intent is committed before the call. True if the shop has taken it."""
        row, quiet_until = wish.row, self._context.clock() + QUIET_S
        if not await self._mirrors.begin(self._name, row, wish.change, quiet_until=quiet_until):
            return False
        try:
            await self._connectors.update_shop_stock(row.site, wish.item, wish.change)
        except OutcomeUnknown as exc:
            log.warning("it is not known whether a level was moved", product=row.product_id, error=str(exc))
            self._come_early(QUIET_S)
            return False
        except MakereadyError as exc:
            await self._mirrors.end(self._name, row, level=row.level, error=str(exc))
            return await self._not_done(exc)
        await self._mirrors.end(self._name, row, level=row.level + wish.change)
        self.moved += 1
        return True

    async def _not_done(self, error: MakereadyError) -> bool:
        """One item that is refused does not hold up the others, unless none was ever taken."""
        if not isinstance(error, Refused) or isinstance(error, NotSupported):
            raise error
        if self._trial.state != "works":
            await self._give_up(str(error))
        return False

    # Does this account let us?

    async def _begin_trial(self, wish: LevelChange, known: Mapping[str, str]) -> None:
        row = wish.row
        if not await self._write(wish):
            return
        if await self._moved(row.site, known, [wish]):
            await self._keep("works")
        else:
            await self._doubt(wish)

    async def _doubt(self, wish: LevelChange) -> None:
        """The shop took a change, and does not show it: it may be late, or have no such call."""
        log.warning("the shop does not show a change of stock", product=wish.row.product_id)
        self._trial = structs.replace(
            self._trial,
            state="trying",
            site=wish.row.site,
            product_id=wish.row.product_id,
            level=wish.row.level,
            change=wish.change,
            at=self._context.clock(),
        )
        await self._mirrors.keep_trial(self._name, self._shop, self._trial)
        self._come_early(TRIAL_S)

    async def _judge_trial(self, items: Mapping[str, ShopStock]) -> None:
        trial, left_s = self._trial, self._trial.at + TRIAL_S - self._context.clock()
        item = items.get(trial.product_id)
        if item is not None and _shows(item.level, trial.level, trial.change):
            await self._keep("works")
        elif left_s > 0:
            self._come_early(left_s)
        else:
            await self._give_up("It takes the change, and its level stays as it was.")

    async def _moved(self, site: str, known: Mapping[str, str], written: Sequence[LevelChange]) -> bool:
        """Whether the shop shows any of these changes."""
        items = await self._items(site, known)
        return any(
            _shows(items[wish.row.product_id].level, wish.row.level, wish.change)
            for wish in written
            if wish.row.product_id in items
        )

    async def _keep(self, state: str) -> None:
        self._trial = structs.replace(self._trial, state=state)
        await self._mirrors.keep_trial(self._name, self._shop, self._trial)

    async def _give_up(self, reason: str) -> None:
        """Said once: nothing is tried again until the settings change."""
        self._trial = structs.replace(self._trial, state="refused", reason=reason)
        await self._mirrors.keep_trial(self._name, self._shop, self._trial)
        log.error(
            "the shop's own stock levels cannot be kept in step; buyers are warned on its pages all the same",
            subscriber=self._name,
            reason=reason,
        )


def can_mirror(connectors: Connectors, site: str) -> bool:
    return connectors.shop_can(site, Capability.STOCK_MIRROR)


def _shows(level: int, before: int, change: int) -> bool:
    """Nearer to where it should be than to where it was: buyers may have drawn on it meanwhile."""
    return abs(level - before - change) < abs(level - before)
