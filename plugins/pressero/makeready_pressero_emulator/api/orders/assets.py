"""Digital assets of the account and its sites."""

from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state.records import Asset
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer, paged
from makeready_pressero_emulator.wire.filters import chosen, read_filters
from makeready_pressero_emulator.wire.members import squashed, typed


class AssetBody(Struct, frozen=True, rename=squashed):
    name: str | None = None
    description: str | None = None
    path: str | None = None
    user_downloadable: bool | None = None
    is_local: bool | None = None
    asset_type: str | int | None = None
    asset_usage: str | None = None
    group_id: str | None = None
    product_id: str | None = None
    asset_category_id: str | None = None
    thumbnail_path: str | None = None


async def create_asset(call: Call) -> Answer:
    """201 with ``AssetId`` (seen)."""
    return json_answer(_created(call, call.body_as(AssetBody)), 201)


async def search_or_create(call: Call) -> Answer:
    """An array (or nothing) searches; an object creates (seen)."""
    body, site = call.json(), call.site()
    if isinstance(body, dict):
        return json_answer(_created(call, typed(body, AssetBody)))
    own = [asset for asset in call.shop.assets.values() if asset.site_id == site.site_id]
    return paged(call.page(), chosen(own, read_filters(body), _COLUMNS), lambda asset: asset)


async def change_asset(call: Call) -> Answer:
    """Members that are absent or null stay as they are."""
    asset = call.shop.assets.get(call.params["asset"].lower())
    if asset is None or asset.site_id != call.site().site_id:
        raise ApiError(404, "The asset was not found.")
    _take(asset, call.body_as(AssetBody))
    call.effect("asset-changed", asset=asset.asset_id)
    return json_answer(asset)


def _created(call: Call, body: AssetBody) -> Asset:
    if not body.name:
        raise invalid("Name", "The name is required")
    asset = Asset(
        asset_id=call.world.ids.new(),
        subscriber_id=call.shop.subscriber.subscriber_id,
        name=body.name,
        site_id=call.site().site_id,
    )
    _take(asset, body)
    call.shop.assets[asset.asset_id] = asset
    call.effect("asset-created", asset=asset.asset_id, name=asset.name)
    return asset


def _take(asset: Asset, body: AssetBody) -> None:
    for name in body.__struct_fields__:
        value: Any = getattr(body, name)
        if value is not None:
            setattr(asset, name, str(value) if name == "asset_type" else value)


_COLUMNS = {
    "name": lambda asset: asset.name,
    "productid": lambda asset: asset.product_id,
    "assetusage": lambda asset: asset.asset_usage,
    "assettype": lambda asset: asset.asset_type,
}

_ASSETS = "/api/site/{domain}/SubscriberAssets"

ENDPOINTS = (
    Endpoint(
        verb="POST",
        path="/api/site/{domain}/Assets",
        mark=Mark.SEEN,
        does="Create an asset.",
        handler=create_asset,
    ),
    Endpoint(
        verb="POST",
        path=_ASSETS,
        mark=Mark.SEEN,
        does="Search assets (array) or create one (object).",
        handler=search_or_create,
    ),
    Endpoint(
        verb="PUT",
        path=_ASSETS + "/{asset}",
        mark=Mark.SEEN,
        does="Change an asset, in part.",
        handler=change_asset,
    ),
)
