import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain, repeat

import pytest
from makeready_hooks import ConnectorContext, Secret
from makeready_hooks.errors import ConfigError, MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.order import OrderRef
from makeready_hooks.model.product import ProductDraft
from makeready_pressero.plugin import Pressero, build
from makeready_pressero.settings import PresseroSettings
from scripted_http import ScriptedHttp, answer

TOKENS = [f"55555555-0000-4000-8000-00000000000{number}" for number in range(10)]
PASSWORD = "hush-hush-password"
LOGIN, SEARCH, CREATE = "/V2/Authentication", "/v2/Orders/Search", "/products"
HTML = b"<html><body>Bad gateway</body></html>"
NO_ROWS = answer({"Items": [], "TotalItems": 0})
DRAFT = ProductDraft(
    site="acme.shop.example",
    name="Kit",
    part_number="117-2284",
    public_part_number="117-2284",
    url_name="kit",
    engine_product_id="117-2284-acme.shop.example",
    engine_id="cc1",
)
Script = Callable[[HttpRequest], HttpAnswer]


class Shop:
    """A Pressero that signs in with a new token each time, and answers all else with a function."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._tokens = iter(TOKENS)
        self.login: HttpAnswer | None = None
        self.http = ScriptedHttp(self._answer)
        settings = PresseroSettings(
            admin_url="https://admin.shop.example",
            user_name="bridge",
            password=Secret(PASSWORD),
            subscriber_id="0a5d2c1e",
            consumer_id="c0ffee",
        )
        self.connector: Pressero = build(settings, ConnectorContext(subscriber="a", http=self.http))

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith(LOGIN):
            return self.login or answer({"Token": next(self._tokens)})
        return self.script(request)

    async def read(self, number: str = "7101") -> int:
        """How many lines of this order it shows."""
        orders = await self.connector.read_orders((OrderRef(number=number),))
        return sum(len(order.lines) for order in orders)

    async def read_error(self) -> MakereadyError:
        with pytest.raises(MakereadyError) as caught:
            await self.read()
        return caught.value

    async def create_error(self) -> MakereadyError:
        with pytest.raises(MakereadyError) as caught:
            await self.connector.create_shop_product(DRAFT)
        return caught.value


def has_token(request: HttpRequest, number: int) -> bool:
    return request.headers["Authorization"] == f"token {TOKENS[number]}"


def always(given: HttpAnswer) -> Shop:
    return Shop(lambda request: given)


async def test_a_call_carries_the_token_and_the_login_does_not() -> None:
    shop = always(NO_ROWS)
    await shop.read()
    login, call = shop.http.requests
    assert "Authorization" not in login.headers
    assert has_token(call, 0)
    assert json.loads(login.body)["Password"] == PASSWORD and PASSWORD not in repr(call)


async def test_an_expired_token_is_renewed_once_and_the_call_repeated() -> None:
    shop = Shop(lambda request: NO_ROWS if has_token(request, 1) else answer(b"", 401))
    assert await shop.read() == 0
    assert [len(shop.http.sent_to(path)) for path in (LOGIN, SEARCH)] == [2, 2]


async def test_what_is_still_401_after_a_renewal_needs_other_rights() -> None:
    shop = always(answer({"Message": "Not this site."}, 401))
    error = await shop.read_error()
    assert isinstance(error, ConfigError) and "Not this site." in str(error)
    assert len(shop.http.sent_to(LOGIN)) == 2


async def test_many_calls_at_once_sign_in_once_and_renew_once() -> None:
    shop = Shop(lambda request: NO_ROWS if has_token(request, 1) else answer(b"", 401))
    await asyncio.gather(*(shop.read() for _ in range(20)))
    assert len(shop.http.sent_to(LOGIN)) == 2


async def test_a_renewal_that_fails_is_try_later_for_all_and_no_wrong_setting() -> None:
    shop = Shop(lambda request: NO_ROWS if has_token(request, 0) else answer(b"", 401))
    assert await shop.read() == 0
    shop.script, shop.login = (lambda request: answer(b"", 401)), answer(HTML, 503)
    errors = await asyncio.gather(*(shop.read() for _ in range(5)), return_exceptions=True)
    assert {type(error) for error in errors} == {RetryLater}


async def test_no_login_carries_an_old_token() -> None:
    shop = Shop(lambda request: NO_ROWS if has_token(request, 1) else answer(b"", 401))
    await shop.read()
    assert not any("Authorization" in login.headers for login in shop.http.sent_to(LOGIN))


@pytest.mark.parametrize("status", [301, 302, 404, 405])
async def test_an_address_that_is_no_pressero_names_the_address(status: int) -> None:
    shop = always(NO_ROWS)
    shop.login = answer(HTML, status)
    error = await shop.read_error()
    assert isinstance(error, ConfigError)
    assert error.field == "connectors.pressero.admin_url" and "admin_url" in error.fix


@pytest.mark.parametrize(
    "refusal", [answer({"Message": f"No {PASSWORD}"}, 401), answer(HTML, 403), answer({}), answer(HTML)]
)
async def test_a_refused_login_is_a_wrong_setting(refusal: HttpAnswer) -> None:
    shop = always(NO_ROWS)
    shop.login = refusal
    error = await shop.read_error()
    assert isinstance(error, ConfigError)
    assert error.field == "connectors.pressero.password" and "consumer_id" in error.fix
    assert PASSWORD not in repr(error)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_login_that_fails_over_there_is_try_later(status: int) -> None:
    shop = always(NO_ROWS)
    shop.login = answer(HTML, status)
    assert isinstance(await shop.read_error(), RetryLater)


async def test_the_call_limit_says_when_to_try_again() -> None:
    shop = always(answer({"Message": "Too Many Requests"}, 429))
    for error in (await shop.read_error(), await shop.create_error()):
        assert isinstance(error, RetryLater)
        assert error.after_s == 10


@pytest.mark.parametrize("status", [400, 403, 404, 409])
async def test_a_refusal_is_shown_in_pressero_s_words(status: int) -> None:
    shop = always(answer({"Message": "UrlName exists already"}, status))
    for error in (await shop.read_error(), await shop.create_error()):
        assert isinstance(error, Refused) and "UrlName exists already" in str(error)


@pytest.mark.parametrize(
    "lost",
    [
        answer(HTML, 500),
        answer(HTML),
        answer(b'{"Prod'),
        answer(b"\xff"),
        answer(b'"\xff"'),
        answer(b"[" * 100_000),
    ],
)
async def test_an_answer_that_is_no_answer_is_try_later_or_unknown_for_a_change(lost: HttpAnswer) -> None:
    shop = always(lost)
    assert isinstance(await shop.read_error(), RetryLater)
    assert isinstance(await shop.create_error(), OutcomeUnknown)
    assert len(shop.http.sent_to(CREATE)) == 1


async def test_a_new_product_that_the_answer_does_not_name_is_unknown() -> None:
    for odd in (b"", {}, [], {"ProductInfo": {}}):
        assert isinstance(await always(answer(odd)).create_error(), OutcomeUnknown)


async def test_only_changes_are_marked_as_changes() -> None:
    shop = always(answer({"ProductInfo": {"ProductId": "p1"}, "Items": []}))
    await shop.connector.create_shop_product(DRAFT)
    await shop.connector.find_shop_product("acme.shop.example", "kit")
    assert [request.changes_something for request in shop.http.requests] == [False, True, False, False]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
async def test_no_error_shows_the_password_or_a_token(status: int) -> None:
    shop = Shop(
        lambda request: answer({"Message": f"{request.headers['Authorization']} of {PASSWORD}"}, status)
    )
    for error in (await shop.read_error(), await shop.create_error()):
        assert not any(secret in repr(error) for secret in (PASSWORD, *TOKENS))


def rows(count: int, largest_page: int) -> Script:
    """A shop with an order of so many items, that cuts pages to its own size."""

    def give(request: HttpRequest) -> HttpAnswer:
        query = dict(request.query)
        size = min(int(query["pageSize"]), largest_page)
        first = int(query["pageNumber"]) * size
        numbers = range(first + 1, min(first + size, count) + 1)
        day = "2026-03-02T09:15:29"
        items = [
            {"OrderNumber": 7101, "OrderItemNumber": one, "OrderDate": day, "Price": 1} for one in numbers
        ]
        return answer({"Items": items, "TotalItems": count, "PageSize": size})

    return give


@pytest.mark.parametrize(
    ("count", "largest_page"), [(0, 1000), (1000, 1000), (1001, 1000), (2403, 1000), (250, 100)]
)
async def test_an_order_search_reads_all_pages(count: int, largest_page: int) -> None:
    shop = Shop(rows(count, largest_page))
    assert await shop.read() == count
    [search] = {request.body for request in shop.http.sent_to(SEARCH)}
    assert json.loads(search)["Filters"] == [{"Column": "OrderNumber", "Value": "7101", "Operator": "equals"}]


async def test_a_bare_array_is_read_page_by_page_too() -> None:
    paged = rows(1400, 1000)
    shop = Shop(lambda request: answer(json.loads(paged(request).body)["Items"]))
    assert await shop.read() == 1400


async def test_a_search_that_never_shows_all_is_try_later_and_ends() -> None:
    first_page = (("pageNumber", "0"), ("pageSize", "1000"))
    shop = always(rows(1800, 1000)(HttpRequest(method="POST", url="", query=first_page)))
    assert isinstance(await shop.read_error(), RetryLater)
    assert len(shop.http.sent_to(SEARCH)) == 2


def paged(count: int, sizes: Callable[[int], int]) -> Shop:
    """A shop whose list has pages of a size of its own, by their number."""

    def give(request: HttpRequest) -> HttpAnswer:
        number = int(dict(request.query)["pageNumber"])
        whole = json.loads(rows(count, count)(HttpRequest(method="", url="", query=ONE_PAGE)).body)["Items"]
        first = number * sizes(number)
        return answer({"Items": whole[first : first + sizes(number)], "TotalItems": count})

    return Shop(give)


ONE_PAGE = (("pageNumber", "0"), ("pageSize", "100000"))


@pytest.mark.parametrize("later", [1, 100])
async def test_pages_that_shrink_so_that_rows_are_hidden_are_try_later(later: int) -> None:
    shop = paged(2400, lambda number: later if number else 1000)
    assert isinstance(await shop.read_error(), RetryLater)


async def test_pages_that_overlap_give_every_row_once() -> None:
    assert await paged(2400, lambda number: 600 if number else 1000).read() == 2400


async def test_a_list_that_shrinks_while_it_is_read_is_try_later() -> None:
    counts = chain([2000], repeat(1999))

    def give(request: HttpRequest) -> HttpAnswer:
        return rows(next(counts), 1000)(request)

    assert isinstance(await Shop(give).read_error(), RetryLater)


async def test_orders_of_a_day_with_many_others_are_read_one_by_one() -> None:
    shop = always(answer({"Items": [], "TotalItems": 100_000}))
    day = datetime(2026, 3, 2, tzinfo=UTC)
    few = tuple(OrderRef(number=str(number), placed_at=day) for number in range(8001, 8006))
    with pytest.raises(RetryLater, match="changed while it was read"):  # there are more than it shows
        await shop.connector.read_orders(few)
    [period, *by_number] = [json.loads(request.body) for request in shop.http.sent_to(SEARCH)]
    assert "StartDate" in period
    assert [search["Filters"][0]["Value"] for search in by_number] == ["8001"]


async def test_of_orders_that_are_read_singly_the_first_is_asked_for_alone_and_then_a_few_side_by_side() -> (
    None
):
    """A shop that fails is found out by one call; one that fails later, by those that were under way."""

    def give(request: HttpRequest) -> HttpAnswer:
        search = json.loads(request.body)
        if "StartDate" in search:
            return answer({"Items": [], "TotalItems": 100_000})
        return NO_ROWS if search["Filters"][0]["Value"] == "8001" else answer(b"", 503)

    shop = Shop(give)
    with pytest.raises(RetryLater):
        await shop.connector.read_orders(
            tuple(OrderRef(number=str(number)) for number in (8009, *range(8001, 8009)))
        )
    [_, *singly] = [json.loads(request.body) for request in shop.http.sent_to(SEARCH)]
    asked = [search["Filters"][0]["Value"] for search in singly]
    assert asked == ["8001", "8002", "8003", "8004", "8005"]


async def test_a_period_is_searched_with_a_day_s_margin() -> None:
    shop = always(NO_ROWS)
    await shop.connector.list_orders(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC), None)
    body = json.loads(shop.http.sent_to(SEARCH)[0].body)
    assert (body["StartDate"], body["EndDate"]) == ("2026-03-01 00:00:00Z", "2026-03-04 00:00:00Z")


@pytest.mark.parametrize("year", [2, 9999])
async def test_an_order_of_a_strange_year_is_read_as_others(year: int) -> None:
    """Its webhook may say so: what a vendor writes for *no date* is not always the year 1."""
    shop = always(NO_ROWS)
    few = (OrderRef(number="8001", placed_at=datetime(year, 1, 1, tzinfo=UTC)), OrderRef(number="8002"))
    assert await shop.connector.read_orders(few) == ()
    extremes = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert (await shop.connector.list_orders(*extremes, None)).orders == ()


async def test_a_stock_item_starts_with_its_level() -> None:
    shop = Shop(lambda request: answer({"Stock": {"StockId": "77"}, "ProductInfo": {"ProductId": "p1"}}))
    draft = ProductDraft(
        **{name: getattr(DRAFT, name) for name in DRAFT.__struct_fields__} | {"stock": Decimal("12.9")}
    )
    await shop.connector.create_shop_product(draft)
    [stock] = shop.http.sent_to("/StockInventory")
    assert json.loads(stock.body)["CurrentLevel"] == 12
    assert json.loads(shop.http.sent_to(CREATE)[0].body)["ProductInfo"]["StockId"] == "77"
