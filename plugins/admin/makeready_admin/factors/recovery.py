"""Recovery codes: for whoever has lost the phone. Each opens once; only their hashes are kept."""

import base64
import hashlib
import re
import secrets

COUNT = 10
BYTES = 10
"""Of chance in each: nobody guesses one."""
SHAPE = re.compile(r"[A-Z2-7]{16}")


def new_codes() -> list[str]:
    """``ABCD-EFGH-IJKL-MNOP``."""
    made = (base64.b32encode(secrets.token_bytes(BYTES)).decode() for _ in range(COUNT))
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in made]


def as_code(typed: str) -> str:
    """As it was made, however it was typed; "" for what has not the shape of one."""
    plain = re.sub(r"[\s-]", "", typed).upper()
    return plain if SHAPE.fullmatch(plain) else ""


def hash_of_code(code: str) -> str:
    return hashlib.sha256(as_code(code).encode()).hexdigest()
