"""Check a subscriber: its connections, and all in its accounts that has to be right."""

from collections.abc import Sequence

from makeready.attention.model import counted
from makeready.connectors import Connectors
from makeready.contexts import SetupContext
from makeready.extensions import installed
from makeready.orders.submission.far_end import far_ends
from makeready.orders.submission.find import can_find
from makeready.outbound.addresses import server_address
from makeready.outbound.client import for_a_person
from makeready.products.links import routes_of
from makeready.products.markups import named_products, ways_out
from makeready.subscribers.currencies import check_currency, unstated
from makeready.subscribers.model import InstalledRow, Subscriber
from makeready.subscribers.setup.contradictions import lacking, named
from makeready.subscribers.setup.newest_orders import check_newest
from makeready.times import format_utc
from makeready_hooks import Capability, ListKind, Role, specs
from makeready_hooks.errors import ConfigError, MakereadyError, Refused
from makeready_hooks.model.setup import Check, Installed, InstallState
from makeready_hooks.names import name_key
from makeready_imports.choices import lacks_stage
from msgspec import structs

from makeready_inspect.stock_view import mirror_of_shop

CheckResult = tuple[str, Check]
"""The connector that it is about, and what was found."""

MOST_WORKFLOWS = 20
"""So many are looked at, a call each."""
SKEW_S = 60.0
"""Signatures and tokens allow for less than that; the header that tells a clock has whole seconds."""
KINDS = {"webhook": "webhook", "pricing-engine": "pricing engine"}


async def check_subscriber(context: SetupContext, subscriber: Subscriber) -> list[CheckResult]:
    """What cannot be looked at is a finding too. Raises ConfigError for settings that no connector can be made of."""
    connectors = await context.connectors(subscriber)
    findings: list[CheckResult] = []
    for name in subscriber.connectors:
        findings += await _connector(context, subscriber, connectors, name)
    findings += _defects(context, subscriber)
    findings.append(("prices", await check_markup(context, subscriber)))
    findings.append(("prices", await _currency(context, subscriber, connectors)))
    findings += await _alerts(context, subscriber)
    findings += await _lost_answers(context, subscriber, connectors)
    return findings + await _stock_levels(context, subscriber, connectors)


async def _currency(context: SetupContext, subscriber: Subscriber, connectors: Connectors) -> Check:
    """Are all amounts in one currency, as far as anybody says?"""
    links = await context.store.stock.links(subscriber.name)
    routes = await routes_of(context, subscriber, connectors, {one.product_id for one in links})
    used = dict.fromkeys((one.site, routes.mis_of(one.site, one.product_id)) for one in links)
    try:
        for site, mis in used or (("", routes.mis_of("", "")),):
            check_currency(subscriber, connectors, site, mis)
    except Refused as exc:
        return Check(name="currency", ok=False, message=exc.message, fix=exc.fix)
    if nobody_says := unstated(subscriber, connectors):
        names = " and ".join(nobody_says)
        message = f"Currency not stated of {names}: nothing compares it. The settings of prices can say it."
        return Check(name="currency", ok=True, message=message)
    return Check(name="currency", ok=True, message="All amounts are in one currency.")


async def _alerts(context: SetupContext, subscriber: Subscriber) -> list[CheckResult]:
    """Is there somebody to be told, and nothing that tells, or an address to which no call goes?"""
    rules = subscriber.alerts
    if not rules.tell_anybody:
        return []
    if installed().alert_channels:
        return [("alerts", one) for one in await _receiver(context, subscriber)]
    missing = Check(
        name="alerts",
        ok=False,
        message="Nobody is told of what needs attention: nothing that tells people is installed.",
        fix="Install makeready-alerts; then start again.",
    )
    return [("alerts", missing)]


async def _receiver(context: SetupContext, subscriber: Subscriber) -> list[Check]:
    if not (stored := subscriber.alerts.webhook_url):
        return []
    try:
        url = context.vault.open(stored, field="alerts.webhook_url", company=subscriber.name)
        await context.reach.check(server_address(url))
    except (MakereadyError, OSError) as exc:
        away = ConfigError("The server of the alerts' webhook cannot be found.", fix="Correct its address.")
        found = exc if isinstance(exc, MakereadyError) else for_a_person(exc, "it") or away
    else:
        return []
    return [Check(name="alerts", ok=False, message=found.message, fix=found.fix)]


