"""One form of settings: of a connector, a topic, the company. What is wrong stands at its field; nothing is typed twice."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

import msgspec
from makeready.subscribers import changes as subscribers
from makeready.subscribers.model import RULES
from makeready.subscribers.secrets import is_sealed
from makeready.subscribers.settings import ENVIRONMENTS
from makeready_hooks import ListKind, decode_secret
from makeready_hooks.errors import CallRejected, ConfigError
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.settings.cards import lacking_roles
from makeready_admin.settings.cells import layer_of, lists_in, rows_of
from makeready_admin.settings.drafts import Draft
from makeready_admin.settings.fields import Field, Kind, fields_of, shown_first
from makeready_admin.settings.options import Options, list_options
from makeready_admin.settings.reading import KEPT, UNITS, read
from makeready_admin.settings.words import general_fields, topic_of, worded
from makeready_admin.web.asking import KEEP_LISTS_S, PATIENCE_S
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

LAYERS = ("shared", *ENVIRONMENTS)
MOST_IN_A_SELECT = 30
"""What is longer is typed, with suggestions: a form has many of them."""
MOST_SUGGESTIONS = 300
PURPOSE = "secret of a form: "
"""Begins what is sealed: another thing that was sealed here is no secret that somebody typed."""
DUMMY = "-" * 40
"""Stands for a secret, or for what is missing, while the rest is looked at."""


class SettingsForm(Struct, frozen=True, kw_only=True):
    """Which settings it asks for, and where they stand."""

    title: str
    about: str
    fields: tuple[Field, ...]
    given: Mapping[str, Any]
    """As they are exported."""
    table: tuple[str, ...]
    """Where they stand in a settings file, without the company; empty for the company's own."""
    kind: type[Struct] | None = None
    """All of whose members are asked for."""
    connector: str = ""
    layers: tuple[str, ...] = ("shared",)
    known: bool = True
    """Both sides are connected: a list that cannot be had is worth a word."""

    @property
    def address(self) -> str:
        if self.connector:
            return f"connectors/{self.connector}"
        return f"rules/{self.table[0]}" if self.table else "general"


class Wrong(Struct, frozen=True, kw_only=True):
    """What is wrong at an input; at none of them if it has no name."""

    name: str
    title: str
    text: str


def connector_form(visit: Visit, name: str) -> SettingsForm:
    if name not in visit.installation.kinds:
        raise CallRejected(f"There is no connector {name}.", status=404)
    kind = visit.installation.kind(name)
    exported = subscribers.export(visit.installation, visit.subscriber)
    return SettingsForm(
        title=kind.title,
        about=_("How we reach it, and what differs in this account."),
        fields=fields_of(kind.settings),
        given=exported["connectors"].get(name, {}),
        table=("connectors", name),
        kind=kind.settings,
        connector=name,
        layers=LAYERS,
        known=not lacking_roles(visit.installation, visit.subscriber),
    )


def rules_form(visit: Visit, name: str) -> SettingsForm:
    if name not in RULES:
        raise CallRejected(f"There are no settings {name}.", status=404)
    topic, exported = topic_of(name), subscribers.export(visit.installation, visit.subscriber)
    return SettingsForm(
        title=topic.title,
        about=topic.about,
        fields=fields_of(RULES[name]),
        given=exported[name],
        table=(name,),
        kind=RULES[name],
        known=not lacking_roles(visit.installation, visit.subscriber),
    )


def general_form(visit: Visit) -> SettingsForm:
    exported = subscribers.export(visit.installation, visit.subscriber)
    fields = general_fields()
    given = {one.name: exported[one.name] for one in fields}
    return SettingsForm(title=_("Company"), about="", fields=fields, given=given, table=())


# Reading


class FilledIn(Struct, frozen=True, kw_only=True):
    values: Mapping[str, Mapping[str, Any]]
    """By layer."""
    wrong: tuple[Wrong, ...]


