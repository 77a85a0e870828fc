"""Secrets at rest: sealed with a key that is not in the state file, or referred to by name.

A secret in a settings file is a plain text (sealed when it is taken in), a reference to an
environment variable (``env:NAME``), or ``(stored)``: keep what is there.
"""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from makeready_hooks.errors import ConfigError

KEY_VARIABLE = "MAKEREADY_KEY"
REFERENCE = "env:"
SEALED = "sealed:"
STORED = "(stored)"


def is_sealed(stored: str) -> bool:
    return stored.startswith(SEALED)


class Vault:
    """Seals and opens secrets. The key is read, or made, when it is first needed."""

    def __init__(self, key_file: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._key_file = key_file
        self._environ = environ
        self._fernet: Fernet | None = None

    def seal(self, text: str) -> str:
        """A form that can be stored. A reference stays a reference."""
        if text.startswith(REFERENCE):
            return text
        return SEALED + self._box().encrypt(text.encode()).decode()

    def open(self, stored: str, *, field: str) -> str:
        """The secret itself.

        Raises:
            ConfigError: the variable is not set, or the key does not fit. It names ``field``.
        """
        if stored.startswith(REFERENCE):
            return self._from_environment(stored.removeprefix(REFERENCE), field)
        try:
            return self._box().decrypt(stored.removeprefix(SEALED).encode()).decode()
        except InvalidToken:
            raise ConfigError(
                f"{field} cannot be read: it was sealed with another key.",
                field=field,
                fix=f"Give the right key in {KEY_VARIABLE} or {self._key_file}, or enter the secret again.",
            ) from None

    def _from_environment(self, name: str, field: str) -> str:
        if not (value := self._environ.get(name, "")):
            raise ConfigError(
                f"{field} is missing: the environment variable {name} is not set.",
                field=field,
                fix=f"Set {name} for the process that runs makeready.",
            )
        return value

    def _box(self) -> Fernet:
        if self._fernet is None:
            key = self._environ.get(KEY_VARIABLE, "").encode() or _key_from(self._key_file)
            try:
                self._fernet = Fernet(key)
            except ValueError:
                raise ConfigError(
                    "The encryption key is not valid: it must be 32 bytes in URL-safe Base64.",
                    field=KEY_VARIABLE,
                    fix=f"Correct {KEY_VARIABLE} or the key file {self._key_file}.",
                ) from None
        return self._fernet


def _key_from(path: Path) -> bytes:
    """Read the key file; make it, readable by its owner only, on first use."""
    if not path.exists():
        _make_key(path)
    return path.read_bytes().strip()


def _make_key(path: Path) -> None:
    """Another process may do the same at this moment: the first whole file stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
