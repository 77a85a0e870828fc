"""The contract kit itself: its client loses what it should, and a connector that lies is caught."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from makeready_hooks import hookimpl, new_manager
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.http import HttpRequest
from makeready_hooks.model.price import Quote
from makeready_hooks.model.product import MisProduct, ProductPage
from makeready_hooks.model.progress import OrderProgress
from makeready_hooks.model.setup import Option
from makeready_hooks.model.submission import AcceptedOrder, FindResult, FoundChange, PreparedOrder
from makeready_hooks.testing.emulation import AsgiApp
from makeready_hooks.testing.kit import AsgiHttp, MisContract

READ = HttpRequest(method="GET", url="http://vendor.example/things", query=(("password", "hush"),))
CHANGE = HttpRequest(method="POST", url="http://vendor.example/things", changes_something=True)


async def answers(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": [(b"X-Kind", b"teapot")]})
    await send({"type": "http.response.body", "body": b"short and stout"})


async def breaks(scope: Any, receive: Any, send: Any) -> None:
    raise LookupError("a defect of the emulator")


async def hangs(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.Event().wait()


async def error_of(http: AsgiHttp, request: HttpRequest) -> type[BaseException]:
    with pytest.raises((RetryLater, OutcomeUnknown)) as caught:
        await http.send(request)
    assert "hush" not in repr(caught.value)
    return caught.type


async def test_an_answer_comes_back_whole_whatever_its_status() -> None:
    answer = await AsgiHttp(answers).send(READ)
    assert (answer.status, answer.headers, answer.body) == (418, {"x-kind": "teapot"}, b"short and stout")


@pytest.mark.parametrize("app", [breaks, hangs])
async def test_an_application_that_breaks_or_hangs_is_a_line_that_went_dead(app: AsgiApp) -> None:
    http = AsgiHttp(app)
    deadline = {"deadline_s": 0.01}
    read = HttpRequest(method="GET", url=READ.url, **deadline)
    change = HttpRequest(method="POST", url=READ.url, changes_something=True, **deadline)
    assert (await error_of(http, read), await error_of(http, change)) == (RetryLater, OutcomeUnknown)


async def test_an_outage_lets_nothing_leave_and_a_cut_loses_only_the_answer() -> None:
    http = AsgiHttp(answers)
    http.down = True
    assert await error_of(http, CHANGE) is RetryLater
    assert http.sent == []
    http.down, http.cut = False, True
    assert await error_of(http, CHANGE) is OutcomeUnknown
    assert http.sent == [("POST", "/things")]


async def test_one_answer_can_be_lost_among_others() -> None:
    http = AsgiHttp(answers)
    http.lose = 2
    assert (await http.send(READ)).status == 418
    assert await error_of(http, READ) is RetryLater
    assert (await http.send(READ)).status == 418


async def test_what_was_sent_is_kept_without_its_query() -> None:
    http = AsgiHttp(answers)
    await http.send(READ)
    assert http.sent == [("GET", "/things")]


class Liar:
    """An MIS connector that says whatever is convenient."""

    @hookimpl
    async def search_mis_products(self) -> ProductPage:
        return ProductPage(products=(MisProduct(id="1"), MisProduct(id="1")), total=2)

    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        return tuple(MisProduct(id=one) for one in product_ids)

    @hookimpl
    async def quote_price(self) -> Quote:
        return Quote(total=0)

    @hookimpl
    def map_order(self) -> PreparedOrder:
        return PreparedOrder(key="", payload=b"")

    @hookimpl
    async def submit_order(self) -> AcceptedOrder:
        return AcceptedOrder(id="0")

    @hookimpl
    async def find_submitted_order(self) -> FindResult:
        return FindResult(certain=True)

    @hookimpl
    async def cancel_mis_order(self) -> str:
        return "done"

    @hookimpl
    async def find_mis_change(self) -> FoundChange:
        return FoundChange(done=False)

    @hookimpl
    async def read_order_progress(self, accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...]:
        return tuple(OrderProgress(accepted=one, status="Dispatched") for one in accepted)

    @hookimpl
    async def list_options(self) -> tuple[Option, ...]:
        return (Option(value="Press"), Option(value="Press"))


class LiarContract(MisContract):
    __test__ = False
    known, unknown, refusal = "1", "2", "no"


Sentence = Callable[..., Awaitable[None]]


@pytest.mark.parametrize(
    "sentence",
    [
        LiarContract.test_pages_together_hold_every_product_once,
        LiarContract.test_only_products_that_exist_are_read,
        LiarContract.test_a_price_is_above_zero_and_the_same_question_gets_the_same_answer,
        LiarContract.test_there_is_no_price_for_a_product_that_does_not_exist,
        LiarContract.test_mapping_keeps_the_key_and_loses_no_line,
        LiarContract.test_an_order_without_lines_is_refused,
        LiarContract.test_a_list_to_choose_from_holds_every_name_once,
        LiarContract.test_not_there_is_only_said_for_certain,
    ],
    ids=lambda sentence: sentence.__name__,
)
async def test_a_connector_that_lies_is_caught(sentence: Sentence) -> None:
    manager = new_manager()
    manager.register(Liar())
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        await sentence(LiarContract(), hook=manager.hook)


async def test_a_connector_that_tells_of_orders_that_do_not_exist_is_caught() -> None:
    manager = new_manager()
    manager.register(Liar())
    with pytest.raises(AssertionError):
        await LiarContract().test_only_orders_that_exist_are_told_of(telling=manager.hook)


async def test_a_connector_that_does_not_find_what_it_has_cancelled_is_caught() -> None:
    manager = new_manager()
    manager.register(Liar())
    with pytest.raises(AssertionError):
        await LiarContract().test_what_was_amended_is_found_so_and_what_was_not_is_not(manager.hook, None)


async def test_a_connector_that_cancels_what_does_not_exist_is_caught() -> None:
    manager = new_manager()
    manager.register(Liar())
    with pytest.raises(pytest.fail.Exception):
        await LiarContract().test_an_order_that_does_not_exist_is_refused(
            vendor=None, hook=manager.hook, amendment=None
        )
