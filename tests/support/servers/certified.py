"""Certificates that a test makes: of itself or by an authority of its own, for names and addresses, of any time."""

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.UTC)


def day(days: int) -> str:
    """As people read it, so many days from now."""
    moment = NOW + datetime.timedelta(days=days)
    return f"{moment.day} {moment:%B %Y}"


class Certified:
    """A certificate for a name, its server's side, and who trusts it."""

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        days: int = 9,
        since: int = -20,
        names: Sequence[str] = (),
        by: "Certified | None" = None,
        title: str = "",
    ) -> None:
        """Valid from ``since`` to ``days``, in days from now. ``by``: the authority that signs it, if not itself."""
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title or name)])
        self.made = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(by.subject if by else self.subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + datetime.timedelta(days=since))
            .not_valid_after(NOW + datetime.timedelta(days=days))
            .add_extension(
                x509.SubjectAlternativeName([_name(one) for one in names or (name,)]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
            .sign(by.key if by else self.key, hashes.SHA256())
        )
        self.pem = self.made.public_bytes(serialization.Encoding.PEM)
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = folder / f"{self.made.serial_number}.pem"
        file.write_bytes(self.pem + private)
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(file)
        self.trust = ssl.create_default_context(cadata=self.pem.decode())
        self.file = folder / f"{self.made.serial_number}-public.pem"
        self.file.write_bytes(self.pem)


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
