"""The contract's tests of Pressero's connector, to be inherited."""

import hashlib
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import ClassVar

import pytest
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.price import PriceQuestion
from makeready_hooks.testing.contracts.storefront import QUESTION
from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, PostalAddress, Upload
from makeready_hooks.testing.kit import StorefrontContract, Vendor, emulating
from makeready_pressero.plugin import CONNECTOR
from makeready_pressero_emulator import EMULATOR

PLACE = PostalAddress(
    first_name="Ada",
    last_name="Quill",
    line1="2 Mill Lane",
    city="Leeds",
    region="",
    postcode="LS1",
    country="GB",
)


class PresseroContract(StorefrontContract):
    kind = CONNECTOR
    switches: ClassVar[dict[str, str]] = {"rate-limit": "off"}

    @pytest.fixture
    async def vendor(self) -> AsyncIterator[Vendor]:
        async with emulating(EMULATOR, self.switches) as vendor:
            yield vendor

    def order(self) -> BuyerOrder:
        card = BuyerItem(
            part_number="NF-CARD", quantity=250, uploads=(Upload(file_name="card.pdf", content=b"%PDF-1.4"),)
        )
        kit = BuyerItem(part_number="NF-CARD", quantity=500)
        return BuyerOrder(
            site="shop.northfield.example",
            buyer_email="ada@northfield.example",
            bill_to=PLACE,
            ship_to=PLACE,
            items=(card, kit),
            shipping=Decimal("7.50"),
            needs_approval=True,
        )

    def spoiled(self, answer: bytes) -> bytes:
        return answer.replace(b'"Quantity":250', b'"Quantity":"many"').replace(
            b'"Quantity": 250', b'"Quantity": "many"'
        )

    def signed(self, body: bytes, key: str) -> IncomingCall:
        digest = hashlib.sha1(key.encode() + body).hexdigest()  # noqa: S324 - the vendor's choice
        return IncomingCall(method="POST", headers={"messagehash": digest}, body=body)

    def event(self, order_number: str) -> bytes:
        return json.dumps(
            {"Type": 10, "TypeName": "OrderPlaced", "Data": {"OrderNumber": int(order_number)}}
        ).encode()

    def price_call(self, question: PriceQuestion = QUESTION) -> IncomingCall:
        body = {
            "operation": "price",
            "product": question.product,
            "options": [],
            "quantity": question.quantity,
            "customer": None,
        }
        return IncomingCall(method="POST", headers={}, body=json.dumps(body).encode())

    def price_shown(self, answer: CallAnswer) -> tuple[Decimal, str]:
        body = json.loads(answer.body, parse_float=Decimal, parse_int=Decimal)
        assert answer.status == 200
        assert body["Price"] == body["TotalPrice"] == body["price"]
        return body["Price"], body["Error"] or ""
