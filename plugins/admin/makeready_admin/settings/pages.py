"""Settings of a company: looked at and tested by its people, changed by operators after a look at the difference."""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import tomli_w
from makeready.subscribers import changes as subscribers
from makeready.subscribers.model import RULES
from makeready.subscribers.settings import ENVIRONMENTS
from makeready.subscribers.setup import install as setup_install
from makeready.subscribers.setup.addresses import addresses_of, renew_addresses
from makeready_hooks import ListKind
from makeready_hooks.errors import CallRejected, ConfigError
from makeready_hooks.names import as_attachment
from makeready_inspect.check import CheckResult, check_subscriber
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.settings.drafts import (
    Draft,
    open_draft,
    propose_draft,
    save_draft,
    seal_draft,
    undo_draft,
)
from makeready_admin.settings.fields import Field, Kind, fields_of, filled_rows, hidden_in, read, shown
from makeready_admin.settings.options import Options, list_options
from makeready_admin.web.asking import KEEP_LISTS_S, PATIENCE_S
from makeready_admin.web.frame import HEADERS
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Form, Visit, redirect

LAYERS = ("shared", *ENVIRONMENTS)
SHOWN_CHANGES = 50
MOST_IN_A_SELECT = 30
"""What is longer is typed, with suggestions: a form has many of them."""
MOST_SUGGESTIONS = 300
NOT_KEPT = ""
"""A form that only shows a difference is no action of the audit log."""


class Cell(Struct, frozen=True, kw_only=True):
    """One input."""

    name: str
    text: str
    """As it stands in the form."""
    stored: str
    """What is said of a secret: that it is stored, or which variable holds it."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Of a field with rows."""


class Row(Struct, frozen=True, kw_only=True):
    field: Field
    cells: tuple[Cell, ...]


