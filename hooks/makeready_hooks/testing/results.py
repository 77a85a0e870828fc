"""What the kit found of a connector, kept beside it: a scorecard tells of a kit that was passed only by this file.

The kit writes it where the variable ``MAKEREADY_KIT_RESULTS`` is set: the first test of a run begins it anew.
"""

import os
import sys
from importlib.metadata import Distribution, entry_points
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from makeready_hooks.connectors import CONNECTORS, ConnectorType
from makeready_hooks.editions import EDITION

VARIABLE = "MAKEREADY_KIT_RESULTS"
FILE_NAME = "kit.json"


class KitResult(Struct, frozen=True, kw_only=True):
    """Of one connector. Tests are named as in the kit's classes."""

    connector: str
    version: str
    """Of the distribution that offers it."""
    edition: int
    """Of the contract, whose kit it was."""
    passed: tuple[str, ...] = ()
    """Also those that skipped themselves for what the connector does not do."""
    failed: tuple[str, ...] = ()


_begun: set[str] = set()


def distribution_of(kind: ConnectorType) -> Distribution | None:
    """The one that offers it; None for a connector that is not installed."""
    return next((one.dist for one in entry_points(group=CONNECTORS) if one.name == kind.name), None)


def version_of(kind: ConnectorType) -> str:
    found = distribution_of(kind)
    return found.version if found else ""


def result_file(kind: ConnectorType) -> Path | None:
    """In the connector's package, so that it is published with it."""
    module = sys.modules.get(kind.settings.__module__.partition(".")[0])
    return Path(module.__file__).parent / FILE_NAME if module and module.__file__ else None


def read_result(kind: ConnectorType) -> KitResult | None:
    """None if there is none, or if it cannot be read."""
    path = result_file(kind)
    try:
        return msgspec.json.decode(path.read_bytes(), type=KitResult) if path else None
    except (OSError, msgspec.DecodeError):
        return None


def note_result(kind: ConnectorType, test: str, *, failed: bool) -> None:
    """Of a test that has ended. A name that failed once in a run has failed."""
    path = result_file(kind)
    if not os.environ.get(VARIABLE) or path is None:
        return
    known = read_result(kind) if kind.name in _begun else None
    _begun.add(kind.name)
    known = known or KitResult(connector=kind.name, version=version_of(kind), edition=EDITION)
    bad = {*known.failed, *((test,) if failed else ())}
    good = {*known.passed, test} - bad
    known = structs.replace(known, passed=tuple(sorted(good)), failed=tuple(sorted(bad)))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1) + b"\n")
