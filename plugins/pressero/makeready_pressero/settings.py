"""Settings of one subscriber's Pressero account."""

from typing import Annotated, Literal

from makeready_hooks import Secret, asked
from makeready_hooks.model.limits import limits
from makeready_hooks.model.names import OrderNames, ProductNames, check_address
from makeready_hooks.outside import split_address
from makeready_hooks.secret import GIVEN_SECRETS
from msgspec import Meta, Struct

from makeready_pressero.assumptions import Assumptions


class PresseroSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    admin_url: Annotated[
        str,
        Meta(
            title="Admin address",
            description="Of your data centre, https://admin.chi.v6.pressero.com, or your own",
            extra_json_schema=GIVEN_SECRETS,
        ),
    ]
    user_name: Annotated[str, Meta(title="API user name", description="An admin user who sees the sites")]
    password: Annotated[Secret, Meta(title="Password", description="Of that user")]
    subscriber_id: Annotated[str, Meta(title="Subscriber ID", description="The account's GUID")]
    consumer_id: Annotated[
        str, Meta(title="Consumer ID", description="The GUID that Aleyant's support gave for API use")
    ]
    allow_plain_http: Annotated[
        bool, Meta(title="Allow unencrypted http", description="Test servers only")
    ] = False
    webhook_key: Annotated[
        Secret | None,
        Meta(
            title="Webhook security key",
            description="Only for a webhook made by hand; otherwise we make our own",
        ),
    ] = None
    pricing_engine_name: Annotated[
        str, Meta(title="Pricing engine name", description="As the shop's admin shows it", min_length=1)
    ] = "Makeready"
    pricing_engine_id: Annotated[
        str, Meta(title="Pricing engine ID", description="Its CalculatorId; only for an engine made by hand")
    ] = ""
    pricing_user: Annotated[
        str,
        Meta(
            title="Pricing engine user",
            description="Empty: the address alone protects. A price call that names another user is rejected",
        ),
    ] = ""
    pricing_token: Annotated[
        Secret | None,
        Meta(
            title="Pricing engine access token",
            description="A price call that carries another token is rejected",
        ),
    ] = None
    weight_unit: Annotated[
        Literal["kg", "g", "lb", "oz"],
        Meta(title="Unit of weight", description="In which the sites compute shipping"),
    ] = "kg"
    upload_name: Annotated[
        str,
        Meta(
            title="Artwork field name in the shop", description="Of products that are imported", min_length=1
        ),
    ] = "Artwork"
    item_files: Annotated[
        Literal["learned", "first"],
        Meta(
            title="When an item's files are asked for",
            description="It costs a call an item. What is asked for after its order has gone reaches the MIS as an upload",
            extra_json_schema=asked(
                labels={
                    "learned": "Before the order goes; in a burst, of products without any so far, afterwards",
                    "first": "Always before the order goes",
                },
            ),
        ),
    ] = "learned"
    send_product_assets: Annotated[
        bool,
        Meta(
            title="Send product assets",
            description="The brand assets of a product go with its orders as well",
        ),
    ] = False
    read_buyers: Annotated[
        bool,
        Meta(
            title="Look up who ordered",
            description="For customer codes by the buyer's id, external id or groups in the MIS. It costs a call for each "
            "buyer of the last minute, or for each 1,000 users of the site: off where no code goes by the buyer",
        ),
    ] = True
    read_user_groups: Annotated[
        bool,
        Meta(
            title="Read the buyers' user groups",
            description="For rules by user group in the MIS's settings. Costs one call more per buyer, unless the list of "
            "users shows the groups",
        ),
    ] = False
    tracking_text: Annotated[
        str,
        Meta(
            title="Tracking text shown to buyers",
            description="{carrier} and {tracking} are replaced, as in https://track.example/{tracking}",
        ),
    ] = "{tracking}"
    calls_per_10_s: Annotated[
        int,
        Meta(
            title="Call limit",
            description="Shared by all programs at your public address",
            ge=1,
            extra_json_schema=asked(unit="calls in 10 seconds"),
        ),
    ] = 10
    answer_within_s: Annotated[
        float, Meta(title="Time limit per call", gt=0, le=180, extra_json_schema=asked(unit="s"))
    ] = 30.0
    assumptions: Annotated[
        Assumptions,
        Meta(
            title="API names",
            description="What this account calls otherwise: see the reference of the settings",
        ),
    ] = Assumptions()

    def __post_init__(self) -> None:
        limits(self.assumptions.product_lengths)
        check_address("assumptions.product_page", self.assumptions.product_page, ProductNames)
        check_address("assumptions.order_page", self.assumptions.order_page, OrderNames)
        if "{tracking}" not in self.tracking_text:
            raise ValueError("tracking_text must hold {tracking}, the place of the number")
        if self.read_user_groups and not self.read_buyers:
            raise ValueError("read_user_groups needs read_buyers: groups are read of who ordered")
        parts = split_address(self.admin_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("admin_url must be an address such as https://admin.chi.v6.pressero.com")
        if parts.scheme == "http" and not self.allow_plain_http:
            raise ValueError(
                "admin_url must begin with https://. For tests only, set allow_plain_http = true"
            )

    @property
    def api_url(self) -> str:
        url = self.admin_url.rstrip("/")
        return url if url.lower().endswith("/api") else f"{url}/api"
