"""What a person chooses for an import, checked against what the site offers."""

import string
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from makeready.connectors import Connectors
from makeready.contexts import ProductContext
from makeready.products.model import ImportChoices
from makeready.subscribers.model import Subscriber
from makeready_hooks import specs
from makeready_hooks.errors import ConfigError, MakereadyError, Refused
from makeready_hooks.model.product import Choice, MisProduct, SiteChoices
from makeready_hooks.model.setup import InstallKind
from makeready_hooks.names import name_key, same_name
from msgspec import Meta, Struct

from makeready_imports.markups.percents import read_percent

PUBLIC_NUMBER_FIELDS = ("part_number", "id", "code", "name")


class Existing(StrEnum):
    """What to do about a product whose number or name is in the shop already."""

    SKIP = "skip"
    LINK = "link"
    """Bind the shop's product, if there is exactly one."""
    NEW = "new"
    """Make another one beside it."""


class ImportRequest(Struct, frozen=True, kw_only=True):
    """An import as a person asks for it: names, not ids. Without products it is a profile."""

    site: str
    mis: Annotated[
        str, Meta(description="Which MIS, for a company with several: the name of its connector.")
    ] = ""
    product_ids: Annotated[tuple[str, ...], Meta(description="Ids or codes of the MIS.")] = ()
    all_matching: Annotated[
        str | None,
        Meta(description="Every product that a search for this finds; empty for the whole catalogue."),
    ] = None
    markup_percent: str = "0"
    groups: Annotated[
        tuple[str, ...], Meta(description="Names of user groups; empty for all of the site's.")
    ] = ()
    categories: tuple[str, ...] = ()
    workflow: str = ""
    upload_required: bool = False
    public_part_number: Annotated[
        str, Meta(description="A template with the names in ``PUBLIC_NUMBER_FIELDS``.")
    ] = "{part_number}"
    existing: Existing = Existing.SKIP


async def choices_of(
    context: ProductContext, subscriber: Subscriber, connectors: Connectors, wish: ImportRequest
) -> ImportChoices:
    """The wish with the shop's ids. Raises ConfigError that names what is wrong and what there is."""
    percent = read_percent(wish.markup_percent)
    check_wished_markup(subscriber, percent)
    check_template(wish.public_part_number)
    engine_id = await engine_of(context, subscriber, connectors, wish.site)
    offered = await _offered(connectors, wish.site)
    workflow = _pick("workflow", (wish.workflow,) if wish.workflow else (), offered.workflows)
    return ImportChoices(
        site=wish.site,
        mis=connectors.mis(wish.mis),
        markup_percent=str(percent),
        groups=_pairs(_pick("group", wish.groups, offered.groups) or _all_groups(offered)),
        categories=_pairs(_pick("category", wish.categories, offered.categories)),
        workflow_id=workflow[0].id if workflow else "",
        workflow=workflow[0].name if workflow else "",
        upload_required=wish.upload_required,
        engine_id=engine_id,
        warning=await _warning(subscriber, connectors, wish.site, workflow[0]) if workflow else "",
    )


async def _warning(subscriber: Subscriber, connectors: Connectors, site: str, workflow: Choice) -> str:
    stage = subscriber.orders.stage_for(site)
    if not await lacks_stage(connectors, site, workflow.id, stage):
        return ""
    return (
        f"The workflow {workflow.name} has no stage {stage}, at which orders go to the MIS: orders of these products would "
        "wait for ever. Choose another workflow, or the stage in the settings of orders."
    )


async def lacks_stage(connectors: Connectors, site: str, workflow_id: str, stage: str) -> bool:
    """Orders of a workflow without the stage at which they go to the MIS wait for ever. What is not told lacks nothing."""
    try:
        stages = await connectors.list_workflow_stages(connectors.ids.shop_of(site), workflow_id)
    except MakereadyError:  # it is looked at again by the check, and a line that waits long is told
        return False
    return bool(stages) and not any(same_name(one.name, stage) for one in stages)


async def _offered(connectors: Connectors, site: str) -> SiteChoices:
    """Raises ConfigError that lists the sites, if there is no such site."""
    try:
        return await connectors.read_site_choices(site)
    except Refused:
        try:
            sites = [one.domain for one in await connectors.list_sites()]
        except MakereadyError:  # not every account can list them
            sites = []
        if not sites or site in sites:
            raise
        raise ConfigError(
            f"There is no site {site}.", field="site", fix=f"There are: {', '.join(sites)}."
        ) from None


def _all_groups(offered: SiteChoices) -> tuple[Choice, ...]:
    if not offered.groups:
        raise ConfigError(
            "The shop does not tell its user groups.",
            field="group",
            fix="Give the API user access to the site.",
        )
    return offered.groups


