"""Secrets that must be read again lie sealed in the database: a copy of it opens nothing without the house's key.

AES-256-GCM under a key derived from the settings' secret (HKDF-SHA256). A sealed text is `v1.<key>.<nonce and cipher>`;
`<key>` tells which secret closed it, so that a secret can be replaced while the former one still opens.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "v1"
_NONCE = 12
_NAME = 6


class Seal:
    """Closes with the present secret, opens what this one or a former one has closed."""

    def __init__(self, secret: str, *former: str) -> None:
        self._keys = dict(_derived(one) for one in (*former, secret) if one)
        self._name = _derived(secret)[0]

    @property
    def mark(self) -> str:
        """What everything begins with that the present secret has closed."""
        return f"{VERSION}.{self._name}."

    def close(self, text: str, *, bound_to: str) -> str:
        """The text sealed; it opens only with the same `bound_to` (whose it is), so that rows cannot be swapped."""
        nonce = secrets.token_bytes(_NONCE)
        cipher = AESGCM(self._keys[self._name]).encrypt(nonce, text.encode(), bound_to.encode())
        return self.mark + base64.urlsafe_b64encode(nonce + cipher).decode()

    def open(self, kept: str, *, bound_to: str) -> str | None:
        """The text again; None when its secret is lost or it was tampered with.

        What was kept before there were seals bears no version and is given back as it is.
        """
        if not kept.startswith(f"{VERSION}."):
            return kept
        try:
            _version, name, body = kept.split(".")
            raw = base64.urlsafe_b64decode(body)
            return AESGCM(self._keys[name]).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode()).decode()
        except (KeyError, ValueError, InvalidTag):
            return None


def _derived(secret: str) -> tuple[str, bytes]:
    """A short public name of the secret, and the key."""
    raw = HKDF(SHA256(), length=32 + _NAME, salt=None, info=b"portal sealing v1").derive(secret.encode())
    return base64.urlsafe_b64encode(raw[:_NAME]).decode(), raw[_NAME:]
