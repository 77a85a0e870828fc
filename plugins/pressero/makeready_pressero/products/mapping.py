"""Products between the contract's words and Pressero's shapes. Pure functions."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from makeready_hooks.model.product import (
    ImportFile,
    Pairing,
    ProductBinding,
    ProductDraft,
    ShopProduct,
    Unfinished,
)

from makeready_pressero.assumptions import Assumptions
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import text

Row = dict[str, Any]
MAX_QUANTITY = 999_999
MAX_GROUPS = 5
"""Groups that the import file has columns for (seen)."""


def product_body(
    draft: ProductDraft, stock_id: str, settings: PresseroSettings, *, seen_only: bool = False
) -> Row:
    """The body that creates a product. Members that nobody has seen are named by the assumptions.

    ``seen_only`` leaves those out, for an account that refuses them.
    """
    names = settings.assumptions
    info = {
        "ProductName": draft.name,
        "UrlName": draft.url_name,
        "PrintersPartNum": draft.part_number,
        "PublicPartNum": draft.public_part_number,
        "WorkflowId": draft.workflow_id,
        "StockId": stock_id,
        **({} if seen_only else _inferred_info(draft, names)),
    }
    body: Row = {
        "ProductInfo": {name: value for name, value in info.items() if name and value},
        "AllowedGroups": [group.id for group in draft.groups],
        "ProductGroupCalculators": [
            {"CalculatorId": draft.engine_id, "GroupId": group.id} for group in draft.groups
        ],
    }
    if draft.markup_percent:
        body["Markups"] = [{"MinQty": 1, "MaxQty": MAX_QUANTITY, "Markup": draft.markup_percent}]
    return body if seen_only else body | _inferred_members(draft, settings)


def _inferred_info(draft: ProductDraft, names: Assumptions) -> Row:
    return {names.product_mis_id: draft.engine_product_id, names.product_weight: draft.weight_kg}


def _inferred_members(draft: ProductDraft, settings: PresseroSettings) -> Row:
    names = settings.assumptions
    pairings = [
        Pairing(group_id=group.id, engine_id=draft.engine_id, configuration=draft.engine_product_id)
        for group in draft.groups
    ]
    members: Row = {"ProductGroupCalculators": _pairing_rows(pairings, names)}
    if draft.categories and names.categories_member:
        members[names.categories_member] = [category.id for category in draft.categories]
    if draft.upload_required and names.uploads_member:
        members[names.uploads_member] = [{"Name": settings.upload_name, "Required": True}]
    return members


def _pairing_rows(pairings: Sequence[Pairing], names: Assumptions) -> list[Row]:
    """A product cannot be saved without one: a user group, and the engine that prices for it."""
    rows: list[Row] = []
    for place, one in enumerate(pairings, 1):
        row: Row = {"CalculatorId": one.engine_id, "GroupId": one.group_id, "Priority": place}
        if names.engine_product_id and one.configuration:
            row[names.engine_product_id] = one.configuration
        rows.append(row)
    return rows


class Part(StrEnum):
    """What may be left to do by hand: the shop's API was not seen to take it."""

    UPLOAD = "upload"
    CATEGORIES = "categories"
    ENGINE = "engine"
    MIS_ID = "mis-id"


def parts_of(draft: ProductDraft) -> frozenset[Part]:
    """What is asked for that may be left to do."""
    asked = {Part.ENGINE, Part.MIS_ID}
    if draft.upload_required:
        asked.add(Part.UPLOAD)
    if draft.categories:
        asked.add(Part.CATEGORIES)
    return frozenset(asked)


def missing_parts(draft: ProductDraft, details: Row, settings: PresseroSettings) -> frozenset[Part]:
    """What the product's details do not show as done. The answer to a create proves nothing: it is an echo."""
    names = settings.assumptions
    shown = {
        Part.UPLOAD: bool(details.get(names.uploads_member)),
        Part.CATEGORIES: bool(details.get(names.categories_member)),
        Part.ENGINE: _paired(draft, details, names),
        Part.MIS_ID: text(details.get("MisId")) == draft.engine_product_id,
    }
    return frozenset(part for part in parts_of(draft) if not shown[part])


def _paired(draft: ProductDraft, details: Row, names: Assumptions) -> bool:
    """With the MIS Product ID, for every group."""
    found = {
        one.group_id for one in _pairings(details, names) if one.configuration == draft.engine_product_id
    }
    return bool(found) and found >= {group.id for group in draft.groups}


