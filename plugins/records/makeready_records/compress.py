"""Contents made small, with a dictionary that is made of contents of the same company."""

import sys
from collections.abc import Sequence

from makeready.storage.contents import MARK, Content, Dictionary

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 9
"""Beyond it a content takes ten times as long, and is hardly smaller."""
LEAST_BYTES = 200
"""Of what is smaller nothing is gained."""
DICTIONARY_BYTES = 32_768
LEAST_SAMPLES = 100


def make_dictionary(contents: Sequence[Content], at: float) -> Dictionary | None:
    """None if there are too few to make one of."""
    samples = [one.content for one in contents if is_plain(one)]
    if len(samples) < LEAST_SAMPLES:
        return None
    try:
        made = zstd.train_dict(samples, DICTIONARY_BYTES)
    except zstd.ZstdError:  # they are too small, or have nothing in common
        return None
    return Dictionary(id=made.dict_id, made_at=at, content=made.dict_content)


class Compressor:
    def __init__(self, dictionary: Dictionary) -> None:
        self._using = zstd.ZstdDict(dictionary.content)

    def compress(self, contents: Sequence[Content]) -> list[tuple[Content, bytes]]:
        """Those that become smaller, each with what is put in its place."""
        found = [(one, self._small(one.content)) for one in contents if is_plain(one)]
        return [(one, small) for one, small in found if len(small) < len(one.content)]

    def _small(self, content: bytes) -> bytes:
        return MARK + zstd.compress(content, LEVEL, zstd_dict=self._using)


def is_plain(one: Content) -> bool:
    """What begins as a compressed content does is left alone."""
    return len(one.content) >= LEAST_BYTES and not one.content.startswith(MARK)
