"""Settings of one subscriber's Pressero account."""

from typing import Annotated, Literal

from makeready_hooks import Secret
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
    user_name: Annotated[str, Meta(title="UserName", description="An admin user with access to the sites")]
    password: Annotated[Secret, Meta(title="Password")]
    subscriber_id: Annotated[str, Meta(title="SubscriberId", description="The account's GUID")]
    consumer_id: Annotated[
        str, Meta(title="ConsumerID", description="The GUID that Aleyant gave for API use")
    ]
    allow_plain_http: Annotated[
        bool, Meta(title="Allow http", description="Only for tests: nothing is encrypted")
    ] = False
    webhook_key: Annotated[
        Secret | None,
        Meta(
            title="Webhook security key",
            description="Only for a webhook made by hand; otherwise we make our own",
        ),
    ] = None
    pricing_engine_name: Annotated[str, Meta(title="Name of the pricing engine", min_length=1)] = "Makeready"
    pricing_engine_id: Annotated[
        str,
        Meta(
            title="Id of the pricing engine", description="Only for an engine made by hand: its CalculatorId"
        ),
    ] = ""
    pricing_user: Annotated[
        str,
        Meta(
            title="User of the pricing engine",
            description="Empty: the address alone protects. A price call that names another user is rejected",
        ),
    ] = ""
    pricing_token: Annotated[
        Secret | None,
        Meta(
            title="Access token of the pricing engine",
            description="A price call that carries another token is rejected",
        ),
    ] = None
    weight_unit: Annotated[
        Literal["kg", "g", "lb", "oz"],
        Meta(title="Unit of weight", description="In which the sites compute shipping"),
    ] = "kg"
    upload_name: Annotated[str, Meta(title="Name of the upload field", min_length=1)] = "Artwork"
    send_product_assets: Annotated[
        bool,
        Meta(
            title="Send product assets",
            description="The brand assets of a product go with its orders as well",
        ),
    ] = False
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
            title="Text of a tracking number",
            description="What a buyer reads of a parcel: {carrier} and {tracking} are replaced, as in "
            "https://track.example/{tracking}",
        ),
    ] = "{tracking}"
    calls_per_10_s: Annotated[
        int,
        Meta(
            title="Calls in 10 seconds",
            description="The limit of your public address, all its programs",
            ge=1,
        ),
    ] = 10
    answer_within_s: Annotated[float, Meta(title="Deadline in seconds", gt=0, le=180)] = 30.0
    assumptions: Annotated[
        Assumptions, Meta(title="Assumptions", description="What differs in this account")
    ] = Assumptions()

    def __post_init__(self) -> None:
        limits(self.assumptions.product_lengths)
        check_address("assumptions.product_page", self.assumptions.product_page, ProductNames)
        check_address("assumptions.order_page", self.assumptions.order_page, OrderNames)
        if "{tracking}" not in self.tracking_text:
            raise ValueError("tracking_text must hold {tracking}, the place of the number")
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
