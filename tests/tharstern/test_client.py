import asyncio
import base64
from collections.abc import Callable
from typing import Any

import pytest
from makeready_hooks import ConnectorContext, Secret
from makeready_hooks.errors import ConfigError, MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.product import ProductSearch
from makeready_hooks.model.submission import FindResult, PreparedOrder
from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.plugin import Tharstern, build
from makeready_tharstern.settings import TharsternSettings
from scripted_http import ScriptedHttp, answer

TOKENS = [f"7b0e8f52-3c1d-4a6e-9f27-51c0a4d2be9{number}" for number in range(10)]
ZERO = "00000000-0000-0000-0000-000000000000"
PASSWORD = "hush-hush-password"
PREPARED = PreparedOrder(key="6994-1", payload=b'{"Orders":[]}')
LOGIN, PRODUCTS, SUBMIT, ORDERS = "/GenerateAPIToken", "/products", "/orders/submit", "/api/orders"
HTML = b"<html><body>Unauthorized</body></html>"
EXPIRED = {
    "401 as JSON": answer({"Message": "Authorization has been denied."}, 401),
    "401 as HTML": answer(HTML, 401),
    "403": answer(HTML, 403),
    "200 that speaks of a token": answer({"Status": {"Success": False, "Message": "Invalid token."}}),
}


def ok(**details: Any) -> HttpAnswer:
    return answer({"Status": {"Success": True}, "Details": details})


def page(*ids: int, total: int) -> HttpAnswer:
    return ok(TotalItemCount=total, Items=[{"ID": one, "Code": f"P-{one}", "Price": 1} for one in ids])


class Site:
    """A Tharstern that signs in with a new token each time, and answers all else with a function."""

    def __init__(self, script: Callable[[HttpRequest], HttpAnswer], **changed: Any) -> None:
        self._script = script
        self._tokens = iter(TOKENS)
        self.login: HttpAnswer | None = None
        self.http = ScriptedHttp(self._answer)
        settings = {
            "login": "bridge@printer.example",
            "password": Secret(PASSWORD),
            "api_key": Secret("bridge"),
        }
        url = "https://mis.example/TharsternAPI"
        self.settings = TharsternSettings(server_url=url, **settings, **changed)  # type: ignore[arg-type]
        self.connector: Tharstern = build(self.settings, ConnectorContext(subscriber="a", http=self.http))

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith(LOGIN):
            return self.login or ok(Token=next(self._tokens))
        return self._script(request)

    def has_token(self, request: HttpRequest, number: int) -> bool:
        expected = base64.b64encode(f"{TOKENS[number]}:".encode()).decode()
        return request.headers["Authorization"] == f"Basic {expected}"

    async def submit_error(self) -> MakereadyError:
        with pytest.raises(MakereadyError) as caught:
            await self.connector.submit_order(PREPARED)
        return caught.value


async def test_a_zero_token_is_a_refused_login_that_says_what_to_check() -> None:
    site = Site(lambda request: page(total=0))
    site.login = ok(Token=ZERO)
    with pytest.raises(ConfigError, match="login, password and api_key") as caught:
        await site.connector.read_stock(("1",))
    assert caught.value.field == "connectors.tharstern.password"
    assert PASSWORD not in f"{caught.value!r}{caught.value}"


@pytest.mark.parametrize("refusal", [ok(), ok(Token=None), answer(HTML, 401), EXPIRED["401 as JSON"]])
async def test_a_login_without_a_token_is_refused_too(refusal: HttpAnswer) -> None:
    site = Site(lambda request: page(total=0))
    site.login = refusal
    with pytest.raises(ConfigError):
        await site.connector.read_stock(("1",))
    assert site.http.sent_to(PRODUCTS) == []


@pytest.mark.parametrize("status", [301, 302, 404, 405])
@pytest.mark.parametrize("body", [HTML, {"Message": "No HTTP resource was found."}])
async def test_an_address_that_is_no_tharstern_names_the_address(status: int, body: Any) -> None:
    site = Site(lambda request: page(total=0))
    site.login = answer(body, status)
    with pytest.raises(ConfigError, match=r"https://mis\.example/TharsternAPI/api.*server_url") as caught:
        await site.connector.read_stock(("1",))
    assert caught.value.field == "connectors.tharstern.server_url"


