"""Types are learned before threads read them: two that learn one at the same moment crash the process."""

import subprocess
import sys

PROGRAM = """
import sys, threading
import msgspec
from makeready.storage.types import learn_types

sys.setswitchinterval(1e-6)


def make(number):
    inner = msgspec.defstruct(f"Inner{number}", [("a", int, 1), ("b", dict[str, list[str]], {})], frozen=True)
    return msgspec.defstruct(f"Outer{number}", [("x", inner), ("y", tuple[inner, ...], ())], frozen=True)


for _ in range(40):
    kinds = [make(number) for number in range(30)]
    learn_types()
    gate = threading.Barrier(4)

    def read():
        gate.wait()
        for kind in kinds:
            msgspec.convert({"x": {"a": 1}}, kind)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
print("whole")
"""


def test_threads_can_read_every_type_at_once() -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr
