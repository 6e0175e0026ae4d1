"""Seal data that others hold for us, so that nobody can alter it unnoticed. It is not hidden from who holds it."""

import base64
import binascii
import hashlib
import hmac
import zlib

MAC_BYTES = hashlib.sha256().digest_size


def derived(secret: str, purpose: str) -> bytes:
    """Return a key for one purpose, so that keys for different purposes say nothing about each other."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def sealed(data: bytes, key: bytes) -> str:
    """Return data, packed and with a seal (HMAC-SHA-256), as text for addresses and scripts."""
    packed = zlib.compress(data)
    return base64.urlsafe_b64encode(hmac.new(key, packed, hashlib.sha256).digest() + packed).decode("ascii")


def unsealed(text: str, key: bytes) -> bytes | None:
    """Return what was sealed with the same key; None for anything else. Nothing is unpacked before its seal holds."""
    try:
        given = base64.urlsafe_b64decode(text.encode("ascii"))
    except (ValueError, binascii.Error):
        return None
    mac, packed = given[:MAC_BYTES], given[MAC_BYTES:]
    if not hmac.compare_digest(mac, hmac.new(key, packed, hashlib.sha256).digest()):
        return None
    return zlib.decompress(packed)
