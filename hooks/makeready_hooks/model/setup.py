"""Set-up: what a connector found when it looked, and what it made in the vendor's account."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from makeready_hooks.model.ids import ShopId


class State(StrEnum):
    """How something is, in the words that people read."""

    OK = "ok"
    TO_DO = "to do"
    """Nothing fails, and something is left for a person."""
    WRONG = "wrong"


class Check(Struct, frozen=True, kw_only=True):
    """One thing that was looked at before going live."""

    name: str
    ok: bool
    """False if something does not work."""
    message: str
    fix: str = ""
    """What to change or do, and where; empty if all is well."""

    @property
    def state(self) -> State:
        if not self.ok:
            return State.WRONG
        return State.TO_DO if self.fix else State.OK


class Option(Struct, frozen=True, kw_only=True):
    """One entry of a list that settings are chosen from."""

    value: Annotated[str, Meta(description="As the setting holds it.")]
    label: Annotated[str, Meta(description="What people know it by, if that is something else.")] = ""


class InstallState(StrEnum):
    CREATED = "created"
    EXISTING = "existing"
    BY_HAND = "by-hand"


class InstallKind(StrEnum):
    WEBHOOK = "webhook"
    PRICING_ENGINE = "pricing-engine"


class Installed(Struct, frozen=True, kw_only=True):
    """Something that has to be in the vendor's account for the product to work."""

    kind: InstallKind
    state: InstallState
    title: str
    id: ShopId = ""
    """The vendor's id of it; empty if it is left to a person."""
    by_hand: tuple[str, ...] = ()
    """What to enter where, a line each, if the account does not let us do it."""


class VendorFinding(Struct, frozen=True, kw_only=True):
    """Something that a test order found out about a vendor's site."""

    about: str
    """``duplicates`` or ``read-back``, in the words of the contract."""
    finding: str
    """A sentence with the evidence."""
    setting: tuple[str, ...] = ()
    """Path of the connector's setting that says it: ``("assumptions", "order_reference_filter")``."""
    value: str = ""
    """What to set there; empty where nothing is to be changed."""
