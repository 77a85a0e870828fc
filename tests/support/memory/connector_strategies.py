"""Invented orders and wire values for tests of the connectors."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st
from makeready_hooks.model.order import Address, Artwork, Buyer, Order, OrderLine, Party
from makeready_hooks.model.submission import OrderRequest

texts = st.text(max_size=12)
money = st.decimals(min_value=0, max_value=10**7, places=2)
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2090, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)

addresses = st.builds(
    Address,
    line1=texts,
    line2=st.none() | texts,
    line3=st.none() | texts,
    city=texts,
    region=st.none() | texts,
    postcode=texts,
    country=st.sampled_from(["GB", "US", "Germany", "", "Atlantis"]) | texts,
)
parties = st.builds(
    Party,
    first_name=texts,
    last_name=texts,
    business=texts,
    email=st.none() | texts,
    phone=st.none() | texts,
    address=addresses,
)
artworks = st.builds(
    Artwork,
    file_name=st.builds("{}.{}".format, st.text(min_size=1, max_size=8), st.sampled_from(["pdf", "png"])),
    url=st.integers(0, 999).map("https://files.example/{}.pdf".format),
)


@st.composite
def order_lines(draw: st.DrawFn, number: int) -> OrderLine:
    return OrderLine(
        number=number,
        id=f"item-{number}",
        part_number=f"117-{number}",
        description=draw(texts),
        quantity=draw(st.integers(1, 10**6)),
        net=draw(money),
        tax=draw(money),
        shipping_net=draw(money),
        shipping_tax=draw(money),
        ship_to=draw(parties),
        required_on=draw(st.none() | days),
        files=tuple(draw(st.lists(artworks, max_size=2))),
    )


@st.composite
def order_requests(draw: st.DrawFn) -> OrderRequest:
    """A request with all lines of a whole order."""
    lines = tuple(draw(order_lines(number)) for number in range(1, draw(st.integers(1, 4)) + 1))
    order = Order(
        number="7101",
        id="order-7101",
        site="shop.example",
        account_id=draw(texts),
        placed_at=draw(moments),
        buyer=Buyer(id=draw(texts), external_id=draw(texts)),
        bill_to=draw(parties),
        lines=lines,
    )
    ids = tuple(str(draw(st.integers(1, 9999))) for _ in lines)
    return OrderRequest(key="7101", order=order, product_ids=ids)


def total(amounts: list[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
