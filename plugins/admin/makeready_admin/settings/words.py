"""What people call the settings: topics, titles of what a difference names, values in words. One source for all pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from makeready.contexts import Kinds
from makeready.subscribers.changes import Change, flat
from makeready.subscribers.model import RULES, CommonSettings, SettingsChange
from makeready.subscribers.settings import ENVIRONMENTS
from makeready_hooks.errors import ConfigError
from msgspec import Struct

from makeready_admin.settings.fields import Field, Kind, fields_of
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

COMPANY = "company"
GENERAL = ("title", "external_user_id", "environment")
NEW_SECRET = "(a new secret)"  # noqa: S105 - words for one


class Topic(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    about: str
    """What it decides, in a few words."""


TOPICS: Mapping[str, Topic] = {
    one.name: one
    for one in (
        Topic(name="orders", title=marked("Orders"), about=marked("When an order line goes to the MIS.")),
        Topic(
            name="shipping",
            title=marked("Shipping"),
            about=marked("How the MIS sends what a buyer wants sent."),
        ),
        Topic(
            name="alerts", title=marked("Alerts"), about=marked("Who is told when something needs attention.")
        ),
        Topic(
            name="status", title=marked("Order status"), about=marked("What of production the shop is told.")
        ),
        Topic(
            name="imports", title=marked("Imports"), about=marked("How products are looked for and imported.")
        ),
        Topic(name="routes", title=marked("Several MIS"), about=marked("Which MIS makes what.")),
        Topic(
            name="stock", title=marked("Stock"), about=marked("How stock is read, and what buyers see of it.")
        ),
        Topic(
            name="prices",
            title=marked("Prices"),
            about=marked("How a buyer's price is asked, kept and made."),
        ),
        Topic(
            name="calls", title=marked("Call log"), about=marked("How long calls to the vendors are kept.")
        ),
        Topic(
            name="records",
            title=marked("Kept records"),
            about=marked("How long what came in and what left is kept."),
        ),
    )
}


def topic_of(name: str) -> Topic:
    """Also of rules that are newer than these words."""
    one = TOPICS.get(name)
    if one is None:
        return Topic(name=name, title=name.replace("_", " ").capitalize(), about="")
    return Topic(name=name, title=_(one.title), about=_(one.about))


def general_fields() -> tuple[Field, ...]:
    """What is set of a company itself."""
    return tuple(one for one in fields_of(CommonSettings) if one.name in GENERAL)


class Named(Struct, frozen=True, kw_only=True):
    """A setting that a path leads to, or an entry of it."""

    topic: str
    field: Field | None
    environment: str = ""
    key: str = ""

    @property
    def title(self) -> str:
        """``Orders: Other stage for a site, shop.example``."""
        name = self.field.title if self.field else self.key
        more = [self.key] if self.field and self.key else []
        environment = (
            [{"test": _("test only"), "live": _("live only")}[self.environment]] if self.environment else []
        )
        return f"{self.topic}: {', '.join([name, *more, *environment])}"

    def words(self, value: Any) -> str:
        if self.field is None:
            return str(value)
        if self.field.kind is Kind.SECRET:
            return _("(hidden)")
        return self.field.words(value)

    @property
    def without(self) -> str:
        """What holds where nothing is set."""
        said = self.field.default_words if self.field and not self.key else ""
        return _("default: %(value)s") % {"value": said} if said else _("not set")


def named(kinds: Kinds, path: str) -> Named:
    """Of a path without the company: ``connectors.shop.test.server``, ``orders.site_groupings.shop.example``."""
    head, _dot, rest = path.partition(".")
    if head == "connectors":
        name, _dot, rest = rest.partition(".")
        environment, _dot, inner = rest.partition(".")
        rest, environment = (inner, environment) if environment in ENVIRONMENTS else (rest, "")
        try:
            kind = kinds.kind(name)
        except ConfigError:
            return Named(topic=name, field=None, key=rest)
        return _found(kind.title, fields_of(kind.settings), rest, environment)
    if head in RULES:
        return _found(topic_of(head).title, fields_of(RULES[head]), rest)
    return _found(_("Company"), general_fields(), path)


def _found(topic: str, fields: Sequence[Field], rest: str, environment: str = "") -> Named:
    name = re.match(r"\w*", rest)
    field = next((one for one in fields if name and one.name == name[0]), None)
    key = rest.removeprefix(field.name).strip(". ") if field else rest
    return Named(topic=topic, field=field, environment=environment, key=key)


class Difference(Struct, frozen=True, kw_only=True):
    """One line of what changes, for people."""

    title: str
    before: str
    after: str


def difference(kinds: Kinds, change: Change) -> Difference:
    one = named(kinds, change.path.split(".", 2)[2])
    if change.after == NEW_SECRET:
        return Difference(title=one.title, before=_("(stored)"), after=_("a new one"))
    return _difference(one, change.before, change.after)


def _difference(one: Named, before: Any, after: Any) -> Difference:
    said = [one.without if value is None else one.words(value) for value in (before, after)]
    return Difference(title=one.title, before=said[0], after=said[1])


def differences_of(kinds: Kinds, change: SettingsChange) -> Iterator[Difference]:
    """Of a change that was saved."""
    before, after = (
        {} if one is None else {".".join(path): value for path, value in flat(one) if value != {}}
        for one in (change.before, change.after)
    )
    for path in dict.fromkeys([*before, *after]):
        if before.get(path) != after.get(path):
            yield _difference(named(kinds, path), before.get(path), after.get(path))
    for line in change.changes:
        if line.endswith(f"becomes {NEW_SECRET!r}"):
            path = line.removeprefix("~ ").partition(":")[0].split(".", 2)[2]
            yield Difference(title=named(kinds, path).title, before=_("(stored)"), after=_("a new one"))


class SetValue(Struct, frozen=True, kw_only=True):
    title: str
    words: str


def set_values(fields: Sequence[Field], given: Mapping[str, Any]) -> list[SetValue]:
    """What somebody has set, in words; secrets as such."""
    return [
        SetValue(
            title=one.title, words=_("(hidden)") if one.kind is Kind.SECRET else one.words(given[one.name])
        )
        for one in fields
        if one.name in given and one.kind is not Kind.TOML
    ]


def worded(text: str, fields: Sequence[Field]) -> str:
    """A sentence of the code's about settings: their titles instead of their names."""
    for one in fields:
        named = rf"(?:\b[\w-]+\.)*\b{one.name}\b(?!\.\w)"
        text = re.sub(rf"\bset {named} = true\b", f"switch on “{one.title}”", text)
        if "_" in one.name or re.search(rf"\.{one.name}\b|\b{one.name} = ", text):
            text = re.sub(named, one.title, text)
        for value, label in one.labels.items():
            text = text.replace(f'"{value}"', f"“{label}”")
    return text