def _pick(what: str, names: tuple[str, ...], offered: tuple[Choice, ...] | None) -> tuple[Choice, ...]:
    """The chosen ones, by name or id, each once. Raises ConfigError that lists what there is."""
    choices = {key: one for one in offered or () for key in (name_key(one.name), one.id)}
    found = [choices.get(name.strip()) or choices.get(name_key(name)) for name in names]
    for name, choice in zip(names, found, strict=True):
        if choice is None:
            known = ", ".join(one.name for one in offered or ()) or "none that this account can list"
            raise ConfigError(f"The site has no {what} {name}.", field=what, fix=f"There are: {known}.")
    return tuple(dict.fromkeys(filter(None, found)))


def _pairs(choices: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.name) for one in choices)


def check_wished_markup(subscriber: Subscriber, percent: Decimal) -> None:
    """Raises ConfigError for a mark-up in the shop where the engine adds one."""
    if percent and subscriber.prices.markup == "engine":
        raise ConfigError(
            "The mark-up would be added twice: by the shop, and by the engine.",
            field="markup",
            fix='Import without a mark-up, or set markup = "shop" in the subscriber\'s prices.',
        )


async def engine_of(
    context: ProductContext, subscriber: Subscriber, connectors: Connectors, site: str
) -> str:
    """Id of the pricing engine that was installed in the site's shop. Raises ConfigError if there is none."""
    shop_of = connectors.ids.shop_of
    for row in await context.store.subscribers.installed(subscriber.name):
        if row.kind == InstallKind.PRICING_ENGINE and row.id and shop_of(row.id) == shop_of(site):
            return row.id
    can_install = connectors.any_has(specs.install)
    by_hand = "None of its connectors can make one there: products cannot be imported."
    raise ConfigError(
        "The shop has no pricing engine for this subscriber yet.",
        field="pricing-engine",
        fix=f"Run: makeready subscriber install {subscriber.name}." if can_install else by_hand,
    )


def check_template(template: str) -> None:
    """Raises ConfigError for a public part number that cannot be made."""
    known = ", ".join(f"{{{name}}}" for name in PUBLIC_NUMBER_FIELDS)
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError:
        fields = [("", "", None, None)]
    names = [(name, spec, how) for _, name, spec, how in fields if name is not None]
    if not template.strip() or any(
        name not in PUBLIC_NUMBER_FIELDS or spec or how for name, spec, how in names
    ):
        raise ConfigError(
            f"The public part number {template!r} cannot be made.",
            field="public-part-number",
            fix=f"Write text with any of {known}.",
        )


def public_number(template: str, part_number: str, product: MisProduct) -> str:
    """The public part number of a product; empty if the product lacks what the template names."""
    names = {"part_number": part_number, "id": product.id, "code": product.code, "name": product.title}
    used = [name for _, name, _, _ in string.Formatter().parse(template) if name]
    return template.format_map(names) if all(names[name] for name in used) else ""


# Profiles: choices under a name


async def save_profile(
    context: ProductContext, subscriber: Subscriber, name: str, wish: ImportRequest
) -> ImportRequest:
    """Keep the choices of a wish for its site, in place of what had this name. Returns what is kept.

    Raises ConfigError for a choice that the site does not offer.
    """
    if not name.strip():
        raise ConfigError("A profile needs a name.", field="profile")
    await choices_of(context, subscriber, await context.connectors(subscriber), wish)
    kept = msgspec.structs.replace(wish, product_ids=(), all_matching=None)
    await context.store.profiles.save(
        subscriber.name, wish.site, name.strip(), msgspec.json.encode(kept).decode()
    )
    return kept


async def delete_profile(context: ProductContext, subscriber: Subscriber, site: str, name: str) -> None:
    """Raises ConfigError if the site has no such profile."""
    if not await context.store.profiles.delete(subscriber.name, site, name):
        raise ConfigError(f"The site {site} has no profile {name}.", field="profile")


async def profiles(context: ProductContext, subscriber: Subscriber, site: str) -> dict[str, ImportRequest]:
    """The profiles of a site by name."""
    found = await context.store.profiles.of_site(subscriber.name, site)
    return {name: msgspec.json.decode(text, type=ImportRequest) for name, text in found.items()}


async def profile(context: ProductContext, subscriber: Subscriber, site: str, name: str) -> ImportRequest:
    """Raises ConfigError if the site has no such profile."""
    found = await profiles(context, subscriber, site)
    if name not in found:
        known = ", ".join(found) or "none yet: save one with --save-profile"
        raise ConfigError(
            f"The site {site} has no profile {name}.", field="profile", fix=f"There are: {known}."
        )
    return found[name]
