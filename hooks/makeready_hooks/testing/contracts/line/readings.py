"""The contract of hooks that only read: they change nothing, and never take for an answer what is none."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from makeready_hooks.errors import NotSupported, RetryLater
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor
from makeready_hooks.testing.contracts.line.outcome import ENOUGH, judge_reading, outcome_of
from makeready_hooks.testing.faults import CUT, EVERY, EXPIRED, FAILURES, HANGS, LOST, UNREADABLE, Fault, Says

Reading = Callable[[Any], Awaitable[object]]
"""Asks the hooks that it is given."""

ANSWERED = tuple(one for one in EVERY if one not in (LOST, CUT, HANGS, EXPIRED))


class ReadingContract(ConnectorContract):
    """Part of both roles' contracts."""

    may_lack: frozenset[str] = frozenset()
    """Readings of several lists, of which one that the account refuses is left out."""

    async def readings(self, vendor: Vendor, hook: Any) -> dict[str, Reading]:
        """By the names of the hooks that read, with something to be found."""
        raise NotImplementedError

    def asked(self, hook: Any, questions: Mapping[str, tuple[str, dict[str, Any]]]) -> dict[str, Reading]:
        """By name, those of the hooks that are implemented; each is a hook and what it is given."""
        return {
            name: self._asking(verb, given)
            for name, (verb, given) in questions.items()
            if getattr(hook, verb).get_hookimpls()
        }

    @staticmethod
    def _asking(verb: str, given: dict[str, Any]) -> Reading:
        async def ask(hook: Any) -> object:
            return [await waiting for waiting in getattr(hook, verb)(**given)]

        return ask

    async def told(self, vendor: Vendor, hook: Any) -> dict[str, tuple[Reading, object, int]]:
        """Each with its answer and the requests that it takes a connector that remembers nothing."""
        found = {}
        for name, reading in (await self.readings(vendor, hook)).items():
            fresh, before = self.fresh(vendor), len(vendor.http.requests)
            try:
                answer = await reading(fresh)
            except NotSupported:
                continue
            if requests := len(vendor.http.requests) - before:
                found[name] = (reading, answer, requests)
        assert found, "it reads nothing"
        return found

    async def disturbed(self, vendor: Vendor, hook: Any, faults: Sequence[Fault]) -> list[str]:
        wrong: list[str] = []
        struck: set[int] = set()
        for name, (reading, whole, requests) in (await self.told(vendor, hook)).items():
            for place in range(1, requests + 1):
                is_login = place == 1 < requests
                for fault in faults if not (is_login and struck) else faults[::5]:
                    sentence = await self._disturbed(vendor, name, reading, whole, place, fault)
                    wrong += [f"Request {place} of {requests}: {sentence}"] if sentence else []
                    if len(wrong) >= ENOUGH:
                        return wrong
                struck |= {place} if is_login else set()
        return wrong

    async def _disturbed(
        self, vendor: Vendor, name: str, reading: Reading, whole: object, place: int, fault: Fault
    ) -> str:
        fresh = self.fresh(vendor)
        vendor.http.inject(fault, place)
        hook = name.partition(" ")[0]
        outcome = await outcome_of(f"{name}, with {fault.name},", lambda: reading(fresh))
        vendor.http.mend()
        self.shows_no_secret(vendor, outcome.words, name)
        refuses = fault.says in (Says.NO, Says.WHO) and hook in self.may_lack
        if outcome.error is None and (refuses or self.admits(outcome.answer)):
            return ""
        return judge_reading(
            hook, fault, outcome, outcome.answer if self.alike(outcome.answer, whole) else whole
        )

    async def test_a_reading_changes_nothing_over_there(self, vendor: Vendor, hook: Any) -> None:
        readings = await self.readings(vendor, hook)
        before, changed = await vendor.kept(), len(vendor.http.changes)
        for name, reading in readings.items():
            await outcome_of(name, lambda reading=reading: reading(hook))  # type: ignore[misc]
            assert await vendor.kept() == before, f"{name} has changed something at the vendor."
            assert len(vendor.http.changes) == changed, f"{name} sends what it says changes something."

    async def test_a_check_of_the_connection_changes_nothing_over_there(
        self, vendor: Vendor, hook: Any
    ) -> None:
        before = await vendor.kept()
        for waiting in (*hook.check_connection(), *hook.list_installed()):
            await waiting
        assert await vendor.kept() == before, "test connection has changed something at the vendor."

    async def test_a_lost_answer_or_a_deadline_is_try_later_whichever_it_is(
        self, vendor: Vendor, hook: Any
    ) -> None:
        wrong = await self.disturbed(vendor, hook, (LOST, CUT, HANGS))
        assert not wrong, "\n".join(wrong)
        told = await self.told(vendor, hook)
        vendor.http.down = True
        for name, (reading, _, _) in told.items():
            outcome = await outcome_of(name, lambda reading=reading: reading(self.fresh(vendor)))  # type: ignore[misc]
            assert outcome.is_a(RetryLater), f"{name} of a vendor that is away ends in {outcome.words}"

    async def test_an_answer_that_is_none_is_never_taken_for_one(self, vendor: Vendor, hook: Any) -> None:
        """Each status, web pages, answers that break off: at each of its requests."""
        wrong = await self.disturbed(vendor, hook, ANSWERED)
        assert not wrong, "\n".join(wrong)

    async def test_a_sign_in_that_has_expired_is_done_again_where_there_is_one(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """A connector that sends more the first time than the second signs in."""
        for name, (reading, whole, requests) in (await self.told(vendor, hook)).items():
            fresh = self.fresh(vendor)
            await reading(fresh)
            before = len(vendor.http.requests)
            await reading(fresh)
            again = len(vendor.http.requests) - before
            if not 0 < again < requests:
                continue
            vendor.http.inject(EXPIRED, 1)
            outcome = await outcome_of(name, lambda reading=reading, fresh=fresh: reading(fresh))  # type: ignore[misc]
            vendor.http.mend()
            assert outcome.error is None, f"{name} does not sign in again: {outcome.words}"
            assert self.alike(outcome.answer, whole), (
                f"{name} answers otherwise after it has signed in again."
            )

    def admits(self, answer: object) -> bool:
        """Whether an answer says of itself that it could not be understood."""
        return False

    def alike(self, one: object, other: object) -> bool:
        return one == other

    async def test_a_check_of_the_connection_tells_of_each_trouble(self, vendor: Vendor, hook: Any) -> None:
        """It has a finding, and raises nothing."""
        for fault in (LOST, HANGS, *FAILURES, *UNREADABLE):
            fresh = self.fresh(vendor)
            vendor.http.inject(fault)
            [waiting] = fresh.check_connection()
            outcome = await outcome_of("check_connection", lambda waiting=waiting: waiting)  # type: ignore[misc]
            vendor.http.mend()
            assert outcome.error is None, f"check_connection, with {fault.name}, raises {outcome.words}."
            found = outcome.answer
            assert isinstance(found, tuple)
            assert any(not one.ok for one in found), (
                f"check_connection finds nothing wrong with {fault.name}."
            )
            self.shows_no_secret(vendor, repr(found), "check_connection")
