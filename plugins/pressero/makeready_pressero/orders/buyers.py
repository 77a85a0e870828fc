"""Who ordered: users of a site, each asked for once in a while, or all of them at once where many order."""

import asyncio
from collections.abc import Callable

from makeready_hooks.errors import NotSupported, Refused

from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.mapping import groups_of
from makeready_pressero.session import PAGE_SIZE, Row
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import text

REMEMBERED_S = 60.0
"""Long enough for a burst of orders, short enough for a correction."""
ONE_BY_ONE = 3
"""So many are asked for singly before a site's list is tried."""
MOST_PAGES = 20
"""Of a list that is read: its users are held for a while."""


class Buyers:
    def __init__(
        self, settings: PresseroSettings, client: PresseroClient, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock
        self._seen: dict[tuple[str, str], tuple[float, Row | None]] = {}
        """The oldest stand first."""
        self._asked: dict[str, list[float]] = {}
        """By site, when users were asked for singly."""
        self._lists_begun = 0
        self._whole: dict[str, int] = {}
        """By site, which of the lists that were begun was its last that was read to its end."""
        self._pages: dict[str, int] = {}
        """By site, of its list, as far as that is known; 0 for a list that does not tell who is who."""
        self._asking = asyncio.Lock()

    async def find(self, site: str, email: str) -> Row | None:
        """The user with this address; asked for once, however many orders of theirs wait."""
        key, lists_before = (site, email.casefold()), self._lists_begun
        async with self._asking:
            now = self._clock()
            self._forget(site, now)
            if key not in self._seen and self._list_pays(site):
                await self._list(site, now)
            if key not in self._seen and self._whole.get(site, 0) <= lists_before:
                self._asked[site].append(now)
                self._seen[key] = (now, await self._client.user_by_email(site, email))
            at, user = self._seen.get(key, (now, None))  # a list that was begun since would show a user
            if user and self._settings.read_user_groups and groups_of(user) is None:
                user = await self._with_groups(site, user)
                self._seen[key] = (at, user)
            return user

    def _forget(self, site: str, now: float) -> None:
        while self._seen and now - self._seen[first := next(iter(self._seen))][0] >= REMEMBERED_S:
            del self._seen[first]
        self._asked[site] = [at for at in self._asked.get(site, ()) if now - at < REMEMBERED_S]

    def _list_pays(self, site: str) -> bool:
        """Whether as many calls were made for single users, since it was last read, as its list takes."""
        if not self._settings.assumptions.users_are_listed:
            return False
        pages = self._pages.get(site)
        if pages is None:
            return len(self._asked[site]) >= ONE_BY_ONE
        return 0 < pages <= MOST_PAGES and len(self._asked[site]) >= pages

    async def _list(self, site: str, now: float) -> None:
        """All of a site's users, or a page of far more."""
        self._lists_begun += 1
        number, listing, told = self._lists_begun, self._client.users(site), 0
        while not listing.ended:
            try:
                rows = await listing.next_page()
            except Refused:  # that the list is given without a filter is inferred from other lists
                self._pages[site] = 0
                return
            told += sum(bool(_email(row)) for row in rows)
            named = {_email(row): self._kept(row) for row in reversed(rows) if _email(row)}
            for email, user in named.items():
                self._seen.setdefault((site, email), (now, user))
            self._pages[site] = max(1, -(-listing.total // PAGE_SIZE)) if named or not rows else 0
            if not self._list_pays(site):
                return
        if told == listing.total > 0:  # as many as there are, each with an address
            self._whole[site] = number
        self._asked[site] = []

    def _kept(self, user: Row) -> Row:
        """Of a long list, what an order needs."""
        names = ("UserId", "Groups", self._settings.assumptions.user_external_id)
        return {name: user[name] for name in names if name in user}

    async def _with_groups(self, site: str, user: Row) -> Row:
        """A list of users shows no groups, as far as is known: then the user alone is read, if that is set."""
        details = await self._client.user(site, text(user.get("UserId")))
        if groups_of(details) is None:
            raise NotSupported(
                "Pressero does not tell the groups of a user.",
                fix="Take read_user_groups, and the rules by group, out of the settings.",
            )
        return {**user, "Groups": details["Groups"]}


def _email(user: Row) -> str:
    return text(user.get("Email") or user.get("Login")).casefold()
