"""What of products and imports goes into the API and what comes out, where it is not what flows give."""

from typing import Annotated

from makeready_hooks.model.product import Choice
from msgspec import Meta, Struct

from makeready.flows.adopting import Suggestion, Undone
from makeready.flows.jobs import Progress
from makeready.flows.linking import Unlinked
from makeready.records import ImportItem, ImportJob
from makeready.times import from_seconds
from makeready.web.api.shapes import Moment

Name = Annotated[str, Meta(min_length=1, max_length=500)]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=10_000)]


class ProductsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    q: Annotated[str, Meta(description="Part of an id, a code or a name.")] = ""
    site: Annotated[str, Meta(description="Domain of a shop: those that are in it are marked.")] = ""
    page: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Meta(ge=1, le=500)] = 50


class SiteQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Annotated[str, Meta(min_length=1, description="Domain of a shop.")]


class SuggestionsQuery(SiteQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    q: str = ""


class ItemsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: Annotated[str, Meta(description="Only products in this state.")] = ""
    page: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class Pair(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product: Name
    """Id or code in the MIS."""
    shop_product: Name
    """Id or part number in the shop."""


class AdoptBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Name
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


class SitesAnswer(Struct, frozen=True, kw_only=True):
    sites: tuple[str, ...]


class PlanAnswer(Struct, frozen=True, kw_only=True):
    """A plan does nothing until it is run."""

    job: int
    items: tuple[ImportItem, ...]
    errors: tuple[str, ...]
    """Rows for which nothing will be done, and why."""


class JobAnswer(Struct, frozen=True, kw_only=True):
    job: int
    site: str
    state: str
    markup_percent: str
    workflow: str
    created_at: Moment
    started_at: Moment | None


class ImportsAnswer(Struct, frozen=True, kw_only=True):
    imports: tuple[JobAnswer, ...]


class ImportAnswer(Struct, frozen=True, kw_only=True):
    progress: Progress
    items: tuple[ImportItem, ...]
    """One page of them."""


def job_answer(job: ImportJob) -> JobAnswer:
    return JobAnswer(
        job=job.id,
        site=job.site,
        state=job.state,
        markup_percent=job.choices.markup_percent,
        workflow=job.choices.workflow,
        created_at=from_seconds(job.created_at),
        started_at=from_seconds(job.started_at) if job.started_at else None,
    )


class SuggestionsAnswer(Struct, frozen=True, kw_only=True):
    suggestions: tuple[Suggestion, ...]


class UndoneAnswer(Struct, frozen=True, kw_only=True):
    done: tuple[Undone, ...]


class UnlinkedAnswer(Struct, frozen=True, kw_only=True):
    done: tuple[Unlinked, ...]