async def _connector(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors, name: str
) -> list[CheckResult]:
    found: list[Check] = []
    try:
        found += await connectors.check_connection(name)
        if all(one.ok for one in found):
            if name in connectors.names(Role.STOREFRONT):
                found += await _names(context, subscriber, connectors, name)
                found += await _workflows(context, subscriber, connectors, name)
            elif name in connectors.names(Role.MIS):
                found += await check_newest(context, subscriber, connectors, name)
            found += await _account(context, subscriber, connectors, name)
            found += _clock(context, subscriber, name)
    except MakereadyError as exc:
        found.append(Check(name="connection", ok=False, message=exc.message, fix=exc.fix))
    if not connectors.has(name, specs.check_connection):
        text = "Its connection is not looked at: the connector has nothing for that (check_connection)."
        found.append(Check(name="connection", ok=name in connectors.names(Role.OBSERVER), message=text))
    if outdated := connectors.outdated(name):
        text = f"It was built for an earlier edition of the contract and works. Changed since: {'; '.join(outdated)}."
        found.append(Check(name="edition", ok=True, message=text, fix="Update it when there is a newer one."))
    return [(name, one) for one in found]


def _defects(context: SetupContext, subscriber: Subscriber) -> list[CheckResult]:
    """What went wrong in the connectors themselves, since this process began."""
    return [
        (
            one.key.connector,
            Check(
                name="defect",
                ok=False,
                message=f"{one.text} Last {format_utc(one.at)} UTC, {counted(one.count, 'time')}.",
                fix="The log has the whole of it: tell whoever wrote the connector, and update it when it is mended.",
            ),
        )
        for one in context.hook_troubles.of(subscriber.name)
    ]


async def _names(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors, shop: str
) -> list[Check]:
    """Has the shop every stage that settings name, and does its user see every site of theirs, and with products?"""
    names = named(context, subscriber)
    for link in await context.store.stock.links(subscriber.name):
        names.setdefault((ListKind.SITES, name_key(link.site)), (link.site, ""))
    shop_of = connectors.ids.shop_of
    names = {key: one for key, one in names.items() if key[0] != ListKind.SITES or shop_of(one[0]) == shop}
    stages, there = await lacking(connectors, ListKind.STAGES, names)
    sites, _ = await lacking(connectors, ListKind.SITES, names)
    found: list[Check] = []
    if stages:
        missing = " and no stage ".join(one for one, _ in stages.values())
        message = f"The shop has no stage {missing}: nothing can come to it."
        fix = f"Choose another in the settings, or make it in the shop. There are: {', '.join(there)}."
        found.append(Check(name="stages", ok=False, message=message, fix=fix))
    elif there:
        message = f"Orders go to the MIS at {subscriber.orders.trigger_stage}."
        found.append(Check(name="stages", ok=True, message=message))
    if sites:
        message = f"The shop's user does not see {', '.join(one for one, _ in sites.values())}: no order of it comes in."
        fix = "Give the user access to it in the shop, or correct the domain in the settings."
        found.append(Check(name="sites in use", ok=False, message=message, fix=fix))
    return found


async def _workflows(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors, shop: str
) -> Sequence[Check]:
    """Can orders of linked products reach the stage at which they go? Known are the workflows of products that we made."""
    found = await context.store.links.in_workflows(subscriber.name, MOST_WORKFLOWS)
    used = [one for one in found if connectors.ids.shop_of(one["site"]) == shop]
    stages = [subscriber.orders.stage_for(one["site"]) for one in used]
    lacking = [
        (stage, one)
        for stage, one in zip(stages, used, strict=True)
        if await lacks_stage(connectors, one["site"], one["workflow_id"], stage)
    ]
    if not lacking:
        return ()
    (stage, first), count = lacking[0], sum(one["products"] for _, one in lacking)
    message = (
        f"{count} linked product{'s' if count > 1 else ''}, such as {first['example']} in the workflow {first['workflow']}, "
        f"{'have' if count > 1 else 'has'} a workflow without the stage {stage}, at which orders go to the MIS: their "
        "orders wait for ever."
    )
    fix = "Give the workflow that stage in the shop, or put the products into another one, or choose another stage here."
    return (Check(name="workflows", ok=False, message=message, fix=fix),)


async def _account(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors, name: str
) -> Sequence[Check]:
    """Is what was made in the vendor's account still there?"""
    if Capability.INSTALL not in connectors.capabilities(name):
        return ()
    rows = await context.store.subscribers.installed(subscriber.name)
    made = [row for row in rows if row.connector == name]
    install = f"Press Set up in the vendors' accounts, in the settings, or: makeready subscriber install {subscriber.name}."
    if not made:
        return (Check(name="account", ok=True, message="Nothing was made in the account yet.", fix=install),)
    there = await connectors.list_installed(name)
    webhook_at = await context.store.inbox.last_received_at(subscriber.name, context.clock())
    found = [_still_there(row, there, install, webhook_at) for row in made]
    clean = context.vault.filters[
        subscriber.name
    ].clean  # what is entered by hand has our own addresses in it
    return [structs.replace(one, fix=clean(one.fix)) for one in found]


