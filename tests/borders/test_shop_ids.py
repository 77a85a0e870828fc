"""Every id of a shop that crosses the contract is marked: of two shops, none is taken for the other's.

A new hook, or a new member, that holds a text is marked (`makeready_hooks.model.ids.ShopId`) or named here as what is none.
"""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from makeready_hooks import ListKind, Role, specs
from makeready_hooks.markers import PROJECT
from makeready_hooks.model.ids import LISTS_OF_IDS, OF_SHOP, OfAnotherShopError, ShopId, ShopIds, changes_of
from msgspec import Struct

HOOKS = [
    one
    for one in vars(specs).values()
    if hasattr(one, f"{PROJECT}_spec") and one.role in (Role.STOREFRONT, None)
]
"""That a storefront can have."""
NO_IDS = """
    AcceptedLine: id
    AcceptedOrder: id number
    Address: city country line1 line2 line3 postcode region
    AlertNews: title topic
    Artwork: file_name media_type sha256 url
    Buyer: department email external_id first_name groups last_name
    CallAnswer: content_type
    Carriage: carrier service
    Change: id
    ChangePage: next
    Check: fix message name
    Choice: name
    Event: mis_reference name stock_name
    ImportFile: name
    ImportNews: products
    IncomingCall: headers method query
    Installed: by_hand title
    Limit: allowed member
    NoPrice: reason
    Option: label value
    OptionValue: label value
    OptionsQuestion: form options product
    Order: cost_centre currency payment_method po_number problem
    OrderLine: chosen contradiction description mis_number notes options part_number shipping_method stage
    OrderNames: mis_id mis_number
    OrderNews: mis_id mis_number page reason
    OrderPart: description part_number
    Party: business email fax first_name last_name phone
    PriceNews: product reason
    PriceOption: default id label
    PriceQuery: customer options product_id
    PriceQuestion: form options product
    ProductBinding: mis_product_id part_number
    ProductDraft: engine_product_id name part_number public_part_number url_name
    ProductNames: mis_id part_number url_name
    Quote: customer options reference source
    Shipment: carrier id service tracking
    ShipmentNews: carrier tracking
    ShopProduct: by_hand name part_number public_part_number url_name
    ShopStock: name
    Site: name
    Stage: name
    StockNews: product_id
    Unfinished: engine_product_id part_number
    WebhookEvent: message_id
    clear_mis_number: number
    currency: return
    find_shop_product: url_name
    list_missing_fields: return
    list_other_instances: return
    move_line_to_stage: note
    order_address: return
    product_address: return
    read_changes: cursor
    read_shop_stock: names
    storefront_snippet: return
    write_shop_binding: return
    write_shop_markup: return
"""
"""Texts that two shops may share, or that are not a shop's own: of the MIS, of a vendor's message, words for people, and
what is ours, such as the number of the pricing engine, in which the site is told apart."""


def texts_in(annotation: Any, name: str) -> Iterator[tuple[str, bool]]:
    """Each text, by the Struct and member or hook and argument that hold it, and whether it is marked."""
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        if OF_SHOP in inner[1:]:
            yield name, True
        else:
            yield from texts_in(inner[0], name)
    elif annotation is str:
        yield name, False
    elif isinstance(annotation, type) and issubclass(annotation, Struct):
        hints = get_type_hints(annotation, include_extras=True)
        for member in annotation.__struct_fields__:
            owner = next(
                one for one in reversed(annotation.__mro__) if member in vars(one).get("__annotations__", {})
            )
            yield from texts_in(hints[member], f"{owner.__name__}.{member}")
    else:
        for one in inner:
            yield from texts_in(one, name)


def texts_of(hook: Any) -> dict[str, bool]:
    hints = get_type_hints(hook, include_extras=True)
    return {
        name: marked
        for one, hint in hints.items()
        for name, marked in texts_in(hint, f"{hook.__name__}.{one}")
    }


def known() -> set[str]:
    found, owner = set(), ""
    for word in NO_IDS.split():
        if word.endswith(":"):
            owner = word[:-1]
        else:
            found.add(f"{owner}.{word}")
    return found


def test_each_text_that_a_shop_takes_or_gives_is_marked_as_an_id_or_known_to_be_none() -> None:
    texts = {name: marked for hook in HOOKS for name, marked in texts_of(hook).items()}
    assert {name for name, marked in texts.items() if not marked} == known()
    assert {
        "Order.number",
        "Order.site",
        "Buyer.id",
        "Event.order_number",
        "write_mis_number.order_number",
    } <= {name for name, marked in texts.items() if marked}


def test_what_a_list_offers_for_a_setting_is_told_apart_where_it_is_a_site() -> None:
    assert LISTS_OF_IDS == (ListKind.SITES,)


IDS = ShopIds(first="shop", names=frozenset({"shop", "market"}))


def made(annotation: Any, text: str) -> Any:
    """A value with ``text`` for each id."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return text if OF_SHOP in inner[1:] else made(inner[0], text)
    if not any(marked for _, marked in texts_in(annotation, "")):
        return None
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        hints = get_type_hints(annotation, include_extras=True)
        return annotation(**{name: made(hints[name], text) for name in annotation.__struct_fields__})
    if origin is tuple:
        return (made(inner[0], text),) if inner[1:] == (...,) else ()
    if origin in (Union, UnionType):
        return made(next(one for one in inner if one is not NoneType), text)
    raise AssertionError(f"no value can be made of {annotation}")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_a_hook_is_given_its_own_ids_and_its_answer_is_told_apart(hook: Any) -> None:
    hints = get_type_hints(hook, include_extras=True)
    answer = hints.pop("return")
    told, bare = ({name: made(one, text) for name, one in hints.items()} for text in ("market:7", "7"))
    assert IDS.into("market", hook, told) == bare
    assert IDS.into("shop", hook, bare) == bare
    assert IDS.out_of("market", hook, made(answer, "7")) == made(answer, "market:7")
    if told != bare:
        with pytest.raises(OfAnotherShopError):
            IDS.into("shop", hook, told)


def test_a_mark_where_it_cannot_be_followed_is_a_defect_of_the_contract() -> None:
    def hook(table: dict[str, ShopId]) -> None: ...

    with pytest.raises(TypeError, match="mark them in a Struct"):
        changes_of(hook)
