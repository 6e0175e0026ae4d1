"""Passwords: hashed with a salt, compared whole."""

import pytest

from rag.errors import SettingsError
from rag.passwords import hashed, matches

PASSWORD = "harbour and sea"  # noqa: S105 - made up


def test_a_hashed_password_matches_itself_only() -> None:
    kept = hashed(PASSWORD)

    assert matches(PASSWORD, kept)
    assert not matches(PASSWORD + "!", kept)
    assert not matches("", kept)
    assert not matches(kept, kept)


def test_equal_passwords_get_different_hashes() -> None:
    assert hashed(PASSWORD) != hashed(PASSWORD)


def test_a_plain_password_matches_itself_only() -> None:
    assert matches("ünïcode \ud800", "ünïcode \ud800")
    assert not matches("harbour", PASSWORD)


@pytest.mark.parametrize("kept", ["scrypt:16384:8:5:abc", "scrypt:1:8:5:YWJj:YWJj", "scrypt:x:8:5:YWJj:YWJj"])
def test_a_damaged_hash_lets_nobody_in(kept: str) -> None:
    with pytest.raises(SettingsError, match="run: citewell password"):
        matches(PASSWORD, kept)
