"""The orders of the demonstration. One replays an order that is published, value for value."""

from decimal import Decimal

from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, PostalAddress, Upload

MARKUP_PERCENT = "25"
SHIPPING = Decimal(10)

ARTWORK = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"

REFERENCE_ARTWORK = (
    "https://s3-eu-west-1.amazonaws.com/orderingplatform-ams/subscribers/"
    "28406876-c50c-4d16-b386-8f2824f19cef/orders/6994/1/transparent.png?timestamp=1636983673860"
)


def live_order(site: str, part_number: str) -> BuyerOrder:
    """An order of today, with artwork that the MIS can fetch."""
    address = PostalAddress(
        first_name="Ada",
        last_name="Quill",
        business="Northfield Museums",
        line1="2 Mill Lane",
        city="Leeds",
        region="West Yorkshire",
        postcode="LS1 4AP",
        country="GB",
        phone="0113 496 0000",
        email="ada@northfield.example",
    )
    return BuyerOrder(
        site=site,
        buyer_email="ada@northfield.example",
        bill_to=address,
        ship_to=address,
        items=(
            BuyerItem(
                part_number=part_number,
                quantity=25,
                uploads=(Upload(file_name="front.pdf", content=ARTWORK),),
            ),
        ),
        shipping=Decimal("7.50"),
        po_number="PO 7781",
    )


def plain_order(
    site: str, part_number: str, count: int, order_date: str | None = None, *, lines: int = 1
) -> BuyerOrder:
    """The ``count``-th of many orders: approved at once, without artwork, each of another quantity."""
    address = PostalAddress(
        first_name="Ada",
        last_name=f"Quill {count}",
        line1="2 Mill Lane",
        city="Leeds",
        region="",
        postcode="LS1 4AP",
        country="GB",
    )
    return BuyerOrder(
        site=site,
        buyer_email="ada@northfield.example",
        bill_to=address,
        ship_to=address,
        items=tuple(BuyerItem(part_number=part_number, quantity=1 + (count + n) % 9) for n in range(lines)),
        shipping=Decimal(0),
        needs_approval=False,
        order_date=order_date,
    )


def reference_order(site: str, part_number: str) -> BuyerOrder:
    """The published order 6994. Its file lies where the published one lay and is not fetched here."""
    return BuyerOrder(
        site=site,
        buyer_email="buyer@northfield.example",
        bill_to=_reference_address("none"),
        ship_to=_reference_address(""),
        items=(
            BuyerItem(
                part_number=part_number,
                quantity=1,
                uploads=(Upload(file_name="transparent.png", url=REFERENCE_ARTWORK),),
            ),
        ),
        shipping=SHIPPING,
        requested_ship_date="2021-11-15",
        order_number=6994,
        order_date="2021-11-15T13:41:13.5",
    )


def _reference_address(business: str) -> PostalAddress:
    return PostalAddress(
        first_name="Name and",
        last_name="Last Name",
        business=business,
        line1="19 West Main Street",
        city="Middlefield",
        region="PA",
        postcode="17057",
        country="US",
        phone="(650) 557-1289",
    )
