"""Settings of a company: looked at and tested by its people, changed by operators after a look at the difference."""

import re
import tomllib
from collections.abc import Awaitable, Callable, Collection
from itertools import chain, count
from unicodedata import normalize

import tomli_w
from makeready.subscribers import changes as subscribers
from makeready.subscribers.setup import install as setup_install
from makeready.subscribers.setup.addresses import addresses_of, renew_addresses
from makeready_hooks.errors import CallRejected, ConfigError
from makeready_hooks.model.setup import InstallKind
from makeready_hooks.names import as_attachment
from makeready_inspect.check import CheckResult, check_subscriber
from starlette.responses import Response

from makeready_admin.settings.cards import cards_of, find_settings, lacking_roles
from makeready_admin.settings.drafts import (
    Draft,
    open_draft,
    propose_draft,
    save_draft,
    seal_draft,
    undo_draft,
)
from makeready_admin.settings.effects import effects
from makeready_admin.settings.fields import hidden_in
from makeready_admin.settings.forms import (
    SettingsForm,
    connector_form,
    general_form,
    rules_form,
    show_form,
    use_form,
)
from makeready_admin.settings.words import difference, differences_of
from makeready_admin.web.frame import HEADERS
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Form, Visit, redirect
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

SHOWN_CHANGES = 50
MOST_CHARACTERS = 30
NOT_KEPT = ""
"""A form that only shows a difference is no action of the audit log."""

KINDS = {InstallKind.WEBHOOK: marked("webhook"), InstallKind.PRICING_ENGINE: marked("pricing engine")}


async def show_settings(visit: Visit) -> Response:
    installation, subscriber = visit.installation, visit.subscriber
    public_url = await installation.store.subscribers.public_url()
    cards = cards_of(installation, subscriber)
    return await visit.page(
        "settings.html",
        cards=cards,
        searched_for=visit.query("find"),
        found=find_settings(cards, visit.query("find")),
        lacking_roles=lacking_roles(installation, subscriber),
        others=[kind for name, kind in installation.kinds.items() if name not in subscriber.connectors],
        addresses={
            installation.kind(name).title: addresses_of(subscriber, installation.kind(name), public_url)
            for name in subscriber.connectors
            if name in installation.kinds
        },
        titles={name: kind.title for name, kind in installation.kinds.items()},
        hidden_in=hidden_in,
        public_url=public_url,
        snippets=await setup_install.snippets(installation, subscriber),
        installed=await installation.store.subscribers.installed(subscriber.name),
    )


async def check(visit: Visit) -> Response:
    """*Test connection*: asks both sides; the page that follows says what to change where."""
    visit.asking.start(visit.key("check"), _checking(visit))
    return redirect(f"{_at(visit)}/check")


async def show_check(visit: Visit) -> Response:
    asked = await visit.ask("check", question=_checking(visit))
    return await visit.page_with_part("check.html", asked.waiting, asked=asked)


def _checking(visit: Visit) -> Callable[[], Awaitable[list[CheckResult]]]:
    return lambda: check_subscriber(visit.installation, visit.subscriber)


async def install(visit: Visit) -> Response:
    return await visit.told(await make_in_accounts(visit), _at(visit))


async def make_in_accounts(visit: Visit) -> str:
    """What was made in the vendors' accounts, in a sentence."""
    # as it stands now: the public address, which may just have been given, makes its addresses anew
    subscriber = await visit.installation.subscriber(visit.subscriber.name)
    made = await setup_install.install(visit.installation, subscriber)
    there: dict[str, list[str]] = {}
    for name, one in made:
        if not one.by_hand:
            there.setdefault(visit.installation.kind(name).title, []).append(_(KINDS[one.kind]))
    said = [
        _("%(what)s set up in %(where)s.") % {"what": " and ".join(what).capitalize(), "where": where}
        for where, what in there.items()
    ]
    if left := [_(KINDS[one.kind]) for _name, one in made if one.by_hand]:
        said.append(_("To be made by hand, see below: %(what)s.") % {"what": ", ".join(left)})
    return " ".join(said) or _("There was nothing to set up.")


async def renew(visit: Visit) -> Response:
    await renew_addresses(visit.installation, visit.subscriber)
    return await visit.told(
        "The addresses are new, and those of before are not answered any more. Next: set them up below; then take "
        "the old webhook and pricing engine out of the shop.",
        _at(visit),
    )


def _at(visit: Visit) -> str:
    return f"{visit.home}/settings"


# One form: a connector's settings, a topic's, the company's


async def edit_connector(visit: Visit) -> Response:
    return await show_form(visit, connector_form(visit, visit.part("connector")))


async def edit_rules(visit: Visit) -> Response:
    return await show_form(visit, rules_form(visit, visit.part("kind")))


async def edit_general(visit: Visit) -> Response:
    return await show_form(visit, general_form(visit))


async def review_connector(visit: Visit) -> Response:
    return await _review(visit, connector_form(visit, visit.part("connector")))


async def review_rules(visit: Visit) -> Response:
    return await _review(visit, rules_form(visit, visit.part("kind")))


async def review_general(visit: Visit) -> Response:
    return await _review(visit, general_form(visit))


async def _review(visit: Visit, filled: SettingsForm) -> Response:
    """What would change; or the form again, with everything that is wrong."""
    return await use_form(
        visit,
        filled,
        lambda draft: show_draft(visit, draft),
        lambda wrong: show_form(visit, filled, wrong),
    )


