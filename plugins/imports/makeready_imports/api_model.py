"""What of products and imports goes into the API and what comes out, where it is not what the stories give."""

from typing import Annotated, Literal

from makeready.products.model import ImportItem, ItemState
from makeready.web.api.shapes import Cursor, Moment, PageQuery
from makeready_hooks.model.product import Choice
from msgspec import Meta, Struct, field

from makeready_imports.catalogue import Listed
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import Progress
from makeready_imports.link_existing import Suggestion, Undone
from makeready_imports.links import Unlinked

Name = Annotated[str, Meta(min_length=1, max_length=500)]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=10_000)]


MisName = Annotated[
    str, Meta(description="Which MIS, for a company with several: the name of its connector.")
]


class ProductsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    q: Annotated[str, Meta(description="Part of an id, a code or a name.")] = ""
    site: Annotated[str, Meta(description="Domain of a shop: those that are in it are marked.")] = ""
    mis: MisName = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    cursor: Cursor = ""


class SiteQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Annotated[str, Meta(min_length=1, description="Domain of a shop.")]


class ProfilesQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Annotated[str, Meta(min_length=1, description="Domain of a shop.")]


class SuggestionsQuery(ProfilesQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    q: str = ""
    mis: MisName = ""


class LinksQuery(ProfilesQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    q: Annotated[str, Meta(description="Part of an id of the MIS, a part number or an address.")] = ""


class ItemsQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: Annotated[ItemState | None, Meta(description="Only products in this state.")] = None


class ProfileBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    wish: Annotated[ImportRequest, Meta(description="The choices; its products are not kept.")]


class SiteBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Name


class MarkupBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Name
    markup_percent: Annotated[str, Meta(max_length=20, description="Per cent, such as 25 or 25.5.")]
    product_ids: Annotated[Names, Meta(description="Ids of the MIS, of products that are linked.")]


class Pair(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product: Annotated[Name, Meta(description="Id or code in the MIS.")]
    shop_product: Annotated[Name, Meta(description="Id or part number in the shop.")]


class PlanLinksBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Name
    mis: MisName = ""
    pairs: Annotated[tuple[Pair, ...], Meta(min_length=1, max_length=10_000)]


class LinkedBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Name
    product_ids: Names


class SiteAnswer(Struct, frozen=True, kw_only=True):
    """What can be chosen for an import into a site. null: the shop does not tell."""

    site: str
    groups: tuple[Choice, ...] | None
    categories: tuple[Choice, ...] | None
    workflows: tuple[Choice, ...] | None


class ProductsAnswer(Struct, frozen=True, kw_only=True):
    products: tuple[Listed, ...]
    total: Annotated[int | None, Meta(description="Of all pages; null if the MIS does not tell.")]
    next_cursor: str | None


class LinkAnswer(Struct, frozen=True, kw_only=True):
    """A product of the MIS that is in a shop."""

    product_id: str
    part_number: str
    url_name: str
    shop_product_id: str
    existed: Annotated[
        bool, Meta(description="The shop had it before; undoing the link gives it back what it was bound to.")
    ]
    job: Annotated[int, Meta(description="The import that made or linked it.")]
    linked_at: Moment


class LinksAnswer(Struct, frozen=True, kw_only=True):
    links: Annotated[tuple[LinkAnswer, ...], Meta(description="By id of the MIS.")]
    next_cursor: str | None


class ProfileAnswer(Struct, frozen=True, kw_only=True):
    """Choices of an import under a name."""

    name: str
    wish: ImportRequest


class ProfilesAnswer(Struct, frozen=True, kw_only=True):
    profiles: Annotated[tuple[ProfileAnswer, ...], Meta(description="By name.")]
    next_cursor: str | None


class DeletedAnswer(Struct, frozen=True, kw_only=True):
    name: str


class SitesAnswer(Struct, frozen=True, kw_only=True):
    sites: tuple[str, ...]


class PlanAnswer(Struct, frozen=True, kw_only=True):
    """A plan does nothing until it is run."""

    job: int
    items: tuple[ImportItem, ...]
    errors: Annotated[tuple[str, ...], Meta(description="Rows for which nothing will be done, and why.")]
    warning: Annotated[
        str, Meta(description="What will be wrong with orders of the products; empty if nothing.")
    ]


class JobAnswer(Struct, frozen=True, kw_only=True):
    id: int = field(name="job")
    site: str
    state: str
    markup_percent: str
    workflow: str
    created_at: Moment
    started_at: Moment | None


class ImportsAnswer(Struct, frozen=True, kw_only=True):
    imports: Annotated[tuple[JobAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


class ImportAnswer(Struct, frozen=True, kw_only=True):
    progress: Progress
    items: Annotated[tuple[ImportItem, ...], Meta(description="One page of them.")]
    next_cursor: str | None


class ProgressEvent(Struct, frozen=True, kw_only=True):
    """A server-sent event: ``progress`` at each change, ``end`` when nothing more happens."""

    event: Literal["progress", "end"]
    data: Annotated[
        str,
        Meta(
            extra_json_schema={"contentMediaType": "application/json"},
            description="Of ``progress``: what runImport answers.",
        ),
    ]


class SuggestionsAnswer(Struct, frozen=True, kw_only=True):
    suggestions: tuple[Suggestion, ...]
    next_cursor: str | None


class UndoneAnswer(Struct, frozen=True, kw_only=True):
    done: tuple[Undone, ...]


class UnlinkedAnswer(Struct, frozen=True, kw_only=True):
    done: tuple[Unlinked, ...]