def sentences(draft: ProductDraft, missing: frozenset[Part], settings: PresseroSettings) -> tuple[str, ...]:
    """What a person does in the admin, one sentence for each part that is missing."""
    product = f"Catalog > Products > {draft.name}"
    wanted = ", ".join(category.name for category in draft.categories)
    by_part = {
        Part.UPLOAD: f"Require an upload: {product} > File Upload, name {settings.upload_name}.",
        Part.CATEGORIES: f"Assign the categories {wanted}: {product} > Categories.",
        Part.ENGINE: f"Enter the MIS Product ID {draft.engine_product_id}: {product} > Pricing, "
        f"engine {settings.pricing_engine_name}.",
        Part.MIS_ID: f"Enter the integration id {draft.engine_product_id}: {product} > Integration.",
    }
    return tuple(sentence for part, sentence in by_part.items() if part in missing)


def binding_from(details: Row, names: Assumptions) -> ProductBinding:
    """What ties a product to an MIS and to its pricing engines."""
    return ProductBinding(
        part_number=text(details.get("PrintersPartNum")),
        mis_product_id=text(details.get("MisId")),
        pairings=tuple(_pairings(details, names)),
    )


def _pairings(details: Row, names: Assumptions) -> list[Pairing]:
    """By their priority."""
    given = details.get("ProductGroupCalculators")
    rows = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    rows.sort(key=lambda row: row["Priority"] if isinstance(row.get("Priority"), int) else MAX_QUANTITY)
    return [
        Pairing(
            group_id=text(row.get("GroupId")),
            engine_id=text(row.get("CalculatorId")),
            configuration=row.get(names.engine_product_id) or None,
        )
        for row in rows
    ]


def binding_body(binding: ProductBinding, names: Assumptions) -> Row:
    """A partial update: only what ties the product is in it. An empty text clears a member."""
    info = {"PrintersPartNum": binding.part_number}
    if names.product_mis_id:
        info[names.product_mis_id] = binding.mis_product_id
    return {"ProductInfo": info, "ProductGroupCalculators": _pairing_rows(binding.pairings, names)}


def binding_left(binding: ProductBinding, details: Row, settings: PresseroSettings) -> tuple[str, ...]:
    """What the shop does not show as bound: a sentence each."""
    now = binding_from(details, settings.assumptions)
    todo = []
    if now.part_number != binding.part_number:
        todo.append(f"Enter the part number {binding.part_number}: Catalog > Products > Details.")
    if now.pairings != binding.pairings:
        engines = "; ".join(f"group {one.group_id}: {_engine(one, settings)}" for one in binding.pairings)
        todo.append(f"Choose the pricing engines: Catalog > Products > Pricing, {engines}.")
    if now.mis_product_id != binding.mis_product_id:
        wanted = binding.mis_product_id or "(nothing)"
        todo.append(f"Enter the integration id {wanted}: Catalog > Products > Integration.")
    return tuple(todo)


def _engine(one: Pairing, settings: PresseroSettings) -> str:
    told = f" with MIS Product ID {one.configuration}" if isinstance(one.configuration, str) else ""
    return f"engine {one.engine_id}{told}"


def import_file(products: Sequence[Unfinished], settings: PresseroSettings) -> ImportFile:
    """A CSV file for Admin > Catalog > Products > Import, with no column that a person may have edited."""
    most = min(max((len(one.groups) for one in products), default=0), MAX_GROUPS)
    columns = [
        name.replace("{n}", str(number))
        for number in range(1, most + 1)
        for name in settings.assumptions.import_columns
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Product Id", "Part Number", *columns])
    for one in products:
        per_group = [
            (group.name, settings.pricing_engine_name, one.engine_product_id) for group in one.groups
        ]
        cells = [cell for group in per_group[:MAX_GROUPS] for cell in group]
        writer.writerow([one.shop_product_id, one.part_number, *cells])
    return ImportFile(name="pressero-products.csv", content=out.getvalue().encode("utf-8-sig"))


def shop_product(row: Row, by_hand: tuple[str, ...] = ()) -> ShopProduct:
    """A product from a list, from details, or from the answer to a create: three spellings (seen)."""
    info = row.get("ProductInfo") if isinstance(row.get("ProductInfo"), dict) else row
    found: Row = info or {}
    return ShopProduct(
        id=text(found.get("ProductId")),
        name=text(found.get("ProductName")),
        part_number=text(found.get("PrintersPartNum")),
        public_part_number=text(found.get("PublicPartNum") or found.get("PublicPartNumber")),
        url_name=text(found.get("UrlName")),
        by_hand=by_hand,
    )


def whole(level: Decimal | None) -> int:
    """A stock level as the shop counts it: whole pieces, not below zero."""
    return max(0, int(level or 0))
