"""msgspec learns a Struct type when it first reads one. Two threads that begin with the same type at once crash the process
(seen with 0.22 and Python 3.11), and the state is read by several: so all types are learned before.
"""

import contextlib

import msgspec


def learn_types() -> None:
    """Of everything that is imported by now; some milliseconds, once."""
    _learn(msgspec.Struct)


def _learn(kind: type[msgspec.Struct]) -> None:
    for one in kind.__subclasses__():
        with contextlib.suppress(TypeError, NameError, AttributeError):  # some are never read
            msgspec.json.Decoder(one)
        _learn(one)
