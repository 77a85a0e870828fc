"""Who ordered: users of a site, each asked for once in a while."""

import asyncio
from collections.abc import Callable

from makeready_hooks.errors import NotSupported

from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.mapping import groups_of
from makeready_pressero.session import Row
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import text

REMEMBERED_S = 60.0
"""Long enough for a burst of orders, short enough for a correction."""


class Buyers:
    def __init__(
        self, settings: PresseroSettings, client: PresseroClient, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock
        self._seen: dict[tuple[str, str], tuple[float, Row | None]] = {}
        self._asking = asyncio.Lock()

    async def find(self, site: str, email: str) -> Row | None:
        """The user with this address; asked for once, however many orders of theirs wait."""
        key = (site, email.casefold())
        async with self._asking:
            now = self._clock()
            self._seen = {one: seen for one, seen in self._seen.items() if now - seen[0] < REMEMBERED_S}
            if key not in self._seen:
                user = await self._client.user_by_email(site, email)
                self._seen[key] = (now, await self._with_groups(site, user) if user else None)
            return self._seen[key][1]

    async def _with_groups(self, site: str, user: Row) -> Row:
        """A list of users shows no groups, as far as is known: then the user alone is read, if that is set."""
        if not self._settings.read_user_groups or groups_of(user) is not None:
            return user
        details = await self._client.user(site, text(user.get("UserId")))
        if groups_of(details) is None:
            raise NotSupported(
                "Pressero does not tell the groups of a user.",
                fix="Take read_user_groups, and the rules by group, out of the settings.",
            )
        return {**user, "Groups": details["Groups"]}
