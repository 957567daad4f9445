"""What every test shares: closed sockets, one fixed moment, and the browser."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_socket import socket_allow_hosts

# The cast and what it needs of the database.
pytest_plugins = ["tests.fixtures"]

# PostgreSQL, the live server and the browser's driver speak over the loopback; nothing else may be called.
LOOPBACK = ["127.0.0.1", "::1", "localhost"]
# One ordinary Friday morning in Hà Nội, inside office hours.
FIXED_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "/snap/bin/chromium")
BROWSER_ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever opens a page is a browser test, said or not: `make test-fast` leaves it out.

    They come last, in their random order: the browser's driver leaves an event loop running in its process, where
    `asyncio.run` is refused, and switches stacks, by which Python 3.11 loses count of its depth when it parses.
    """
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def now() -> datetime:
    """The moment that operations and rules are given."""
    return FIXED_NOW


def chromium() -> str | None:
    """The browser on this machine: the one named in VANTHU_TEST_CHROMIUM, else the system's."""
    named = os.environ.get("VANTHU_TEST_CHROMIUM")
    if named and not Path(named).exists():
        raise pytest.UsageError(f"VANTHU_TEST_CHROMIUM names {named}, which is not there.")
    return named or next((found for name in BROWSERS if (found := shutil.which(name)) and runs(found)), None)


def runs(program: str) -> bool:
    """Ubuntu's chromium-browser may be a stub that only says where to find the real one."""
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium here: run scripts/system-packages, or name one in VANTHU_TEST_CHROMIUM")
    # Playwright keeps an event loop in this thread; the ORM is still only used by one task at a time.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {"executable_path": executable, "args": BROWSER_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1366, "height": 768},
    }
