"""The contract of lists in pages: nothing is lost, told twice or asked for without an end when the vendor changes them."""

from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Any

import pytest

from makeready_hooks.errors import MakereadyError, NotSupported, OutcomeUnknown
from makeready_hooks.http import HttpRequest
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor
from makeready_hooks.testing.contracts.line.outcome import outcome_of
from makeready_hooks.testing.lists import total_off_by

Names = Callable[[Any], Awaitable[list[str]]]
"""Of all that a list holds, read with the hooks that it is given to its end."""

ON_A_PAGE = 5
OTHER_SIZES = (3, 8)
AT_MOST = 400
"""Requests for one list."""


class EndlessError(Exception):
    """It is none of the contract's, so that no connector takes it for a reason to go on."""


class PageContract(ConnectorContract):
    """Part of both roles' contracts."""

    async def lists(self, vendor: Vendor, hook: Any) -> dict[str, Names]:
        """By the names of the hooks that give them; each holds more than a page of few."""
        raise NotImplementedError

    async def _whole(self, vendor: Vendor, hook: Any) -> dict[str, tuple[Names, list[str]]]:
        """Each list with what it holds, in pages of one size."""
        lists = await self.lists(vendor, hook)
        try:
            await vendor.driver.set_page_size(ON_A_PAGE)
        except ValueError:
            pytest.skip("this vendor has no pages")
        found = {}
        for name, read in lists.items():
            try:
                found[name] = (read, await read(self.fresh(vendor)))
            except NotSupported:
                continue
        return found

    async def _read(self, vendor: Vendor, name: str, read: Names, told: str) -> list[str] | MakereadyError:
        """What is read while the vendor changes something, or what the connector says to it."""
        first = len(vendor.http.requests)
        changing = vendor.http.after

        async def counted(request: HttpRequest) -> None:
            if len(vendor.http.requests) - first > AT_MOST:
                raise EndlessError
            if changing:
                await changing(request)

        vendor.http.after = counted
        try:
            outcome = await outcome_of(name, lambda: read(self.fresh(vendor)))
        except AssertionError as exc:
            if len(vendor.http.requests) - first > AT_MOST or "come to an end" in str(exc):
                pytest.fail(f"{name}, {told}, asks for page after page and never ends")
            raise
        finally:
            vendor.http.after = None
        assert not outcome.is_a(OutcomeUnknown), (
            f"{name}, {told}, ends in {outcome.words}: it changes nothing"
        )
        return outcome.error or outcome.answer  # type: ignore[return-value]

    @staticmethod
    def _is_whole(name: str, told: str, found: list[str] | MakereadyError, whole: list[str]) -> None:
        if isinstance(found, MakereadyError):
            return  # it says that it cannot tell
        missing, twice = set(whole) - set(found), {one for one in found if found.count(one) > 1}
        assert not missing, (
            f"{name}, {told}, leaves out {len(missing)} of {len(whole)} and says nothing: {sorted(missing)[:5]}"
        )
        assert not twice, f"{name}, {told}, tells {sorted(twice)[:5]} more than once"
        assert set(found) == set(whole), f"{name}, {told}, tells of what is not there"

    async def test_another_page_size_in_mid_list_loses_nothing_and_tells_nothing_twice(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """All is read, once each; or the connector says that it could not be."""
        for name, (read, whole) in (await self._whole(vendor, hook)).items():
            self._is_whole(name, f"in pages of {ON_A_PAGE},", whole, whole)
            for other in OTHER_SIZES:
                for after in (1, 2, 3):
                    told = f"where pages are of {other} instead of {ON_A_PAGE} after request {after},"
                    await vendor.driver.set_page_size(ON_A_PAGE)
                    first = len(vendor.http.requests)

                    async def change(
                        request: HttpRequest, at: int = first + after, size: int = other
                    ) -> None:
                        if len(vendor.http.requests) == at:
                            await vendor.driver.set_page_size(size)

                    vendor.http.after = change
                    self._is_whole(name, told, await self._read(vendor, name, read, told), whole)

    async def test_pages_of_ever_other_sizes_come_to_an_end(self, vendor: Vendor, hook: Any) -> None:
        for name, (read, whole) in (await self._whole(vendor, hook)).items():
            sizes = cycle((2, 7, 1, 4))

            async def change(request: HttpRequest, sizes: Any = sizes) -> None:
                await vendor.driver.set_page_size(next(sizes))

            vendor.http.after = change
            told = "where each page is of another size,"
            self._is_whole(name, told, await self._read(vendor, name, read, told), whole)

    async def test_a_total_that_changes_in_mid_list_loses_nothing_and_tells_nothing_twice(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """As where somebody adds or takes away rows meanwhile."""
        for name, (read, whole) in (await self._whole(vendor, hook)).items():
            for difference in (-len(whole), -3, 3):
                for at in (2, 3):
                    told = f"where the total of page {at} is off by {difference},"
                    vendor.http.inject(total_off_by(difference), at)
                    found = await self._read(vendor, name, read, told)
                    vendor.http.mend()
                    self._is_whole(name, told, found, whole)
