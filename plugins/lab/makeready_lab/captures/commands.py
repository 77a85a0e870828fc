"""``makeready capture`` and ``makeready assumptions``: what a vendor really says, and what a connector supposes of it."""

import asyncio
import os
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec
from makeready.plugins import connectors
from makeready.subscribers.settings import wrong_setting
from makeready.terminal import as_json, print_json, print_table
from makeready.web.server import bind, serve_until_told, url_of
from makeready_hooks import ConnectorType, Secret, decode_secret
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.assumptions import Assumption, assumptions_of
from makeready_hooks.testing.samples import Sample, read_sample
from msgspec import Struct

from makeready_lab.captures.proxy import Recorder
from makeready_lab.captures.redaction import Redaction
from makeready_lab.captures.sample import Recorded, written
from makeready_lab.captures.verdicts import Answer, Verdict, verdicts

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
with_settings = click.option(
    "--settings",
    "settings_file",
    type=A_FILE,
    help="The connector's settings, as TOML: its assumptions in use, and secrets to leave out.",
)


@click.command()
@click.argument("name")
@with_settings
@click.option("--capture", "sample_file", type=A_FILE, help="Say what a capture of real calls says to each.")
@as_json
def assumptions(name: str, settings_file: Path | None, sample_file: Path | None, as_json: bool) -> None:
    """List what the connector NAME supposes of its vendor, why, and what happens if it is wrong."""
    kind = _connector(name)
    entries = assumptions_of(kind.settings, _assumptions_in(_settings(kind, settings_file)))
    judged = verdicts(entries, read_sample(sample_file).exchanges) if sample_file else ()
    if as_json:
        print_json([_told(one, judged) for one in entries])
    else:
        _list(entries, judged, empty=f"{kind.title} supposes nothing of its vendor.")


@click.command()
@click.argument("name", metavar="CONNECTOR")
@click.option("--to", required=True, metavar="ADDRESS", help="The vendor's address: https://mis.example.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The sample to write."
)
@click.option(
    "--listen", default=0, show_default=True, metavar="PORT", help="On this machine; 0 takes a free one."
)
@with_settings
@click.option("--personal", multiple=True, metavar="MEMBER", help="Its values are personal, too; repeatable.")
@click.option(
    "--secret", "more_secrets", multiple=True, metavar="VARIABLE", help="Of the environment; repeatable."
)
def capture(
    name: str,
    to: str,
    out: Path,
    listen: int,
    settings_file: Path | None,
    personal: tuple[str, ...],
    more_secrets: tuple[str, ...],
) -> None:
    """Keep what a vendor really says to CONNECTOR, without secrets and with invented people.

    It listens on this machine and hands every call on to the vendor. Set the connector's address to it, use the connector,
    and end it with Ctrl-C: then the sample is written, whole, and what it says to the connector's assumptions is told.
    Until then nothing is on the disk. Look through the file before you give it to anybody.
    """
    kind = _connector(name)
    settings = _settings(kind, settings_file)
    to = _address(to)
    recorder = Recorder(to, verify=os.environ.get("MAKEREADY_CA_FILE") or True)
    bound = bind("127.0.0.1", listen)
    click.echo(f"{kind.title} at {to} is captured at {url_of(bound)}")
    click.echo("Set the connector's address to it. Ctrl-C writes the sample.")
    asyncio.run(_serve(recorder, bound))
    known = [*_secrets_in(settings), *(_variable(one) for one in more_secrets)]
    sample = _without_secrets(kind.name, recorder.exchanges, Redaction(known, personal, urlsplit(to).netloc))
    out.write_bytes(sample)
    _tell(kind, settings, out, recorder)


async def _serve(recorder: Recorder, bound: Any) -> None:
    try:
        await serve_until_told(recorder.app, bound)
    finally:
        await recorder.aclose()


def _without_secrets(connector: str, exchanges: Sequence[Recorded], redaction: Redaction) -> bytes:
    """The whole file. Raises ConfigError if a secret is in it after all: then nothing is written."""
    for one in exchanges:
        redaction.learn(one)
    day = datetime.now(UTC).date().isoformat()
    sample = Sample(connector=connector, made_on=day, exchanges=tuple(map(redaction.redacted, exchanges)))
    content = written(sample)
    if redaction.holds_secret(content):
        raise ConfigError(
            "A secret would be in the sample, in a form that is not known: nothing was written.",
            fix="Capture fewer calls to find the one that it is in.",
        )
    return content