def _still_there(row: InstalledRow, there: Sequence[Installed], install: str, webhook_at: float) -> Check:
    kind = KINDS[row.kind]
    found = next((one for one in there if one.kind.value == row.kind), None)
    if found is None:
        message = f"The {kind} is not in the account any more, or it leads to another address."
        return Check(name=kind, ok=False, message=message, fix=install)
    if found.state is not InstallState.BY_HAND:
        return Check(name=kind, ok=True, message=f"The {kind} is in the account.")
    heard = f" A webhook came {format_utc(webhook_at)} UTC." if row.kind == "webhook" and webhook_at else ""
    return Check(
        name=kind,
        ok=True,
        message=f"The account does not show the {kind}, which is made by hand.{heard}",
        fix="" if heard else " ".join(found.by_hand),
    )


def _clock(context: SetupContext, subscriber: Subscriber, name: str) -> Sequence[Check]:
    skew_s = context.clock_skew(subscriber.name, name)
    if skew_s is None:
        return ()
    if abs(skew_s) < SKEW_S:
        return (Check(name="clock", ok=True, message="Its clock and ours agree."),)
    way = "ahead of" if skew_s > 0 else "behind"
    return (
        Check(
            name="clock",
            ok=False,
            message=f"Its clock is {abs(skew_s):.0f} seconds {way} ours: tokens and signatures can fail.",
            fix="Let both servers set their clocks by NTP.",
        ),
    )


async def _stock_levels(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors
) -> list[CheckResult]:
    """Do the shop's own stock levels follow the MIS? Nobody is harmed if they do not: buyers are warned."""
    states = {
        name: await mirror_of_shop(context, subscriber, name) for name in connectors.names(Role.STOREFRONT)
    }
    return [(name, Check(name="stock levels", ok=True, message=one.text)) for name, one in states.items()]


async def _lost_answers(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors
) -> list[CheckResult]:
    """What becomes of an order whose answer is lost, and how that is known. A person can live with either."""
    learned = await context.store.subscribers.learned(subscriber.name)
    findings = []
    for name in connectors.names(Role.MIS):
        heals = Capability.FIND_SUBMITTED_ORDER in connectors.capabilities(name)
        message = (
            "An order whose answer is lost is looked for in the MIS, and sent again only if it is not there."
            if heals
            else "An order whose answer is lost waits for a person: the MIS cannot be asked for it."
        )
        tested = [row for row in learned if row.connector == name]
        evidence = " ".join(f"Test order {format_utc(row.at)} UTC: {row.finding}" for row in tested)
        fix = (
            ""
            if tested or not connectors.has(name, specs.submit_test_order)
            else "To learn how it can be asked, send a test order (Set up), or: "
            f"makeready subscriber test-order {subscriber.name}."
        )
        if heals and (failed := await _silent_question(context, subscriber, connectors, name)):
            findings.append((name, failed))
            continue
        findings.append(
            (name, Check(name="lost answers", ok=True, message=f"{message} {evidence}".strip(), fix=fix))
        )
    return findings


async def _silent_question(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors, name: str
) -> Check | None:
    """Does the question find what the MIS took from us? None if it does, or if nobody can know yet."""
    ends = [end for end in far_ends(context, subscriber) or () if end.connector == name]
    for end in ends:
        if not await context.store.ledger.newest_accepted(subscriber.name, end, 1):
            return None
        try:
            if not await can_find(context, subscriber, connectors, end):
                return Check(
                    name="lost answers",
                    ok=False,
                    message="The MIS does not find the last orders that it took from us by our key: an order whose answer "
                    "is lost waits for a person.",
                    fix="To learn how it can be asked, send a test order (Set up), or: "
                    f"makeready subscriber test-order {subscriber.name}."
                    if connectors.has(name, specs.submit_test_order)
                    else "Ask who wrote the connector how it can be asked.",
                )
        except MakereadyError as exc:
            return Check(name="lost answers", ok=False, message=str(exc), fix=exc.fix)
    return None


async def check_markup(context: SetupContext, subscriber: Subscriber) -> Check:
    """Whether products in the shop have a mark-up of their own while we add one too.

    Known of are the mark-ups with which we made products; one that a person entered in the shop is not seen, and one
    that a person took out there counts until the settings say so.
    """
    rules = subscriber.prices
    if rules.markup == "shop":
        return Check(
            name="mark-up", ok=True, message="The shop adds its products' mark-up; the engine adds none."
        )
    products = await context.store.markups.doubled(subscriber)
    percents = ", ".join(
        [
            f"{rules.markup_percent} %",
            *(f"{site}: {one} %" for site, one in rules.site_markup_percents.items()),
        ]
    )
    if not products:
        return Check(name="mark-up", ok=True, message=f"The engine adds the mark-up ({percents}).")
    return Check(
        name="mark-up",
        ok=False,
        message=f"The mark-up is added twice: by the engine ({percents}), and by the shop for {named_products(products)}.",
        fix=ways_out(context),
    )
