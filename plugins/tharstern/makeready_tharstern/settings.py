"""Settings of one subscriber's Tharstern server."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from makeready_hooks import ListKind, Secret, asked, listed
from makeready_hooks.model.asked import CUSTOMERS, TIME_ZONE
from makeready_hooks.model.limits import limits
from makeready_hooks.model.names import OrderNames, ProductNames, check_address
from makeready_hooks.outside import split_address
from makeready_hooks.secret import GIVEN_SECRETS
from msgspec import Meta, Struct

from makeready_tharstern import wire
from makeready_tharstern.assumptions import Assumptions

OrderFact = Literal[
    "po_number", "order_number", "requested_ship_date", "payment_method", "cost_centre", "note"
]
PORTS = {"http": 80, "https": 443}


class OptionTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One choice of a buyer's, and where it goes in the estimate request of a product type."""

    path: Annotated[
        str,
        Meta(
            description=(
                "Member of the example request: ``Parts[0].PaperCode``. With ``[]`` at its end, "
                "``Processes[]``, what ``send`` has for the value is added to that list."
            )
        ),
    ]
    label: Annotated[str, Meta(description="What the buyer reads.")]
    default: Annotated[str, Meta(description="The value that holds until the buyer chooses.")]
    values: Annotated[
        dict[str, str], Meta(description="Allowed values with their labels; empty: the buyer types it in.")
    ] = {}
    send: Annotated[
        dict[str, Any],
        Meta(
            description=(
                "What goes into the request for a value, where it is not the value itself: ``{ProcessTypeID ="
                " 5}``."
            )
        ),
    ] = {}

    def __post_init__(self) -> None:
        if not self.path.strip() or not self.label.strip():
            raise ValueError("an estimate option needs a path and a label")
        if self.values and self.default not in self.values:
            raise ValueError(
                f"the default {self.default!r} of the estimate option {self.label} is none of its values"
            )
        if unknown := sorted(self.send.keys() - self.values.keys()):
            raise ValueError(
                f"send of the estimate option {self.label} names {unknown[0]!r}, which is none of its values"
            )


class TharsternSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    server_url: Annotated[
        str,
        Meta(
            title="Server URL",
            description=(
                "Where the Tharstern API is: https://mis.example/TharsternAPI; /TharsternAPI is added if "
                "it is left out"
            ),
            extra_json_schema=GIVEN_SECRETS,
        ),
    ]
    login: Annotated[str, Meta(title="API login", description="E-mail address of the API user")]
    password: Annotated[Secret, Meta(title="API password", description="Of that user")]
    api_key: Annotated[Secret, Meta(title="Application ID", description="The GUID that access is granted to")]
    allow_plain_http: Annotated[
        bool, Meta(title="Allow unencrypted http", description="Only for a server in your own network")
    ] = False
    customer_code: Annotated[
        str,
        Meta(
            title="Customer code",
            description="The customer whose products and prices the shop sells",
            extra_json_schema=listed(ListKind.CUSTOMERS) | asked(first=True, step=CUSTOMERS),
        ),
    ] = ""
    customer_code_rule: Annotated[
        Literal["buyer-id", "buyer-external-id", "fixed"],
        Meta(
            title="Which customer code orders carry",
            description="The customer code above also stands in where the order gives nothing",
            extra_json_schema=asked(
                first=True,
                step=CUSTOMERS,
                labels={
                    "buyer-id": "The shop's id of the buyer",
                    "buyer-external-id": "The buyer's external id in the shop",
                    "fixed": "Always the customer code above",
                },
            ),
        ),
    ] = "buyer-id"
    site_customer_codes: Annotated[
        dict[str, str],
        Meta(
            title="Customer codes of sites",
            description="By the site's domain; before the rule above",
            extra_json_schema=listed(ListKind.CUSTOMERS, names=ListKind.SITES),
        ),
    ] = {}
    department_customer_codes: Annotated[
        dict[str, str],
        Meta(
            title="Customer codes of departments",
            description="By the buyer's department; before a site's",
            extra_json_schema=listed(ListKind.CUSTOMERS),
        ),
    ] = {}
    group_customer_codes: Annotated[
        dict[str, str],
        Meta(
            title="Customer codes of user groups",
            description="By the name of a group that the buyer is in; after a department's, before a site's. The shop's "
            "connector has to read the groups",
            extra_json_schema=listed(ListKind.CUSTOMERS, names=ListKind.USER_GROUPS),
        ),
    ] = {}
    estimate_options: Annotated[
        dict[str, dict[str, OptionTemplate]],
        Meta(
            title="Options of made-to-order products",
            description="By product type, then by the option's id: what a buyer is asked, and where it goes in the "
            "estimate request. `subscriber check` compares it with Tharstern's example request",
        ),
    ] = {}
    company_id: Annotated[str, Meta(title="Company ID", description="If it is not the customer code")] = ""
    initial_status: Annotated[
        str,
        Meta(
            title="Initial order status",
            description="Empty: Tharstern's own",
            extra_json_schema=listed(ListKind.STATUSES),
        ),
    ] = ""
    order_members: Annotated[
        dict[OrderFact, str],
        Meta(
            title="Further members of an order",
            description="To which member of an order in Tharstern it goes: CustomerOrderNo; or of each of its items: "
            "Items.Ref1. Empty: not sent. The published sample has none of them: which members your site takes, "
            "Tharstern tells you",
            extra_json_schema=asked(
                texts={
                    "po_number": "Purchase order number",
                    "order_number": "Order number of the shop",
                    "requested_ship_date": "Requested ship date",
                    "payment_method": "Payment method",
                    "cost_centre": "Cost centre",
                    "note": "Note",
                }
            ),
        ),
    ] = {}
    country_form: Annotated[
        Literal["name", "code", "as-given"],
        Meta(
            title="Country format",
            description="How addresses name a country",
            extra_json_schema=asked(
                labels={"name": "Name", "code": "Code", "as-given": "As the shop gives it"}
            ),
        ),
    ] = "name"
    time_zone: Annotated[
        str,
        Meta(
            title="Time zone",
            description="Of dates without a zone: Europe/London",
            extra_json_schema=TIME_ZONE,
        ),
    ] = "UTC"
    line_ref1: Annotated[
        str, Meta(title="Ref1 of a line", description="A text for each item; empty: none")
    ] = ""
    chili_document_id: Annotated[
        str, Meta(title="CHILI document ID", description="The published product sends the word string")
    ] = "string"
    webhook_secret: Annotated[
        Secret | None,
        Meta(
            title="Event signing secret",
            description="Signs the events that Tharstern pushes, if it does; enter the same there",
        ),
    ] = None
    answer_within_s: Annotated[
        float, Meta(title="Time limit per call", gt=0, le=180, extra_json_schema=asked(unit="s"))
    ] = 60.0
    assumptions: Annotated[
        Assumptions,
        Meta(
            title="API names", description="What this site calls otherwise: see the reference of the settings"
        ),
    ] = Assumptions()

    def __post_init__(self) -> None:
        for fact, member in self.order_members.items():
            if not member.strip() or member in wire.TAKEN:
                raise ValueError(
                    f"order_members.{fact} names {member!r}, which carries something else; name another member"
                )
        limits(self.assumptions.member_lengths)
        check_address("assumptions.product_page", self.assumptions.product_page, ProductNames)
        check_address("assumptions.order_page", self.assumptions.order_page, OrderNames)
        parts = split_address(self.server_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("server_url must be an address such as https://mis.example/TharsternAPI")
        if parts.scheme == "http" and not self.allow_plain_http:
            raise ValueError(
                "server_url must begin with https://. For a server in your own network, set allow_plain_http = true"
            )
        try:
            ZoneInfo(self.time_zone)
        except (LookupError, ValueError, OSError):
            raise ValueError(
                f"time_zone {self.time_zone!r} is not known; write it as in Europe/London"
            ) from None

    @property
    def far_end(self) -> str:
        """The server that keeps the orders, however its address was typed in. Who signs in does not matter."""
        parts = urlsplit(self.api_url)
        port = f":{parts.port}" if parts.port not in (None, PORTS[parts.scheme]) else ""
        return f"{(parts.hostname or '').rstrip('.')}{port}{parts.path.casefold()}"

    @property
    def api_url(self) -> str:
        """The root of all functions, whichever part of it was typed in (both forms are seen)."""
        url = self.server_url.rstrip("/")
        lower = url.lower()
        if lower.endswith("/tharsternapi/api"):
            return url
        return f"{url}/api" if lower.endswith("/tharsternapi") else f"{url}/TharsternAPI/api"
