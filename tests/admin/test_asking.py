"""Questions to vendors that pages ask: nobody waits long, nobody asks twice, and errors are not kept."""

import asyncio

import pytest
from makeready_admin.web.asking import FETCHED_WITHIN_S, Asking
from makeready_hooks.errors import RetryLater
from pretend import Clock

AT_ONCE, SOON = 0.0, 5.0


class Vendor:
    """Answers when a test says so; counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.trouble: Exception | None = None

    async def answer(self) -> str:
        self.asked += 1
        await self.may_answer.wait()
        if self.trouble:
            raise self.trouble
        return f"answer {self.asked}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def asking(clock: Clock):
    made = Asking(clock)
    yield made
    await made.aclose()


async def test_an_answer_that_comes_late_is_there_for_who_comes_for_it(asking: Asking) -> None:
    vendor = Vendor()
    page = await asking.ask(("a",), vendor.answer, within_s=AT_ONCE)
    assert (page.waiting, page.value) == (True, None)
    vendor.may_answer.set()
    part = await asking.ask(("a",), vendor.answer, within_s=SOON)
    assert (part.waiting, part.value, vendor.asked) == (False, "answer 1", 1)
    again = await asking.ask(("a",), vendor.answer, within_s=SOON)
    assert again.value == "answer 2", "it was fetched: the next who asks wants to know how it is now"


async def test_many_who_ask_at_once_share_an_answer_and_others_have_their_own(asking: Asking) -> None:
    vendor, other = Vendor(), Vendor()
    waiting = [asyncio.create_task(asking.ask(("a",), vendor.answer, within_s=SOON)) for _ in range(5)]
    vendor.may_answer.set()
    other.may_answer.set()
    assert {(await one).value for one in waiting} == {"answer 1"}
    assert (await asking.ask(("b",), other.answer, within_s=SOON)).value == "answer 1"
    assert (vendor.asked, other.asked) == (1, 1)


async def test_lists_are_kept_for_their_time_and_errors_are_not(asking: Asking, clock: Clock) -> None:
    vendor = Vendor()
    vendor.may_answer.set()
    vendor.trouble = RetryLater("The shop is away.")
    failed = await asking.ask(("sites",), vendor.answer, within_s=SOON, keep_s=300)
    assert str(failed.error) == "The shop is away."
    vendor.trouble = None
    for _ in range(2):
        kept = await asking.ask(("sites",), vendor.answer, within_s=SOON, keep_s=300)
        assert (kept.value, vendor.asked) == ("answer 2", 2)
    clock.now += 301
    assert (await asking.ask(("sites",), vendor.answer, within_s=SOON, keep_s=300)).value == "answer 3"


async def test_what_nobody_comes_for_is_forgotten(asking: Asking, clock: Clock) -> None:
    vendor = Vendor()
    await asking.ask(("a",), vendor.answer, within_s=AT_ONCE)
    vendor.may_answer.set()
    await asking.ask(("b",), vendor.answer, within_s=SOON)  # after which the first is answered as well
    clock.now += FETCHED_WITHIN_S + 1
    assert (await asking.ask(("a",), vendor.answer, within_s=SOON)).value == "answer 3"


async def test_who_asks_anew_does_not_get_an_old_answer(asking: Asking) -> None:
    vendor = Vendor()
    vendor.may_answer.set()
    await asking.ask(("check",), vendor.answer, within_s=SOON, keep_s=300)
    asking.start(("check",), vendor.answer)
    assert (await asking.ask(("check",), vendor.answer, within_s=SOON)).value == "answer 2"


async def test_a_defect_is_not_shown_as_an_answer(asking: Asking) -> None:
    vendor = Vendor()
    vendor.may_answer.set()
    vendor.trouble = LookupError("a defect")
    with pytest.raises(LookupError):
        await asking.ask(("a",), vendor.answer, within_s=SOON, keep_s=300)


async def test_what_is_open_ends_with_the_server(clock: Clock) -> None:
    asking, vendor = Asking(clock), Vendor()
    await asking.ask(("a",), vendor.answer, within_s=AT_ONCE)
    await asking.aclose()
    assert vendor.asked == 1
