"""Any number of channels: each tells everything once, whatever becomes of the others."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from extended import extended
from makeready.attention.channel import AlertChannel, Message
from makeready.engine.model import Work
from makeready.extensions import Extensions, extension, installed
from makeready.plugins import CORE
from makeready_admin.inbox.store import waiting_of
from makeready_alerts.notify import alert
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.model.order import Artwork
from pretend import Bench, line, order
from steps import ask_to_look, settle

WORK = [Work(id=1, subscriber="northfield", kind="alert", key="", generation=1, attempts=0)]
NAMES = ("radio", "pager", "pager-2")


class Channels:
    """Three of an extension; keeps what each was given."""

    def __init__(self) -> None:
        self.told: dict[str, list[str]] = {name: [] for name in NAMES}
        self.troubles: dict[str, Exception] = {}

    @extension
    def alert_channels(self) -> Sequence[AlertChannel]:
        return [
            AlertChannel(name=name, wanted=lambda subscriber: True, send=self._sender(name)) for name in NAMES
        ]

    def _sender(self, name: str) -> Any:
        async def send(
            installation: Any, subscriber: Any, message: Message, environ: Mapping[str, str]
        ) -> None:
            if trouble := self.troubles.get(name):
                raise trouble
            found: Any = message.data
            self.told[name] += [one["order"] for one in found["lines"]]
            self.told[name] += [one["name"] for one in found["files"]]

        return send


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> Iterator[Channels]:
    made = Channels()
    with extended(monkeypatch, made):
        yield made


async def refuse(bench: Bench, number: str) -> None:
    bench.shop.orders[number] = order(number)
    bench.mis.before_effect.append(Refused("on stop"))
    await ask_to_look(bench, number)
    await settle(bench)


async def change_after_it_was_sent(bench: Bench, number: str) -> None:
    bench.shop.orders[number] = order(number)
    for changed in (order(number), order(number, line(denied=True))):
        bench.shop.orders[number] = changed
        await ask_to_look(bench, number)
        await settle(bench)


async def lose_a_file(bench: Bench, number: str) -> None:
    file = Artwork(file_name=f"{number}.pdf", url="http://10.0.0.1/a")
    bench.shop.orders[number] = order(number, line(files=(file,)))
    await ask_to_look(bench, number)
    await settle(bench)


@pytest.mark.parametrize("trouble", [RetryLater("The pager is away."), LookupError("a defect")])
async def test_each_line_and_file_reaches_each_channel_once_and_the_failing_one_later(
    bench: Bench, channels: Channels, trouble: Exception
) -> None:
    channels.troubles["pager"] = trouble
    await refuse(bench, "6994")
    await change_after_it_was_sent(bench, "6995")
    await lose_a_file(bench, "6996")
    first, second = ["6994", "6995", "6996.pdf"], ["6997", "6998"]
    for _ in range(2):
        with pytest.raises(RetryLater):
            await alert(bench.installation, "northfield", WORK)
    assert {name: sorted(told) for name, told in channels.told.items()} == {
        "radio": first,
        "pager": [],
        "pager-2": first,
    }
    await refuse(bench, "6997")
    await change_after_it_was_sent(bench, "6998")
    with pytest.raises(RetryLater):
        await alert(bench.installation, "northfield", WORK)
    del channels.troubles["pager"]
    for _ in range(2):
        await alert(bench.installation, "northfield", WORK)
    assert {tuple(sorted(told)) for told in channels.told.values()} == {tuple(sorted(first + second))}


async def test_what_a_person_has_dealt_with_is_not_told_any_more(bench: Bench, channels: Channels) -> None:
    await change_after_it_was_sent(bench, "6994")
    channels.troubles["pager"] = RetryLater("The pager is away.")
    with pytest.raises(RetryLater):
        await alert(bench.installation, "northfield", WORK)
    assert await waiting_of(bench.installation.store).line_seen("northfield", "6994", 1)
    channels.troubles.clear()
    await alert(bench.installation, "northfield", WORK)
    assert channels.told == {"radio": ["6994"], "pager": [], "pager-2": ["6994"]}


def test_mail_and_webhook_come_in_by_the_same_way() -> None:
    assert [one.name for one in installed().alert_channels] == ["mail", "webhook", "chat", "ntfy"]


def test_a_name_is_given_once_and_can_be_kept() -> None:
    twice = Extensions({CORE: Channels(), "other": Channels()})
    with pytest.raises(ValueError, match="two alert channels are called radio"):
        _ = twice.alert_channels
    for name in ("", "Chat", "a b", "1"):
        with pytest.raises(ValueError, match=re.escape(repr(name))):
            AlertChannel(name=name, wanted=bool, send=Channels()._sender(name))
