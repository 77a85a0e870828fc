"""The history of alerts, and quiet hours, as the watch and the orders tell them."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from makeready_alerts.model import KeptAlert
from makeready_alerts.notify import ALERT_WORK
from makeready_alerts.store.history import history_of
from makeready_alerts.tell import KEPT_S
from makeready_hooks.errors import Refused, RetryLater
from msgspec.structs import replace
from post import Post, begin, listening, send, wait
from pretend import Bench, order
from steps import ask_to_look, settle

MONDAY = datetime(2026, 3, 2, 9, 20, tzinfo=UTC).timestamp()
NIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=UTC).timestamp()
AWAY = RetryLater("The MIS is away.", after_s=60)
MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with listening() as made:
        yield made


async def kept(bench: Bench) -> list[KeptAlert]:
    return await history_of(bench.installation).page("northfield", 50)


def types(post: Post) -> list[str]:
    return [json.loads(body)["type"] for _, body in post.hooks]


async def test_an_outage_is_kept_with_its_end_and_both_messages(bench: Bench, post: Post) -> None:
    await begin(bench, post, MONDAY)
    await send(bench, "6994", *[AWAY] * 40)
    await wait(bench, 20 * MINUTE)
    [one] = await kept(bench)
    assert (one.topic, one.raised_at, one.over_at) == ("outage:mis", MONDAY, 0)
    bench.mis.before_effect.clear()
    await wait(bench, 10 * MINUTE)
    [one] = await kept(bench)
    assert MONDAY + 20 * MINUTE < one.over_at <= MONDAY + 30 * MINUTE
    told = [(telling.channel, telling.said, telling.tries, telling.error) for telling in one.tellings]
    assert told == [("webhook", "begun", 1, ""), ("webhook", "over", 1, "")]


async def test_what_cannot_be_delivered_says_so_until_it_is(bench: Bench, post: Post) -> None:
    post.status = b"503 Away"
    await begin(bench, post, MONDAY)
    await send(bench, "6994", *[AWAY] * 60)
    await wait(bench, 20 * MINUTE)
    [one] = await kept(bench)
    [telling] = one.tellings
    assert telling.error == "The alert's webhook answers 503."
    assert telling.tries > 1
    post.status = b"204 No Content"
    await wait(bench, 2 * MINUTE)
    [one] = await kept(bench)
    assert [telling.error for telling in one.tellings] == [""]


async def test_what_a_channel_could_not_tell_of_orders_is_in_its_next_message(
    bench: Bench, post: Post
) -> None:
    post.status = b"503 Away"
    await begin(bench, post, MONDAY, gather_s=0)
    for number in ("6994", "6995"):
        await send(bench, number, Refused("on stop"))
        await wait(bench, 2 * MINUTE)
    post.status = b"204 No Content"
    await wait(bench, 20 * MINUTE)
    [one] = await kept(bench)
    assert one.title == "2 order lines need attention"
    [telling] = one.tellings
    assert telling.error == ""
    assert telling.tries > 2
    assert one.over_at


async def test_in_quiet_hours_orders_wait_and_come_together(bench: Bench, post: Post) -> None:
    await begin(bench, post, NIGHT, quiet_hours="22:00-06:00")
    for number in ("6994", "6995"):
        await send(bench, number, Refused("on stop"))
        await wait(bench, HOUR)
    assert post.hooks == []
    bench.clock.now = NIGHT + 7.5 * HOUR - 2
    await settle(bench)
    assert post.hooks == []
    bench.clock.now += 4
    await settle(bench)
    [(_, body)] = post.hooks
    assert {one["order"] for one in json.loads(body)["lines"]} == {"6994", "6995"}


async def test_an_outage_breaks_the_quiet_and_nothing_else_does(bench: Bench, post: Post) -> None:
    await begin(bench, post, NIGHT, quiet_hours="22:00-06:00", digest_at="05:00")
    await send(bench, "6994", *[AWAY] * 700)
    await wait(bench, 20 * MINUTE)
    assert types(post) == ["alarms.changed"]
    bench.mis.before_effect.clear()
    await send(bench, "6995", Refused("on stop"))
    await wait(bench, 20 * MINUTE)
    assert types(post) == ["alarms.changed"] * 2, "that it is over is told as well, and no rejected order"


async def test_what_is_not_urgent_is_told_when_the_quiet_ends(bench: Bench, post: Post) -> None:
    await begin(bench, post, MONDAY, quiet_hours="09:00-12:00", silence_h=1)
    bench.shop.orders["6994"] = replace(order("6994"), placed_at=datetime.fromtimestamp(MONDAY, UTC))
    await ask_to_look(bench, "6994")
    await settle(bench)
    await wait(bench, 2 * HOUR)
    assert post.hooks == []
    assert [one.topic for one in await kept(bench)] == ["silence"]
    await wait(bench, HOUR)
    assert types(post) == ["alarms.changed"]


async def test_the_summary_of_a_time_in_quiet_hours_comes_when_they_end(bench: Bench, post: Post) -> None:
    await begin(bench, post, MONDAY, quiet_hours="22:00-06:00", digest_at="05:00", outage_after_s=604800)
    await send(bench, "6994", *[RetryLater("The MIS is away.", after_s=HOUR)] * 60)
    await wait(bench, 2 * MINUTE)
    bench.clock.now = NIGHT + 7 * HOUR
    await wait(bench, 5 * MINUTE)
    assert post.hooks == []
    bench.clock.now = NIGHT + 7.5 * HOUR
    await wait(bench, 2 * MINUTE)
    assert types(post) == ["orders.will_heal"]


async def test_a_channel_is_told_of_the_kinds_that_it_is_for(bench: Bench, post: Post) -> None:
    await begin(bench, post, MONDAY, webhook_for=("summary",), gather_s=0)
    await send(bench, "6994", Refused("on stop"))
    await send(bench, "6995", *[AWAY] * 30)
    await wait(bench, 20 * MINUTE)
    assert post.hooks == []
    [one] = await kept(bench)
    assert (one.topic, one.tellings) == ("outage:mis", ())
    subscriber = await bench.installation.subscriber("northfield")
    assert ALERT_WORK.after_settings_change is not None
    assert list(ALERT_WORK.after_settings_change(subscriber, 0)) == []


async def test_the_history_is_kept_for_a_year(bench: Bench, post: Post) -> None:
    await begin(bench, post, MONDAY, gather_s=0)
    await send(bench, "6994", Refused("on stop"))
    await wait(bench, 2 * MINUTE)
    bench.clock.now += KEPT_S + DAY
    await send(bench, "6995", Refused("on stop"))
    await wait(bench, 2 * MINUTE)
    titles = [(one.raised_at > MONDAY + DAY, one.title) for one in await kept(bench)]
    assert (True, "1 order line needs attention") in titles
    assert (False, "1 order line needs attention") not in titles
