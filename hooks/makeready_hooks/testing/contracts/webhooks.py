"""The contract of a connector that takes its vendor's webhooks."""

import json
from typing import Any

import pytest
from msgspec import structs

from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.testing.contracts.base import SIGNING_KEY, ConnectorContract, Vendor


class WebhookContract(ConnectorContract):
    """A subclass says how its vendor signs, and what it sends. A connector that takes none skips these."""

    def signed(self, body: bytes, key: str) -> IncomingCall:
        """A webhook with this body, signed as the vendor does."""
        raise NotImplementedError

    def event(self, order_number: str) -> bytes:
        """The body of a webhook that is about this order: it was placed, or has moved on."""
        raise NotImplementedError

    @pytest.fixture
    def webhook_hook(self, hook: Any) -> Any:
        if not self.kind.tells:
            pytest.skip("it takes no webhooks: decode_webhook, and tells in the ConnectorType")
        return hook

    async def test_a_genuine_webhook_says_which_order_to_look_at(self, webhook_hook: Any) -> None:
        webhook = webhook_hook.decode_webhook(call=self.signed(self.event("7101"), SIGNING_KEY))
        assert "7101" in (webhook.event.order_number, webhook.event.mis_reference)
        assert webhook.event.kind in self.kind.tells

    async def test_a_webhook_with_a_wrong_signature_is_rejected(self, webhook_hook: Any) -> None:
        with pytest.raises(CallRejected) as caught:
            webhook_hook.decode_webhook(call=self.signed(self.event("7101"), "another key"))
        assert caught.value.status == 401

    async def test_a_webhook_without_a_signature_is_rejected(self, webhook_hook: Any) -> None:
        with pytest.raises(CallRejected) as caught:
            webhook_hook.decode_webhook(call=IncomingCall(method="POST", headers={}, body=self.event("7101")))
        assert caught.value.status == 401

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null"])
    async def test_a_signed_body_that_is_none_is_rejected_as_unreadable(
        self, webhook_hook: Any, body: bytes
    ) -> None:
        with pytest.raises(CallRejected) as caught:
            webhook_hook.decode_webhook(call=self.signed(body, SIGNING_KEY))
        assert caught.value.status == 400

    async def test_members_that_are_missing_or_unknown_are_survived(self, webhook_hook: Any) -> None:
        call = self.signed(json.dumps({"Whatever": [1]}).encode(), SIGNING_KEY)
        webhook = webhook_hook.decode_webhook(call=call)
        assert webhook.event.order_number == webhook.event.mis_reference == ""

    async def test_a_webhook_that_comes_again_or_late_says_the_same(self, webhook_hook: Any) -> None:
        """In whatever turn they come, and whatever the connector has heard before."""
        calls = [self.signed(self.event(number), SIGNING_KEY) for number in ("7101", "7102")]
        first = [webhook_hook.decode_webhook(call=one) for one in calls]
        try:
            again = [webhook_hook.decode_webhook(call=one) for one in (calls[1], calls[0], calls[1])]
        except CallRejected as exc:
            pytest.fail(f"an event that comes again is rejected: {exc}")
        assert again == [first[1], first[0], first[1]], "an event that comes again is understood otherwise"
        assert first[0].event != first[1].event, "two orders' events are understood alike"

    async def test_webhooks_in_another_turn_are_those_that_a_new_connector_hears(
        self, vendor: Vendor, webhook_hook: Any
    ) -> None:
        calls = [self.signed(self.event(number), SIGNING_KEY) for number in ("7103", "7102", "7101", "7102")]
        told = [webhook_hook.decode_webhook(call=one) for one in calls]
        alone = [self.fresh(vendor).decode_webhook(call=one) for one in calls]
        assert told == alone, (
            f"of the same events {told} is said now, and {alone} by a connector that remembers nothing"
        )

    async def test_a_webhook_that_was_changed_on_its_way_is_rejected(self, webhook_hook: Any) -> None:
        call = self.signed(self.event("7101"), SIGNING_KEY)
        forged = structs.replace(call, body=call.body.replace(b"7101", b"7102"))
        with pytest.raises(CallRejected) as caught:
            webhook_hook.decode_webhook(call=forged)
        assert caught.value.status == 401, "a forged event is told by 401"
