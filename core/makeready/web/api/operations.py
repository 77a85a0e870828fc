"""The one table of operations: routes and the OpenAPI document are made from it."""

from makeready_admin.users.api import USER_OPERATIONS

from makeready.access.api import TOKEN_OPERATIONS
from makeready.access.audit_api import AUDIT_OPERATIONS
from makeready.alerts.api import INBOX
from makeready.alerts.health_api import OVERVIEW
from makeready.orders import api as do
from makeready.orders import api_model
from makeready.orders.evidence import EvidenceDocument
from makeready.outbound.api import CALLS_MADE
from makeready.prices.api import PRICES
from makeready.products.operations import PRODUCTS
from makeready.stock.api import STOCK
from makeready.subscribers.api import SETTINGS_OPERATIONS
from makeready.subscribers.setup.api import SETUP
from makeready.subscribers.setup.options_api import NAMING
from makeready.web.api import shapes
from makeready.web.api.operation import ONE, Operation, grouped
from makeready.webhooks.api import ACTIVITY

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
        answer=api_model.SubscribersAnswer,
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
        answer=api_model.LinesAnswer,
        query=api_model.OrdersQuery,
    ),
    Operation(
        name="showOrder",
        method="GET",
        path=ORDER,
        summary="All that is known of an order",
        run=do.show_order,
        answer=api_model.StoryAnswer,
    ),
    Operation(
        name="previewOrder",
        method="GET",
        path=ORDER + "/preview",
        summary="What would be sent under the settings of today",
        run=do.preview,
        answer=api_model.PreviewsAnswer,
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
        answer=api_model.DecidedAnswer,
        body=shapes.NoBody,
        action="orders send-again",
    ),
    Operation(
        name="accept",
        method="POST",
        path=SUBMISSION + "/accept",
        summary="It is in the MIS",
        run=do.accept,
        answer=api_model.DecidedAnswer,
        body=api_model.AcceptBody,
        action="orders accept",
    ),
    Operation(
        name="ignore",
        method="POST",
        path=SUBMISSION + "/ignore",
        summary="It shall not be sent",
        run=do.ignore,
        answer=api_model.DecidedAnswer,
        body=api_model.IgnoreBody,
        action="orders ignore",
    ),
    Operation(
        name="replayOrders",
        method="POST",
        path=ONE + "/orders/replay",
        summary="Send again all that a filter finds",
        run=do.replay_orders,
        answer=api_model.ReplayAnswer,
        body=api_model.ReplayBody,
        action="orders replay",
    ),
    Operation(
        name="retryOrder",
        method="POST",
        path=ORDER + "/retry",
        summary="Try at once what waits for its next try",
        run=do.retry_order,
        answer=api_model.RetryAnswer,
        body=shapes.NoBody,
        action="orders retry-now",
    ),
    Operation(
        name="retryAll",
        method="POST",
        path=ONE + "/retry",
        summary="Try at once all that waits for its next try",
        run=do.retry_all,
        answer=api_model.RetryAnswer,
        body=shapes.NoBody,
        action="orders retry-now",
    ),
    Operation(
        name="reconcile",
        method="POST",
        path=ONE + "/reconcile",
        summary="Compare a period's orders with the shop, and take in what is missing",
        run=do.reconcile,
        answer=api_model.ReconcileAnswer,
        body=api_model.ReconcileBody,
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
