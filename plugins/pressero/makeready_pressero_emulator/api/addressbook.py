"""The address book of a buyer."""

from msgspec import Struct

from makeready_pressero_emulator.api.users import preferred, user_of
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state.records import Address, User
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer
from makeready_pressero_emulator.wire.members import squashed


class AddressBody(Struct, frozen=True, rename=squashed):
    business: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    address1: str | None = None
    address2: str | None = None
    address3: str | None = None
    city: str | None = None
    state_province: str | None = None
    postal: str | None = None
    country: str | None = None
    phone: str | None = None
    fax: str | None = None
    email: str | None = None
    default_ship_method: str | None = None
    contact_id: str | None = None
    vat: str | None = None


async def show_book(call: Call) -> Answer:
    user = _buyer(call)
    return json_answer({"PreferredAddress": preferred(user), "Addresses": user.addresses})


async def add_address(call: Call) -> Answer:
    user, address = _buyer(call), Address(address_id="")
    _take(address, call.body_as(AddressBody))
    address.address_id = call.world.ids.new()
    user.addresses.append(address)
    user.preferred_address_id = user.preferred_address_id or address.address_id
    call.effect("address-added", user=user.user_id, address=address.address_id)
    return json_answer(address)


async def change_address(call: Call) -> Answer:
    """``?addressId=``; members that are absent or null stay as they are."""
    user, key = _buyer(call), call.query.get("addressid", "").lower()
    for address in user.addresses:
        if address.address_id == key:
            _take(address, call.body_as(AddressBody))
            call.effect("address-changed", user=user.user_id, address=key)
            return json_answer(address)
    raise ApiError(404, "The address was not found.")


def _buyer(call: Call) -> User:
    user = user_of(call)
    if user.site_id != call.site().site_id:
        raise ApiError(404, "The user was not found.")
    return user


def _take(address: Address, body: AddressBody) -> None:
    """Countries are ISO 3166 alpha-2 codes, in upper case (seen)."""
    if body.country is not None and not (len(body.country) == 2 and body.country.isupper()):
        raise invalid("Country", f"{body.country!r} is not a code of two capital letters")
    for name in body.__struct_fields__:
        if getattr(body, name) is not None:
            setattr(address, name, getattr(body, name))


_BOOK = "/api/site/{domain}/Addressbook/{user}"

ENDPOINTS = (
    Endpoint(verb="GET", path=_BOOK, mark=Mark.SEEN, does="Show an address book.", handler=show_book),
    Endpoint(verb="POST", path=_BOOK, mark=Mark.SEEN, does="Add an address.", handler=add_address),
    Endpoint(
        verb="PUT", path=_BOOK, mark=Mark.SEEN, does="Change an address, in part.", handler=change_address
    ),
)
