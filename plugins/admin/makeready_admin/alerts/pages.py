"""The alerts of a company: who is told, of what, whether it arrives, and the history."""

from collections.abc import Sequence
from os import environ
from urllib.parse import urlencode

from makeready.attention.model import ALERT_KINDS
from makeready.extensions import installed
from makeready.web.paging import page_of, place_of
from makeready_alerts.active import active_alerts
from makeready_alerts.channels import channels_of
from makeready_alerts.digest import next_digest
from makeready_alerts.mail import is_mail_set
from makeready_alerts.model import Telling
from makeready_alerts.moments import quiet_until
from makeready_alerts.store.history import Place, history_of
from makeready_alerts.try_out import Tried, send_test
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

SHOWN = 50
AT = "/subscribers/{subscriber}/alerts"
KINDS = {
    "orders": marked("Orders that need attention"),
    "alarms": marked("Outages and alarms"),
    "summary": marked("Daily summary"),
    "test": marked("A test"),
}


class ChannelRow(Struct, frozen=True, kw_only=True):
    title: str
    whom: str
    kinds: tuple[str, ...]
    """In words; all of them if it tells all."""
    last: Telling | None
    tried: Tried | None
    """What came of the test that was just asked for."""


async def show_alerts(visit: Visit) -> Response:
    return await _page(visit, ())


async def test_alerts(visit: Visit) -> Response:
    return await _page(visit, await send_test(visit.installation, visit.subscriber))


async def _page(visit: Visit, tried: Sequence[Tried]) -> Response:
    history, company, now = history_of(visit.installation), visit.subscriber, visit.installation.clock()
    cursor = visit.query("cursor")
    after = Place(*place_of(cursor, tuple[float, str])) if cursor else None
    found = await history.page(company.name, SHOWN + 1, after)
    shown, following = page_of(found, SHOWN, lambda one: (one.raised_at, one.topic))
    return await visit.page(
        "alerts.html",
        channels=await _channels(visit, tried),
        tested=bool(tried),
        mail_missing=bool(company.alerts.email_to) and not is_mail_set(environ),
        quiet_until=quiet_until(company.alerts, now),
        next_summary=next_digest(company, now),
        active=await active_alerts(visit.installation, company),
        history=shown,
        kinds=KINDS,
        titles={one.name: one.title or one.name for one in installed().alert_channels},
        more=urlencode({"cursor": following}) if following else "",
    )


async def _channels(visit: Visit, tried: Sequence[Tried]) -> list[ChannelRow]:
    results, history = {one.channel: one for one in tried}, history_of(visit.installation)
    rows = []
    for channel in channels_of(visit.subscriber):
        kinds = [one for one in ALERT_KINDS if one in channel.kinds(visit.subscriber)]
        rows.append(
            ChannelRow(
                title=channel.title or channel.name,
                whom=channel.whom(visit.subscriber),
                kinds=tuple(_(KINDS[one]) for one in kinds),
                last=await history.last_telling(visit.subscriber.name, channel.name),
                tried=results.get(channel.name),
            )
        )
    return rows


PAGES = (
    page(AT, Needs.SEE, show_alerts),
    form(f"{AT}/test", Needs.CHANGE, test_alerts, "alerts test"),
)
