"""The difference between the shop and what was sent, and the press that gives it to the MIS."""

from makeready.orders.decisions import find_submission
from makeready_amend.amend import amend, offer_amendment
from makeready_hooks.names import in_path
from starlette.responses import Response

from makeready_admin.orders.decisions import ONE, decided, decision_of
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit


async def show_amendment(visit: Visit) -> Response:
    """What the shop shows otherwise than it was sent, before the MIS is asked for anything."""
    key = visit.part("key")
    submission = await find_submission(visit.installation, decision_of(visit))
    asked = await visit.ask(
        "amendment", key, question=lambda: offer_amendment(visit.installation, decision_of(visit))
    )
    return await visit.page_with_part(
        "amend.html",
        asked.waiting,
        asked=asked,
        key=key,
        number=submission.mis_number or submission.mis_id,
        at=f"{visit.home}/submissions/{in_path(key)}",
        order=submission.order_number,
    )


async def do_amend(visit: Visit) -> Response:
    done = await amend(visit.installation, decision_of(visit), visit.form.text("seen"))
    what = "changed" if done.sent else "cancelled"
    return await decided(visit, f"{visit.part('key')} is being {what} in the MIS.")


PAGES = (
    page(f"{ONE}/amend", Needs.CHANGE, show_amendment),
    form(f"{ONE}/amend", Needs.CHANGE, do_amend, "orders amend", target="key"),
)