def _tell(kind: ConnectorType, settings: Struct | None, out: Path, recorder: Recorder) -> None:
    count = len(recorder.exchanges)
    click.echo(
        f"{count} exchange{'s' if count != 1 else ''} in {out}. Look through it before you give it to anybody."
    )
    if recorder.too_many:
        click.echo(f"{recorder.too_many} more came, and are not in it.")
    entries = assumptions_of(kind.settings, _assumptions_in(settings))
    judged = verdicts(entries, read_sample(out).exchanges)
    seen = [one for one in judged if one.answer is not Answer.NOT_SEEN]
    print_table(
        ("assumption", "verdict", "what was seen"),
        [(one.name, one.answer.value, one.words) for one in seen],
        empty="It says nothing to the connector's assumptions.",
    )
    if seen:
        click.echo(f"{len(judged) - len(seen)} others were not seen.")


def _list(entries: Sequence[Assumption], judged: Sequence[Verdict], *, empty: str) -> None:
    for one, verdict in _beside(entries, judged):
        evidence = one.evidence.value if one.evidence else "no evidence"
        said = f"; {verdict.answer}{f': {verdict.words}' if verdict.words else ''}" if verdict else ""
        click.echo(f"{one.name} = {one.text or '(empty)'}   [{evidence}{said}]")
        click.echo(f"    {one.why}")
        click.echo(f"    If it is wrong: {one.if_wrong}")
    counted = Counter(one.evidence.value for one in entries if one.evidence)
    click.echo(", ".join(f"{count} {evidence}" for evidence, count in counted.items()) or empty)


def _beside(
    entries: Sequence[Assumption], judged: Sequence[Verdict]
) -> Iterator[tuple[Assumption, Verdict | None]]:
    by_name = {one.name: one for one in judged}
    return ((one, by_name.get(one.name)) for one in entries)


def _told(one: Assumption, judged: Sequence[Verdict]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": one.name,
        "value": msgspec.to_builtins(one.value),
        "evidence": one.evidence,
        "why": one.why,
        "if_wrong": one.if_wrong,
        "can_be_checked": one.rule is not None,
    }
    for verdict in judged:
        if verdict.name == one.name:
            told |= {"verdict": verdict.answer, "seen": verdict.words}
    return told


def _connector(name: str) -> ConnectorType:
    return connectors().one(name, "connector", field="name")


def _settings(kind: ConnectorType, file: Path | None) -> Struct | None:
    """Of a TOML file in which secrets can be ``env:NAME``. Raises ConfigError that names what is wrong."""
    if file is None:
        return None
    try:
        given = tomllib.loads(file.read_text("utf-8"))
        given = {name: _opened(value) for name, value in given.items()}
        settings: Struct = msgspec.convert(given, kind.settings, dec_hook=decode_secret)
    except msgspec.ValidationError as exc:
        raise wrong_setting(exc, kind.settings, kind.name) from None
    except (ValueError, OSError) as exc:
        raise ConfigError(f"{file} cannot be read: {exc}.", field="settings") from None
    return settings


def _opened(value: Any) -> Any:
    return (
        _variable(value.removeprefix("env:"))
        if isinstance(value, str) and value.startswith("env:")
        else value
    )


def _variable(name: str) -> str:
    if name not in os.environ:
        raise ConfigError(f"The environment variable {name} is not set.", field=name)
    return os.environ[name]


def _assumptions_in(settings: Struct | None) -> Struct | None:
    return getattr(settings, "assumptions", None)


def _secrets_in(settings: Struct | None) -> Iterator[str]:
    values = [getattr(settings, one.name) for one in msgspec.structs.fields(settings)] if settings else []
    return (one.reveal() for one in values if isinstance(one, Secret) and one)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ConfigError(
            f"{text} is no address of a vendor.", field="to", fix="Such as https://mis.example."
        )
    return text
