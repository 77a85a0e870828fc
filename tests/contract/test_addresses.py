"""Links into the vendors' own pages: none that is not known, and those that a site's settings name."""

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_hooks.model.names import OrderNames, ProductNames
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor, emulating
from makeready_pressero.plugin import CONNECTOR as SHOP
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern.plugin import CONNECTOR as MIS
from makeready_tharstern_emulator import EMULATOR as THARSTERN

PRODUCT = ProductNames(
    site="shop.example", shop_id="s1", url_name="opening kit", part_number="117/1", mis_id="2284"
)
ORDER = OrderNames(site="shop.example", number="7101", mis_id="30001", mis_number="SO/1")


async def addresses(kind, emulator, assumptions: dict[str, str]) -> tuple[object, object]:
    class Contract(ConnectorContract):
        pass

    Contract.kind = kind
    async with emulating(emulator) as vendor:
        made = kind.build(settings_of(kind, vendor, assumptions), Contract().context(vendor))
        return made.product_address(PRODUCT), made.order_address(ORDER)


def settings_of(kind, vendor: Vendor, assumptions: dict[str, str]):
    given = {**vendor.settings, "assumptions": assumptions}
    return msgspec.convert(given, kind.settings, dec_hook=decode_secret)


async def test_only_what_was_seen_of_a_vendor_is_linked_by_itself() -> None:
    assert await addresses(SHOP, PRESSERO, {}) == ("https://shop.example/product/opening%20kit", None)
    assert await addresses(MIS, THARSTERN, {}) == (None, None)


async def test_a_site_s_settings_name_its_pages() -> None:
    pages = {
        "product_page": "https://mis.example/products/{mis_id}?part={part_number}",
        "order_page": "https://mis.example/o/{mis_number}",
    }
    expected = ("https://mis.example/products/2284?part=117%2F1", "https://mis.example/o/SO%2F1")
    assert await addresses(MIS, THARSTERN, pages) == expected
    assert await addresses(SHOP, PRESSERO, pages) == expected
    assert await addresses(SHOP, PRESSERO, {"product_page": ""}) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        "mis.example/{number}",
        "javascript:alert({number})",
        "https://m.example/{order}",
        "https://m.example/{",
        "https://{number.x}/",
    ],
)
@pytest.mark.parametrize(("kind", "emulator"), [(SHOP, PRESSERO), (MIS, THARSTERN)])
async def test_what_makes_no_address_is_refused_in_the_settings(kind, emulator, wrong: str) -> None:
    async with emulating(emulator) as vendor:
        with pytest.raises(msgspec.ValidationError, match=r"assumptions\.order_page must be an address"):
            settings_of(kind, vendor, {"order_page": wrong})
