"""Catalogues of any size, the same for the same seed: for tests of imports and for benchmarks."""

from decimal import Decimal
from random import Random

from makeready_tharstern_emulator.state.records import PriceBreak, Product
from makeready_tharstern_emulator.state.world import World

_KINDS = ("poster", "brochure", "envelope", "folder", "sticker", "label", "notebook", "calendar", "Tragetüte")
_LOOKS = ("matt", "gloss", "silk", "recycled", "kraft", "navy", "white", "natural", "crème")
_SIZES = ("A2", "A3", "A4", "A5", "DL", "SRA3", "85 x 55 mm", "148 x 148 mm")
_CENT = Decimal("0.01")


def generate(world: World, count: int, seed: int) -> None:
    """Add ``count`` products, codes from ``GEN-00001``.

    Of twenty, one is a part, one is made to order (if there is a product type), one is sold out; a
    third have price breaks.
    """
    random = Random(f"{seed}:catalogue")  # noqa: S311  # chance, not secrets
    types = [row.id for row in world.product_types.all() if row.can_be_estimated]
    for number in range(1, count + 1):
        world.products.put(_product(world.products.next_id(), number, random, types))


def _product(id_: int, number: int, random: Random, types: list[int]) -> Product:
    words = random.choice(_LOOKS), random.choice(_KINDS), random.choice(_SIZES)
    price = Decimal(random.randint(5, 9000)) / 100
    row = Product(
        id=id_,
        code=f"GEN-{number:05d}",
        description=" ".join(words).capitalize(),
        price=price,
        in_stock=Decimal(random.randint(1, 5000)),
        weight=Decimal(random.randint(2, 3000)) / 1000,
    )
    if random.random() < 1 / 3:
        row.price_breaks = [PriceBreak(quantity=50, price=(price * 9 / 10).quantize(_CENT))]
    _vary(row, number % 20, random, types)
    return row


def _vary(row: Product, place: int, random: Random, types: list[int]) -> None:
    if place == 0:
        row.stock_type = "Part"
    elif place == 1 and types:
        row.stock_type, row.price, row.price_breaks = "None", None, []
        row.product_type, row.in_stock = random.choice(types), Decimal(0)
    elif place == 2:
        row.in_stock = Decimal(0)
