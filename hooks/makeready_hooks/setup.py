"""Set-up: is everything right, and what has to be made in the vendor's account?"""

from makeready_hooks.connectors import Capability
from makeready_hooks.lists import ListKind
from makeready_hooks.markers import hookspec
from makeready_hooks.model.order import PreparedOrder
from makeready_hooks.model.setup import Check, Installed, Learned, ListedName


@hookspec
def capabilities() -> frozenset[Capability]:
    """What this connector can do with the settings it has. Pure."""


@hookspec
async def check_connection() -> tuple[Check, ...]:
    """Sign in and look whether what is configured works. Any connector.

    Called:  for *test connection*; it changes nothing over there.
    Return:  one finding per thing looked at. An outage is a finding, not an error.
    """


@hookspec
async def list_names(kind: ListKind) -> tuple[ListedName, ...] | None:
    """What the account has of this kind now, to be chosen from. Optional; any connector.

    Called:  while a person fills in settings whose ``extra_json_schema`` names the list (`listed`).
    Return:  the names in the vendor's order, as settings hold them; None: there are none over here.
    Raise:   NotSupported if this account does not tell them: a person then types; RetryLater, Refused.
    """


@hookspec
async def install() -> tuple[Installed, ...]:
    """Make in the vendor's account what the product needs there: webhooks, a pricing engine.

    Called:  at set-up; again after a change of address. Look first: never make anything twice.
    Return:  what was made, found, or left to a person with the exact values to enter.
    Raise:   RetryLater, Refused, ConfigError.
    """


@hookspec
async def look_for_installed() -> tuple[Installed, ...]:
    """Look for what `install` makes, as it has to be with the settings and addresses of now.

    Called:  for *test connection*; it changes nothing over there.
    Return:  what is there, as existing; what the account does not show, as left by hand. What is missing
             is not in it.
    Raise:   RetryLater, ConfigError.
    """


@hookspec
async def probe(prepared: PreparedOrder, absent: PreparedOrder) -> tuple[Learned, ...] | None:
    """Submit one marked order twice, and learn what the site does with it. MIS.

    Called:  only in a test environment, when a person asks for it. ``absent`` is never submitted.
    Return:  what a repeated key does, and which way of asking finds an order by its key, and tells
             that one is not there.
    Raise:   Refused if the first submission was refused; RetryLater, OutcomeUnknown.
    """


@hookspec
def storefront_snippet(site: str) -> str | None:
    """The HTML to paste into the head of a site's pages, so that they load our files. Storefront. Pure.

    Return:  the HTML; None as long as no public address is known.
    """
