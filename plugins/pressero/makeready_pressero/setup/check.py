"""*Test connection*: the login, and the sites that its user sees."""

from collections.abc import Awaitable, Callable

from makeready_hooks.errors import MakereadyError, NotSupported
from makeready_hooks.model.product import Site
from makeready_hooks.model.setup import Check

from makeready_pressero.client import PresseroClient
from makeready_pressero.settings import PresseroSettings

ListSites = Callable[[], Awaitable[tuple[Site, ...]]]


async def checks(
    client: PresseroClient, settings: PresseroSettings, list_sites: ListSites
) -> tuple[Check, ...]:
    try:
        await client.sign_in()
    except MakereadyError as exc:
        return (Check(name="login", ok=False, message=exc.message, fix=exc.fix),)
    return (
        Check(name="login", ok=True, message=f"Signed in as {settings.user_name}."),
        await _sites(list_sites),
    )


async def _sites(list_sites: ListSites) -> Check:
    try:
        sites = await list_sites()
    except NotSupported:
        return Check(
            name="sites", ok=True, message="This account cannot list its sites: give domains by hand."
        )
    except MakereadyError as exc:
        return Check(name="sites", ok=False, message=exc.message, fix=exc.fix)
    if not sites:
        fix = "Give the API user access to the sites in Pressero's admin."
        return Check(name="sites", ok=False, message="This user can see no site.", fix=fix)
    return Check(name="sites", ok=True, message=f"Sites: {', '.join(site.domain for site in sites)}.")
