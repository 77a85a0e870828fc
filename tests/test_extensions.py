"""What an extension adds is known everywhere, although nobody has listed it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from extended import extended
from makeready.engine.model import NewWork, Schedule, Work, WorkType
from makeready.engine.retry import Retry
from makeready.extensions import extension
from makeready_admin.activity.schedule import jobs, schedules
from makeready_alerts.digest import DIGEST
from makeready_alerts.model import SentAlert
from makeready_alerts.store.sent import sent_alerts_of
from makeready_alerts.watch import watch
from makeready_hooks import Role
from makeready_hooks.errors import RetryLater
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.health import health_of
from post import listening, tell
from pretend import Bench
from steps import settle

KIND, TROUBLE = "count-sheets", "The counter is away."


async def count_sheets(installation: Any, subscriber: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    raise RetryLater(TROUBLE, after_s=3600)


class Counting:
    @extension
    def work_types(self) -> Sequence[WorkType]:
        every_hour = Schedule(title="Count the sheets in the store", every_s=lambda subscriber: 3600.0)
        return [
            WorkType(
                kind=KIND,
                run=count_sheets,
                title="Count the sheets",
                side=Role.MIS,
                outage=True,
                waits="to be counted",
                schedules=(every_hour,),
            )
        ]


async def test_work_that_nobody_listed_shows_in_schedules_in_health_and_in_the_digest(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with extended(monkeypatch, Counting()):
        async with listening() as post:
            secret = bench.installation.vault.seal("secret")
            await tell(bench, webhook_url=post.hook_url, webhook_secret=secret, digest_at="00:00")
            subscriber = await bench.installation.subscriber("northfield")
            rows = [NewWork(subscriber="northfield", kind=KIND, key=key, due_at=0.0) for key in ("", "9")]
            await bench.installation.store.work.add(rows)
            await settle(bench)
            [run] = [one for one in await schedules(bench.installation, subscriber) if one.kind == KIND]
            assert (run.title, run.every_s, run.error) == ("Count the sheets in the store", 3600.0, TROUBLE)
            assert [one.title for one in await jobs(bench.installation, subscriber, 9)] == [
                "Count the sheets"
            ]

            facts = await collect_inputs(bench.installation, subscriber)
            assert TROUBLE in [one.text for one in health_of(bench.installation, subscriber, facts)]
            assert KIND in [one.kind for one in await bench.installation.store.work.by_kind("northfield")]

            yesterday = SentAlert(topic=DIGEST, title="", since=0.0, told_at=bench.clock() - 90_000)
            await sent_alerts_of(bench.installation).keep("northfield", "webhook", [yesterday])
            work = [Work(id=1, subscriber="northfield", kind="watch", key="", generation=1, attempts=0)]
            await watch(bench.installation, "northfield", work, {})
            [digest] = [json.loads(body) for _, body in post.hooks if b"will_heal" in body]
            assert [(one["kind"], one["error"]) for one in digest["work"]] == [(KIND, TROUBLE)] * 2