async def test_a_renewal_that_fails_is_try_later_for_all() -> None:
    site = Site(lambda request: page(7, total=1) if site.has_token(request, 0) and not expired else gone)
    expired, gone = False, answer(HTML, 401)
    await site.connector.read_stock(("7",))
    expired, site.login = True, answer(HTML, 503)
    calls = (site.connector.read_stock(("7",)) for _ in range(5))
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(error) for error in errors} == {RetryLater}


async def test_a_login_that_fails_over_there_is_try_later() -> None:
    site = Site(lambda request: page(total=0))
    site.login = answer(HTML, 503)
    with pytest.raises(RetryLater):
        await site.connector.read_stock(("1",))


async def test_credentials_leave_only_in_a_query_that_is_marked_as_secret() -> None:
    site = Site(lambda request: page(1, total=1))
    await site.connector.read_stock(("1",))
    [login] = [request for request in site.http.requests if PASSWORD in repr(request)]
    assert login.secret_query and login.url.endswith(LOGIN)


@pytest.mark.parametrize("expired", EXPIRED.values(), ids=list(EXPIRED))
async def test_an_expired_token_is_renewed_once_and_the_call_repeated(expired: HttpAnswer) -> None:
    site = Site(lambda request: page(7, total=1) if site.has_token(request, 1) else expired)
    [product] = await site.connector.read_mis_products(("7",))
    assert product.id == "7"
    assert [len(site.http.sent_to(path)) for path in (LOGIN, PRODUCTS)] == [2, 2]


@pytest.mark.parametrize("expired", EXPIRED.values(), ids=list(EXPIRED))
async def test_what_is_still_refused_after_a_renewal_is_refused(expired: HttpAnswer) -> None:
    site = Site(lambda request: expired)
    with pytest.raises(Refused, match=r"products.*rights"):
        await site.connector.read_mis_products(("7",))
    assert len(site.http.sent_to(LOGIN)) == 2


async def test_many_calls_at_once_sign_in_once() -> None:
    site = Site(lambda request: page(7, total=1))
    await asyncio.gather(*(site.connector.read_mis_products(("7",)) for _ in range(20)))
    assert len(site.http.sent_to(LOGIN)) == 1


async def test_many_calls_that_find_the_token_expired_renew_it_once() -> None:
    site = Site(lambda request: page(7, total=1) if site.has_token(request, 1) else answer(HTML, 401))
    await asyncio.gather(*(site.connector.read_mis_products(("7",)) for _ in range(20)))
    assert len(site.http.sent_to(LOGIN)) == 2


async def test_an_accepted_order_has_an_id_and_a_number() -> None:
    site = Site(lambda request: ok(Orders=[{"ID": 30551, "OrderNo": "SO-1", "StatusDetails": ""}]))
    accepted = await site.connector.submit_order(PREPARED)
    assert (accepted.id, accepted.number) == ("30551", "SO-1")
    [sent] = site.http.sent_to(SUBMIT)
    assert sent.changes_something and sent.body == PREPARED.payload


@pytest.mark.parametrize("zero", [0, "0", 0.0])
async def test_order_id_zero_is_refused_with_the_text(zero: Any) -> None:
    site = Site(lambda request: ok(Orders=[{"ID": zero, "StatusDetails": "Customer is on stop."}]))
    error = await site.submit_error()
    assert isinstance(error, Refused) and "Customer is on stop." in str(error)


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"Orders": []},
        {"Orders": None},
        {"Orders": ["30551"]},
        {"Orders": {"ID": 1}},
        {"Orders": [{"ID": 1}, {"ID": 2}]},
        {"Orders": [{"StatusDetails": ""}]},
        {"Orders": [{"ID": None}]},
        {"Orders": [{"ID": "SO-1"}]},
        {"Orders": [{"ID": True}]},
        {"Orders": [{"ID": 0.5}]},
        {"Orders": [{"ID": 30551.5}]},
    ],
    ids=repr,
)
async def test_a_reply_that_names_no_single_order_leaves_the_outcome_unknown(odd: dict[str, Any]) -> None:
    assert isinstance(await Site(lambda request: ok(**odd)).submit_error(), OutcomeUnknown)


