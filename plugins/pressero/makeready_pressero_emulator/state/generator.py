"""Makes catalogues of any size and streams of orders of any rate. The same seed makes the same."""

import random
from decimal import Decimal

from msgspec import Struct

from makeready_pressero_emulator.shop import order_life, prices
from makeready_pressero_emulator.shop.order_life import FileDraft, ItemDraft, OrderDraft
from makeready_pressero_emulator.state.ids import invented
from makeready_pressero_emulator.state.journal import Entry
from makeready_pressero_emulator.state.records import Address, Calculator, Pairing, Product, Site, User
from makeready_pressero_emulator.world import World

_SIZES = ("A6", "A5", "A4", "A3", "DL", "square", "long", "pocket")
_LOOKS = ("silk", "gloss", "uncoated", "recycled", "laminated", "embossed")
_THINGS = (
    "flyer",
    "poster",
    "postcard",
    "brochure",
    "folder",
    "label",
    "booklet",
    "calendar",
    "menu",
    "banner",
)


class CatalogueWish(Struct, frozen=True, kw_only=True):
    site: str
    count: int
    prefix: str = "GEN"
    """Part numbers are ``GEN-00001`` and on."""
    seed: int = 1


class StreamWish(Struct, frozen=True, kw_only=True):
    site: str
    count: int
    per_s: float = 0.0
    """Orders per second; 0 is as fast as it goes."""
    prefix: str = ""
    """Only products whose part number begins so."""
    items: int = 1
    files: int = 0
    """Files per item, of 1 kB each."""
    needs_approval: bool = False
    seed: int = 1


def catalogue(world: World, entry: Entry, wish: CatalogueWish) -> None:
    """Add products that everyone can buy, priced by breaks."""
    site, dice = world.site(wish.site), random.Random(wish.seed)  # noqa: S311  repeatable on purpose
    everyone = next(g for g in world.shop.groups.values() if g.site_id == site.site_id and g.everyone)
    engine = next(one for one in world.shop.calculators.values() if not one.url)
    for number in range(1, wish.count + 1):
        product = _product(world, site, f"{wish.prefix}-{number:05}", engine, everyone.group_id, dice)
        world.shop.products[product.product_id] = product
    world.changed(entry, "catalogue-generated", count=wish.count)


async def orders(world: World, entry: Entry, wish: StreamWish) -> None:
    """Place orders at the wished rate. What the shop refuses is left out, and noted in the journal."""
    dice = random.Random(wish.seed)  # noqa: S311  repeatable on purpose
    choices = buyers_with_products(world, wish)
    start = world.clock.monotonic()
    for number in range(wish.count):
        if wish.per_s:
            await world.clock.until(start + number / wish.per_s)
        buyer, products = dice.choice(choices)
        try:
            await order_life.place(world, entry, _order(world, wish, buyer, products, dice))
        except order_life.Refused as refusal:
            entry.effects.append({"effect": "order-refused", "reason": str(refusal)})


def buyers_with_products(world: World, wish: StreamWish) -> list[tuple[User, list[Product]]]:
    """Whom a stream picks from, with what each may buy. Raises ValueError if there is nobody."""
    site = world.site(wish.site)
    buyers = [u for u in world.shop.users.values() if u.site_id == site.site_id and u.addresses]
    products = [
        p
        for p in world.shop.products.values()
        if p.site_id == site.site_id and p.part_number.startswith(wish.prefix) and not p.is_deleted
    ]
    sold = [(one, [p for p in products if prices.pairing_for(world, p, one)]) for one in buyers]
    able = [(one, mine) for one, mine in sold if mine]
    if not able:
        raise ValueError(f"{wish.site} has no buyer with an address and a product {wish.prefix}…")
    return able


def _order(
    world: World, wish: StreamWish, buyer: User, products: list[Product], dice: random.Random
) -> OrderDraft:
    address = dice.choice(buyer.addresses)
    return OrderDraft(
        site=world.site(wish.site),
        user=buyer,
        bill_to=address,
        items=tuple(_item(dice.choice(products), address, wish, dice) for _ in range(wish.items)),
        needs_approval=wish.needs_approval,
        po_number=f"PO-{dice.randrange(10_000):04}",
    )


def _item(product: Product, address: Address, wish: StreamWish, dice: random.Random) -> ItemDraft:
    return ItemDraft(
        product=product,
        quantity=dice.choice((1, 25, 50, 100, 250, 500, 1000)),
        ship_to=address,
        shipping=Decimal(dice.randrange(500, 2000)) / 100,
        files=tuple(
            FileDraft(file_name=f"page-{n}.pdf", content=dice.randbytes(1000))
            for n in range(1, wish.files + 1)
        ),
    )


def _product(
    world: World, site: Site, part: str, engine: Calculator, group_id: str, dice: random.Random
) -> Product:
    name = f"{dice.choice(_SIZES)} {dice.choice(_LOOKS)} {dice.choice(_THINGS)}"
    pair = Pairing(group_id=group_id, calculator_id=engine.calculator_id, priority=1)
    return Product(
        product_id=invented(f"generated/{site.domain}/{part}"),
        site_id=site.site_id,
        name=f"{name} {part}",
        url_name=part.lower(),
        part_number=part,
        public_part_number=part,
        workflow_id=next(iter(world.shop.workflows)),
        allowed_group_ids=[group_id],
        pairings=[pair],
    )
