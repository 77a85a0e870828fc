"""The settings as an index: a card for each topic, with what is set, in words; and a search in all of them."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.subscribers.changes import export
from makeready.subscribers.model import RULES, Subscriber
from makeready.subscribers.settings import ENVIRONMENTS
from makeready_hooks import Role
from msgspec import Struct

from makeready_admin.settings.cells import layer_of
from makeready_admin.settings.fields import Field, fields_of
from makeready_admin.settings.words import SetValue, general_fields, set_values, topic_of
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

MOST_ON_A_CARD = 6


class Card(Struct, frozen=True, kw_only=True):
    title: str
    about: str
    address: str
    """Of its form, below the settings."""
    fields: tuple[Field, ...] = ()
    values: Sequence[SetValue] = ()
    of_one: Sequence[SetValue] = ()
    """What only one environment has."""
    role: str = ""
    """Of a connector."""

    @property
    def more(self) -> int:
        return max(0, len(self.values) - MOST_ON_A_CARD)


class Found(Struct, frozen=True, kw_only=True):
    card: Card
    field: Field


ROLES = {
    Role.STOREFRONT: marked("The shop"),
    Role.MIS: marked("The MIS"),
    Role.OBSERVER: marked("Listens to what happens"),
}


def cards_of(installation: Installation, subscriber: Subscriber) -> list[Card]:
    """Of the company, its connectors, its rules. Routes are asked of a company with several MIS."""
    exported = export(installation, subscriber)
    general = general_fields()
    cards = [
        Card(
            title=_("Company"),
            about="",
            address="general",
            fields=general,
            values=set_values(general, exported),
        )
    ]
    for name, given in exported["connectors"].items():
        if name not in installation.kinds:
            cards.append(Card(title=name, about=_("It is not installed any more."), address=""))
            continue
        kind = installation.kind(name)
        fields = fields_of(kind.settings)
        cards.append(
            Card(
                title=kind.title,
                about=_(ROLES[kind.role]),
                address=f"connectors/{name}",
                fields=fields,
                values=set_values(fields, layer_of(given, "shared")),
                of_one=_of_one(fields, given),
                role=kind.role.value,
            )
        )
    several = len([one for one in cards if one.role == Role.MIS.value]) > 1
    for name, rules in RULES.items():
        topic, fields = topic_of(name), fields_of(rules)
        values = set_values(fields, exported[name])
        if name == "routes" and not several and not values:
            continue
        cards.append(
            Card(title=topic.title, about=topic.about, address=f"rules/{name}", fields=fields, values=values)
        )
    return cards


def _of_one(fields: Sequence[Field], given: dict[str, dict[str, object]]) -> list[SetValue]:
    said = {"test": _("test only"), "live": _("live only")}
    return [
        SetValue(title=f"{one.title} ({said[layer]})", words=one.words)
        for layer in ENVIRONMENTS
        for one in set_values(fields, layer_of(given, layer))
    ]


def lacking_roles(installation: Installation, subscriber: Subscriber) -> list[Role]:
    """The sides that the company has not yet."""
    kinds = [installation.kinds[name] for name in subscriber.connectors if name in installation.kinds]
    return [one for one in (Role.STOREFRONT, Role.MIS) if all(kind.role is not one for kind in kinds)]


def find_settings(cards: Sequence[Card], words: str) -> list[Found]:
    """Settings whose title or help has each of the words, or whose topic has."""
    wanted = words.casefold().split()
    return [
        Found(card=card, field=field)
        for card in cards
        for field in card.fields
        if wanted
        and all(one in f"{card.title} {field.title} {field.description}".casefold() for one in wanted)
    ]
