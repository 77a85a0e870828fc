"""Ids of several shops are told apart and come back, whatever they look like."""

from hypothesis import example, given
from hypothesis import strategies as st
from makeready_hooks.model.ids import ShopIds

NAMES = ("shop", "market", "stall")
IDS = ShopIds(first="shop", names=frozenset(NAMES))
bare = st.lists(st.sampled_from([*NAMES, ":", "6994", "gid://x/1"]) | st.text(max_size=5), max_size=5).map(
    "".join
)
owned = st.tuples(st.sampled_from(NAMES), bare.filter(bool))


@given(owned)
@example(("shop", "market:6994"))
@example(("shop", "shop:6994"))
def test_an_id_comes_back_to_its_shop_as_it_was(one: tuple[str, str]) -> None:
    told = IDS.told_apart(*one)
    assert (IDS.shop_of(told), IDS.bare(told)) == one


@given(st.sets(owned, min_size=2))
def test_no_two_ids_become_one(several: set[tuple[str, str]]) -> None:
    assert len({IDS.told_apart(*one) for one in several}) == len(several)


@given(st.text())
def test_of_one_shop_every_id_stays_as_it_is(text: str) -> None:
    alone = ShopIds(first="shop")
    assert (alone.told_apart("shop", text), alone.bare(text), alone.shop_of(text)) == (text, text, "shop")


def test_what_is_not_known_stays_so() -> None:
    assert (IDS.told_apart("market", ""), IDS.shop_of("")) == ("", "shop")


def test_the_first_shop_s_numbers_are_those_that_they_were_before_there_was_another() -> None:
    assert [IDS.told_apart("shop", one) for one in ("6994", "A:1", "gid://x/1")] == [
        "6994",
        "A:1",
        "gid://x/1",
    ]
