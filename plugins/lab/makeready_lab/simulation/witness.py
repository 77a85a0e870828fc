"""The witness of a simulated state: it survives what happens to the state, as the file beside it does."""

from makeready.orders.life.model import BreakKind, Life, Witness
from makeready.orders.life.witness import how_broken, latest

OWN = 1


class MemoryWitness:
    """As `makeready.orders.life.witness.WitnessFile`, in memory."""

    def __init__(self) -> None:
        self._kept: Witness | None = None
        self.file = 1
        """The state file's number on the disk: another one when another file is put at its place."""

    def write(self, life: Life) -> None:
        note = Witness(life=life.name, departures=life.departures, file=self.file, own=OWN)
        self._kept = latest(self._kept, note)

    def finds(self, life: Life) -> tuple[BreakKind, str] | None:
        return how_broken(self._kept, life, file=self.file, own=OWN, name="the witness")
