"""Operations about the connection with both sides: connectors, what the vendors need, checks, installation, a test order."""

from typing import Annotated, Any

from makeready.subscribers.model import Subscriber
from makeready.subscribers.settings import settings_schema
from makeready.subscribers.setup import install as subscribers
from makeready.subscribers.setup.addresses import addresses_of, renew_addresses
from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, Text
from makeready_hooks import ListKind
from makeready_hooks.model.setup import Option, State
from makeready_inspect import order_test
from makeready_inspect.check import check_subscriber
from msgspec import Meta, Struct, structs

from makeready_admin.settings.fields import hidden_in
from makeready_admin.settings.options import list_options


class ConnectorAnswer(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    role: str
    settings: Annotated[
        dict[str, Any],
        Meta(description="A JSON schema of its settings; those of the format ``secret`` are never shown."),
    ]


class BrokenPluginAnswer(Struct, frozen=True, kw_only=True):
    name: str
    origin: Annotated[str, Meta(description="The distribution and where in it.")]
    why: str
    fix: str


class ConnectorsAnswer(Struct, frozen=True, kw_only=True):
    connectors: tuple[ConnectorAnswer, ...]
    cannot_be_loaded: Annotated[
        tuple[BrokenPluginAnswer, ...],
        Meta(description="Companies that use one of these stand still until it is mended."),
    ]


class MadeAnswer(Struct, frozen=True, kw_only=True):
    """Something that has to be in a vendor's account."""

    connector: str
    kind: str
    state: str
    title: str
    id: Annotated[str, Meta(description="The vendor's id of it; empty if it is left to a person.")]
    by_hand: Annotated[tuple[str, ...], Meta(description="What is left to be entered by hand, a line each.")]


class LearnedAnswer(Struct, frozen=True, kw_only=True):
    """What a test order found out about a vendor's site."""

    connector: str
    about: str
    finding: str
    at: Moment


class SetupAnswer(Struct, frozen=True, kw_only=True):
    public_url: Annotated[
        str, Meta(description="At which the outside reaches this server; empty as long as that is not known.")
    ]
    addresses: Annotated[
        dict[str, dict[str, str]],
        Meta(
            description=(
                "Of this server for a vendor, by connector and purpose. They are not guessed by anybody: keep"
                " them so. Only an operator's token is shown the part that makes them so."
            )
        ),
    ]
    snippets: Annotated[
        dict[str, str],
        Meta(
            description='For the head of every page of a site, by its domain; under "" if no site is known yet.'
        ),
    ]
    installed: tuple[MadeAnswer, ...]
    learned: tuple[LearnedAnswer, ...]


class FindingAnswer(Struct, frozen=True, kw_only=True):
    connector: str
    name: str
    ok: Annotated[bool, Meta(description="False if something does not work.")]
    state: Annotated[State, Meta(description="``to do``: nothing fails, and something is left for a person.")]
    message: str
    fix: Annotated[str, Meta(description="What to change or do, and where; empty if all is well.")]


class FindingsAnswer(Struct, frozen=True, kw_only=True):
    ok: Annotated[bool, Meta(description="Nothing is wrong; something may be left to do.")]
    findings: tuple[FindingAnswer, ...]


class InstallBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    public_url: Annotated[
        str,
        Meta(
            max_length=2000,
            description=(
                "Where the outside reaches this server, if it was not told yet. Remembered, for all "
                "subscribers."
            ),
        ),
    ] = ""


class InstallAnswer(Struct, frozen=True, kw_only=True):
    installed: tuple[MadeAnswer, ...]


class OrderTestBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product: Annotated[Text, Meta(description="Id of a stock product of the MIS that may be ordered.")]
    keep: Annotated[bool, Meta(description="Put what was learned into the settings.")] = False
    mis: Annotated[str, Meta(description="Which MIS, for a company with several.")] = ""


class TestFindingAnswer(Struct, frozen=True, kw_only=True):
    about: str
    finding: str


class OrderTestAnswer(Struct, frozen=True, kw_only=True):
    learned: tuple[TestFindingAnswer, ...]
    changes: Annotated[tuple[str, ...], Meta(description="Of the settings, a line each.")]


@operation(
    "GET",
    "/connectors",
    group="Connections",
    summary="The connectors that are installed, and the settings of each",
)
async def list_connectors(call: Call) -> ConnectorsAnswer:
    found = [
        answer_from(ConnectorAnswer, kind, settings=settings_schema(kind.settings))
        for kind in call.installation.kinds.values()
    ]
    broken = answers_from(BrokenPluginAnswer, call.installation.broken_plugins)
    return ConnectorsAnswer(connectors=tuple(found), cannot_be_loaded=broken)


@operation(
    "GET",
    ONE + "/setup",
    group="Connections",
    summary="What the vendors are to be given, what was made there, and what is left to do by hand",
)
async def show_setup(call: Call) -> SetupAnswer:
    return await _setup(call, call.subscriber)


async def _setup(call: Call, subscriber: Subscriber) -> SetupAnswer:
    installation = call.installation
    store = installation.store.subscribers
    public_url = await store.public_url()
    known = [name for name in subscriber.connectors if name in installation.kinds]
    addresses = {name: addresses_of(subscriber, installation.kind(name), public_url) for name in known}
    installed = await store.installed(subscriber.name)
    if not call.token.operator:
        addresses = {
            name: {purpose: hidden_in(url, subscriber) for purpose, url in found.items()}
            for name, found in addresses.items()
        }
        installed = [
            structs.replace(one, by_hand=tuple(hidden_in(line, subscriber) for line in one.by_hand))
            for one in installed
        ]
    return SetupAnswer(
        public_url=public_url,
        addresses=addresses,
        snippets=await subscribers.snippets(installation, subscriber),
        installed=answers_from(MadeAnswer, installed),
        learned=answers_from(LearnedAnswer, await store.learned(subscriber.name)),
    )


@operation(
    "POST",
    ONE + "/check",
    group="Connections",
    summary="Test the connections, and say what to change where",
    action="subscriber check",
    asks_vendors=True,
)
async def check(call: Call) -> FindingsAnswer:
    found = await check_subscriber(call.installation, call.subscriber)
    findings = tuple(answer_from(FindingAnswer, one, connector=name) for name, one in found)
    return FindingsAnswer(ok=all(one.ok for one in findings), findings=findings)


@operation(
    "POST",
    ONE + "/install",
    group="Connections",
    summary="Make in the vendors' accounts what is needed there; again makes nothing twice",
    names={"public-url": "public_url"},
    action="subscriber install",
    operator=True,
    asks_vendors=True,
)
async def install(call: Call, body: InstallBody) -> InstallAnswer:
    if body.public_url:
        await call.installation.set_public_url(body.public_url)
    made = await subscribers.install(call.installation, call.subscriber)
    installed = tuple(answer_from(MadeAnswer, one, connector=name) for name, one in made)
    return InstallAnswer(installed=installed)


@operation(
    "POST",
    ONE + "/setup/renew-addresses",
    name="renewAddresses",
    group="Connections",
    summary="New addresses for the vendors: the old ones are answered no more, and install gives the new ones",
    action="addresses renew",
    operator=True,
)
async def renew(call: Call) -> SetupAnswer:
    await renew_addresses(call.installation, call.subscriber)
    return await _setup(call, await call.installation.subscriber(call.subscriber.name))


@operation(
    "POST",
    ONE + "/test-order",
    group="Connections",
    summary="Submit one marked order twice, in the test environment only, and learn what the MIS does with it",
    action="subscriber test-order",
    operator=True,
    asks_vendors=True,
)
async def send_test_order(call: Call, body: OrderTestBody) -> OrderTestAnswer:
    learned = await order_test.send(call.installation, call.subscriber, body.product, body.mis)
    changes = (
        await order_test.save_findings(call.installation, call.subscriber, learned, call.token.name, body.mis)
        if body.keep
        else []
    )
    found = [answer_from(TestFindingAnswer, one) for one in learned]
    return OrderTestAnswer(learned=tuple(found), changes=tuple(changes))


class NamesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    of: ListKind
    connector: Annotated[
        str, Meta(description="Whose setting it is; empty for one of the company's rules.")
    ] = ""


class NamesAnswer(Struct, frozen=True, kw_only=True):
    names: tuple[Option, ...]
    trouble: Annotated[str, Meta(description="Why there are none; a setting may hold any name then.")]


@operation(
    "GET",
    ONE + "/names",
    group="Connections",
    summary="Stages, statuses, sites, customers or user groups that a setting can name",
    asks_vendors=True,
)
async def list_names(call: Call, query: NamesQuery) -> NamesAnswer:
    found = await list_options(call.installation, call.subscriber, query.of, query.connector)
    return answer_from(NamesAnswer, found)
