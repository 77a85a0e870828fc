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

Account = Callable[[], AbstractAsyncContextManager[Vendor]]
Things = set[tuple[str, str]]
"""Kind and id of each."""


def things(told: tuple[Installed, ...], *states: InstallState) -> Things:
    return {(one.kind.value, one.id) for one in told if one.state in states}


def _said_of(outcome: Outcome, seen: Things) -> str:
    """What is wrong with an answer, by what `list_installed` tells afterwards."""
    told = outcome.answer if isinstance(outcome.answer, tuple) else ()
    if any(one.state is InstallState.BY_HAND and not one.by_hand for one in told):
        return "what is left to a person does not say what to enter"
    said = things(told, InstallState.CREATED, InstallState.EXISTING)
    missing = sorted(said - seen)
    return f"afterwards list_installed tells of {sorted(seen)}, and not of {missing}" if missing else ""


class InstallContract(EffectContract):
    """Part of both roles' contracts."""

    @pytest.fixture
    def account(self, vendor: Vendor, hook: Any) -> Account:
        """A new account at the vendor's, in which nothing was made yet."""
        if not self.can(hook, Capability.INSTALL):
            pytest.skip("nothing has to be made in its vendor's account: install, list_installed")
        return vendor.another

    async def installing(self, vendor: Vendor) -> tuple[Outcome, int]:
        """What comes of it, and how many requests had an effect."""
        [waiting] = self.fresh(vendor).install()
        async with self.watched(vendor, await vendor.kept()) as steps:
            outcome = await outcome_of("install", lambda: waiting)
        return outcome, sum(one.had_effect for one in steps)

    async def installed(self, vendor: Vendor) -> Things:
        """What `list_installed` tells to be there."""
        [waiting] = self.fresh(vendor).list_installed()
        return things(await waiting, InstallState.EXISTING)

    async def undisturbed(self, account: Account) -> list[Step]:
        """What it sends where all goes well."""
        async with account() as vendor, self.watched(vendor, await vendor.kept()) as steps:
            [waiting] = self.fresh(vendor).install()
            outcome = await outcome_of("install", lambda: waiting)
            assert outcome.error is None, f"install ends in {outcome.words} where nothing goes wrong"
        told: list[Step] = steps
        return told

    async def _struck_install(self, vendor: Vendor, fault: Fault, place: int, steps: list[Step]) -> str:
        """A sentence on what was promised and not kept."""
        most = sum(one.had_effect for one in steps)
        vendor.http.inject(fault, place)
        outcome, times = await self.installing(vendor)
        vendor.http.mend()
        self.shows_no_secret(vendor, outcome.words, "install")
        effects = Effects(done=times == most, some=times > 0, times=times, most=most)
        sentence = judge_effect("install", fault, outcome, effects, struck_change=steps[place - 1].had_effect)
        says_no = fault.says in (Says.NO, Says.WHO)  # a person has pressed a button, and reads what was said
        if sentence and not (says_no and outcome.is_a(RetryLater)):
            return sentence
        seen = await self.installed(vendor)
        told = f"install, with {fault.name}, ends in {outcome.words}"
        wrong = _said_of(outcome, seen) or await self._done_again(vendor, seen, most - times)
        return f"{told}; {wrong}" if wrong else ""

    async def _done_again(self, vendor: Vendor, seen: Things, missing: int) -> str:
        """Where nothing goes wrong any more."""
        outcome, times = await self.installing(vendor)
        if not isinstance(outcome.answer, tuple):
            return f"and when nothing goes wrong any more, in {outcome.words}"
        if times != missing:
            return f"done again it makes {times} things, and {missing} were missing: what is there is looked for first"
        found = things(outcome.answer, InstallState.EXISTING)
        if found != seen:
            return f"then list_installed tells of {sorted(seen)}, and {sorted(found)} was there"
        now, made = await self.installed(vendor), found | things(outcome.answer, InstallState.CREATED)
        return "" if now == made else f"in the end {sorted(made)} is there, and {sorted(now)} is told"

    async def struck_installs(self, account: Account, faults: tuple[Fault, ...]) -> list[str]:
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
        self, account: Account
    ) -> None:
        wrong = await self.struck_installs(account, (LOST,))
        assert not wrong, "\n".join(wrong)

    async def test_whatever_is_answered_an_installation_makes_nothing_twice_and_tells_what_is_missing(
        self, account: Account
    ) -> None:
        """Each status and each kind of answer that is none, at each of its requests."""
        wrong = await self.struck_installs(account, tuple(one for one in EVERY if one is not LOST))
        assert not wrong, "\n".join(wrong)
