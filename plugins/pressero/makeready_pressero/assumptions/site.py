"""Of the account: its sites, their choices, buyers, events."""

from typing import Annotated

from makeready_hooks.model.assumptions import INFERRED, SEEN, UNKNOWN, assumed, call_at, member_of
from msgspec import Struct


class SiteAssumptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sites_path: Annotated[
        str,
        assumed(
            UNKNOWN,
            "List of sites. No call that lists them is seen.",
            "Sites cannot be listed: a person types the domain.",
            call_at("{value}"),
        ),
    ] = "Sites"
    groups_path: Annotated[
        str,
        assumed(
            INFERRED,
            "User groups of a site, after site/{domain}/. The shape is seen in SiteInfo.",
            "User groups cannot be chosen: products are imported without any, and a person is told.",
            call_at("site/{}/{value}"),
        ),
    ] = "Groups"
    categories_path: Annotated[
        str,
        assumed(
            INFERRED,
            "Categories of a site, after site/{domain}/.",
            "Categories cannot be chosen: products are imported without any, and a person is told.",
            call_at("site/{}/{value}"),
        ),
    ] = "Categories"
    workflow_id: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a workflow with its id; Workflows is seen, with Description.",
            "Workflows cannot be chosen, and their stages are not found.",
            member_of("Workflows"),
        ),
    ] = "WorkflowId"
    category_id: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a category with its id.",
            "Categories cannot be chosen.",
            member_of("site/{}/Categories"),
        ),
    ] = "CategoryId"
    category_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a category with its name.",
            "Categories are shown without names.",
            member_of("site/{}/Categories"),
        ),
    ] = "CategoryName"
    webhooks_path: Annotated[
        str,
        assumed(
            INFERRED,
            "Webhook subscriptions. The reference lists a group WebHooks with PostWebHook.",
            "The webhook is made by hand, with the values that set-up shows.",
            call_at("{value}"),
        ),
    ] = "WebHooks"
    event_stock_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of LowInventory with the stock item's name. A search for stock shows this one.",
            "An event of low stock says nothing: levels are compared on the schedule.",
        ),
    ] = "StockName"
    event_stock_level: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of LowInventory with its level. A search for stock shows this one.",
            "An event of low stock has no level: it is read before anything is compared.",
        ),
    ] = "CurrentLevel"
    event_names: Annotated[
        tuple[str, ...],
        assumed(
            SEEN,
            (
                "Events by their number, from 0: 7, 9 and 10 are seen and fit the vendor's list. A name in a hook "
                "wins."
            ),
            "An event is taken for another one: at worst an order is looked at a poll later.",
        ),
    ] = (
        "OrderItemStatusChanged",
        "VendorItemReady",
        "PaymentReceived",
        "LowInventory",
        "NewUserAprvReq",
        "OrderAllComplete",
        "OrderAprvReq",
        "OrderItemApproved",
        "OrderItemComplete",
        "OrderItemDenied",
        "OrderPlaced",
        "PageFormSubmit",
        "OrderItemFilesGenerated",
        "UpdatedSiteUser",
        "NewSite",
        "OrderUpdated",
        "OrderItemUpdated",
        "NewSiteUser",
    )
    order_page: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Address of an order in the admin's pages, for people, with {number}, {site}. None is seen: empty, "
                "and no link is shown."
            ),
            "No link is shown; a wrong one leads a person to an error page.",
        ),
    ] = ""
    user_id_in_order: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an order item with the buyer's id, if there is one. Otherwise the user is found by e-mail.",
            "The buyer is found by the e-mail address, with one more call.",
            member_of("Orders/Search", optional=True),
        ),
    ] = "UserId"
    user_external_id: Annotated[
        str,
        assumed(
            SEEN,
            "Member of a user with the external id for bridges.",
            "A buyer's own customer code is not seen: the rule's next source holds.",
            member_of("site/{}/users/{}", whole=True),
        ),
    ] = "ExternalId"
    users_are_listed: Annotated[
        bool,
        assumed(
            INFERRED,
            (
                "The list of a site's users is also given without the filter by e-mail address, page by page. That lists of "
                "users have pages is seen; clients in production ask with the filter. false: they are asked for singly."
            ),
            "The list is refused, or names nobody: buyers are then asked for one by one, after one call in vain.",
        ),
    ] = True