@pytest.mark.parametrize(
    "lost", [answer(HTML, 500), answer(HTML), answer(b"", 502), answer(b'{"Status":{"S')]
)
async def test_a_submission_without_a_readable_answer_leaves_the_outcome_unknown(lost: HttpAnswer) -> None:
    site = Site(lambda request: lost)
    assert isinstance(await site.submit_error(), OutcomeUnknown)
    assert len(site.http.sent_to(SUBMIT)) == 1


async def find(reply: HttpAnswer, filter_name: str = "uniqueSubmitOrderID") -> FindResult:
    site = Site(lambda request: reply, assumptions=Assumptions(order_reference_filter=filter_name))
    return await site.connector.find_submitted_order(PREPARED)


async def test_an_order_is_found_by_its_key_among_others() -> None:
    items = [{"ID": 1, "UniqueSubmitOrderID": "6994-11"}, {"ID": 2, "UniqueSubmitOrderID": "6994-1"}]
    found = await find(ok(TotalItemCount=2, Items=items))
    assert found.order is not None and found.order.id == "2"


async def test_an_order_is_not_there_only_if_the_site_says_that_there_is_none() -> None:
    assert await find(ok(TotalItemCount=0, Items=[])) == FindResult(certain=True)


@pytest.mark.parametrize(
    "reply",
    [
        ok(TotalItemCount=1, Items=[{"ID": 1, "UniqueSubmitOrderID": "7000-1"}]),
        ok(TotalItemCount=1, Items=[{"ID": 1}]),
        ok(TotalItemCount=900, Items=[]),
        ok(TotalItemCount=0, Items=[{"ID": 1, "UniqueSubmitOrderID": "7000-1"}]),
        ok(TotalItemCount=False, Items=[]),
        ok(Items=[]),
        ok(),
    ],
)
async def test_a_site_that_ignores_the_filter_never_says_not_there(reply: HttpAnswer) -> None:
    assert await find(reply) == FindResult(certain=False)


async def test_without_a_filter_nobody_is_asked_and_nothing_is_certain() -> None:
    site = Site(lambda request: ok(TotalItemCount=0, Items=[]))
    assert await site.connector.find_submitted_order(PREPARED) == FindResult(certain=False)
    assert site.http.requests == []


@pytest.mark.parametrize("without_id", [{}, {"ID": None}, {"ID": "?"}, {"ID": 0}])
async def test_an_order_of_ours_without_an_id_is_no_answer(without_id: dict[str, Any]) -> None:
    items = [{"UniqueSubmitOrderID": "6994-1", **without_id}]
    assert await find(ok(TotalItemCount=1, Items=items)) == FindResult(certain=False)


async def test_no_error_shows_credentials_or_tokens() -> None:
    replies = [answer(HTML, status) for status in (200, 400, 401, 404, 500)]
    replies += [answer({"Message": f"Token {TOKENS[0]} of {PASSWORD} is odd."}, 500), ok(Orders=[])]
    for reply in replies:
        text = repr(await Site(lambda request, reply=reply: reply).submit_error())
        assert not any(secret in text for secret in (PASSWORD, *TOKENS))


def paged(size: int, count: int, *, ignores_paging: bool = False) -> Callable[[HttpRequest], HttpAnswer]:
    """A site with so many products that gives pages of its own size."""

    def give(request: HttpRequest) -> HttpAnswer:
        number = int(dict(request.query)["pageNumber"])
        first = 0 if ignores_paging else (number - 1) * size
        return page(*range(first + 1, min(first + size, count) + 1), total=count)

    return give


@pytest.mark.parametrize(
    ("size", "calls"), [(200, 3), (50, 10), (450, 2), (500, 1), (10_000, 1)], ids=lambda value: str(value)
)
async def test_all_products_are_read_whatever_the_site_s_page_size(size: int, calls: int) -> None:
    site = Site(paged(size, 500))
    found = await site.connector.search_mis_products(ProductSearch(page_size=1000))
    assert len(found.products) == found.total == 500
    assert len(site.http.sent_to(PRODUCTS)) == calls


async def test_reading_ends_where_a_site_ignores_paging() -> None:
    part = Site(paged(100, 500, ignores_paging=True))
    with pytest.raises(Refused, match=r"100 of its 500.*page_name"):
        await part.connector.search_mis_products(ProductSearch())
    assert len(part.http.sent_to(PRODUCTS)) == 2
