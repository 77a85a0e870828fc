"""The first product of a company: one of the MIS, brought into a site, so that there is something to order."""

from collections.abc import Sequence

from makeready.connectors import Connectors
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.product import MisProduct, ProductSearch
from makeready_imports.choices import ImportRequest, lacks_stage
from makeready_imports.jobs import import_now
from msgspec import Struct

from makeready_admin.start.steps import StepName, mark_done
from makeready_admin.web.texts import gettext as _


class FirstProducts(Struct, frozen=True, kw_only=True):
    """What can be chosen."""

    sites: Sequence[str]
    products: Sequence[MisProduct]


async def offered(installation: Installation, subscriber: Subscriber) -> FirstProducts:
    """The first page of a search for anything. Raises as the hooks."""
    connectors = await installation.connectors(subscriber)
    found = await connectors.search_mis_products(connectors.mis(), ProductSearch())
    sites = [one.domain for one in await connectors.list_sites() or ()]
    return FirstProducts(sites=sites, products=found.products)


async def import_first(installation: Installation, subscriber: Subscriber, site: str, product: str) -> str:
    """With a workflow by which its orders reach the MIS. What was done, in a sentence. Raises ConfigError."""
    if not site or not product:
        raise ConfigError("Choose a site and a product.", field="product")
    connectors = await installation.connectors(subscriber)
    workflow = await _workflow(connectors, site, subscriber.orders.stage_for(site))
    wish = ImportRequest(site=site, product_ids=(product,), workflow=workflow)
    await import_now(installation, subscriber, wish)
    await mark_done(installation, subscriber, StepName.PRODUCTS)
    return _("The product is being imported into %(site)s.") % {"site": site}


async def _workflow(connectors: Connectors, site: str, stage: str) -> str:
    """The first that has the stage; the site's own where nobody tells."""
    choices = await connectors.read_site_choices(site)
    for one in choices.workflows or ():
        if not await lacks_stage(connectors, site, one.id, stage):
            return one.name
    return ""
