"""msgspec learns a Struct type when it first reads one. Two threads that begin with the same type at once crash the process
(seen with 0.22 and Python 3.11), and the state is read by several: so all types are learned before.
"""

import contextlib
from weakref import WeakSet

import msgspec

_learned: WeakSet[type] = WeakSet()


def learn_types() -> None:
    """Of everything that is imported by now; some milliseconds, once."""
    _learn(msgspec.Struct)


def _learn(kind: type[msgspec.Struct]) -> None:
    for one in kind.__subclasses__():
        if one not in _learned:
            with contextlib.suppress(TypeError, NameError, AttributeError):  # some are never read
                msgspec.json.Decoder(one)
            _learned.add(one)
        _learn(one)
