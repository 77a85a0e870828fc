"""The ledger's life, for operators: when it was restored, copied or taken over, and what a person says of it."""

from makeready.orders.life import check_in
from makeready_hooks.errors import ConfigError
from starlette.responses import Response

from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Visit

AT = "/ledger"
SHOWN = 100
ALONE = "alone"
"""The field in which a person says that no other instance works on a copy."""
MOST_CHARACTERS = 500


async def show_ledger(visit: Visit) -> Response:
    breaks = await visit.installation.store.lives.breaks()
    return await visit.page(
        "ledger.html",
        breaks=breaks[:SHOWN],
        count=len(breaks),
        stopped=await check_in.stopped(visit.installation),
    )


async def mark_restored(visit: Visit) -> Response:
    reason = visit.form.text("reason")
    if not 0 < len(reason) <= MOST_CHARACTERS:
        raise ConfigError(
            "The reason is missing, or too long.",
            field="reason",
            fix="Say in a sentence what was put back, and when.",
        )
    await check_in.mark_restored(visit.installation, visit.user.name, reason)
    return await visit.told(
        "Orders placed before now are looked for in the MIS before they are sent.", ROOT + AT
    )


async def take_over(visit: Visit) -> Response:
    if not visit.form.ticked(ALONE):
        raise ConfigError(
            "Two instances that work on the same shop would send each order twice.",
            field=ALONE,
            fix="Stop the other one first, then tick the box.",
        )
    await check_in.take_over(visit.installation, visit.user.name)
    return await visit.told(
        "This installation goes on. Orders placed before now are looked for in the MIS first.", ROOT + AT
    )


PAGES = (
    page(AT, Needs.OPERATOR, show_ledger),
    form(f"{AT}/mark-restored", Needs.OPERATOR, mark_restored, "ledger mark-restored", target="reason"),
    form(f"{AT}/take-over", Needs.OPERATOR, take_over, "ledger take-over"),
)
