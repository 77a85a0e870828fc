"""Operations about products: looking, importing, adopting, linking."""

from makeready.flows.choosing import Wish
from makeready.flows.jobs import Progress
from makeready.flows.linking import Orphans
from makeready.flows.products import Listing
from makeready.web.api import product_handlers as do
from makeready.web.api import product_shapes as shapes
from makeready.web.api.operation import ONE, Operation
from makeready.web.api.shapes import NoBody

IMPORTS = ONE + "/imports"
IMPORT = IMPORTS + "/{job}"

NAMES = {
    "products": "product_ids",
    "markup": "markup_percent",
    "group": "groups",
    "category": "categories",
    "public-part-number": "public_part_number",
}

PRODUCTS = (
    Operation(
        name="findProducts",
        method="GET",
        path=ONE + "/products",
        summary="Products of the MIS that are for sale",
        run=do.find_products,
        answer=Listing,
        query=shapes.ProductsQuery,
    ),
    Operation(
        name="listSites",
        method="GET",
        path=ONE + "/sites",
        summary="Domains of the shops",
        run=do.list_sites,
        answer=shapes.SitesAnswer,
    ),
    Operation(
        name="showSite",
        method="GET",
        path=ONE + "/sites/{site}",
        summary="What can be chosen for an import into a shop",
        run=do.show_site,
        answer=shapes.SiteAnswer,
    ),
    Operation(
        name="planImport",
        method="POST",
        path=IMPORTS,
        summary="Plan an import: what would be made, adopted, skipped, and why",
        run=do.plan,
        answer=shapes.PlanAnswer,
        body=Wish,
        names=NAMES,
    ),
    Operation(
        name="listImports",
        method="GET",
        path=IMPORTS,
        summary="Imports, the newest first",
        run=do.list_imports,
        answer=shapes.ImportsAnswer,
    ),
    Operation(
        name="showImport",
        method="GET",
        path=IMPORT,
        summary="How far an import is, and its products",
        run=do.show_import,
        answer=shapes.ImportAnswer,
        query=shapes.ItemsQuery,
    ),
    Operation(
        name="runImport",
        method="POST",
        path=IMPORT + "/run",
        summary="Run a plan, go on after a pause, or try again what failed",
        run=do.run,
        answer=Progress,
        body=NoBody,
    ),
    Operation(
        name="pauseImport",
        method="POST",
        path=IMPORT + "/pause",
        summary="Stop after the products that are under way",
        run=do.pause,
        answer=Progress,
        body=NoBody,
    ),
    Operation(
        name="cancelImport",
        method="POST",
        path=IMPORT + "/cancel",
        summary="End an import for good",
        run=do.cancel,
        answer=Progress,
        body=NoBody,
    ),
    Operation(
        name="followImport",
        method="GET",
        path=IMPORT + "/events",
        summary="The progress of an import as server-sent events",
        run=do.follow,
        also=(do.EVENTS,),
    ),
    Operation(
        name="importFile",
        method="GET",
        path=IMPORT + "/file",
        summary="The shop's own import file for what is left to do by hand",
        run=do.file,
        also=(do.CSV,),
    ),
    Operation(
        name="suggestAdoptions",
        method="GET",
        path=ONE + "/adoptions/suggestions",
        summary="Products of the shop that may be the MIS's",
        run=do.suggest,
        answer=shapes.SuggestionsAnswer,
        query=shapes.SuggestionsQuery,
    ),
    Operation(
        name="planAdoption",
        method="POST",
        path=ONE + "/adoptions",
        summary="Plan an adoption; run it like an import",
        run=do.adopt,
        answer=shapes.PlanAnswer,
        body=shapes.AdoptBody,
        names={"products": "pairs"},
    ),
    Operation(
        name="undoAdoption",
        method="POST",
        path=ONE + "/adoptions/undo",
        summary="Give adopted products back what they were bound to",
        run=do.undo_adoption,
        answer=shapes.UndoneAnswer,
        body=shapes.LinkedBody,
    ),
    Operation(
        name="unlink",
        method="POST",
        path=ONE + "/links/forget",
        summary="Forget that products are in a shop; the shop keeps them",
        run=do.unlink,
        answer=shapes.UnlinkedAnswer,
        body=shapes.LinkedBody,
    ),
    Operation(
        name="findOrphans",
        method="GET",
        path=ONE + "/links/orphans",
        summary="Links that do not fit the shop or the MIS any more",
        run=do.find_orphans,
        answer=Orphans,
        query=shapes.SiteQuery,
    ),
)
