"""Operations for a look at everything: a subscriber today, what waits, whether both sides are well."""

from typing import Annotated

from makeready.attention.health import Health
from makeready.attention.rules import Alarm
from makeready.attention.waiting_model import AttentionCounts
from makeready.engine.model import WorkCount
from makeready.outbound.usage import CallLoad
from makeready.prices.usage import PriceSpeed
from makeready.times import from_seconds
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery, moment_or_none
from makeready.web.paging import page_by_key
from makeready.webhooks.model import Received
from msgspec import Meta, Struct

from makeready_admin.home.overview import Overview, details, last_days, overview


class HealthAnswer(Struct, frozen=True, kw_only=True):
    """How the last regular calls of a connector went."""

    connector: str
    title: str
    ok: bool
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
    needs_person: AttentionCounts
    today: Annotated[
        dict[str, int],
        Meta(description="Order lines that came into a state since midnight in the subscriber's time zone."),
    ]
    last_webhook_at: Moment | None
    last_order_at: Annotated[Moment | None, Meta(description="When the newest order was placed.")]
    webhooks: Annotated[Received, Meta(description="Of the last 24 hours, as the two below.")]
    prices: PriceSpeed
    calls: tuple[CallLoad, ...]
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
    query=PageQuery,
)
async def glance_at_all(call: Call) -> GlancesAnswer:
    everybody = [
        one for one in await call.installation.store.subscribers.all() if call.token.is_for(one.name)
    ]
    page, cursor = page_by_key(everybody, call.query, lambda one: one.name)
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
        days=tuple(DayAnswer(name=day.name, counts=day.counts) for day in days),
        alarms=tuple(map(_alarm, more.alarms)),
        work=tuple(map(_work, more.work)),
    )


def _glance(found: Overview) -> GlanceAnswer:
    subscriber = found.subscriber
    return GlanceAnswer(
        subscriber=subscriber.name,
        title=subscriber.title,
        environment=subscriber.environment,
        needs_person=found.waiting,
        today=found.today,
        last_webhook_at=moment_or_none(found.last_webhook_at),
        last_order_at=moment_or_none(found.last_placed_at),
        webhooks=found.webhooks,
        prices=found.prices,
        calls=tuple(found.loads),
        stock=StockAgesAnswer(
            products=found.stock.products,
            unread=found.stock.unread,
            last_at=moment_or_none(found.stock.last_at),
            oldest_at=moment_or_none(found.stock.oldest_at),
        ),
        health=tuple(map(_health, found.health)),
    )


def _health(one: Health) -> HealthAnswer:
    return HealthAnswer(
        connector=one.connector, title=one.title, ok=one.ok, text=one.text, at=moment_or_none(one.at)
    )


def _alarm(one: Alarm) -> AlarmAnswer:
    return AlarmAnswer(topic=one.topic, title=one.title, since=from_seconds(one.since), detail=one.detail)


def _work(one: WorkCount) -> WorkCountAnswer:
    return WorkCountAnswer(
        kind=one.kind,
        count=one.count,
        failing=one.failing,
        next_at=from_seconds(one.next_at),
        error=one.error,
    )
