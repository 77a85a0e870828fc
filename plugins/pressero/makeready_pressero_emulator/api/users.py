"""Buyers of a site, and the account's admin users."""

from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state.records import User
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer, paged
from makeready_pressero_emulator.wire.members import squashed


async def list_site_users(call: Call) -> Answer:
    site, email = call.site(), call.query.get("email", "").strip().lower()
    deleted_too = call.query.get("includedeleted", "").lower() == "true"
    found = [
        user
        for user in call.shop.users.values()
        if user.site_id == site.site_id
        and (not email or user.email.lower() == email)
        and (deleted_too or not user.is_deleted)
    ]
    return paged(call.page(), found, lambda user: _user(call, user))


async def site_user(call: Call) -> Answer:
    user = user_of(call)
    if user.site_id != call.site().site_id:
        raise ApiError(404, "The user was not found.")
    groups = [call.shop.groups[key] for key in user.group_ids]
    everyone = [g for g in call.shop.groups.values() if g.site_id == user.site_id and g.everyone]
    named = [{"GroupId": group.group_id, "GroupName": group.name} for group in [*everyone, *groups]]
    return json_answer({**_user(call, user), "Groups": named})


async def user_info(call: Call) -> Answer:
    user = user_of(call)
    book = {
        "AddressBookId": f"{user.user_id[:-4]}0b0c",
        "PreferredAddress": preferred(user),
        "Addresses": user.addresses,
    }
    return json_answer(
        {
            "UserID": user.user_id,
            "SiteId": user.site_id,
            "UserType": 0 if user.site_id else 1,
            "FirstName": user.first_name,
            "LastName": user.last_name,
            "Login": user.email,
            "IsActive": user.is_active,
            "UserSite": {"SiteId": user.site_id, "AddressBook": book},
        }
    )


async def list_admin_users(call: Call) -> Answer:
    admins = [user for user in call.shop.users.values() if user.site_id is None]
    return paged(call.page(), admins, _admin)


async def admin_user(call: Call) -> Answer:
    return json_answer(_admin(user_of(call)))


class UserChange(Struct, frozen=True, rename=squashed):
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    is_active: bool | None = None


async def change_admin_user(call: Call) -> Answer:
    """Partial: members that are absent or null stay as they are."""
    user, change = user_of(call), call.body_as(UserChange)
    for name in change.__struct_fields__:
        if getattr(change, name) is not None:
            setattr(user, name, getattr(change, name))
    call.effect("user-changed", user=user.user_id)
    return json_answer(_admin(user))


def user_of(call: Call) -> User:
    user = call.shop.users.get(call.params["user"].lower())
    if user is None:
        raise ApiError(404, "The user was not found.")
    return user


def preferred(user: User) -> Any:
    for address in user.addresses:
        if address.address_id == user.preferred_address_id:
            return address
    return None


def _user(call: Call, user: User) -> dict[str, Any]:
    return {
        "UserId": user.user_id,
        "FirstName": user.first_name,
        "LastName": user.last_name,
        "Email": user.email,
        "Login": user.email,
        "Department": user.department,
        "IsActive": user.is_active,
        call.world.switches.text("external-id-member"): user.external_id,
    }


def _admin(user: User) -> dict[str, Any]:
    return {"UserId": user.user_id, "FullName": f"{user.first_name} {user.last_name}", "Email": user.email}


ENDPOINTS = (
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/users",
        mark=Mark.SEEN,
        does="List or find buyers, by e-mail.",
        handler=list_site_users,
    ),
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/users/{user}",
        mark=Mark.SEEN,
        does="Show a buyer with his groups.",
        handler=site_user,
        switch="external-id-member",
    ),
    Endpoint(
        verb="GET",
        path="/api/V2/users/{user}/Info",
        mark=Mark.SEEN,
        does="Show a user with his address book.",
        handler=user_info,
    ),
    Endpoint(
        verb="GET", path="/api/users", mark=Mark.SEEN, does="List admin users.", handler=list_admin_users
    ),
    Endpoint(
        verb="GET", path="/api/users/{user}", mark=Mark.SEEN, does="Show an admin user.", handler=admin_user
    ),
    Endpoint(
        verb="PUT",
        path="/api/users/{user}",
        mark=Mark.SEEN,
        does="Change an admin user, in part.",
        handler=change_admin_user,
    ),
)