async def show_draft(visit: Visit, draft: Draft) -> Response:
    """The difference, before anything is saved. What is to be saved goes along sealed."""
    proposal = await propose_draft(visit.installation, draft)
    sealed = seal_draft(visit.installation, draft)
    changes = [difference(visit.installation, one) for one in proposal.changes]
    return await visit.page(
        "review-settings.html",
        changes=changes,
        topics=", ".join(dict.fromkeys(one.title.partition(":")[0] for one in changes)),
        effects=await effects(visit.installation, visit.subscriber, proposal),
        warnings=proposal.warnings,
        draft=sealed,
    )


async def save(visit: Visit) -> Response:
    draft = open_draft(visit.installation, visit.form.raw("draft"))
    if draft.name != visit.subscriber.name:
        raise CallRejected("These settings are another company's.", status=403)
    proposal = await save_draft(visit.installation, draft, visit.user.name)
    count = len(proposal.changes)
    told = (
        f"{count} setting{' was' if count == 1 else 's were'} changed." if count else "Nothing was changed."
    )
    return await visit.told(told, _at(visit))


# As a file, and back


async def export_file(visit: Visit) -> Response:
    name = visit.subscriber.name
    settings = subscribers.export(visit.installation, visit.subscriber)
    text = tomli_w.dumps({"subscribers": {name: settings}})
    attachment = {"Content-Disposition": as_attachment(f"{name}.toml")}
    return Response(text, headers={**HEADERS, **attachment}, media_type="application/toml")


async def review_file(visit: Visit) -> Response:
    """The text of a settings file, for this company."""
    name = visit.subscriber.name
    try:
        content = tomllib.loads(visit.form.raw("file"))
    except (ValueError, RecursionError) as exc:  # a number may have too many digits
        raise ConfigError(f"This is not TOML: {exc}.", field="file") from None
    found = content.get("subscribers")
    if not isinstance(found, dict) or list(found) != [name] or not isinstance(found[name], dict):
        raise ConfigError(
            f"The file is not about {name} alone.",
            field="file",
            fix=f"It has one table [subscribers.{name}].",
        )
    return await show_draft(visit, Draft(name=name, version=visit.subscriber.version, settings=found[name]))


async def show_history(visit: Visit) -> Response:
    changes = await visit.installation.store.subscribers.changes(visit.subscriber.name, SHOWN_CHANGES)
    return await visit.page(
        "settings-history.html",
        changes=[(one, list(differences_of(visit.installation, one))) for one in changes],
    )


async def review_undo(visit: Visit) -> Response:
    number = visit.part("change")
    draft = await undo_draft(
        visit.installation, visit.subscriber, int(number) if number.isdecimal() and len(number) < 16 else 0
    )
    return await show_draft(visit, draft)


# A new company


def company_number(form: Form) -> int:
    text = form.text("external_user_id")
    if not text.isdecimal() or len(text) > 9:
        raise ConfigError(
            f"{text} is not a number.",
            field="external_user_id",
            fix="Give a whole number.",
        )
    return int(text)


async def show_new(visit: Visit) -> Response:
    known = await visit.installation.store.subscribers.all()
    return await visit.page(
        "new-subscriber.html", number=max((one.external_user_id for one in known), default=100) + 1
    )


async def add(visit: Visit) -> Response:
    """A short name that was not given is made from the name."""
    store, title = visit.installation.store.subscribers, visit.form.text("title")
    taken = {one.name for one in await store.all()}
    name = visit.form.text("name") or _short_name(title, taken)
    if name in taken:
        raise ConfigError(
            f"There is a company {name} already.",
            field="name",
            fix="Choose another name.",
        )
    given = {"title": title or name, "external_user_id": company_number(visit.form)}
    await save_draft(visit.installation, Draft(name=name, version=0, settings=given), visit.user.name)
    return await visit.told(
        _("The company is added. Next: its shop and its MIS."), f"{ROOT}/subscribers/{name}/start"
    )


def _short_name(title: str, taken: Collection[str]) -> str:
    """``northfield-print``; another number behind it if it is taken."""
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_CHARACTERS].strip("-")
    name = name if name[:1].isalpha() else f"company-{name}".strip("-")
    others = (f"{name}-{number}" for number in count(2))
    return next(one for one in chain([name], others) if one not in taken)


AT = "/subscribers/{subscriber}/settings"

PAGES = (
    page(AT, Needs.SEE, show_settings),
    form(f"{AT}/check", Needs.CHANGE, check, "subscriber check"),
    page(f"{AT}/check", Needs.CHANGE, show_check),
    form(f"{AT}/install", Needs.OPERATOR, install, "subscriber install"),
    form(f"{AT}/addresses", Needs.OPERATOR, renew, "addresses renew"),
    page(f"{AT}/connectors/{{connector}}", Needs.OPERATOR, edit_connector),
    form(f"{AT}/connectors/{{connector}}", Needs.OPERATOR, review_connector, NOT_KEPT),
    page(f"{AT}/rules/{{kind}}", Needs.OPERATOR, edit_rules),
    form(f"{AT}/rules/{{kind}}", Needs.OPERATOR, review_rules, NOT_KEPT),
    page(f"{AT}/general", Needs.OPERATOR, edit_general),
    form(f"{AT}/general", Needs.OPERATOR, review_general, NOT_KEPT),
    form(f"{AT}/file", Needs.OPERATOR, review_file, NOT_KEPT),
    page(f"{AT}/file", Needs.OPERATOR, export_file),
    form(f"{AT}/save", Needs.OPERATOR, save, "settings save", target="topics"),
    page(f"{AT}/history", Needs.SEE, show_history),
    form(f"{AT}/history/{{change}}/undo", Needs.OPERATOR, review_undo, NOT_KEPT, target="change"),
    page("/new-company", Needs.OPERATOR, show_new),
    form("/new-company", Needs.OPERATOR, add, "subscriber add", target="name"),
)
