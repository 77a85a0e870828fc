"""The one table of operations: routes and the OpenAPI document are made from it."""

from makeready.flows.evidence import EvidenceDocument
from makeready.web.api import handlers as do
from makeready.web.api import shapes
from makeready.web.api.activity import ACTIVITY
from makeready.web.api.audit import AUDIT_OPERATIONS
from makeready.web.api.calls_made import CALLS_MADE
from makeready.web.api.inbox import INBOX
from makeready.web.api.naming import NAMING
from makeready.web.api.operation import ONE, Operation, grouped
from makeready.web.api.overview import OVERVIEW
from makeready.web.api.prices import PRICES
from makeready.web.api.product_operations import PRODUCTS
from makeready.web.api.settings import SETTINGS_OPERATIONS
from makeready.web.api.setup import SETUP
from makeready.web.api.stock import STOCK
from makeready.web.api.tokens import TOKEN_OPERATIONS
from makeready.web.api.users import USER_OPERATIONS

ORDER = ONE + "/orders/{number}"
SUBMISSION = ONE + "/submissions/{key}"

SUBSCRIBERS = grouped(
    "Overview",
    Operation(
        name="listSubscribers",
        method="GET",
        path="/subscribers",
        summary="The subscribers that the token is for",
        run=do.list_subscribers,
        answer=shapes.SubscribersAnswer,
        query=shapes.PageQuery,
    ),
)

ORDERS = grouped(
    "Orders",
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
        asks_vendors=True,
    ),
    Operation(
        name="orderEvidence",
        method="GET",
        path=ORDER + "/evidence",
        summary="Everything received, decided, sent and answered, chained by hash",
        run=do.evidence,
        answer=EvidenceDocument,
        also={"text/html": None},
    ),
    Operation(
        name="sendAgain",
        method="POST",
        path=SUBMISSION + "/send-again",
        summary="Send what was refused or parked",
        run=do.send_again,
        answer=shapes.DecidedAnswer,
        body=shapes.NoBody,
        action="orders send-again",
    ),
    Operation(
        name="accept",
        method="POST",
        path=SUBMISSION + "/accept",
        summary="It is in the MIS",
        run=do.accept,
        answer=shapes.DecidedAnswer,
        body=shapes.AcceptBody,
        action="orders accept",
    ),
    Operation(
        name="ignore",
        method="POST",
        path=SUBMISSION + "/ignore",
        summary="It shall not be sent",
        run=do.ignore,
        answer=shapes.DecidedAnswer,
        body=shapes.IgnoreBody,
        action="orders ignore",
    ),
    Operation(
        name="replayOrders",
        method="POST",
        path=ONE + "/orders/replay",
        summary="Send again all that a filter finds",
        run=do.replay_orders,
        answer=shapes.ReplayAnswer,
        body=shapes.ReplayBody,
        action="orders replay",
    ),
    Operation(
        name="retryOrder",
        method="POST",
        path=ORDER + "/retry",
        summary="Try at once what waits for its next try",
        run=do.retry_order,
        answer=shapes.RetryAnswer,
        body=shapes.NoBody,
        action="orders retry-now",
    ),
    Operation(
        name="retryAll",
        method="POST",
        path=ONE + "/retry",
        summary="Try at once all that waits for its next try",
        run=do.retry_all,
        answer=shapes.RetryAnswer,
        body=shapes.NoBody,
        action="orders retry-now",
    ),
    Operation(
        name="reconcile",
        method="POST",
        path=ONE + "/reconcile",
        summary="Compare a period's orders with the shop, and take in what is missing",
        run=do.reconcile,
        answer=shapes.ReconcileAnswer,
        body=shapes.ReconcileBody,
        action="orders reconcile",
        asks_vendors=True,
    ),
)

OPERATIONS = (
    *SUBSCRIBERS,
    *OVERVIEW,
    *INBOX,
    *ORDERS,
    *PRODUCTS,
    *PRICES,
    *STOCK,
    *ACTIVITY,
    *CALLS_MADE,
    *SETTINGS_OPERATIONS,
    *SETUP,
    *NAMING,
    *USER_OPERATIONS,
    *TOKEN_OPERATIONS,
    *AUDIT_OPERATIONS,
)
