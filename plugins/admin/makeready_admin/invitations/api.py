"""Operations about invitations to the pages."""

from typing import Annotated

from makeready.web.api.answers import answers_from
from makeready.web.api.operation import operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import page_by_key
from msgspec import Meta, Struct

from makeready_admin.invitations.invite import DAYS, MAX_WHOM, MOST_DAYS, invite, withdraw
from makeready_admin.invitations.store import invitations_of
from makeready_admin.users.api import OfSubscriber
from makeready_admin.users.model import UserRole

INVITATIONS = "/invitations"


class InvitationAnswer(Struct, frozen=True, kw_only=True):
    id: int
    whom: str
    role: UserRole
    subscriber: Annotated[str, Meta(description="Empty for an operator.")]
    invited_by: str
    made_at: Moment
    expires_at: Moment


class InvitationsAnswer(Struct, frozen=True, kw_only=True):
    invitations: Annotated[tuple[InvitationAnswer, ...], Meta(description="With those that expired lately.")]
    next_cursor: str | None


class InvitationBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    whom: Annotated[
        str,
        Meta(min_length=1, max_length=MAX_WHOM, description="An e-mail address, or a name for the list."),
    ]
    role: UserRole
    subscriber: OfSubscriber = ""
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS, description="For how long the link is good.")] = DAYS
    mail: Annotated[bool, Meta(description="Send the link to the e-mail address as well.")] = False


class InvitedAnswer(Struct, frozen=True, kw_only=True):
    id: int
    link: Annotated[
        str, Meta(description="Shown only now. Without a public address of this server it is the path alone.")
    ]
    mailed: bool
    trouble: Annotated[
        str, Meta(description="Why it could not be mailed; empty if it was, or was not to be.")
    ]


class WithdrawnAnswer(Struct, frozen=True, kw_only=True):
    id: int


@operation(
    "GET", INVITATIONS, group="Users", summary="Invitations that nobody has accepted yet", operator=True
)
async def list_invitations(call: Call, query: PageQuery) -> InvitationsAnswer:
    found = await invitations_of(call.installation).all()
    page, cursor = page_by_key(found[::-1], query, lambda one: f"{one.id:015}")
    return InvitationsAnswer(invitations=answers_from(InvitationAnswer, page), next_cursor=cursor)


@operation(
    "POST",
    INVITATIONS,
    name="invite",
    group="Users",
    summary="Invite somebody by a link that expires; it is shown once",
    action="user invite",
    operator=True,
    shows_secret=True,
)
async def invite_somebody(call: Call, body: InvitationBody) -> InvitedAnswer:
    made = await invite(
        call.installation,
        whom=body.whom.strip(),
        role=body.role,
        subscriber=body.subscriber,
        by=call.token.name,
        days=body.days,
        mail=body.mail,
    )
    return InvitedAnswer(id=made.id, link=made.link, mailed=made.mailed, trouble=made.trouble)


@operation(
    "POST",
    INVITATIONS + "/{invitation}/withdraw",
    name="withdrawInvitation",
    group="Users",
    summary="The link of an invitation opens nothing from now on",
    action="user withdraw",
    operator=True,
)
async def withdraw_one(call: Call) -> WithdrawnAnswer:
    number = call.whole_number("invitation")
    await withdraw(call.installation, number)
    return WithdrawnAnswer(id=number)
