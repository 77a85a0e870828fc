"""Each parser under bytes that atheris makes, by what they reach in it. 1 if any raises what it must not, or hangs.

It runs each parser in a process of its own: libFuzzer ends the process with the first that it finds, and leaves the bytes
in the folder of findings.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import structlog

FINDINGS = Path("out/fuzz")
HANGS_AFTER_S = 1
LOOKED_INTO = [
    "makeready_hooks.outside", "makeready_pressero.pricing", "makeready_pressero.orders", "makeready_pressero.wire",
    "makeready_pressero.webhooks", "makeready_pressero.plain_xml", "makeready_tharstern.webhooks",
    "makeready_tharstern.replies", "makeready_admin.factors.passkeys", "makeready_admin.web.cookies",
    "makeready_admin.web.request", "makeready.subscribers",
    "makeready.web.api.requests", "starlette.requests", "tomllib", "urllib.parse", "http.cookies", "webauthn", "cbor2",
]  # fmt: skip
"""Whose branches tell atheris what is new."""


def run_one(name: str, seconds: int) -> None:
    """Does not return. The parsers are imported here, when atheris looks on."""
    import atheris  # noqa: PLC0415 - no requirement of the tests

    with atheris.instrument_imports(include=LOOKED_INTO):
        from companies import Companies  # noqa: PLC0415 - as above
        from parsers import parsers  # noqa: PLC0415 - as above
    structlog.configure(processors=[_dropped])
    with tempfile.TemporaryDirectory() as folder:
        companies = Companies(Path(folder))
        asyncio.run(companies.start(orders=0))
        [parser] = [one for one in parsers(companies) if one.name == name]
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, example in enumerate(parser.examples):
            (corpus / str(number)).write_bytes(example)
        FINDINGS.mkdir(parents=True, exist_ok=True)
        limits = [f"-max_total_time={seconds}", f"-timeout={HANGS_AFTER_S}", "-max_len=4000", "-verbosity=0"]
        atheris.Setup(
            [
                sys.argv[0],
                *limits,
                "-print_final_stats=1",
                f"-artifact_prefix={FINDINGS}/{name}-",
                str(corpus),
            ],
            parser.read,
        )
        atheris.Fuzz()


def _dropped(*_: object) -> str:
    raise structlog.DropEvent


def _names() -> tuple[str, ...]:
    """Imported here: where atheris looks on, it has to come first."""
    from parsers import NAMES  # noqa: PLC0415 - as above

    return NAMES


def run_all(seconds: int) -> int:
    found = 0
    names = _names()
    for name in names:
        command = [sys.executable, __file__, "--parser", name, "--seconds", str(seconds // len(names) or 1)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this very file
        said = done.stdout + done.stderr
        runs = next(
            (line.split()[-1] for line in said.splitlines() if "number_of_executed_units" in line), "?"
        )
        click.echo(f"{name:20} {runs:>9} inputs: {'nothing found' if done.returncode == 0 else 'FOUND'}")
        if done.returncode:
            found += 1
            click.echo(said[-3000:])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parser", default="")
    parser.add_argument("--seconds", type=int, default=60, help="all parsers together")
    given = parser.parse_args()
    if given.parser:
        run_one(given.parser, given.seconds)
    raise SystemExit(1 if run_all(given.seconds) else 0)


if __name__ == "__main__":
    main()
