"""The password of the maintainers' pages: salted and hashed for a setting, compared in constant time."""

import base64
import hashlib
import hmac
import secrets

from rag.errors import SettingsError

MARK = "scrypt"
COST, BLOCK, LANES = 2**14, 8, 5
"""16 MB and some 100 ms a guess. Source: OWASP Password Storage Cheat Sheet (2026), scrypt with N=2^14, r=8, p=5."""

MEMORY = 64 * 1024 * 1024
SALT_BYTES, KEY_BYTES = 16, 32
MIN_CHARS = 10
MAX_CHARS = 1000


def hashed(password: str, *, salt: bytes | None = None) -> str:
    """Return a password in the form of the setting: `scrypt:N:r:p:salt:key`.

    Args:
        password: at least 10 characters.
        salt: random unless given.

    Raises:
        SettingsError: the password is too short or too long.
    """
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise SettingsError(
            f"the password has {len(password)} characters; expected {MIN_CHARS} to {MAX_CHARS}; "
            "choose another and run: citewell password"
        )
    salt = salt or secrets.token_bytes(SALT_BYTES)
    key = _key(password, salt, COST, BLOCK, LANES, KEY_BYTES)
    parts = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (salt, key))
    return ":".join((MARK, str(COST), str(BLOCK), str(LANES), *parts))


def matches(password: str, kept: str) -> bool:
    """Return whether a password is the one that was kept, in the same time whether or not it is.

    Args:
        password: what somebody typed.
        kept: hashed by `hashed`, or the plain password.

    Raises:
        SettingsError: what was kept begins like a hash and is none.
    """
    given = password[: MAX_CHARS + 1]
    if not kept.startswith(f"{MARK}:"):
        salt = secrets.token_bytes(SALT_BYTES)  # both sides of equal length, whatever was typed
        return hmac.compare_digest(
            *(hmac.digest(salt, text.encode(errors="replace"), "sha256") for text in (given, kept))
        )
    try:
        _, cost, block, lanes, salt_text, key_text = kept.split(":")
        salt, key = (base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}") for text in (salt_text, key_text))
        found = _key(given, salt, int(cost), int(block), int(lanes), len(key))
    except ValueError:
        raise SettingsError("the maintainers' password is cut short or altered; run: citewell password") from None
    return hmac.compare_digest(found, key)


def _key(password: str, salt: bytes, cost: int, block: int, lanes: int, length: int) -> bytes:
    text = password.encode(errors="replace")
    return hashlib.scrypt(text, salt=salt, n=cost, r=block, p=lanes, maxmem=MEMORY, dklen=length)
