"""The contract of hooks that change something: what they say fits what they did, whatever happens on the way."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest

from makeready_hooks.http import HttpRequest
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor
from makeready_hooks.testing.contracts.line.outcome import (
    ENOUGH,
    Call,
    Effects,
    changes,
    judge_effect,
    outcome_of,
)
from makeready_hooks.testing.faults import EVERY, LOST, SOME, Fault


class Effect(NamedTuple):
    """A call that is ready to be made once, by a connector that remembers nothing."""

    call: Call
    is_done: Callable[[], Awaitable[bool]] | None = None
    """None: it is done if anything changed."""


class Step(NamedTuple):
    request: HttpRequest
    had_effect: bool


Maker = Callable[[Vendor, Any, int], Awaitable[Effect]]
"""Gets ready the n-th repetition of a call, through hooks that are not disturbed."""


class EffectContract(ConnectorContract):
    """Part of both roles' contracts."""

    def effects(self, hook: Any) -> dict[str, Maker]:
        """By the names of the hooks that change something, as far as the connector can do it."""
        raise NotImplementedError

    @pytest.fixture
    def turns(self) -> list[int]:
        """How often anything was made ready in this test: each time it has another number."""
        return [0]

    async def ready(self, vendor: Vendor, hook: Any, name: str, turns: list[int]) -> Effect:
        turns[0] += 1
        return await self.effects(hook)[name](vendor, hook, turns[0])

    @asynccontextmanager
    async def watched(self, vendor: Vendor, kept: object) -> Any:
        """The steps of what is done meanwhile, with what each had for an effect: by a look at the vendor."""
        steps: list[Step] = []
        last = [kept]

        async def after(request: HttpRequest) -> None:
            now = await vendor.kept()
            steps.append(Step(request, now != last[0]))
            last[0] = now

        vendor.http.after = after
        try:
            yield steps
        finally:
            vendor.http.after = None

    async def steps_of(self, vendor: Vendor, hook: Any, name: str, turns: list[int]) -> list[Step]:
        """When all goes well."""
        effect = await self.ready(vendor, hook, name, turns)
        before = await vendor.kept()
        async with self.watched(vendor, before) as steps:
            outcome = await outcome_of(name, effect.call)
        assert outcome.error is None, f"{name} of what can be done ends in {outcome.words}."
        assert await self.is_done(vendor, effect, before), (
            f"{name} says it was done, and the vendor has nothing."
        )
        told: list[Step] = steps
        return told

    async def is_done(self, vendor: Vendor, effect: Effect, before: object) -> bool:
        return await effect.is_done() if effect.is_done else await vendor.kept() != before

    async def struck(
        self, vendor: Vendor, hook: Any, name: str, faults: Sequence[Fault], turns: list[int]
    ) -> list[str]:
        """Sentences on what was promised and not kept, of each fault at each of its requests."""
        steps = await self.steps_of(vendor, hook, name, turns)
        most = sum(step.had_effect for step in steps)
        wrong = []
        for place, step in enumerate(steps, 1):
            for fault in faults if step.had_effect else [one for one in faults if one in SOME]:
                effect = await self.ready(vendor, hook, name, turns)
                before = await vendor.kept()
                vendor.http.inject(fault, place)
                async with self.watched(vendor, before) as taken:
                    outcome = await outcome_of(f"{name}, with {fault.name},", effect.call)
                vendor.http.mend()
                self.shows_no_secret(vendor, outcome.words, name)
                done = await self.is_done(vendor, effect, before)
                times = sum(one.had_effect for one in taken)
                told = Effects(done=done, some=times > 0, times=times, most=most)
                sentence = judge_effect(name, fault, outcome, told, struck_change=step.had_effect)
                wrong += [f"Request {place} of {len(steps)}: {sentence}"] if sentence else []
                if len(wrong) >= ENOUGH:
                    return wrong
        return wrong

    async def test_what_changes_something_says_so_and_nothing_else_does(
        self, vendor: Vendor, hook: Any, turns: list[int]
    ) -> None:
        """The client tells by it whether a call that was cut has to be looked for."""
        for name in self.effects(hook):
            for request, had_effect in await self.steps_of(vendor, hook, name, turns):
                said = f"{name} sends {request.method} {request.url} as changes_something={request.changes_something}"
                if changes(name):
                    assert request.changes_something == had_effect, (
                        f"{said}; by the vendor it is {had_effect}."
                    )
                else:
                    assert not request.changes_something, f"{said}, and is repeated without a look."

    async def test_whichever_answer_is_lost_the_outcome_is_unknown_if_there_was_an_effect(
        self, vendor: Vendor, hook: Any, turns: list[int]
    ) -> None:
        for name in self.effects(hook):
            wrong = await self.struck(vendor, hook, name, (LOST,), turns)
            assert not wrong, "\n".join(wrong)

    async def test_whatever_is_answered_what_a_hook_says_fits_what_was_done(
        self, vendor: Vendor, hook: Any, turns: list[int]
    ) -> None:
        """Each status and each kind of answer that is none, at each of its requests, before and after its effect."""
        for number, name in enumerate(self.effects(hook)):
            wrong = await self.struck(vendor, hook, name, EVERY if not number else SOME, turns)
            assert not wrong, "\n".join(wrong)

    async def test_a_call_lasts_no_longer_than_it_says(
        self, vendor: Vendor, hook: Any, turns: list[int]
    ) -> None:
        for name in self.effects(hook):
            steps = await self.steps_of(vendor, hook, name, turns)
            assert all(0 < request.deadline_s <= 600 for request, _ in steps), (
                f"{name} has no deadline of use"
            )