async def show_settings(visit: Visit) -> Response:
    installation, subscriber = visit.installation, visit.subscriber
    exported = subscribers.export(installation, subscriber)
    public_url = await installation.store.subscribers.public_url()
    return await visit.page(
        "settings.html",
        exported=exported,
        kinds={name: installation.kinds.get(name) for name in subscriber.connectors},
        others=[kind for name, kind in installation.kinds.items() if name not in subscriber.connectors],
        rules=RULES,
        addresses={
            name: addresses_of(subscriber, installation.kind(name), public_url)
            for name in subscriber.connectors
            if name in installation.kinds
        },
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
    made = await setup_install.install(visit.installation, visit.subscriber)
    by_hand = sum(bool(one.by_hand) for _, one in made)
    left = f" {by_hand} of them are left to be made by hand: see below." if by_hand else ""
    return await visit.told(
        f"{len(made)} things were looked after in the vendors' accounts.{left}", _at(visit)
    )


async def renew(visit: Visit) -> Response:
    await renew_addresses(visit.installation, visit.subscriber)
    return await visit.told(
        "The addresses are new, and those of before are not answered any more. Next: Make what is missing, below; then take "
        "the old webhook and pricing engine out of the shop.",
        _at(visit),
    )


def _at(visit: Visit) -> str:
    return f"{visit.home}/settings"


# One form: a connector's settings, or a table of rules


async def edit_connector(visit: Visit, problem: ConfigError | None = None) -> Response:
    """With a problem: as it was filled in, so that it can be corrected."""
    name, kind = _connector(visit)
    given = subscribers.export(visit.installation, visit.subscriber)["connectors"].get(name, {})
    return await _form_page(
        visit,
        kind.settings,
        problem,
        connector=name,
        title=kind.title,
        rows=_rows(kind.settings, given, LAYERS, visit.form if problem else None),
        layers=LAYERS,
        action=f"connectors/{name}",
    )


async def _form_page(
    visit: Visit, kind: type[Struct], problem: ConfigError | None, connector: str = "", **values: object
) -> Response:
    """The form with the vendors' lists. Without those that are late it comes when somebody waits for nothing else."""
    kinds = sorted(set().union(*(field.lists for field in fields_of(kind))))
    found = await asyncio.gather(*(_list_of(visit, one, connector) for one in kinds))
    lists = dict(zip(kinds, found, strict=True))
    return await visit.page_with_part(
        "edit-settings.html",
        problem is None and None in found,
        status=422 if problem else 200,
        problem=problem,
        lists=lists,
        most=MOST_IN_A_SELECT,
        suggestions=MOST_SUGGESTIONS,
        **values,
    )


async def _list_of(visit: Visit, kind: ListKind, connector: str) -> Options | None:
    """None while the vendor is being asked."""
    asked = await visit.ask(
        "list",
        kind,
        connector,
        question=lambda: list_options(visit.installation, visit.subscriber, kind, connector),
        keep_s=KEEP_LISTS_S,
        within_s=PATIENCE_S if visit.request.method == "POST" else None,
    )
    if asked.error:
        return Options(trouble=str(asked.error))
    return asked.value


def _connector(visit: Visit) -> tuple[str, Any]:
    name = visit.part("connector")
    if name not in visit.installation.kinds:
        raise CallRejected(f"There is no connector {name}.", status=404)
    return name, visit.installation.kind(name)


async def edit_rules(visit: Visit, problem: ConfigError | None = None) -> Response:
    name, kind = _rules_of(visit)
    given = subscribers.export(visit.installation, visit.subscriber)[name]
    return await _form_page(
        visit,
        kind,
        problem,
        title=name,
        rows=_rows(kind, given, ("shared",), visit.form if problem else None),
        layers=(),
        action=f"rules/{name}",
    )


def _rules_of(visit: Visit) -> tuple[str, type[Struct]]:
    name = visit.part("kind")
    if name not in RULES:
        raise CallRejected(f"There are no rules {name}.", status=404)
    return name, RULES[name]


def _rows(
    kind: type[Struct], given: Mapping[str, Any], layers: tuple[str, ...], filled_in: Form | None
) -> list[Row]:
    return [
        Row(field=field, cells=tuple(_cell(field, layer, given, filled_in) for layer in layers))
        for field in fields_of(kind)
    ]


def _cell(field: Field, layer: str, given: Mapping[str, Any], filled_in: Form | None) -> Cell:
    value, name = _layer(given, layer).get(field.name), f"{layer}.{field.name}"
    again = filled_in is not None and field.kind is not Kind.SECRET
    text = filled_in.raw(name) if filled_in is not None and again else shown(field, value)
    pairs: tuple[tuple[str, str], ...] = ()
    if field.kind is Kind.ROWS:
        stored = tuple((str(one), str(other)) for one, other in (value or {}).items())
        pairs = filled_rows(name, filled_in) if filled_in is not None else stored
    return Cell(name=name, text=text, stored="" if value is None else str(value), pairs=pairs)


def _layer(given: Mapping[str, Any], layer: str) -> Mapping[str, Any]:
    """Shared settings stand beside the tables of the environments."""
    values: Mapping[str, Any] = given if layer == "shared" else given.get(layer, {})
    return {name: value for name, value in values.items() if name not in ENVIRONMENTS}


def _filled_in(kind: type[Struct], given: Mapping[str, Any], form: Form, layer: str) -> dict[str, Any]:
    before = _layer(given, layer)
    values = {
        field.name: read(field, f"{layer}.{field.name}", form, before.get(field.name))
        for field in fields_of(kind)
    }
    return {name: value for name, value in values.items() if value is not None}


async def review_connector(visit: Visit) -> Response:
    name, kind = _connector(visit)

    def fill(settings: dict[str, Any]) -> None:
        before = settings["connectors"].get(name, {})
        layers = {layer: _filled_in(kind.settings, before, visit.form, layer) for layer in LAYERS}
        settings["connectors"][name] = layers.pop("shared") | {
            one: filled for one, filled in layers.items() if filled
        }

    return await _review(visit, fill, edit_connector)


async def review_rules(visit: Visit) -> Response:
    name, kind = _rules_of(visit)

    def fill(settings: dict[str, Any]) -> None:
        settings[name] = _filled_in(kind, settings[name], visit.form, "shared")

    return await _review(visit, fill, edit_rules)


async def review_general(visit: Visit) -> Response:
    def fill(settings: dict[str, Any]) -> None:
        settings["title"] = visit.form.text("title")
        settings["environment"] = visit.form.text("environment")
        settings["external_user_id"] = _number(visit.form)

    return await _review(visit, fill)


def _number(form: Form) -> int:
    text = form.text("external_user_id")
    if not text.isdecimal() or len(text) > 9:
        raise ConfigError(f"{text!r} is not a number.", field="external_user_id", fix="Give a whole number.")
    return int(text)


async def _review(
    visit: Visit,
    fill: Callable[[dict[str, Any]], None],
    again: Callable[[Visit, ConfigError], Awaitable[Response]] | None = None,
) -> Response:
    """What would change; or the form ``again``, with what is wrong."""
    subscriber = visit.subscriber
    settings = subscribers.export(visit.installation, subscriber)
    try:
        fill(settings)
        draft = Draft(name=subscriber.name, version=subscriber.version, settings=settings)
        return await _show_draft(visit, draft)
    except ConfigError as exc:
        if again is None:
            raise
        return await again(visit, exc)


async def _show_draft(visit: Visit, draft: Draft) -> Response:
    """The difference, before anything is saved. What is to be saved goes along sealed."""
    proposal = await propose_draft(visit.installation, draft)
    sealed = seal_draft(visit.installation, draft)
    return await visit.page(
        "review-settings.html", changes=proposal.changes, warnings=proposal.warnings, draft=sealed
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
    return await _show_draft(visit, Draft(name=name, version=visit.subscriber.version, settings=found[name]))


async def show_history(visit: Visit) -> Response:
    changes = await visit.installation.store.subscribers.changes(visit.subscriber.name, SHOWN_CHANGES)
    return await visit.page("settings-history.html", changes=changes)


async def review_undo(visit: Visit) -> Response:
    number = visit.part("change")
    draft = await undo_draft(
        visit.installation, visit.subscriber, int(number) if number.isdecimal() and len(number) < 16 else 0
    )
    return await _show_draft(visit, draft)


# A new company


async def show_new(visit: Visit) -> Response:
    known = await visit.installation.store.subscribers.all()
    return await visit.page(
        "new-subscriber.html", number=max((one.external_user_id for one in known), default=100) + 1
    )


async def add(visit: Visit) -> Response:
    name = visit.form.text("name")
    if await visit.installation.store.subscribers.get(name):
        raise ConfigError(f"There is a company {name} already.", field="name", fix="Choose another name.")
    given = {"title": visit.form.text("title") or name, "external_user_id": _number(visit.form)}
    await save_draft(visit.installation, Draft(name=name, version=0, settings=given), visit.user.name)
    return await visit.told(
        "The company is added. Next: its shop and its MIS, below.", f"{ROOT}/subscribers/{name}/settings"
    )


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
    form(f"{AT}/general", Needs.OPERATOR, review_general, NOT_KEPT),
    form(f"{AT}/file", Needs.OPERATOR, review_file, NOT_KEPT),
    page(f"{AT}/file", Needs.OPERATOR, export_file),
    form(f"{AT}/save", Needs.OPERATOR, save, "settings save"),
    page(f"{AT}/history", Needs.SEE, show_history),
    form(f"{AT}/history/{{change}}/undo", Needs.OPERATOR, review_undo, NOT_KEPT, target="change"),
    page("/new-company", Needs.OPERATOR, show_new),
    form("/new-company", Needs.OPERATOR, add, "subscriber add", target="name"),
)
