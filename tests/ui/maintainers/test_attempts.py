"""How often a password may be tried."""

import time

import pytest

from ui.maintainers.attempts import Attempts


def test_a_client_waits_after_too_many_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    attempts = Attempts(limit=2, window_s=60)
    attempts.failed("one")
    assert attempts.wait_s("one") == 0
    attempts.failed("one")

    assert attempts.wait_s("one") == pytest.approx(60)
    assert attempts.wait_s("other") == 0

    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    assert attempts.wait_s("one") == 0


def test_many_clients_together_wait_as_well() -> None:
    attempts = Attempts(limit=2, window_s=60)
    for number in range(40):
        attempts.failed(str(number))

    assert attempts.wait_s("fresh") > 0


def test_the_right_password_forgets_the_wrong_ones() -> None:
    attempts = Attempts(limit=2, window_s=60)
    attempts.failed("one")
    attempts.passed("one")
    attempts.failed("one")

    assert attempts.wait_s("one") == 0
