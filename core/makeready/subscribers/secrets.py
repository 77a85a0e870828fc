"""Secrets at rest: sealed with a key that lies beside the state file, renewed, never shown."""

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from makeready_hooks.errors import ConfigError
from makeready_hooks.secret_filter import SecretFilter

KEY_VARIABLE = "MAKEREADY_KEY"
REFERENCE = "env:"
VARIABLES = "MAKEREADY_SECRET_"
VARIABLE_PART = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)*")
SEALED = "sealed:"
STORED = "(stored)"


def is_sealed(stored: str) -> bool:
    return stored.startswith(SEALED)


def variables_of(company: str) -> str:
    """How the variables begin that a company's references may name; no other company's begin so.

    Two underscores end the company's name, and what follows has no two of them: *a* never names those of *a-b*.
    """
    return f"{VARIABLES}{company.upper().replace('-', '_')}__"


def check_reference(stored: str, company: str, field: str) -> None:
    """Raises ConfigError for a reference to a variable that is not one for this company's secrets."""
    name, own = stored.removeprefix(REFERENCE), variables_of(company)
    if company and name.startswith(own) and VARIABLE_PART.fullmatch(name.removeprefix(own)):
        return
    raise ConfigError(
        f"{field} names the variable {name}, which is not one for this company's secrets.",
        field=field,
        fix=f"Name one that begins with {own}, such as {own}PASSWORD.",
    )


class Vault:
    """Seals and opens secrets. The keys are read, or the first is made, when one is needed."""

    def __init__(self, key_file: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._key_file = key_file
        self._environ = environ
        self._read: tuple[bytes, MultiFernet] | None = None
        """The keys as they stand in the file, and what they make."""
        self.filters = defaultdict[str, SecretFilter](SecretFilter)
        """By company: they know every secret that was opened for it."""

    def seal(self, text: str) -> str:
        """A form that can be stored. A reference stays a reference."""
        if text.startswith(REFERENCE):
            return text
        return SEALED + self._box().encrypt(text.encode()).decode()

    def open(self, stored: str, *, field: str, company: str = "") -> str:
        """The secret itself, which is shown nowhere from then on. Without a company it is the installation's.

        Raises:
            ConfigError: the variable is not the company's, or not set, or no key fits. It names ``field``.
        """
        if stored.startswith(REFERENCE):
            check_reference(stored, company, field)
            text = self._from_environment(stored.removeprefix(REFERENCE), field)
        else:
            text = self._unsealed(stored, field)
        if company:
            self.filters[company].add(text)
        return text

    def _unsealed(self, stored: str, field: str) -> str:
        try:
            return self._box().decrypt(stored.removeprefix(SEALED).encode()).decode()
        except InvalidToken:
            raise ConfigError(
                f"{field} cannot be read: it was sealed with another key.",
                field=field,
                fix=f"Give the right key in {KEY_VARIABLE} or {self._key_file}, or enter the secret again.",
            ) from None

    def renew(self, sealed: str) -> str:
        """The same secret, sealed with the newest key. Raises ConfigError if no key fits."""
        return self.seal(self.open(sealed, field="A secret"))

    def add_key(self) -> None:
        """A new key before the others, in the key file. Raises ConfigError if the keys are not in a file."""
        self._refuse_variable("Put a new key before the old one")
        self._box()
        _write_keys(self._key_file, b"\n".join([Fernet.generate_key(), *self._keys()]))

    def delete_old_keys(self) -> None:
        """All but the newest. What is sealed with another one is lost: `renew` it first."""
        self._refuse_variable("Take the old key out")
        _write_keys(self._key_file, self._keys()[0])

    def _refuse_variable(self, what: str) -> None:
        if self._environ.get(KEY_VARIABLE):
            raise ConfigError(
                f"The keys are in {KEY_VARIABLE}, and not in a file.",
                field=KEY_VARIABLE,
                fix=f"{what} there, with a blank between keys, and start all processes again.",
            )

    def _from_environment(self, name: str, field: str) -> str:
        if not (value := self._environ.get(name, "")):
            raise ConfigError(
                f"{field} is missing: the environment variable {name} is not set.",
                field=field,
                fix=f"Set {name} for the process that runs makeready.",
            )
        return value

    def _keys(self) -> list[bytes]:
        return (self._environ.get(KEY_VARIABLE, "").encode() or _content(self._key_file)).split()

    def _box(self) -> MultiFernet:
        """Read again each time: another process may have renewed the keys."""
        keys = self._keys()
        content = b" ".join(keys)
        if self._read is None or self._read[0] != content:
            try:
                self._read = (content, MultiFernet([Fernet(key) for key in keys]))
            except ValueError:
                raise ConfigError(
                    "The encryption key is not valid: it must be 32 bytes in URL-safe Base64.",
                    field=KEY_VARIABLE,
                    fix=f"Correct {KEY_VARIABLE} or the key file {self._key_file}.",
                ) from None
        return self._read[1]


def _content(path: Path) -> bytes:
    """Of the key file; make it, readable by its owner only, on first use."""
    if not path.exists():
        _make_key(path)
    return path.read_bytes()


def _make_key(path: Path) -> None:
    """Another process may do the same at this moment: the first whole file stays."""
    draft = _draft(path, Fernet.generate_key())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _write_keys(path: Path, content: bytes) -> None:
    """The whole file at once: whoever reads it finds the keys of before or of after."""
    _draft(path, content).replace(path)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
