"""Without makeready-alerts nothing is asked for that nobody does; what needs attention is known all the same."""

from contextlib import nullcontext

import pytest
from extended import without
from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Artwork
from makeready_inspect.check import check_subscriber
from post import tell
from pretend import Bench, line, order
from steps import ask_to_look, settle


async def refuse(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect.append(Refused("on stop"))
    await ask_to_look(bench, "6994")
    await settle(bench)


async def change_after_it_was_sent(bench: Bench) -> None:
    for changed in (order("6995"), order("6995", line(denied=True))):
        bench.shop.orders["6995"] = changed
        await ask_to_look(bench, "6995")
        await settle(bench)


async def lose_a_file(bench: Bench) -> None:
    file = Artwork(file_name="6996.pdf", url="http://10.0.0.1/a")
    bench.shop.orders["6996"] = order("6996", line(files=(file,)))
    await ask_to_look(bench, "6996")
    await settle(bench)


@pytest.mark.parametrize("happens", [refuse, change_after_it_was_sent, lose_a_file])
@pytest.mark.parametrize("is_installed", [True, False])
async def test_work_is_asked_for_where_somebody_does_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, happens, is_installed: bool
) -> None:
    with nullcontext() if is_installed else without(monkeypatch, "alerts"):
        await happens(bench)
        kinds = {one.kind for one in await bench.installation.store.work.by_kind("northfield")}
        assert ("alert" in kinds) is is_installed
        assert (await bench.installation.store.attention.counts("northfield")).total == 1


@pytest.mark.parametrize("is_installed", [True, False])
async def test_a_check_says_that_nobody_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, is_installed: bool
) -> None:
    await tell(bench, email_to=("prepress@northfield.example",))
    subscriber = await bench.installation.subscriber("northfield")
    with nullcontext() if is_installed else without(monkeypatch, "alerts"):
        found = await check_subscriber(bench.installation, subscriber)
    missing = [one.fix for name, one in found if name == "alerts"]
    assert missing == ([] if is_installed else ["Install makeready-alerts; then start again."])
