"""What reads bytes from outside survives any: the short form of `make fuzz-parsers`."""

import asyncio
from collections.abc import Iterator
from random import Random

import pytest
from companies import Companies
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_values import odd_bytes, spoilt
from parsers import NAMES, Parser, parsers

TRIED = 60


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Parser]]:
    companies = Companies(tmp_path_factory.mktemp("parsers"))
    asyncio.run(companies.start(orders=0))
    found = parsers(companies)
    yield {one.name: one for one in found}
    for one in found:
        one.close()
    asyncio.run(companies.aclose())


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_survives_whatever_comes(known: dict[str, Parser], name: str) -> None:
    parser = known[name]
    for example in parser.examples:
        parser.read(example)

    @given(st.integers(0, 2**32))
    @settings(max_examples=TRIED, derandomize=True, database=None)
    def survives(seed: int) -> None:
        random = Random(seed)  # noqa: S311 - to be the same again
        parser.read(odd_bytes(random))
        parser.read(spoilt(random, random.choice(parser.examples)))

    survives()
