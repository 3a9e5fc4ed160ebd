"""What WeChat signs and encrypts: SHA-1 over sorted words, AES-256 in CBC with the key of the account."""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK, NONCE, SIZE = 32, 16, 4


class Forged(Exception):
    """The words do not come from WeChat, or are not meant for this account."""


def signature(*words: str) -> str:
    """Return the signature of some words, which is the same in whatever order."""
    return hashlib.sha1("".join(sorted(words)).encode(), usedforsecurity=False).hexdigest()


def check(signed: str, *words: str) -> None:
    """Compare a signature in constant time.

    :raises Forged: it is another.
    """
    if not hmac.compare_digest(signed.encode(), signature(*words).encode()):
        raise Forged("signature")


def decrypt(key: str, account: str, sealed: str) -> bytes:
    """Open what WeChat has sealed for an account.

    :raises Forged: it cannot be opened, or is meant for another account.
    """
    try:
        secret, octets = _secret(key), base64.b64decode(sealed, validate=True)
        opener = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
        plain = opener.update(octets) + opener.finalize()
    except (ValueError, binascii.Error) as error:
        raise Forged("sealed words") from error
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= BLOCK or len(plain) < NONCE + SIZE + pad:
        raise Forged("padding")
    plain = plain[NONCE:-pad]
    end = SIZE + int.from_bytes(plain[:SIZE], "big")
    if plain[end:] != account.encode():
        raise Forged("account")
    return plain[SIZE:end]


def encrypt(key: str, account: str, words: bytes) -> str:
    """Seal words for an account, as WeChat does."""
    secret = _secret(key)
    plain = os.urandom(NONCE) + len(words).to_bytes(SIZE, "big") + words + account.encode()
    pad = BLOCK - len(plain) % BLOCK
    closer = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(closer.update(plain + bytes([pad]) * pad) + closer.finalize()).decode()


def _secret(key: str) -> bytes:
    return base64.b64decode(key + "=")
