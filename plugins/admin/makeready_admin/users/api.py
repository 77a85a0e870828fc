"""Operations about the people who sign in to the pages."""

from typing import Annotated

from makeready.web.api.answers import answer_from
from makeready.web.api.operation import operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import page_by_key
from msgspec import Meta, Struct

from makeready_admin.factors.store import factors_of
from makeready_admin.users import users
from makeready_admin.users.model import UserRole
from makeready_admin.users.store.users import users_of

USERS = "/users"
USER = USERS + "/{name}"
UserName = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$")]
OfSubscriber = Annotated[str, Meta(description="The only one that a manager or viewer is about.")]


class UserAnswer(Struct, frozen=True, kw_only=True):
    name: str
    role: UserRole
    subscriber: Annotated[str, Meta(description="The only one that it is about; empty for an operator.")]
    disabled: bool
    created_at: Moment
    password_at: Annotated[Moment, Meta(description="When the password was set.")]
    second_factor: Annotated[bool, Meta(description="A code or a passkey is asked for beside the password.")]


class UsersAnswer(Struct, frozen=True, kw_only=True):
    users: Annotated[tuple[UserAnswer, ...], Meta(description="By name.")]
    next_cursor: str | None


class NewUserBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: UserName
    role: UserRole
    subscriber: OfSubscriber = ""


class RoleBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    role: UserRole
    subscriber: OfSubscriber = ""


class PasswordAnswer(Struct, frozen=True, kw_only=True):
    name: str
    password: Annotated[str, Meta(description="Shown only now. It is to be changed by whoever gets it.")]


class UserDoneAnswer(Struct, frozen=True, kw_only=True):
    name: str
    done: str


@operation(
    "GET",
    USERS,
    name="listUsers",
    group="Users",
    summary="Who may sign in to the pages",
    operator=True,
)
async def list_users(call: Call, query: PageQuery) -> UsersAnswer:
    page, cursor = page_by_key(await users_of(call.installation).all(), query, lambda one: one.name)
    having = await factors_of(call.installation).users()
    found = tuple(answer_from(UserAnswer, one, second_factor=one.name in having) for one in page)
    return UsersAnswer(users=found, next_cursor=cursor)


@operation(
    "POST",
    USERS,
    name="addUser",
    group="Users",
    summary="Add a user; the password is made here, and shown once",
    action="user add",
    operator=True,
    shows_secret=True,
)
async def add(call: Call, body: NewUserBody) -> PasswordAnswer:
    password = users.new_password()
    await users.add_user(call.installation, body.name, password, role=body.role, subscriber=body.subscriber)
    return PasswordAnswer(name=body.name, password=password)


@operation(
    "POST",
    USER + "/role",
    name="changeRole",
    group="Users",
    summary="Give a user another role",
    action="user role",
    operator=True,
)
async def change_role(call: Call, body: RoleBody) -> UserDoneAnswer:
    await users.change_role(call.installation, call.part("name"), role=body.role, subscriber=body.subscriber)
    return _done(call, f"The role is {body.role} now.")


def _done(call: Call, text: str) -> UserDoneAnswer:
    return UserDoneAnswer(name=call.part("name"), done=text)


@operation(
    "POST",
    USER + "/disable",
    name="disableUser",
    group="Users",
    summary="A user cannot sign in until that is taken back",
    action="user disable",
    operator=True,
)
async def disable(call: Call) -> UserDoneAnswer:
    await users.disable_user(call.installation, call.part("name"))
    return _done(call, "The user is signed out everywhere, and cannot sign in.")


@operation(
    "POST",
    USER + "/enable",
    name="enableUser",
    group="Users",
    summary="A user can sign in again",
    action="user enable",
    operator=True,
)
async def enable(call: Call) -> UserDoneAnswer:
    await users.disable_user(call.installation, call.part("name"), disabled=False)
    return _done(call, "The user can sign in again.")


@operation(
    "POST",
    USER + "/password",
    name="newPassword",
    group="Users",
    summary="Give a user a new password, which is shown once; it ends the user's sessions",
    action="user password",
    operator=True,
    shows_secret=True,
)
async def new_password(call: Call) -> PasswordAnswer:
    password = users.new_password()
    await users.set_password(call.installation, call.part("name"), password)
    return PasswordAnswer(name=call.part("name"), password=password)


@operation(
    "POST",
    USER + "/remove",
    name="removeUser",
    group="Users",
    summary="Remove a user, and end the user's sessions",
    action="user remove",
    operator=True,
)
async def remove(call: Call) -> UserDoneAnswer:
    await users.remove_user(call.installation, call.part("name"))
    return _done(call, "The user is removed, and signed out everywhere.")
