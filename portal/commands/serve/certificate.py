"""A certificate of our own for HTTPS=1, so that a phone in the same network may open camera and position.

Signed by itself: browsers ask once whether to trust it. Must not be used in production.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_DAYS = 365
RENEW_DAYS = 30


def ensure_certificate(folder: Path, addresses: list[str]) -> tuple[Path, Path]:
    """Certificate and key for localhost and these addresses; made anew when an address is missing or it runs
    out.
    """
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = _names(addresses)
    if not key.exists() or not _serves(certificate, names):
        folder.mkdir(parents=True, exist_ok=True)
        _make(certificate, key, names)
    return certificate, key


def _names(addresses: list[str]) -> list[x509.GeneralName]:
    hosts = dict.fromkeys(["localhost", socket.gethostname(), "127.0.0.1", "::1", *addresses])
    return [_name(host) for host in hosts if host]


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode("ascii"))


def _serves(certificate: Path, names: list[x509.GeneralName]) -> bool:
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError):
        return False
    listed = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    fresh = found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=RENEW_DAYS)
    return fresh and set(names) <= set(listed)


def _make(certificate: Path, key: Path, names: list[x509.GeneralName]) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal on this machine")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(private)
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
