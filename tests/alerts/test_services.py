"""Chats and phones, through Apprise in a process of its own: real calls to a receiver on loopback."""

import json
from collections.abc import AsyncIterator

import pytest
from makeready.subscribers.model import Subscriber
from makeready_alerts.services.send import chat_address, ntfy_address
from makeready_alerts.try_out import Tried, send_test
from post import Post, listening, tell
from pretend import Bench


@pytest.fixture
async def post(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    monkeypatch.setenv("MAKEREADY_PRIVATE_NETWORKS", "127.0.0.0/8")
    async with listening() as made:
        made.status = b"200 OK"
        yield made


async def tried(bench: Bench) -> list[Tried]:
    subscriber: Subscriber = await bench.installation.subscriber("northfield")
    return await send_test(bench.installation, subscriber)


async def test_a_chat_and_a_phone_get_the_message(bench: Bench, post: Post) -> None:
    base = post.hook_url.removesuffix("/alerts")
    await tell(bench, chat_url=f"{base}/hooks/s3cret-token", ntfy_url=f"{base}/our-topic")
    assert [(one.channel, one.error) for one in await tried(bench)] == [("chat", ""), ("ntfy", "")]
    assert post.paths == ["/hooks/s3cret-token", "/"]
    chat, phone = (json.loads(body) for _, body in post.hooks)
    assert "Northfield Print: a test of the alerts" in chat["text"]
    assert phone["topic"] == "our-topic"
    assert phone["title"] == "Northfield Print: a test of the alerts"
    assert "Times are in UTC." in phone["message"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (b"403 Forbidden", "The alert was not taken: it refuses us."),
        (b"500 Oh dear", "The alert was not taken: the service answers 500."),
    ],
)
async def test_a_refusal_is_told_at_once_without_the_secret(
    bench: Bench, post: Post, status: bytes, said: str
) -> None:
    post.status = status
    await tell(bench, chat_url=f"{post.hook_url.removesuffix('/alerts')}/hooks/s3cret-token")
    [found] = await tried(bench)
    assert found.error == said


async def test_an_address_of_no_service_is_refused(bench: Bench, post: Post) -> None:
    await tell(bench, chat_url="nonsense://chat.example/x")
    [found] = await tried(bench)
    assert found.error.startswith("No service is known that has such an address.")


async def test_a_private_network_that_nobody_has_allowed_is_not_reached(
    bench: Bench, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEREADY_PRIVATE_NETWORKS", "")
    await tell(bench, ntfy_url=f"{post.hook_url.removesuffix('/alerts')}/our-topic")
    [found] = await tried(bench)
    assert found.error.startswith("127.0.0.1 lies in a private network.")
    assert post.hooks == []


async def test_a_server_that_is_away_is_told(bench: Bench, post: Post) -> None:
    await tell(bench, ntfy_url="http://127.0.0.1:9/our-topic")
    [found] = await tried(bench)
    assert found.error == "The alert was not taken: the service cannot be reached."


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://hooks.slack.com/services/T/B/C", "https://hooks.slack.com/services/T/B/C"),
        ("https://chat.example/hooks/abc", "mmosts://chat.example/abc"),
        ("http://chat.example:8065/team/hooks/abc", "mmost://chat.example:8065/team/abc"),
        ("tgram://1:a/2", "tgram://1:a/2"),
    ],
)
def test_the_address_of_a_chat_is_given_as_the_chat_shows_it(given: str, found: str) -> None:
    assert chat_address(given) == found


def test_the_address_of_a_topic_is_given_as_a_browser_shows_it() -> None:
    assert ntfy_address("https://ntfy.sh/our-topic") == "ntfys://ntfy.sh/our-topic"
    assert ntfy_address("ntfys://a:b@ntfy.example/our-topic") == "ntfys://a:b@ntfy.example/our-topic"
