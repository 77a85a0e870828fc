"""Operations about products: looking, importing, adopting, linking."""

from makeready.products import api as do
from makeready.products import api_model
from makeready.products.choices import ImportRequest
from makeready.products.jobs import Progress
from makeready.products.links import Orphans
from makeready.web.api.operation import ONE, Operation, grouped
from makeready.web.api.shapes import NoBody, PageQuery

IMPORTS = ONE + "/imports"
IMPORT = IMPORTS + "/{job}"
PROFILES = ONE + "/profiles"

NAMES = {
    "products": "product_ids",
    "markup": "markup_percent",
    "group": "groups",
    "category": "categories",
    "public-part-number": "public_part_number",
}

PROFILE_NAMES = {"profile": "name"} | {
    name: f"wish.{member}"
    for name, member in (NAMES | {name: name for name in ImportRequest.__struct_fields__}).items()
}

FIND = grouped(
    "Products",
    Operation(
        name="findProducts",
        method="GET",
        path=ONE + "/products",
        summary="Products of the MIS that are for sale",
        run=do.find_products,
        answer=api_model.ProductsAnswer,
        query=api_model.ProductsQuery,
        asks_vendors=True,
    ),
    Operation(
        name="listSites",
        method="GET",
        path=ONE + "/sites",
        summary="Domains of the shops",
        run=do.list_sites,
        answer=api_model.SitesAnswer,
        asks_vendors=True,
    ),
    Operation(
        name="showSite",
        method="GET",
        path=ONE + "/sites/{site}",
        summary="What can be chosen for an import into a shop",
        run=do.show_site,
        answer=api_model.SiteAnswer,
        asks_vendors=True,
    ),
)

IMPORTING = grouped(
    "Imports",
    Operation(
        name="planImport",
        method="POST",
        path=IMPORTS,
        summary="Plan an import: what would be made, adopted, skipped, and why",
        run=do.plan,
        answer=api_model.PlanAnswer,
        body=ImportRequest,
        names=NAMES,
        action="import plan",
        asks_vendors=True,
    ),
    Operation(
        name="listImports",
        method="GET",
        path=IMPORTS,
        summary="Imports, the newest first",
        run=do.list_imports,
        answer=api_model.ImportsAnswer,
        query=PageQuery,
    ),
    Operation(
        name="showImport",
        method="GET",
        path=IMPORT,
        summary="How far an import is, and its products",
        run=do.show_import,
        answer=api_model.ImportAnswer,
        query=api_model.ItemsQuery,
    ),
    Operation(
        name="runImport",
        method="POST",
        path=IMPORT + "/run",
        summary="Run a plan, go on after a pause, or try again what failed",
        run=do.run,
        answer=Progress,
        body=NoBody,
        action="import run",
    ),
    Operation(
        name="pauseImport",
        method="POST",
        path=IMPORT + "/pause",
        summary="Stop after the products that are under way",
        run=do.pause,
        answer=Progress,
        body=NoBody,
        action="import pause",
    ),
    Operation(
        name="cancelImport",
        method="POST",
        path=IMPORT + "/cancel",
        summary="End an import for good",
        run=do.cancel,
        answer=Progress,
        body=NoBody,
        action="import cancel",
    ),
    Operation(
        name="followImport",
        method="GET",
        path=IMPORT + "/events",
        summary="The progress of an import as server-sent events",
        run=do.follow,
        also={do.EVENTS: api_model.ProgressEvent},
    ),
    Operation(
        name="importFile",
        method="GET",
        path=IMPORT + "/file",
        summary="The shop's own import file for what is left to do by hand",
        run=do.file,
        also={do.CSV: None},
        asks_vendors=True,
    ),
    Operation(
        name="listProfiles",
        method="GET",
        path=PROFILES,
        summary="Choices of imports that are kept for a shop",
        run=do.list_profiles,
        answer=api_model.ProfilesAnswer,
        query=api_model.ProfilesQuery,
    ),
    Operation(
        name="saveProfile",
        method="POST",
        path=PROFILES,
        summary="Keep the choices of an import under a name",
        run=do.save_profile,
        answer=api_model.ProfileAnswer,
        body=api_model.ProfileBody,
        names=PROFILE_NAMES,
        action="import profile",
        asks_vendors=True,
    ),
    Operation(
        name="deleteProfile",
        method="POST",
        path=PROFILES + "/{profile}/delete",
        summary="Forget choices of imports",
        run=do.delete_profile,
        answer=api_model.DeletedAnswer,
        body=api_model.SiteBody,
        action="import profile",
    ),
)

LINKS = grouped(
    "Products in a shop",
    Operation(
        name="listLinks",
        method="GET",
        path=ONE + "/links",
        summary="Products of the MIS that are in a shop",
        run=do.list_links,
        answer=api_model.LinksAnswer,
        query=api_model.LinksQuery,
    ),
    Operation(
        name="suggestAdoptions",
        method="GET",
        path=ONE + "/adoptions/suggestions",
        summary="Products of the shop that may be the MIS's",
        run=do.suggest,
        answer=api_model.SuggestionsAnswer,
        query=api_model.SuggestionsQuery,
        asks_vendors=True,
    ),
    Operation(
        name="planAdoption",
        method="POST",
        path=ONE + "/adoptions",
        summary="Plan an adoption; run it like an import",
        run=do.adopt,
        answer=api_model.PlanAnswer,
        body=api_model.AdoptBody,
        names={"products": "pairs"},
        action="adopt plan",
        asks_vendors=True,
    ),
    Operation(
        name="undoAdoption",
        method="POST",
        path=ONE + "/adoptions/undo",
        summary="Give adopted products back what they were bound to",
        run=do.undo_adoption,
        answer=api_model.UndoneAnswer,
        body=api_model.LinkedBody,
        action="adopt undo",
        asks_vendors=True,
    ),
    Operation(
        name="unlink",
        method="POST",
        path=ONE + "/links/forget",
        summary="Forget that products are in a shop; the shop keeps them",
        run=do.unlink,
        answer=api_model.UnlinkedAnswer,
        body=api_model.LinkedBody,
        action="import unlink",
    ),
    Operation(
        name="findOrphans",
        method="GET",
        path=ONE + "/links/orphans",
        summary="Links that do not fit the shop or the MIS any more",
        run=do.find_orphans,
        answer=Orphans,
        query=api_model.SiteQuery,
        asks_vendors=True,
    ),
)

PRODUCTS = (*FIND, *IMPORTING, *LINKS)
