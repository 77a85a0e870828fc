"""Connector settings: from a file or flags into the store, and out of it into a connector.

The connector's settings Struct is the one source: it says which settings there are, which are
secret, and whether a value is right.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from secrets import token_hex
from typing import Any, get_args

import msgspec
from makeready_hooks import ConnectorType, Secret, decode_secret
from makeready_hooks.errors import ConfigError
from makeready_hooks.names import nearest
from msgspec import Struct

from makeready.outbound.addresses import server_address
from makeready.subscribers.model import ConnectorRecord, Environment
from makeready.subscribers.secrets import REFERENCE, STORED, Vault, check_reference, variables_of

UNKNOWN = re.compile(r"unknown field `(.+)`")
MISSING = re.compile(r"missing required field `(.+)`")
"""How msgspec tells them."""
ENVIRONMENTS: tuple[Environment, ...] = ("test", "live")


def settings_schema(settings: type[Struct]) -> dict[str, Any]:
    """The JSON schema of a settings Struct; a secret has the format ``secret``."""
    return msgspec.json.schema(settings, schema_hook=_secret_schema)


def _secret_schema(kind: type) -> dict[str, Any]:
    if kind is Secret:
        return {"type": "string", "format": "secret"}
    raise TypeError(f"{kind} has no schema")


def setting_names(kind: ConnectorType) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind.settings))


def secret_names(settings: type[Struct]) -> frozenset[str]:
    """The settings that are sealed at rest and never shown."""
    return _of_format(settings, "secret")


def address_names(settings: type[Struct]) -> frozenset[str]:
    """The settings that say which server is given the secrets; see `makeready_hooks.secret`."""
    return _of_format(settings, "uri")


@cache
def _of_format(settings: type[Struct], form: str) -> frozenset[str]:
    """Also where a setting may be empty."""
    given = settings_schema(settings)["$defs"][settings.__name__]["properties"]
    return frozenset(
        name
        for name, one in given.items()
        if form in [part.get("format") for part in (one, *one.get("anyOf", ()))]
    )


@cache
def setting_titles(settings: type[Struct]) -> Mapping[str, str]:
    """What people call each setting."""
    given = settings_schema(settings)["$defs"][settings.__name__]["properties"]
    return {name: one.get("title") or name.replace("_", " ") for name, one in given.items()}


def seal_settings(
    kind: ConnectorType, given: Mapping[str, Any], before: ConnectorRecord, vault: Vault, company: str
) -> ConnectorRecord:
    """Settings as a person wrote them, with secrets sealed, ready to be stored.

    ``given`` holds shared settings and, under ``test`` and ``live``, those of one environment.
    Raises ConfigError for an unknown name, or for ``(stored)`` where nothing is stored.
    """
    layers: dict[str, dict[str, Any]] = {"shared": {}, "test": {}, "live": {}}
    for layer, where, values in _layers(kind.name, given):
        stored: dict[str, Any] = getattr(before, layer)
        layers[layer] = _seal_layer(kind, where, values, stored, vault, company)
    return ConnectorRecord(signing_key=before.signing_key, **layers)


def new_record(vault: Vault) -> ConnectorRecord:
    """A connector that is added now: without settings, with a signing key of its own."""
    return ConnectorRecord(signing_key=vault.seal(token_hex(24)))


def _layers(name: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    where = f"connectors.{name}"
    yield "shared", where, {key: value for key, value in given.items() if key not in ENVIRONMENTS}
    for environment in ENVIRONMENTS:
        values = given.get(environment, {})
        if not isinstance(values, Mapping):
            raise ConfigError(
                f"{where}.{environment} must be a table of settings.", field=f"{where}.{environment}"
            )
        yield environment, f"{where}.{environment}", values


def _seal_layer(
    kind: ConnectorType,
    where: str,
    values: Mapping[str, Any],
    stored: Mapping[str, Any],
    vault: Vault,
    company: str,
) -> dict[str, Any]:
    hidden, addresses = secret_names(kind.settings), address_names(kind.settings)
    taken: dict[str, Any] = {}
    for name, value in values.items():
        check_known(name, setting_names(kind), where)
        taken[name] = value
        if name in hidden:
            taken[name] = seal_setting(f"{where}.{name}", value, stored.get(name), vault, company)
        elif name in addresses and isinstance(value, str):
            server_address(value, f"{where}.{name}")
    return taken


def seal_setting(field: str, value: Any, stored: str | None, vault: Vault, company: str) -> str:
    """A secret as it is stored: encrypted again, kept as it was, or a reference. Raises ConfigError."""
    if not isinstance(value, str):
        raise ConfigError(f"{field} must be a text.", field=field)
    if value.startswith(REFERENCE):
        check_reference(value, company, field)
    if value != STORED:
        return vault.seal(value)
    if not stored:
        raise ConfigError(
            f"{field} says {STORED}, but nothing is stored.",
            field=field,
            fix=f"Give it, or name a variable: {REFERENCE}{variables_of(company)}NAME.",
        )
    return stored


def check_known(name: str, known: tuple[str, ...], where: str) -> None:
    """Raises ConfigError that names the nearest known setting."""
    if name in known:
        return
    near = nearest(name, known)
    fix = f"Did you mean {near}?" if near else f"Known are: {', '.join(sorted(known))}."
    raise ConfigError(f"{where}.{name} is not a setting.", field=f"{where}.{name}", fix=fix)


def open_settings(
    kind: ConnectorType, record: ConnectorRecord, environment: Environment, vault: Vault, company: str
) -> Any:
    """The connector's settings Struct for one environment, secrets opened.

    Raises ConfigError that names the setting: missing, of the wrong type, or a secret that cannot be had.
    """
    values = {**record.shared, **getattr(record, environment)}
    for name in secret_names(kind.settings) & values.keys():
        values[name] = vault.open(values[name], field=f"connectors.{kind.name}.{name}", company=company)
    try:
        return msgspec.convert(values, kind.settings, dec_hook=decode_secret)
    except msgspec.ValidationError as exc:
        raise wrong_setting(exc, kind.settings, f"connectors.{kind.name}", f" ({environment})") from None


def far_end_of(kind: ConnectorType, record: ConnectorRecord, environment: Environment) -> str | None:
    """Where settings lead to; None if they cannot be read. No secret is opened for it."""
    values = {**record.shared, **getattr(record, environment)}
    values |= dict.fromkeys(secret_names(kind.settings) & values.keys(), "-" * 40)
    try:
        return kind.far_end(msgspec.convert(values, kind.settings, dec_hook=decode_secret))
    except (msgspec.ValidationError, ValueError):
        return None


def wrong_setting(
    exc: msgspec.ValidationError, settings: type[Struct], where: str, which: str = ""
) -> ConfigError:
    """What is wrong with a value of ``settings``, or with one inside it, and what was meant instead of an unknown name."""
    text, _, path = str(exc).partition(" - at `$")
    path = path.rstrip("`")
    field = where + path
    if unknown := UNKNOWN.search(text):
        known = _names_at(settings, path)
        try:
            check_known(unknown[1], known, field)
        except ConfigError as told:
            return told
    if missing := MISSING.search(text):
        return ConfigError(f"{field}.{missing[1]}{which} is missing.", field=f"{field}.{missing[1]}")
    return ConfigError(f"{field}{which}: {text}.", field=field)


def _names_at(settings: Any, path: str) -> tuple[str, ...]:
    """Of the settings in the table at a path such as ``.assumptions``."""
    for step in re.findall(r"\.(\w+)|\[", path):
        found = [one.type for one in _fields(settings) if one.name == step]
        settings = found[0] if found else settings
    return tuple(one.name for one in _fields(settings))


def _fields(annotation: Any) -> tuple[Any, ...]:
    """Of the Struct that an annotation means: itself, or one inside ``Annotated[…]``, ``dict[str, …]``."""
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return msgspec.structs.fields(annotation)
    return next(filter(None, map(_fields, get_args(annotation))), ())


def show_settings(kind: ConnectorType, record: ConnectorRecord) -> dict[str, Any]:
    """Settings as they can be shown and written to a file: no secret, but references stay."""
    shared = show_layer(kind.settings, record.shared)
    layers = {name: show_layer(kind.settings, getattr(record, name)) for name in ENVIRONMENTS}
    return {**shared, **{name: values for name, values in layers.items() if values}}


def show_layer(settings: type[Struct], values: Mapping[str, Any]) -> dict[str, Any]:
    """With ``(stored)`` for what is sealed."""
    hidden = secret_names(settings)
    return {
        name: value if name not in hidden or not value or value.startswith(REFERENCE) else STORED
        for name, value in values.items()
    }
