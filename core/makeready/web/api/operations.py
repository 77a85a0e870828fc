"""The one table of operations: routes and the OpenAPI document are made from it."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from makeready.flows.evidence import EvidenceDocument
from makeready.web.api import handlers as do
from makeready.web.api import shapes, stock
from makeready.web.api.calls import Call

ONE = "/subscribers/{subscriber}"
ORDER = ONE + "/orders/{number}"
SUBMISSION = ONE + "/submissions/{key}"


class Operation(Struct, frozen=True, kw_only=True):
    name: str
    method: str
    path: str
    summary: str
    run: Callable[[Call], Awaitable[do.Answer]]
    answer: type[Struct]
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    is_page_too: bool = False
    """Also answered as HTML, if that is accepted."""


OPERATIONS = (
    Operation(
        name="listSubscribers",
        method="GET",
        path="/subscribers",
        summary="The subscribers that the token is for",
        run=do.list_subscribers,
        answer=shapes.SubscribersAnswer,
    ),
    Operation(
        name="listOrders",
        method="GET",
        path=ONE + "/orders",
        summary="Order lines, the most recently changed first",
        run=do.list_orders,
        answer=shapes.LinesAnswer,
        query=shapes.OrdersQuery,
    ),
    Operation(
        name="showOrder",
        method="GET",
        path=ORDER,
        summary="All that is known of an order",
        run=do.show_order,
        answer=shapes.StoryAnswer,
    ),
    Operation(
        name="previewOrder",
        method="GET",
        path=ORDER + "/preview",
        summary="What would be sent under the settings of today",
        run=do.preview,
        answer=shapes.PreviewsAnswer,
    ),
    Operation(
        name="orderEvidence",
        method="GET",
        path=ORDER + "/evidence",
        summary="Everything received, decided, sent and answered, chained by hash",
        run=do.evidence,
        answer=EvidenceDocument,
        is_page_too=True,
    ),
    Operation(
        name="sendAgain",
        method="POST",
        path=SUBMISSION + "/send-again",
        summary="Send what was refused or parked",
        run=do.send_again,
        answer=shapes.DecidedAnswer,
        body=shapes.NoBody,
    ),
    Operation(
        name="accept",
        method="POST",
        path=SUBMISSION + "/accept",
        summary="It is in the MIS",
        run=do.accept,
        answer=shapes.DecidedAnswer,
        body=shapes.AcceptBody,
    ),
    Operation(
        name="ignore",
        method="POST",
        path=SUBMISSION + "/ignore",
        summary="It shall not be sent",
        run=do.ignore,
        answer=shapes.DecidedAnswer,
        body=shapes.IgnoreBody,
    ),
    Operation(
        name="replayOrders",
        method="POST",
        path=ONE + "/orders/replay",
        summary="Send again all that a filter finds",
        run=do.replay_orders,
        answer=shapes.ReplayAnswer,
        body=shapes.ReplayBody,
    ),
    Operation(
        name="retryOrder",
        method="POST",
        path=ORDER + "/retry",
        summary="Try at once what waits for its next try",
        run=do.retry_order,
        answer=shapes.RetryAnswer,
        body=shapes.NoBody,
    ),
    Operation(
        name="retryAll",
        method="POST",
        path=ONE + "/retry",
        summary="Try at once all that waits for its next try",
        run=do.retry_all,
        answer=shapes.RetryAnswer,
        body=shapes.NoBody,
    ),
    Operation(
        name="reconcile",
        method="POST",
        path=ONE + "/reconcile",
        summary="Compare a period's orders with the shop, and take in what is missing",
        run=do.reconcile,
        answer=shapes.ReconcileAnswer,
        body=shapes.ReconcileBody,
    ),
    Operation(
        name="listStock",
        method="GET",
        path=ONE + "/stock",
        summary="Stock of the products that are in a shop",
        run=stock.list_stock,
        answer=stock.StockAnswer,
        query=stock.StockQuery,
    ),
    Operation(
        name="showStock",
        method="GET",
        path=ONE + "/stock/{product}",
        summary="Stock of one product and its history",
        run=stock.show_stock,
        answer=stock.StockHistoryAnswer,
        query=stock.HistoryQuery,
    ),
    Operation(
        name="syncStock",
        method="POST",
        path=ONE + "/stock/sync",
        summary="Read stock in the MIS now, and bring the shop's levels to it",
        run=stock.sync_stock,
        answer=stock.SyncAnswer,
        body=stock.SyncBody,
    ),
)
