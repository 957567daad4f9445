"""Fixtures of the crash tests."""

from __future__ import annotations

import sys

import pytest

from tests.crash.reporting import Tell


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("randomly_seed", default=0) or 0)


@pytest.fixture
def tell(capfd: pytest.CaptureFixture[str]) -> Tell:
    """Says its line past pytest's capturing, so that `make test` shows what was played."""

    def say(line: str) -> None:
        with capfd.disabled():
            sys.stderr.write(f"\n{line}\n")

    return say
