"""The contract of set-up: what has to be in the vendor's account is made once, whatever happens on the way."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from makeready_hooks import Capability
from makeready_hooks.errors import RetryLater
from makeready_hooks.model.setup import Installed, InstallState
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.line.effects import EffectContract, Step
from makeready_hooks.testing.contracts.line.outcome import (
    ENOUGH,
    Effects,
    Outcome,
    judge_effect,
    outcome_of,
)
from makeready_hooks.testing.faults import EVERY, LOST, Fault, Says

Things = set[tuple[str, str]]
"""Kind and id of each."""


def things(told: tuple[Installed, ...], *states: InstallState) -> Things:
    return {(one.kind.value, one.id) for one in told if one.state in states}


class InstallContract(EffectContract):
    """Part of both roles' contracts."""

    @pytest.fixture
    def account(self, vendor: Vendor, hook: Any) -> Callable[[], AbstractAsyncContextManager[Vendor]]:
        """A new account at the vendor's, in which nothing was made yet."""
        if not self.can(hook, Capability.INSTALL):
            pytest.skip("nothing has to be made in its vendor's account: install, list_installed")
        return vendor.another

    async def installing(self, vendor: Vendor) -> Outcome:
        [waiting] = self.fresh(vendor).install()
        return await outcome_of("install", lambda: waiting)

    async def installed(self, vendor: Vendor) -> tuple[Installed, ...]:
        [waiting] = self.fresh(vendor).list_installed()
        told: tuple[Installed, ...] = await waiting
        return told

    async def undisturbed(self, account: Callable[[], AbstractAsyncContextManager[Vendor]]) -> list[Step]:
        """What it sends where all goes well."""
        async with account() as vendor, self.watched(vendor, await vendor.kept()) as steps:
            outcome = await self.installing(vendor)
            assert outcome.error is None, f"install ends in {outcome.words} where nothing goes wrong"
        told: list[Step] = steps
        return told

    async def _struck_install(self, vendor: Vendor, fault: Fault, place: int, steps: list[Step]) -> str:
        """A sentence on what was promised and not kept."""
        most = sum(one.had_effect for one in steps)
        vendor.http.inject(fault, place)
        async with self.watched(vendor, await vendor.kept()) as taken:
            outcome = await self.installing(vendor)
        vendor.http.mend()
        self.shows_no_secret(vendor, outcome.words, "install")
        before = sum(one.had_effect for one in taken)
        effects = Effects(done=before == most, some=before > 0, times=before, most=most)
        is_change = steps[place - 1].had_effect
        sentence = judge_effect("install", fault, outcome, effects, struck_change=is_change)
        left_to_people = fault.says in (Says.NO, Says.WHO) and outcome.is_a(
            RetryLater
        )  # they have pressed a button
        if sentence and not left_to_people:
            return sentence
        told = f"install, with {fault.name}, ends in {outcome.words}"
        there = await self.installed(vendor)
        seen = things(there, InstallState.EXISTING)
        if outcome.error is None and isinstance(outcome.answer, tuple):
            said = things(outcome.answer, InstallState.CREATED, InstallState.EXISTING)
            if said - seen:
                return f"{told}: afterwards list_installed tells of {sorted(seen)}, and not of {sorted(said - seen)}"
        async with self.watched(vendor, await vendor.kept()) as taken:
            again = await self.installing(vendor)
        if again.error or not isinstance(again.answer, tuple):
            return f"{told}, and when nothing goes wrong any more, in {again.words}"
        times = before + sum(one.had_effect for one in taken)
        if times != most:
            return f"{told}; done again, it has made {times} things instead of {most}: what is there is looked for first"
        found = things(again.answer, InstallState.EXISTING)
        if found != seen:
            return f"{told}; then list_installed tells of {sorted(seen)}, and {sorted(found)} was there"
        now = things(await self.installed(vendor), InstallState.EXISTING)
        made = found | things(again.answer, InstallState.CREATED)
        return "" if now == made else f"{told}; in the end {sorted(made)} is there, and {sorted(now)} is told"

    async def struck_installs(
        self, account: Callable[[], AbstractAsyncContextManager[Vendor]], faults: tuple[Fault, ...]
    ) -> list[str]:
        steps = await self.undisturbed(account)
        wrong: list[str] = []
        for place in range(1, len(steps) + 1):
            for fault in faults:
                async with account() as vendor:
                    sentence = await self._struck_install(vendor, fault, place, steps)
                wrong += [f"Request {place} of {len(steps)}: {sentence}"] if sentence else []
                if len(wrong) >= ENOUGH:
                    return wrong
        return wrong

    async def test_whichever_answer_is_lost_an_installation_makes_nothing_twice_and_tells_what_is_missing(
        self, account: Callable[[], AbstractAsyncContextManager[Vendor]]
    ) -> None:
        wrong = await self.struck_installs(account, (LOST,))
        assert not wrong, "\n".join(wrong)

    async def test_whatever_is_answered_an_installation_makes_nothing_twice_and_tells_what_is_missing(
        self, account: Callable[[], AbstractAsyncContextManager[Vendor]]
    ) -> None:
        """Each status and each kind of answer that is none, at each of its requests."""
        wrong = await self.struck_installs(account, tuple(one for one in EVERY if one is not LOST))
        assert not wrong, "\n".join(wrong)
