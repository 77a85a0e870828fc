"""How fast prices were answered: counted in buckets that grow by half an octave, so that hours add up.

Bucket 0 ends at half a millisecond, each next one at 1.41 times the last one's end; the last holds all that is slower.
"""

import math
from collections.abc import Mapping

from makeready.prices.model import AnswerKey, PriceOutcome

HOUR_S = 3600.0
SMALLEST_MS = 0.5
LAST = 32
"""It begins at about 23 s: no shop waits so long."""


def answer_key(subscriber: str, outcome: PriceOutcome, ms: float, now: float) -> AnswerKey:
    """Of a buyer's question that was answered within ``ms`` milliseconds."""
    return AnswerKey(subscriber, int(now // HOUR_S), outcome, bucket_of(ms))


def bucket_of(ms: float) -> int:
    if ms <= SMALLEST_MS:
        return 0
    return min(LAST, math.ceil(2 * math.log2(ms / SMALLEST_MS)))


def end_of(bucket: int) -> float:
    """In milliseconds."""
    return float(SMALLEST_MS * 2 ** (bucket / 2))


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """Milliseconds within which this share (0.95) was answered, to about a fifth; None if nothing was asked.

    ``counts``: how many by bucket.
    """
    left = share * sum(counts.values())
    for bucket in sorted(counts):
        if counts[bucket] and left <= counts[bucket]:
            start = end_of(bucket - 1) if bucket else 0.0
            return start + (end_of(bucket) - start) * left / counts[bucket]
        left -= counts[bucket]
    return None
