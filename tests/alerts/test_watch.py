"""What people are told of although no single order needs them: through an engine and a webhook on loopback."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from listeners import listen
from makeready.engine.model import NewWork
from makeready.orders.model import RECONCILE
from makeready.subscribers import changes
from makeready.webhooks.receive import receive_webhook
from makeready_alerts.store.sent import sent_alerts_of
from makeready_hooks import hookimpl
from makeready_hooks.errors import ConfigError, MakereadyError, Refused, RetryLater
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.order import Order, OrderRef
from msgspec import structs
from post import Post, begin, listening, send, tell, wait
from pretend import Bench, line, new_bench, order
from steps import ask_to_look, settle

MONDAY = datetime(2026, 3, 2, 9, 20, tzinfo=UTC).timestamp()
AWAY = RetryLater("The MIS is away.", after_s=60)
MINUTE, HOUR = 60, 3600


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with listening() as made:
        yield made


@pytest.fixture
async def watched(bench: Bench, post: Post) -> Bench:
    """A subscriber that is told through a webhook, on a Monday morning."""
    bench.clock.now = MONDAY
    await begin(bench, post)
    return bench


def told(post: Post) -> list[tuple[str, str]]:
    """What has begun and what is over, as it came."""
    found = []
    for _, body in post.hooks:
        message = json.loads(body)
        found += [("begun", one["topic"]) for one in message.get("begun", ())]
        found += [("over", one["topic"]) for one in message.get("over", ())]
    return found


async def test_an_outage_of_the_mis_is_told_once_and_so_is_its_end(watched: Bench, post: Post) -> None:
    await send(watched, "6994", *[AWAY] * 40)
    await wait(watched, 14 * MINUTE)
    assert told(post) == []
    await wait(watched, 10 * MINUTE)
    assert told(post) == [("begun", "outage:mis")]
    [alarm] = json.loads(post.hooks[0][1])["begun"]
    assert alarm["since"] == "2026-03-02 09:20:00"
    assert alarm["detail"] == (
        "1 order waits (6994-1). They will be sent by themselves. Last error: The MIS is away."
    )
    watched.mis.before_effect.clear()
    await wait(watched, 5 * MINUTE)
    assert told(post) == [("begun", "outage:mis"), ("over", "outage:mis")]


async def test_the_trouble_of_one_order_is_no_outage(watched: Bench, post: Post) -> None:
    await send(watched, "6994", AWAY)
    watched.clock.now += 1
    await send(watched, "6995")
    watched.mis.before_effect += [AWAY] * 40
    await wait(watched, 20 * MINUTE)
    assert told(post) == []


async def test_an_outage_of_the_shop_is_told_by_the_regular_comparison(watched: Bench, post: Post) -> None:
    watched.shop.away = RetryLater("The shop is away.")
    await watched.installation.store.work.add(
        [NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=MONDAY)]
    )
    await wait(watched, 20 * MINUTE)
    assert told(post) == [("begun", "outage:shop")]
    watched.shop.away = None
    await wait(watched, HOUR)
    assert told(post)[1:] == [("over", "outage:shop")]


@pytest.mark.parametrize("error", [ConfigError("The shop refuses the sign-in."), Refused("No such site.")])
async def test_credentials_that_no_longer_work_are_told_at_once(
    watched: Bench, post: Post, error: MakereadyError
) -> None:
    watched.shop.away = error
    await watched.installation.store.work.add(
        [NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=MONDAY)]
    )
    await ask_to_look(watched, "6994", "6995")
    await wait(watched, 30 * MINUTE)
    [(kind, topic)] = told(post)
    assert (kind, topic.partition(":")[0]) == ("begun", "person")
    [alarm] = json.loads(post.hooks[0][1])["begun"]
    assert str(error) in alarm["title"]
    watched.shop.away = None
    await wait(watched, 2 * HOUR)
    assert told(post)[1:] == [("over", topic)]


async def test_the_digest_tells_once_a_day_what_will_heal(watched: Bench, post: Post) -> None:
    await send(watched, "6994", *[RetryLater("The MIS is away.", after_s=HOUR)] * 60)
    await wait(watched, 4 * HOUR)
    digests = [json.loads(body) for _, body in post.hooks if b"will_heal" in body]
    assert digests == []
    watched.clock.now = MONDAY + 22 * HOUR
    await wait(watched, 3 * MINUTE)
    [digest] = [json.loads(body) for _, body in post.hooks if b"will_heal" in body]
    [work] = digest["work"]
    assert (work["kind"], work["key"], work["error"]) == ("submit", "6994-1", "The MIS is away.")
    assert work["since"] == "2026-03-02 09:20:00"
    watched.clock.now += 24 * HOUR
    await wait(watched, 3 * MINUTE)
    assert len([1 for _, body in post.hooks if b"will_heal" in body]) == 2


async def test_the_first_digest_waits_for_its_time(bench: Bench, post: Post) -> None:
    bench.clock.now = MONDAY
    await send(bench, "6994", *[RetryLater("The MIS is away.", after_s=HOUR)] * 60)
    await begin(bench, post)
    await wait(bench, 10 * MINUTE)
    assert post.hooks == []


async def test_there_is_no_digest_of_nothing_and_none_that_is_switched_off(bench: Bench, post: Post) -> None:
    bench.clock.now = MONDAY
    await begin(bench, post)
    await wait(bench, MINUTE)
    bench.clock.now += 24 * HOUR
    await wait(bench, 2 * MINUTE)
    await begin(bench, post, digest_at="")
    await send(bench, "6994", *[RetryLater("The MIS is away.", after_s=HOUR)] * 60)
    bench.clock.now += 48 * HOUR
    await wait(bench, 2 * MINUTE)
    assert [body for _, body in post.hooks if b"will_heal" in body] == []


async def test_silence_is_counted_in_working_hours_and_told_once(bench: Bench, post: Post) -> None:
    bench.clock.now = datetime(2026, 3, 6, 9, tzinfo=UTC).timestamp()
    await begin(bench, post, silence_h=4, working_hours="08:00-12:00")
    await wait(bench, MINUTE)
    assert told(post) == []
    placed_at = datetime(2026, 3, 6, 11, tzinfo=UTC)
    bench.shop.orders["6994"] = msgspec.structs.replace(order("6994"), placed_at=placed_at)
    await ask_to_look(bench, "6994")
    bench.clock.now = datetime(2026, 3, 9, 10, 50, tzinfo=UTC).timestamp()
    await wait(bench, MINUTE)
    assert told(post) == []
    await wait(bench, 30 * MINUTE)
    assert told(post) == [("begun", "silence")]
    later = datetime.fromtimestamp(bench.clock.now, UTC)
    bench.shop.orders["6995"] = msgspec.structs.replace(order("6995"), placed_at=later)
    await ask_to_look(bench, "6995")
    await wait(bench, 2 * MINUTE)
    assert told(post)[1:] == [("over", "silence")]


async def test_an_order_that_waits_for_many_days_is_told_once(bench: Bench, post: Post) -> None:
    bench.clock.now = datetime(2026, 3, 7, 9, tzinfo=UTC).timestamp()  # placed on the second
    bench.shop.orders["6994"] = order("6994", line(approved=False))
    await ask_to_look(bench, "6994")
    await begin(bench, post, silence_h=0)
    await wait(bench, MINUTE)
    assert told(post) == []
    bench.clock.now += HOUR
    await wait(bench, 3 * MINUTE)
    assert told(post) == [("begun", "waiting:6994")]
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await wait(bench, 2 * MINUTE)
    assert told(post)[1:] == [("over", "waiting:6994")]


async def test_webhooks_that_do_not_come_while_orders_do_are_told(watched: Bench, post: Post) -> None:
    await compare_regularly(watched)
    watched.shop.orders["6994"] = order("6994")
    await wait(watched, 15 * MINUTE)
    assert told(post) == []
    await wait(watched, 15 * MINUTE)
    assert told(post) == [("begun", "webhooks")]
    assert "makeready subscriber install northfield" in post.hooks[0][1].decode()
    await webhook(watched, "6994")
    await wait(watched, 10 * MINUTE)
    assert told(post)[1:] == [("over", "webhooks")]


async def test_orders_of_the_first_comparison_need_no_webhook(watched: Bench, post: Post) -> None:
    watched.shop.orders["6994"] = order("6994")
    await compare_regularly(watched)
    await wait(watched, HOUR)
    assert told(post) == []


async def test_orders_that_came_while_this_server_was_away_need_no_webhook(
    watched: Bench, post: Post
) -> None:
    await compare_regularly(watched)
    watched.shop.orders["6994"] = order("6994")
    watched.clock.now += 5 * HOUR
    await wait(watched, HOUR)
    assert told(post) == []


async def test_one_webhook_in_the_period_says_that_they_come(watched: Bench, post: Post) -> None:
    await compare_regularly(watched)
    watched.shop.orders["6994"] = order("6994")
    watched.shop.orders["6995"] = order("6995")
    await webhook(watched, "6995")
    await wait(watched, HOUR)
    assert told(post) == []


async def test_a_command_that_the_shop_cannot_follow_is_not_advised(watched: Bench, post: Post) -> None:
    class Plain:
        """A shop that makes no webhook by itself."""

        @hookimpl
        async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
            return ()

    kinds = dict(watched.installation.kinds)
    kinds["shop"] = structs.replace(kinds["shop"], build=lambda settings, context: Plain())
    await compare_regularly(watched)
    watched.shop.orders["6994"] = order("6994")
    kinds["shop"].build.__annotations__["return"] = Plain
    watched.installation.kinds = kinds
    await wait(watched, 30 * MINUTE)
    assert told(post) == [("begun", "webhooks")]
    text = post.hooks[0][1].decode()
    assert "subscriber install" not in text
    assert "Look in the shop whether its webhook" in text


async def compare_regularly(bench: Bench) -> None:
    work = NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=bench.clock())
    await bench.installation.store.work.add([work])
    await wait(bench, MINUTE)


async def webhook(bench: Bench, number: str) -> None:
    call = IncomingCall(method="POST", headers={"x-key": "right"}, query={}, body=number.encode())
    await receive_webhook(bench.installation, bench.subscriber, "shop", call)


async def test_a_restart_repeats_nothing_and_what_ended_meanwhile_is_told(watched: Bench, post: Post) -> None:
    await send(watched, "6994", *[AWAY] * 40)
    await wait(watched, 20 * MINUTE)
    await watched.installation.aclose()
    again = new_bench(watched.folder, watched.clock, watched.shop, watched.mis)
    await wait(again, 15 * MINUTE)
    assert told(post) == [("begun", "outage:mis")]
    watched.mis.before_effect.clear()
    await wait(again, 15 * MINUTE)
    assert told(post)[1:] == [("over", "outage:mis")]
    await again.installation.aclose()


async def test_a_channel_that_fails_repeats_nothing_through_the_other(
    bench: Bench, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.clock.now = MONDAY
    for name, value in post.environ.items():
        monkeypatch.setenv(name, value)
    await begin(bench, post, email_to=("prepress@northfield.example",))
    await send(bench, "6994", *[AWAY] * 60)
    post.status = b"500 No"
    await wait(bench, 20 * MINUTE)
    assert len(post.mails) == 1
    tries = len(post.hooks)
    assert tries > 3
    post.status = b"200 OK"
    await wait(bench, 10 * MINUTE)
    assert len(post.mails) == 1
    assert len(post.hooks) == tries + 1
    assert "Subject: Northfield Print: The MIS has not taken orders" in post.mails[0]


async def test_an_outage_that_no_channel_could_tell_before_it_ended_is_not_told(
    watched: Bench, post: Post
) -> None:
    await send(watched, "6994", *[AWAY] * 40)
    post.status = b"500 No"
    await wait(watched, 20 * MINUTE)
    watched.mis.before_effect.clear()
    await wait(watched, 5 * MINUTE)
    failed = len(post.hooks)
    post.status = b"200 OK"
    await wait(watched, 10 * MINUTE)
    assert len(post.hooks) == failed


async def test_who_wants_to_be_told_is_watched_for_and_others_are_not(bench: Bench) -> None:
    given = {"external_user_id": 117, "connectors": {"shop": {"user": "u", "password": "p"}}}
    watching = bench.installation.store.work
    await save(bench, given)
    assert await watching.waiting("northfield", "watch") == 0
    await save(bench, {**given, "alerts": {"email_to": ["prepress@northfield.example"]}})
    assert await watching.waiting("northfield", "watch") == 1
    await save(bench, given)
    await settle(bench)
    assert await watching.waiting("northfield", "watch") == 0


async def save(bench: Bench, given: dict[str, Any]) -> None:
    await changes.save(bench.installation, [await changes.propose(bench.installation, "northfield", given)])


@pytest.mark.parametrize(
    ("alerts", "text"),
    [
        ({"digest_at": "7"}, r"subscribers\.northfield\.alerts\.digest_at '7' is not a time of the day"),
        ({"working_hours": "8-18"}, r"alerts\.working_hours '8-18' are not hours"),
        ({"working_days": [0]}, "working_days"),
        ({"time_zone": "Leeds"}, r"alerts\.time_zone 'Leeds' is not a time zone"),
        ({"outage_after_s": 1}, "outage_after_s"),
        ({"silence_h": -1}, "silence_h"),
        ({"quiet_hours": "in the night"}, "quiet_hours"),
        ({"quiet_hours": "25:00-06:00"}, "quiet_hours"),
        ({"email_for": ["gossip"]}, "email_for"),
        ({"email_to": ["not an address"]}, "email_to"),
        ({"ntfy_url": "our-topic"}, "not one of the web"),
        ({"chat_url": "our-channel"}, "not one of the web"),
        ({"chat_url": "https://"}, "not one of the web"),
    ],
)
async def test_a_setting_that_cannot_be_is_named(bench: Bench, alerts: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        await save(bench, {"external_user_id": 117, "alerts": alerts})


async def test_addresses_of_chats_are_kept_sealed(bench: Bench) -> None:
    alerts = {"chat_url": "tgram://1:secret/2", "ntfy_url": "https://ntfy.example/secret"}
    await save(bench, {"external_user_id": 117, "alerts": alerts})
    rules = (await bench.installation.subscriber("northfield")).alerts
    assert "secret" not in rules.chat_url + rules.ntfy_url
    shown = changes.export(bench.installation, await bench.installation.subscriber("northfield"))
    assert shown["alerts"] == {"chat_url": "(stored)", "ntfy_url": "(stored)"}


async def test_a_plugin_hears_of_an_alert_with_the_first_channel_alone(watched: Bench, post: Post) -> None:
    ear = await listen(watched, hooks=["alert_raised"])
    await tell(watched, webhook_url=post.hook_url, webhook_secret=watched.installation.vault.seal("secret"))
    subscriber = await watched.installation.subscriber("northfield")
    both = msgspec.structs.replace(subscriber, connectors={**subscriber.connectors, "ear": ear.record})
    await watched.installation.store.subscribers.save([both])
    await send(watched, "6994", *[AWAY] * 40)
    await wait(watched, 25 * MINUTE)
    [heard] = ear.of("alert_raised")
    assert heard.topic == "outage:mis"
    sent = sent_alerts_of(watched.installation)
    told_before = list((await sent.sent("northfield", "webhook")).values())
    steps = {one.topic: not_again for one in told_before}
    await sent.keep("northfield", "mail", told_before, news=steps)


def not_again(db: object) -> None:
    raise AssertionError("it was told with the first channel")
