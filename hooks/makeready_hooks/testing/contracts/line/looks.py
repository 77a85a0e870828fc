"""The contract of looking for something: what a vendor shows late, or shows beside what was asked for, deceives nobody."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from makeready_hooks.errors import OutcomeUnknown
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.line.effects import EffectContract
from makeready_hooks.testing.contracts.line.outcome import ENOUGH, Effects, Outcome, judge_effect, outcome_of
from makeready_hooks.testing.contracts.line.readings import Reading, ReadingContract
from makeready_hooks.testing.faults import LOST, Fault, Says, status
from makeready_hooks.testing.lists import NOTHING_FOUND, ROWS_WITHHELD, everything_found

UNHEARD = (LOST, status(503, reaches=True))
"""After which only a look can tell whether anything was done."""


class Look(NamedTuple):
    """The same question about several things."""

    there: tuple[Reading, ...]
    """Of each that is there."""
    absent: Reading | None = None
    """Of one that is not."""
    proves: Callable[[object], bool] = lambda told: False
    """Whether an answer says for certain that nothing is there: then it is made again."""
    alone: bool = False
    """It is no proof where others are shown: they are one page, and nobody reads the next."""


class LookContract(EffectContract, ReadingContract):
    """Part of both roles' contracts."""

    async def looks(self, vendor: Vendor, hook: Any) -> dict[str, Look]:
        """By the names of the hooks that look for something by what it is called, where several of it are there."""
        raise NotImplementedError

    async def asked_of(self, vendor: Vendor, hook: Any) -> dict[str, Look]:
        looks = await self.looks(vendor, hook)
        if not looks:
            pytest.skip("it looks for nothing by its name")
        return looks

    async def outcome(self, name: str, ask: Reading, hook: Any) -> Outcome:
        return await outcome_of(name, lambda: ask(hook))

    def is_said(self, outcome: Outcome, name: str, told: str) -> bool:
        """Whether an answer came. What is raised instead tells to try later, or to look oneself."""
        assert not outcome.is_a(OutcomeUnknown), (
            f"{told}: {name} changes nothing, so its outcome is never unknown"
        )
        return outcome.error is None

    async def test_what_a_vendor_shows_late_is_found_as_soon_as_it_shows_it(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """What was not there a moment ago is looked for anew."""
        for name, look in (await self.asked_of(vendor, hook)).items():
            [ask, *_] = look.there
            whole = await ask(self.fresh(vendor))
            fresh = self.fresh(vendor)
            vendor.http.inject(NOTHING_FOUND)
            await self.outcome(name, ask, fresh)
            vendor.http.mend()
            outcome = await self.outcome(name, ask, fresh)
            assert outcome.error is None and self.alike(outcome.answer, whole), (
                f"{name} finds nothing while the vendor's search lags behind; once it shows {whole!r}, it ends in "
                f"{outcome.words}"
            )

    async def test_a_list_that_is_empty_and_counts_rows_proves_nothing(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """So does a vendor answer whose search lags behind its count."""
        for name, look in (await self.asked_of(vendor, hook)).items():
            for ask in look.there:
                before = len(vendor.http.heard)
                vendor.http.inject(ROWS_WITHHELD)
                outcome = await self.outcome(name, ask, self.fresh(vendor))
                vendor.http.mend()
                counts = any(
                    self.changed_by(ROWS_WITHHELD, *pair) != self.changed_by(NOTHING_FOUND, *pair)
                    for pair in vendor.http.heard[before:]
                )
                if counts and self.is_said(outcome, name, ROWS_WITHHELD.name):
                    assert not look.proves(outcome.answer), (
                        f"{name}, with {ROWS_WITHHELD.name}, ends in {outcome.words}: that is believed, and it is made again"
                    )

    @staticmethod
    def changed_by(fault: Fault, request: Any, answer: Any) -> bytes:
        told: bytes = fault.answer(request, answer).body if fault.answer else b""
        return told

    async def test_of_what_a_vendor_does_not_show_nothing_is_said_to_be_done_or_not(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """A change of an order, or of its files, that is not shown at all."""
        for name, look in (await self.asked_of(vendor, hook)).items():
            if not name.startswith(("find_mis_change", "find_replacement")):
                continue
            for ask in look.there:
                vendor.http.inject(NOTHING_FOUND)
                outcome = await self.outcome(name, ask, self.fresh(vendor))
                vendor.http.mend()
                assert outcome.error or outcome.answer == [None], (
                    f"{name}, with {NOTHING_FOUND.name}, ends in {outcome.words}: the vendor shows nothing that says so"
                )

    async def test_a_search_that_finds_everything_finds_only_what_was_asked_for(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """A vendor that does not know a filter ignores it, and shows what others asked for, too."""
        for name, look in (await self.asked_of(vendor, hook)).items():
            every = (*look.there, *([look.absent] if look.absent else []))
            before = len(vendor.http.heard)
            whole = [await ask(self.fresh(vendor)) for ask in every]
            fault = everything_found(vendor.http.heard[before:])
            for place, ask in enumerate(every):
                before = len(vendor.http.heard)
                vendor.http.inject(fault)
                outcome = await self.outcome(name, ask, self.fresh(vendor))
                vendor.http.mend()
                is_more = any(
                    self.changed_by(fault, *pair) != pair[1].body for pair in vendor.http.heard[before:]
                )
                if self.is_said(outcome, name, fault.name) and is_more:
                    self._is_what_was_asked(name, look, outcome, whole[place])

    def _is_what_was_asked(self, name: str, look: Look, outcome: Outcome, whole: object) -> None:
        told = f"{name}, with a search that finds everything, ends in {outcome.words}"
        assert not (look.alone and look.proves(outcome.answer)), (
            f"{told}: the filter was not heeded, so what is not shown may be there all the same"
        )
        is_nothing = look.proves(whole) and self.finds_nothing(outcome.answer)
        assert is_nothing or self.alike(outcome.answer, whole), f"{told} instead of {whole!r}"

    def finds_nothing(self, told: object) -> bool:
        """Whether an answer names nothing, and does not say that it is certain."""
        return False

    async def test_a_look_that_finds_nothing_is_no_proof_that_nothing_was_done(
        self, vendor: Vendor, hook: Any, turns: list[int]
    ) -> None:
        """Where a call that changes something looks by itself: before it, or after an answer that was lost."""
        for name in self.effects(hook):
            wrong = [
                *await self._blind(vendor, hook, name, turns),
                *await self._unheard(vendor, hook, name, turns),
            ]
            assert not wrong, "\n".join(wrong[:ENOUGH])

    async def _blind(self, vendor: Vendor, hook: Any, name: str, turns: list[int]) -> list[str]:
        """All its readings find nothing."""
        most = sum(step.had_effect for step in await self.steps_of(vendor, hook, name, turns))
        effect = await self.ready(vendor, hook, name, turns)
        before = await vendor.kept()
        vendor.http.inject(NOTHING_FOUND)
        async with self.watched(vendor, before) as taken:
            outcome = await outcome_of(f"{name}, with {NOTHING_FOUND.name},", effect.call)
        vendor.http.mend()
        times = sum(one.had_effect for one in taken)
        done = await self.is_done(vendor, effect, before)
        told = Effects(done=done, some=times > 0, times=times, most=most)
        sentence = judge_effect(name, NOTHING_FOUND, outcome, told, struck_change=False)
        return [sentence] if sentence else []

    async def _unheard(self, vendor: Vendor, hook: Any, name: str, turns: list[int]) -> list[str]:
        """An answer is lost after its effect, and whatever is read afterwards finds nothing."""
        steps = await self.steps_of(vendor, hook, name, turns)
        wrong = []
        for place in (at for at, step in enumerate(steps, 1) if step.had_effect):
            for lost in UNHEARD:
                effect = await self.ready(vendor, hook, name, turns)
                before = await vendor.kept()
                vendor.http.inject(lost, place)
                vendor.http.inject(NOTHING_FOUND, place + 1, onward=True)
                async with self.watched(vendor, before) as taken:
                    outcome = await outcome_of(f"{name}, with {lost.name},", effect.call)
                vendor.http.mend()
                times, most = (sum(one.had_effect for one in of) for of in (taken, steps))
                done = await self.is_done(vendor, effect, before)
                told = Effects(done=done, some=times > 0, times=times, most=most)
                fault = Fault(name=f"{lost.name} and then {NOTHING_FOUND.name}", says=Says.UNKNOWN)
                sentence = judge_effect(name, fault, outcome, told, struck_change=True)
                wrong += [f"Request {place} of {len(steps)}: {sentence}"] if sentence else []
        return wrong
