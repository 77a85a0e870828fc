"""How often something happens on purpose."""

from random import Random

from msgspec import Struct


class Rate(Struct):
    """A share of the calls, or the next few calls. The seed alone decides which calls a share hits."""

    share: float = 0.0
    left: int | None = None
    """Calls still to be hit; None: a share is meant."""

    @staticmethod
    def parse(text: str) -> "Rate":
        """``0.05`` or ``next:2``. Raises ValueError for anything else."""
        if text.startswith("next:"):
            return Rate(left=_not_negative(int(text.removeprefix("next:"))))
        share = float(text)
        if not 0 <= share <= 1:
            raise ValueError("a share is between 0 and 1, or write next:2")
        return Rate(share=share)

    @property
    def active(self) -> bool:
        return self.share > 0 or bool(self.left)

    def hits(self, random: Random) -> bool:
        """Decide for one call."""
        if self.left is None:
            return random.random() < self.share
        if self.left == 0:
            return False
        self.left -= 1
        return True


def _not_negative(number: int) -> int:
    if number < 0:
        raise ValueError("write a number that is not negative")
    return number


class Chance:
    """One stream of random numbers per purpose, so that one fault does not shift another."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, Random] = {}

    def stream(self, purpose: str) -> Random:
        if purpose not in self._streams:
            self._streams[purpose] = Random(f"{self._seed}:{purpose}")  # noqa: S311  # chance, not secrets
        return self._streams[purpose]

    def reset(self) -> None:
        self._streams.clear()
