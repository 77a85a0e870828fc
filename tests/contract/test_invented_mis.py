"""An MIS unlike Tharstern keeps the contract: a key and no sign-in, drafts, pages without a total, names with slashes."""

from decimal import Decimal
from typing import Any

import pytest
from makeready_hooks.errors import Refused
from makeready_hooks.model.product import LeadTime, ProductKind
from makeready_hooks.model.progress import ProgressKind
from makeready_hooks.testing.contracts.webhooks import WebhookContract
from makeready_hooks.testing.kit import ConnectorContract, Vendor, emulating
from mis_events import PlatenTellsContract
from platen_contract import PlatenContract
from platen_emulator import EMULATOR
from run_kit import PASSED, names_of, run


class TestPlaten(PlatenContract):
    async def test_a_page_holds_seven_and_no_total(self, hook: Any) -> None:
        page = await self.page(hook, page_size=50)
        assert (len(page.products), page.total) == (7, None)
        assert page.next

    async def test_variants_decimals_and_lead_times_are_told(self, hook: Any) -> None:
        found = {one.id: one for one in await self.every_product(hook)}
        assert found["TEE"].kind is ProductKind.BLUEPRINT
        assert found["TEE"].variants == ("TEE/RED-S", "TEE/BLUE-M")
        red = found["TEE/RED-S"]
        assert (red.title, red.price, red.stock) == ("T-shirt (red, S)", Decimal("12.00"), Decimal(7))
        assert red.lead_time == LeadTime(days=1, working=True)
        assert [one.from_quantity for one in found["FOIL/M2"].price_breaks] == [Decimal("2.5")]
        assert found["FOIL/M2"].lead_time == LeadTime(days=4, working=False)

    async def test_what_becomes_of_an_order_after_the_yes_has_a_kind_beside_the_words(
        self, vendor: Vendor, hook: Any
    ) -> None:
        accepted = await self.submit(hook, "7101-1")
        told = []
        for state in ("queued", "sent", "closed", "rejected", "void"):
            await vendor.driver.move_order(accepted.id, state, reason="no such paper")
            told.append((await self.progress(hook, accepted))[accepted])
        assert [one.kind for one in told] == [
            ProgressKind.RUNNING,
            ProgressKind.SHIPPED,
            ProgressKind.DONE,
            ProgressKind.REFUSED,
            ProgressKind.CANCELLED,
        ]
        assert told[3].reason == "no such paper"

    async def test_a_customer_is_not_made_where_no_rule_allows_it(self, vendor: Vendor) -> None:
        vendor.settings["make_customers"] = False
        [resolving] = self.fresh(vendor).resolve_ids(request=self.request(), may_make=True)
        assert isinstance(await self.error_of(vendor, resolving), Refused)

    async def test_it_says_its_currency_and_the_check_compares_it(self, vendor: Vendor, hook: Any) -> None:
        assert hook.currency(site="") == "EUR"
        vendor.settings["currency"] = "GBP"
        checks = [check for waiting in self.fresh(vendor).check_connection() for check in await waiting]
        assert [check.message for check in checks if not check.ok] == ["The account is in EUR."]


@pytest.mark.parametrize("test", sorted(set(names_of(WebhookContract)) - set(names_of(ConnectorContract))))
async def test_its_webhooks_keep_the_contract_where_it_has_some(test: str) -> None:

    assert await run(PlatenTellsContract, test) == PASSED


async def test_a_customer_on_stop_is_refused_at_the_last_step_and_its_draft_stays() -> None:
    async with emulating(EMULATOR, {"stop-every": "1"}) as vendor:
        contract = TestPlaten()
        hook = contract.fresh(vendor)
        [submitting] = hook.submit_order(prepared=await contract.prepared(hook))
        error = await contract.error_of(vendor, submitting)
        assert isinstance(error, Refused)
        assert "is on stop" in str(error)
        assert len(await vendor.driver.open_drafts()) == 1
