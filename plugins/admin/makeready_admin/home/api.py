"""Operations for a look at everything: a subscriber today, what waits, whether both sides are well."""

from typing import Annotated

from makeready.attention.model import AttentionCounts
from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import page_by_key
from makeready_hooks.model.setup import State
from makeready_inspect.price_speed import PriceSpeed
from msgspec import Meta, Struct, field

from makeready_admin.home.loads import CallLoad
from makeready_admin.home.overview import Overview, details, last_days, overview
from makeready_admin.home.store import Received


class HealthAnswer(Struct, frozen=True, kw_only=True):
    """How the last calls of a connector went, whoever made them."""

    connector: str
    title: str
    ok: Annotated[bool, Meta(description="False if it does not work.")]
    state: Annotated[State, Meta(description="``to do``: nothing was asked of it yet.")]
    text: str
    at: Annotated[
        Moment | None,
        Meta(description="When it went well last, or since when it does not; null if that is not known."),
    ]


class StockAgesAnswer(Struct, frozen=True, kw_only=True):
    """When the MIS was asked about the products that are in shops through us."""

    products: int
    unread: Annotated[int, Meta(description="Of these nothing is known yet.")]
    last_at: Annotated[Moment | None, Meta(description="The newest reading.")]
    oldest_at: Annotated[Moment | None, Meta(description="The oldest of what is known now.")]


class GlanceAnswer(Struct, frozen=True, kw_only=True):
    """A subscriber today."""

    subscriber: str
    title: str
    environment: str
    waiting: AttentionCounts = field(name="needs_person")
    today: Annotated[
        dict[str, int],
        Meta(description="Order lines that came into a state since midnight in the subscriber's time zone."),
    ]
    last_webhook_at: Moment | None
    last_placed_at: Annotated[Moment | None, Meta(description="When the newest order was placed.")] = field(
        name="last_order_at"
    )
    webhooks: Annotated[Received, Meta(description="Of the last 24 hours, as the two below.")]
    prices: PriceSpeed
    loads: tuple[CallLoad, ...] = field(name="calls")
    stock: StockAgesAnswer
    health: tuple[HealthAnswer, ...]


class GlancesAnswer(Struct, frozen=True, kw_only=True):
    subscribers: tuple[GlanceAnswer, ...]
    next_cursor: str | None


class DayAnswer(Struct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(description="``02 Mar``.")]
    counts: Annotated[
        dict[str, int], Meta(description="Order lines by the state that they came into on this day.")
    ]


class AlarmAnswer(Struct, frozen=True, kw_only=True):
    """Something that is wrong now."""

    topic: str
    title: str
    since: Moment
    detail: str


class WorkCountAnswer(Struct, frozen=True, kw_only=True):
    """Work of one kind that is not done."""

    kind: str
    count: int
    failing: int
    next_at: Moment
    error: str


class OverviewAnswer(Struct, frozen=True, kw_only=True):
    glance: GlanceAnswer
    days: Annotated[tuple[DayAnswer, ...], Meta(description="The last two weeks, the oldest day first.")]
    alarms: tuple[AlarmAnswer, ...]
    work: tuple[WorkCountAnswer, ...]


@operation(
    "GET",
    "/overview",
    name="glanceAtAll",
    group="Overview",
    summary="Each subscriber that the token is for, today",
)
async def glance_at_all(call: Call, query: PageQuery) -> GlancesAnswer:
    everybody = [
        one for one in await call.installation.store.subscribers.all() if call.token.is_for(one.name)
    ]
    page, cursor = page_by_key(everybody, query, lambda one: one.name)
    glances = [_glance(await overview(call.installation, one)) for one in page]
    return GlancesAnswer(subscribers=tuple(glances), next_cursor=cursor)


@operation(
    "GET",
    ONE + "/overview",
    name="showOverview",
    group="Overview",
    summary="A subscriber today, its last two weeks, alarms, and work that is to be done",
)
async def show_overview(call: Call) -> OverviewAnswer:
    seen = await overview(call.installation, call.subscriber)
    more = await details(call.installation, seen)
    days = await last_days(call.installation, call.subscriber)
    return OverviewAnswer(
        glance=_glance(seen),
        days=answers_from(DayAnswer, days),
        alarms=answers_from(AlarmAnswer, more.alarms),
        work=answers_from(WorkCountAnswer, more.work),
    )


def _glance(found: Overview) -> GlanceAnswer:
    subscriber = found.subscriber
    return answer_from(
        GlanceAnswer,
        found,
        subscriber,
        subscriber=subscriber.name,
    )
