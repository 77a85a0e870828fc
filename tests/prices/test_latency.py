"""How fast prices are answered, as it is counted."""

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from makeready_prices.latency import bucket_of, quantile


@given(st.lists(st.floats(0.01, 20_000), min_size=1, max_size=200), st.sampled_from([0.5, 0.95]))
def test_a_quantile_from_buckets_is_near_the_true_one(times: list[float], share: float) -> None:
    counts = Counter(bucket_of(ms) for ms in times)
    true = sorted(times)[math.ceil(share * len(times)) - 1]
    found = quantile(counts, share)
    assert found is not None
    assert bucket_of(found) <= bucket_of(true) <= bucket_of(found) + 1 or true <= 0.5


def test_nothing_was_asked() -> None:
    assert quantile({}, 0.95) is None
