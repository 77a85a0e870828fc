"""Pressero keeps the contract of a storefront connector."""

from typing import Any, ClassVar

from makeready_hooks import ListKind
from makeready_hooks.testing.kit import Vendor
from pressero_contract import PresseroContract
from run_kit import names_of


def of_the_line(contract: type) -> list[str]:
    """Tests of what befalls requests and answers."""
    line = "makeready_hooks.testing.contracts.line."
    return [name for name in names_of(contract) if getattr(contract, name).__module__.startswith(line)]


class TestPressero(PresseroContract):
    async def test_its_stages_sites_and_groups_are_there_to_choose_from(self, hook: Any) -> None:
        found = {kind: [one.value for one in await self.listed(hook, kind) or ()] for kind in ListKind}
        assert "Order Received" in found[ListKind.STAGES]
        assert "Tharstern Xfr" in found[ListKind.STAGES]
        assert "shop.northfield.example" in found[ListKind.SITES]
        assert "Everyone" in found[ListKind.USER_GROUPS]
        assert found[ListKind.STATUSES] == []
        assert "Standard" in found[ListKind.SHIPPING_METHODS]

    async def test_an_order_whose_answer_alone_is_malformed_is_one_that_cannot_be_read(
        self, vendor: Vendor, hook: Any
    ) -> None:
        number = str((await self.place(vendor)).order_number)
        good = str((await self.place(vendor)).order_number)
        vendor.http.spoil = lambda body: body[:-9] if f'"OrderNumber":{number},'.encode() in body else body
        bad, fine = sorted(await self.read(hook, number, good), key=lambda one: one.number)
        assert (bad.number, bad.lines, fine.problem) == (number, (), "")
        assert "is not JSON" in bad.problem and bad.document.startswith(b"{")


class TestPresseroInOtherForms(TestPressero):
    """An account that shows the same in other forms: countries by name, dates with Z, groups by id.

    What happens on the line is the same as with the first form.
    """

    locals().update(dict.fromkeys(of_the_line(TestPressero)))

    switches: ClassVar[dict[str, str]] = {
        "rate-limit": "off",
        "country": "name",
        "dates-zone": "Z",
        "category-list": "off",
        "allowed-groups": "ids",
        "product-create-status": "201",
        "webhook-type-shift": "3",
    }