def filled_in(visit: Visit, form: SettingsForm) -> FilledIn:
    """All that was filled in, and all that is wrong with it."""
    values: dict[str, dict[str, Any]] = {layer: {} for layer in form.layers}
    wrong = []
    for field in form.fields:
        for layer in form.layers:
            name, before = f"{layer}.{field.name}", layer_of(form.given, layer).get(field.name)
            try:
                value = read(field, name, visit.form, before, lambda at, text: open_kept(visit, at, text))
            except ConfigError as exc:
                wrong.append(Wrong(name=name, title=field.title, text=exc.message))
                continue
            if value is not None:
                values[layer][field.name] = value
    bad = {one.name for one in wrong}
    wrong += _missing(visit, form, values, bad)
    if wrong and form.kind:
        wrong += _of_the_whole(visit, form, values, bad)
    return FilledIn(values=values, wrong=tuple(wrong))


def _missing(
    visit: Visit, form: SettingsForm, values: Mapping[str, Mapping[str, Any]], bad: set[str]
) -> list[Wrong]:
    """What is required, and is not there for the environment in use."""
    return [
        Wrong(name=name, title=one.title, text=_("%(title)s is required.") % {"title": one.title})
        for one in form.fields
        if one.required
        and (name := f"{form.layers[0]}.{one.name}") not in bad
        and not any(
            one.name in values.get(layer, {}) for layer in (form.layers[0], visit.subscriber.environment)
        )
    ]


def _of_the_whole(
    visit: Visit, form: SettingsForm, values: Mapping[str, Mapping[str, Any]], bad: set[str]
) -> list[Wrong]:
    """What the settings' own checks say beside what is wrong already, so that all of it is told at once."""
    together = {**values.get("shared", {}), **values.get(visit.subscriber.environment, {})}
    secrets = {
        one.name for one in form.fields if one.kind is Kind.SECRET and (one.required or one.name in together)
    }
    missing = {one.name for one in form.fields if one.required and one.name not in together}
    together |= dict.fromkeys(secrets | missing, DUMMY)
    try:
        msgspec.convert(together, form.kind, dec_hook=decode_secret)
    except msgspec.ValidationError as exc:
        told = placed(form, ConfigError(str(exc)))
        field = told.name.partition(".")[2]
        return [] if not field or field in missing or told.name in bad else [told]
    return []


def placed(form: SettingsForm, exc: ConfigError) -> Wrong:
    """At the field that an error is about, in the words of the form."""
    text = worded(f"{exc.message} {exc.fix}".strip(), form.fields)
    by_name = {one.name: one for one in form.fields}
    steps = exc.field.split(".")
    steps = steps[2:] if steps[0] == "subscribers" else steps
    inside = steps[len(form.table) :] if tuple(steps[: len(form.table)]) == form.table else []
    layer, path = (inside[0], inside[1:]) if inside and inside[0] in ENVIRONMENTS else ("shared", inside)
    found = by_name.get(path[0]) if path else None
    if found is None:
        words = re.findall(r"\w+", exc.message)
        found = next((by_name[one] for one in words if one in by_name and "_" in one), None)
    text = re.sub(r" - at `[^`]*`|`", "", text)
    if found is None:
        return Wrong(name="", title=form.title, text=text)
    return Wrong(name=f"{layer}.{found.name}", title=found.title, text=text)


# Secrets that were typed into a form that comes back


def _sealed_for(visit: Visit, name: str) -> str:
    """Who typed it, for which input of which page: nobody else's form opens it."""
    return f"{PURPOSE}{visit.user.name}\n{visit.request.url.path}\n{name}\n"


def keep_secrets(visit: Visit, form: SettingsForm) -> dict[str, str]:
    """Sealed, by the name of the input: the browser holds what it cannot read."""
    names = [f"{layer}.{one.name}" for one in form.fields if one.kind is Kind.SECRET for layer in form.layers]
    return {
        name: visit.installation.vault.seal(_sealed_for(visit, name) + text)
        for name in names
        if (text := visit.form.raw(name))
    }


