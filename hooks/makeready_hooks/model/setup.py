"""Set-up: what a connector found when it looked, and what it made in the vendor's account."""

from enum import StrEnum

from msgspec import Meta, Struct


class VendorList(StrEnum):
    """Names that a vendor's side has, and that a setting chooses from."""

    STAGES = "stages"
    """Of the storefront's workflows, as the printer sees them, in the order of a workflow."""
    SITES = "sites"
    """Domains of the storefront's sites; they come from its own hook, `list_sites`."""
    ORDER_STATUSES = "order-statuses"
    """Of orders in the MIS."""
    CUSTOMERS = "customers"
    """Codes of the MIS's customers."""


def one_of(names: VendorList) -> Meta:
    """For a settings field that holds one of these names: a form offers them."""
    return Meta(extra_json_schema={"x-names": names.value})


def pairs_of(keys: VendorList, values: VendorList | None = None) -> Meta:
    """For a mapping from names of one list, to names of another if that is given."""
    names = {"x-names": values.value} if values else {}
    return Meta(extra_json_schema={"x-keys": keys.value, **names})


class Check(Struct, frozen=True, kw_only=True):
    """One thing that was looked at before going live."""

    name: str
    ok: bool
    message: str
    fix: str = ""
    """What to change, and where; empty if all is well."""


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
    id: str = ""
    """The vendor's id of it; empty if it is left to a person."""
    by_hand: tuple[str, ...] = ()
    """What to enter where, a line each, if the account does not let us do it."""


class Learned(Struct, frozen=True, kw_only=True):
    """Something that a probe found out about a vendor's site."""

    about: str
    """``duplicates`` or ``read-back``, in the words of the contract."""
    finding: str
    """A sentence with the evidence."""
    setting: tuple[str, ...] = ()
    """Path of the connector's setting that says it: ``("assumptions", "order_reference_filter")``."""
    value: str = ""
