"""Sealed values: what may be kept but not read by whoever sees the table (NFR-01).

AES-256-GCM with a key of the installation; the digest (HMAC-SHA-256) finds equal values without opening them.
"""

import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


@cache
def _keys() -> tuple[AESGCM, bytes]:
    """Return the cipher and the key of digests, both derived from the installation's key."""
    root = str(settings.DATA_KEY).encode()
    seal, mark = (hmac.new(root, purpose, hashlib.sha256).digest() for purpose in (b"guanxi seal", b"guanxi digest"))
    return AESGCM(seal), mark


def seal(text: str) -> bytes:
    """Return the text sealed; twice the same text gives two different results."""
    nonce = os.urandom(_NONCE)
    return nonce + _keys()[0].encrypt(nonce, text.encode(), None)


def open_sealed(sealed: bytes) -> str:
    """Return the text that was sealed.

    :raises ValueError: it was altered, or sealed with another key.
    """
    try:
        return _keys()[0].decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
    except InvalidTag as error:
        raise ValueError("this value was sealed with another key") from error


def digest(text: str) -> bytes:
    """Return 16 bytes that are equal for equal texts and say nothing else."""
    return hmac.digest(_keys()[1], text.encode(), "sha256")[:16]
