"""What the members of a vendor can hold, as its connector declares it, in the words of people."""

import re
from collections.abc import Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from msgspec import Struct, structs

T = TypeVar("T", bound=Struct)

_PARTY = {
    "first_name": "first name",
    "last_name": "last name",
    "business": "company",
    "email": "e-mail address",
    "phone": "telephone",
    "fax": "fax",
    "address.line1": "line 1",
    "address.line2": "line 2",
    "address.line3": "line 3",
    "address.city": "city",
    "address.region": "region",
    "address.postcode": "postcode",
    "address.country": "country",
}

ORDER_MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        "po_number": "PO number",
        "cost_centre": "cost centre",
        "payment_method": "payment method",
        "buyer.external_id": "id of the buyer for other systems",
        "buyer.email": "e-mail address of the buyer",
        **{f"bill_to.{member}": f"{words} of the invoice address" for member, words in _PARTY.items()},
    }
)
"""By its place in an `Order`, what people call it."""

LINE_MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        "description": "line description",
        "options": "chosen options",
        "notes": "notes of the line",
        "shipping_method": "shipping method",
        **{f"ship_to.{member}": f"{words} of the delivery address" for member, words in _PARTY.items()},
    }
)
"""The same by its place in an `OrderLine`."""

PRODUCT_MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        "part_number": "part number",
        "url_name": "URL name",
        "engine_product_id": "MIS Product ID",
    }
)
"""The same by its place in a `ProductDraft`."""


class Limit(Struct, frozen=True, kw_only=True):
    """What a member can hold. Raises ValueError for one that is none."""

    member: str
    """Of `ORDER_MEMBERS` or `LINE_MEMBERS` for an MIS, of `PRODUCT_MEMBERS` for a shop."""
    longest: int = 0
    """Characters; 0: no limit is known."""
    allowed: str = ""
    """The characters that can stand in it, as a set of a regular expression has them: ``A-Za-z0-9 -``. Empty: any."""
    required: bool = False
    """It must not be empty."""

    def __post_init__(self) -> None:
        if self.member not in {*ORDER_MEMBERS, *LINE_MEMBERS, *PRODUCT_MEMBERS}:
            raise ValueError(f"there is no member {self.member}")
        if self.longest < 0:
            raise ValueError(f"{self.member} cannot hold {self.longest} characters")
        re.compile(f"[{self.allowed or '.'}]")

    def fitted(self, value: str) -> str:
        """What of it the member can hold: the same if it fits."""
        kept = re.sub(f"[^{self.allowed}]", "", value) if self.allowed else value
        return kept[: self.longest].rstrip() if 0 < self.longest < len(kept) else kept

    def why(self, value: str) -> str:
        """Why it does not fit, for people; "" if it does. ``it holds at most 30, and this has 41 characters``."""
        if not value.strip():
            return "it must be given" if self.required else ""
        bad = "".join(dict.fromkeys(re.findall(f"[^{self.allowed}]", value))) if self.allowed else ""
        reasons = [f'it cannot hold the characters "{bad}"'] if bad else []
        if 0 < self.longest < len(value):
            reasons.append(f"it holds at most {self.longest}, and this has {len(value)} characters")
        return " and ".join(reasons)


class Misfit(NamedTuple):
    """What a member cannot hold as it is."""

    words: str
    """What people call the member."""
    value: str
    why: str
    fitted: str
    """What it can hold; empty if that is nothing."""


def fit(one: T, limits: Sequence[Limit], members: Mapping[str, str]) -> tuple[T, tuple[Misfit, ...]]:
    """A Struct as its members can hold it, and what that changes. ``members``: those of its kind."""
    found = []
    for limit in limits:
        if limit.member not in members:
            continue
        value = attrgetter(limit.member)(one) or ""
        if why := limit.why(value):
            found.append(Misfit(members[limit.member], value, why, limit.fitted(value).strip()))
            one = with_member(one, limit.member, found[-1].fitted)
    return one, tuple(found)


def with_member(one: T, member: str, value: str) -> T:
    """The Struct with this text at a member's place."""
    first, _, rest = member.partition(".")
    return structs.replace(one, **{first: with_member(getattr(one, first), rest, value) if rest else value})


def limits(longest: Mapping[str, int]) -> tuple[Limit, ...]:
    """Of a setting that says it by members. Raises ValueError for a member or a length that there is not."""
    return tuple(Limit(member=member, longest=count) for member, count in longest.items())
