"""Connectors that were built for another edition of the contract: they work, with a warning that names what has changed, or
are not loaded, with the reason.
"""

from importlib.metadata import EntryPoint
from typing import Any

import msgspec
import pytest
from edition_one import FIRST_LISTENER, FIRST_MIS
from makeready import plugins
from makeready_hooks import CONNECTORS, EDITION, Capability, ConnectorType, markers, specs
from makeready_hooks.editions import CHANGES
from makeready_inspect.check import check_subscriber
from pluggy import PluginManager
from pretend import Bench, order
from steps import ask_to_look, settle, states

HOOKS = {name: one for name, one in vars(specs).items() if hasattr(one, f"{markers.PROJECT}_spec")}


async def test_the_edition_before_carries_an_order_and_is_warned_of_what_has_changed(bench: Bench) -> None:
    kinds: Any = bench.installation.kinds
    kinds["mis"] = FIRST_MIS
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    connectors = await bench.installation.connectors(bench.subscriber)
    assert connectors.capabilities("mis") == {Capability.FIND_SUBMITTED_ORDER}, "as it says itself"
    found = await check_subscriber(bench.installation, bench.subscriber)
    [told] = [one for name, one in found if one.name == "edition"]
    assert told.ok
    assert "capabilities: what a connector can do is seen by its hooks" in told.message


def found_with(monkeypatch: pytest.MonkeyPatch, kind: ConnectorType) -> plugins.Found[ConnectorType]:
    class Entry(EntryPoint):
        def load(self) -> object:
            return kind

    entry = Entry(name=kind.name, value="acme:OFFER", group=CONNECTORS)
    monkeypatch.setattr(plugins, "entry_points", lambda *, group: [entry])
    return plugins.connectors()


def test_what_cannot_be_understood_any_more_is_not_loaded_and_told_with_the_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [broken] = found_with(monkeypatch, FIRST_LISTENER).broken
    assert "it is given one OrderNews instead of order and accepted" in broken.why


def test_a_connector_of_a_later_edition_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    later = msgspec.structs.replace(FIRST_MIS, edition=EDITION + 1)
    [broken] = found_with(monkeypatch, later).broken
    assert (
        broken.why
        == f"it was built for edition {EDITION + 1} of the contract, and this Makeready has edition {EDITION}."
    )
    assert broken.fix == "Update Makeready."


def test_one_of_this_edition_is_warned_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in plugins.connectors().types.values():
        assert (kind.edition, plugins.offered(kind).outdated) == (EDITION, ())


def test_what_has_changed_names_hooks_and_editions_that_there_are() -> None:
    for changed in CHANGES.values():
        for hook, text in changed.items():
            renamed = text.startswith("it is called ") and text.split()[3].rstrip(",") in HOOKS
            assert renamed != (hook in HOOKS), hook
    editions = {hook.since for hook in HOOKS.values()} | set(CHANGES)
    assert editions == set(range(1, EDITION + 1))


def test_an_argument_that_is_deprecated_is_told_by_pluggy() -> None:
    class Specs:
        @markers.every_one(deprecated_arguments={"old": "take news instead of old"})
        def heard(self, news: int, old: int) -> None: ...

    class Takes:
        @markers.hookimpl
        def heard(self, old: int) -> None: ...

    manager = PluginManager(markers.PROJECT)
    manager.add_hookspecs(Specs)
    with pytest.warns(DeprecationWarning, match="take news instead of old"):
        manager.register(Takes())
