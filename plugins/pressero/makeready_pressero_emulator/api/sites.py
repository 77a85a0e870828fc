"""Sites, their groups and categories."""

from typing import Any

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state.records import Category, Group, ShippingMethod, Shop, Site
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer, paged


async def list_sites(call: Call) -> Answer:
    _offered(call, "site-list")
    sites = list(call.shop.sites.values())
    return paged(call.page(), sites, lambda site: _brief(call.shop, site))


async def site_info(call: Call) -> Answer:
    site = call.world.site(call.params["domain"])
    methods = [_site_method(site, method) for method in call.shop.shipping_methods.values()]
    domains = [{"Domain": site.domain, "IsHTTPS": False, "IsCannonical": True, "SiteId": site.site_id}]
    return json_answer(
        {
            **_brief(call.shop, site),
            "SiteDomains": domains,
            "SiteShippingMethods": methods,
            "SitePaymentMethods": [],
            "SiteStore": _store(site),
            "ExplicitConsentForPrivacy": False,
            "ReCaptcha": False,
        }
    )


async def list_groups(call: Call) -> Answer:
    _offered(call, "group-list")
    site = call.site()
    groups = [group for group in call.shop.groups.values() if group.site_id == site.site_id]
    return paged(call.page(), groups, lambda group: _group(call.shop, group))


async def list_categories(call: Call) -> Answer:
    _offered(call, "category-list")
    site = call.site()
    categories = [one for one in call.shop.categories.values() if one.site_id == site.site_id]
    return paged(call.page(), categories, _category)


def _offered(call: Call, switch: str) -> None:
    if not call.world.switches.on(switch):
        raise ApiError(404, f"This list is switched off ({switch}).")


def _brief(shop: Shop, site: Site) -> dict[str, Any]:
    return {
        "SubscriberId": shop.subscriber.subscriber_id,
        "SiteId": site.site_id,
        "SiteName": site.name,
        "IsActive": True,
        "Url": f"https://{site.domain}",
        "SiteType": 0,
        "PrimaryDomain": site.domain,
        "StartUrl": "/",
        "Culture": site.culture,
        "MisId": site.mis_id,
    }


def _group(shop: Shop, group: Group) -> dict[str, Any]:
    return {
        "GroupId": group.group_id,
        "SubscriberId": shop.subscriber.subscriber_id,
        "SiteId": group.site_id,
        "GroupName": group.name,
        "GroupType": 0 if group.everyone else 1,
        "Description": None,
        "Acls": [],
    }


def _category(category: Category) -> dict[str, Any]:
    return {
        "CategoryId": category.category_id,
        "CategoryName": category.name,
        "UrlName": category.url_name,
        "SiteId": category.site_id,
    }


def _site_method(site: Site, method: ShippingMethod) -> dict[str, Any]:
    return {
        "SiteShippingMethodId": f"{method.shipping_method_id[:-4]}{site.site_id[-4:]}",
        "IsActive": method.is_active,
        "SortOrder": 0,
        "AvailableToAllGroups": True,
        "SubscriberShippingMethod": {
            "SubscriberShippingMethodId": method.shipping_method_id,
            "MethodName": method.name,
            "MinCharge": method.min_charge,
            "Markup": 0,
            "Handling": 0,
            "MaxPkgWt": 0,
            "Carrier": method.carrier,
            "ServiceName": method.name,
            "MisId": method.mis_id,
        },
        "AllowedGroups": [],
        "SubscriberShippingMethodId": method.shipping_method_id,
        "SiteId": site.site_id,
    }


def _store(site: Site) -> dict[str, Any]:
    return {
        "TaxStructure": 0,
        "NavType": 0,
        "MisId": site.mis_id,
        "ShippingConfig": 0,
        "BillToDeptOption": 0,
        "CaptureReqShipDate": True,
        "CaptureRequestedShipDate": True,
        "PurchaseOrderPrompt": "PO number",
        "CapturePurchaseOrder": True,
        "AllowCustomPONumber": True,
        "ValidatePONumber": False,
        "ShipToMultipleAddress": True,
        "AllowGuestCheckout": False,
        "TaxIDName": None,
        "ProofType": 0,
        "Location": None,
        "SiteStoreCust": {
            "SelfSignupApprovalGroup": None,
            "AllowOneClickApproval": True,
            "AllowApproverEdit": False,
            "AddressBookMode": 0,
            "BillToLocation": None,
            "Locations": [],
            "Departments": [],
            "Budgets": [],
            "ApprovalPlanId": None,
            "ApprovalPlans": [],
        },
    }


ENDPOINTS = (
    Endpoint(
        verb="GET",
        path="/api/Sites",
        mark=Mark.INFERRED,
        does="List sites.",
        handler=list_sites,
        switch="site-list",
    ),
    Endpoint(
        verb="GET",
        path="/api/SiteInfo/{domain}",
        mark=Mark.SEEN,
        does="Tell all about one site, by its id.",
        handler=site_info,
    ),
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/Groups",
        mark=Mark.INFERRED,
        does="List the groups of a site.",
        handler=list_groups,
        switch="group-list",
    ),
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/Categories",
        mark=Mark.INFERRED,
        does="List the categories of a site.",
        handler=list_categories,
        switch="category-list",
    ),
)