def open_kept(visit: Visit, name: str, text: str) -> str:
    """Raises ConfigError for what is not ours, or another's."""
    opened = visit.installation.vault.open(text, field=name) if is_sealed(text) else ""
    if not opened.startswith(_sealed_for(visit, name)):
        raise ConfigError("Type it again: what was kept cannot be read.", field=name)
    return opened.removeprefix(_sealed_for(visit, name))


# Showing


async def show_form(
    visit: Visit,
    form: SettingsForm,
    wrong: Sequence[Wrong] = (),
    template: str = "edit-settings.html",
    **values: object,
) -> Response:
    """The form with the vendors' lists. Without those that are late it comes when somebody waits for nothing else."""
    kinds = lists_in(form.fields)
    found = await asyncio.gather(*(_list_of(visit, one, form.connector) for one in kinds))
    lists = dict(zip(kinds, found, strict=True))
    return await visit.page_with_part(
        template,
        not wrong and None in found,
        status=422 if wrong else 200,
        **form_values(visit, form, wrong),
        lists=lists,
        **values,
    )


def form_values(visit: Visit, form: SettingsForm, wrong: Sequence[Wrong] = ()) -> dict[str, object]:
    """What its template needs beside the lists."""
    errors = {one.name: one.text for one in reversed(wrong)}
    kept = keep_secrets(visit, form) if wrong else {}
    first = {one.name for one in shown_first(form.fields)}
    rows = rows_of(form.fields, form.given, form.layers, visit.form if wrong else None, errors, kept)
    layer = next((one.name.partition(".")[0] for one in wrong if one.name), visit.query("for"))
    return {
        "settings_form": form,
        "wrong": wrong,
        "first_rows": [one for one in rows if one.field.name in first],
        "other_rows": [one for one in rows if one.field.name not in first],
        "count_set": {name: len(layer_of(form.given, name)) for name in ENVIRONMENTS},
        "shown_layer": layer if layer in form.layers else form.layers[0],
        "units": {length: _(unit) for length, unit in UNITS.items()},
        "kept_name": KEPT,
        "most": MOST_IN_A_SELECT,
        "suggestions": MOST_SUGGESTIONS,
        "zones": _zones(form.fields),
    }


def _zones(fields: Sequence[Field]) -> list[str]:
    if all(one.kind is not Kind.ZONE for one in fields):
        return []
    old = ("Etc/", "SystemV/", "US/", "posix", "right", "Brazil/", "Canada/", "Chile/", "Mexico/")
    return ["UTC", *sorted(one for one in available_timezones() if "/" in one and not one.startswith(old))]


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


# From the form to a draft


def draft_of(visit: Visit, form: SettingsForm, filled: FilledIn) -> Draft:
    """The company's settings with what was filled in."""
    settings = subscribers.export(visit.installation, visit.subscriber)
    asked = {one.name for one in form.fields}

    def together(before: Mapping[str, Any], layer: str) -> dict[str, Any]:
        stored = layer_of(before, layer)
        if layer not in form.layers:
            return dict(stored)
        return {name: one for name, one in stored.items() if name not in asked} | dict(filled.values[layer])

    if form.connector:
        before = settings["connectors"].get(form.connector, {})
        layers = {layer: inner for layer in ENVIRONMENTS if (inner := together(before, layer))}
        settings["connectors"][form.connector] = together(before, "shared") | layers
    elif form.table:
        settings[form.table[0]] = together(settings[form.table[0]], "shared")
    else:
        settings |= filled.values["shared"]
    return Draft(name=visit.subscriber.name, version=visit.subscriber.version, settings=settings)


async def use_form(
    visit: Visit,
    form: SettingsForm,
    use: Callable[[Draft], Awaitable[Response]],
    again: Callable[[Sequence[Wrong]], Awaitable[Response]],
) -> Response:
    """What was filled in is used; or the form ``again``, with everything that is wrong."""
    filled = filled_in(visit, form)
    if filled.wrong:
        return await again(filled.wrong)
    try:
        return await use(draft_of(visit, form, filled))
    except ConfigError as exc:
        return await again((placed(form, exc),))
