"""The line as an operator describes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from vanthu.exchange.channels.vxp.settings import line


@pytest.fixture
def described(settings):  # type: ignore[no-untyped-def]
    settings.VANTHU_LINE_URL = "https://gateway.example:8443/XrdAdapter/adapter/"
    settings.VANTHU_LINE_SYSTEM = "00.26.TEST"
    settings.VANTHU_LINE_SECRET = "not-for-anybody"
    settings.VANTHU_LINE_PROXY = "http://user:word@127.0.0.1:3128"
    settings.VANTHU_LINE_BACKOFF = "1,2.5"
    return settings


def test_without_an_address_there_is_no_line(settings) -> None:  # type: ignore[no-untyped-def]
    settings.VANTHU_LINE_URL = ""
    assert line() is None


def test_a_line_is_described_and_keeps_its_secrets_to_itself(described) -> None:  # type: ignore[no-untyped-def]
    found = line()
    assert found is not None
    assert found.url == "https://gateway.example:8443"
    assert [found.wait_after(attempt) for attempt in (1, 2, 3)] == [
        timedelta(seconds=1),
        timedelta(seconds=2.5),
        None,
    ]
    assert "not-for-anybody" not in repr(found)
    assert "word" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VANTHU_LINE_URL", "gateway.example"),
        ("VANTHU_LINE_URL", "ftp://gateway.example"),
        ("VANTHU_LINE_URL", "https://user:word@gateway.example"),
        ("VANTHU_LINE_SYSTEM", ""),
        ("VANTHU_LINE_SECRET", ""),
        ("VANTHU_LINE_SYSTEM", "hệ thống"),
        ("VANTHU_LINE_BACKOFF", "soon"),
    ],
)
def test_a_line_that_is_described_wrongly_names_the_variable(described, name: str, value: str) -> None:  # type: ignore[no-untyped-def]
    setattr(described, name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        line()
