"""Metrics for monitoring: right, in the format, and for whoever may read them."""

import httpx
import msgspec
import pytest
from api import parked, refused, send, token
from extended import extended
from makeready.extensions import extension
from makeready.installation import Installation
from makeready_hooks.errors import ConfigError
from pretend import Bench
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def scraped(client: httpx.AsyncClient, given: str) -> Values:
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {given}"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=1.0.0")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of(values: Values, name: str, **labels: str) -> float | None:
    return values.get((f"makeready_{name}", tuple(sorted(labels.items()))))


async def test_what_needs_a_person_and_what_waits_is_told(bench: Bench, client: httpx.AsyncClient) -> None:
    await refused(bench, "7001", "7002")
    await parked(bench, "7003")
    await send(bench, "7004")
    await send(bench, "7005", ConfigError("The API password is wrong."))
    bench.clock.now += 90
    values = await scraped(client, await token(bench, "prometheus", "", read_only=True))
    assert of(values, "waiting_for_person", subscriber="northfield", why="refused") == 2
    assert of(values, "waiting_for_person", subscriber="northfield", why="parked") == 1
    assert of(values, "lines_today", subscriber="northfield", state="accepted") == 1
    assert of(values, "work_failing", subscriber="northfield", kind="submit") == 1
    assert of(values, "connection_up", subscriber="northfield", connector="mis") == 0
    assert of(values, "connection_up", subscriber="northfield", connector="shop") == 1
    assert (of(values, "work_late_seconds", subscriber="northfield", kind="mark") or 0) >= 0
    assert of(values, "prices", subscriber="northfield", outcome="asked") == 0
    assert of(values, "last_webhook_timestamp_seconds", subscriber="northfield") is None


async def test_a_token_for_one_subscriber_is_told_of_no_other(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    other = msgspec.structs.replace(
        bench.subscriber, name="southgate", external_user_id=118, url_token="other"
    )
    await bench.installation.store.subscribers.save([other])
    told = {
        dict(labels)["subscriber"]
        for _, labels in await scraped(client, await token(bench, "own"))
        if "subscriber" in dict(labels)
    }
    assert told == {"northfield"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer mkr_none"}])
async def test_nobody_else_is_told_anything(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "northfield" not in answer.text


class Presses:
    """An extension with a figure of its own."""

    @extension
    def metrics(self, installation: Installation) -> list[Metric]:
        queue = GaugeMetricFamily("makeready_press_queue", "Sheets that wait for a press.")
        queue.add_metric([], 4000)
        return [queue]


async def test_figures_of_extensions_are_shown_beside_the_core_s(
    bench: Bench, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with extended(monkeypatch, Presses()):
        values = await scraped(client, await token(bench, "prometheus", "", read_only=True))
    assert of(values, "press_queue") == 4000
