"""Certificates for tests: an authority of one's own, and what it and others sign."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)
ADDRESS = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


class Authority:
    """Signs certificates; its own lies in `file`."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "城市自建证书机构")])
        builder = _begun(self._name, self._key, _now() + 30 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        made = builder.issuer_name(self._name).sign(self._key, hashes.SHA256())
        self.file = folder / "authority.pem"
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def signed(
        self, folder: Path, *, name: x509.GeneralName = ADDRESS, until: dt.datetime | None = None
    ) -> ssl.SSLContext:
        """What a server needs that may call itself `name`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sync")])
        builder = _begun(subject, key, until or _now() + DAY).issuer_name(self._name)
        builder = builder.add_extension(x509.SubjectAlternativeName([name]), False)
        return _context(folder, builder.sign(self._key, hashes.SHA256()), key)


def self_signed(folder: Path) -> ssl.SSLContext:
    """What a server has that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sync")])
    builder = _begun(subject, key, _now() + DAY).issuer_name(subject)
    builder = builder.add_extension(x509.SubjectAlternativeName([ADDRESS]), False)
    return _context(folder, builder.sign(key, hashes.SHA256()), key)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _begun(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, until: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(_now(), until) - DAY)
        .not_valid_after(until)
    )


def _context(
    folder: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> ssl.SSLContext:
    file = folder / "server.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
