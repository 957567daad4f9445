"""The city of the tests: loaded once per session, its keys made once, so that each test starts at once."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.conftest import FIXED_NOW

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.factories.signing import Letter

_city: dict[str, Any] = {}
"""How to reach the database between tests; empty while no test of this run wants the cast."""


@pytest.fixture(scope="session")
def bucket_service() -> Iterator[dict[str, str]]:
    """The variables of an installation with a bucket, as the test conductor makes them; one service per process."""
    script = Path(__file__).resolve().parents[1] / "scripts" / "test_s3.py"
    spec = importlib.util.spec_from_file_location("test_s3_service", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.test_bucket() as variables:
        yield variables


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Load the city behind the empty database when a test of this run wants the cast."""
    _keep_processes_apart()
    if any("cast" in getattr(item, "fixturenames", ()) for item in request.session.items):
        _city["blocker"] = django_db_blocker
        with django_db_blocker.unblock():
            _load(with_keys=True)
    yield
    with django_db_blocker.unblock():
        _send_everybody_home()


def _send_everybody_home() -> None:
    """A live server's thread or a killed process may still hold a connection; PostgreSQL then drops no database."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _keep_processes_apart() -> None:
    """Each process of pytest-xdist has its own database; keys and blobs must not be mixed either."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        home = Path(settings.VANTHU_HOME) / worker
        settings.VANTHU_BLOBS, settings.VANTHU_CACHE = _below(settings.VANTHU_BLOBS, worker), home / "cache"
        settings.VANTHU_AXIS_BLOBS = _below(settings.VANTHU_AXIS_BLOBS, worker)
        settings.VANTHU_PKI, settings.VANTHU_TRUST = home / "pki", home / "pki" / "trust"


def _below(location: str, name: str) -> str:
    """A folder inside the store, whether it is a folder or a bucket."""
    parts = urlsplit(location)
    return parts._replace(path=f"{parts.path}/{name}").geturl()


def _load(*, with_keys: bool) -> None:
    from tests.cast import Cast, load_the_city
    from tests.factories.signing import make_keys

    load_the_city(now=FIXED_NOW)
    if with_keys:
        make_keys(Cast.read(now=FIXED_NOW), now=FIXED_NOW)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """A test with real commits leaves empty tables behind: load the city anew for whoever comes next."""
    try:
        return (yield)
    finally:
        if _city and nextitem is not None and _commits(item):
            _load_if_empty()


def _load_if_empty() -> None:
    from vanthu.organizations.queries import addressable_agencies

    with _city["blocker"].unblock():
        if not addressable_agencies():
            _load(with_keys=False)


def _commits(item: pytest.Item) -> bool:
    names = {"transactional_db", "live_server"}
    marker = item.get_closest_marker("django_db")
    return bool(names.intersection(getattr(item, "fixturenames", ()))) or bool(
        marker and marker.kwargs.get("transaction")
    )


@pytest.fixture
def cast(db: None, now: datetime) -> Iterator[Cast]:
    """The people of the story."""
    from django.core.cache import cache

    from tests.cast import Cast

    cache.clear()
    yield Cast.read(now=now)
    cache.clear()


@pytest.fixture
def letter(cast: Cast) -> Letter:
    """One letter of A to B in its stages, signed once per session."""
    from tests.factories.signing import the_letter

    return the_letter()
