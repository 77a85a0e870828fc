"""Correct values of a rejected order, and send it again with them."""

from collections.abc import Sequence
from contextlib import suppress

from makeready_hooks.errors import ConfigError, NotSupported, Refused
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.order import Order
from msgspec import Struct, structs

from makeready.contexts import OrderContext
from makeready.orders.corrections.model import Correction
from makeready.orders.corrections.rules import check, shown_value, words_for
from makeready.orders.decisions import Decision, find_submission, send_again
from makeready.orders.model import LineState, Submission
from makeready.orders.views.preview import read_one


class Correctable(Struct, frozen=True, kw_only=True):
    """A rejected submission, with what can be corrected of it."""

    submission: Submission
    order: Order
    """As the shop shows it now, with the submission's lines."""
    mis: str
    """The connector whose customers it names; empty if nothing says which."""
    limits: tuple[Limit, ...] = ()
    """What this MIS can hold."""
    corrections: tuple[Correction, ...]
    """Made before."""


async def find_correctable(context: OrderContext, decision: Decision) -> Correctable:
    """Reads the order in the shop. Raises ConfigError if there is no such submission, Refused if it was not rejected."""
    submission = await find_submission(context, decision)
    if submission.state != LineState.REFUSED:
        raise Refused(
            f"{submission.key} was not rejected, so nothing of it can be corrected here.",
            fix="Change it in the shop if it has not left yet.",
        )
    connectors = await context.connectors(await context.subscriber(decision.subscriber))
    order = await read_one(connectors, submission.order_number)
    mis = submission.connector
    with suppress(NotSupported):
        mis = mis or connectors.taker()
    return Correctable(
        submission=submission,
        order=await connectors.read_order_details(order, submission.lines, files_may_follow=False),
        mis=mis,
        limits=connectors.limits(mis) if mis else (),
        corrections=tuple(await context.store.corrections.of(decision.subscriber, submission.order_number)),
    )


async def correct_and_send(context: OrderContext, decision: Decision, wanted: Sequence[Correction]) -> None:
    """Each with what the person has seen as the shop's value. Raises as `find_correctable`; ConfigError for a value that
    cannot be, Refused if the shop shows something else by now.
    """
    check(wanted)
    found = await find_correctable(context, decision)
    for one in wanted:
        shown = shown_value(found.order, one)
        if shown is None:
            raise ConfigError(f"{decision.key} has no line {one.line}.", field="values.line")
        if shown != one.was:
            raise Refused(
                f'{words_for(one)}: the shop shows "{shown}" by now.',
                fix="Look at the order again, then correct it.",
            )
    now = context.clock()
    kept = [structs.replace(one, actor=decision.actor, at=now) for one in wanted]
    await send_again(context, decision, (LineState.REFUSED,), corrections=kept)
