"""`make screenshots`: pictures of the screens of ./var, at a desk and on a phone.

`make screenshots PEOPLE="a b" PASSWORD=…` signs in as each person in turn and takes every screen that the
navigation offers; without people only the sign-in page is taken. The pictures land in var/screenshots.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "var" / "screenshots"
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 60


@contextmanager
def server() -> Iterator[str]:
    """The installation in ./var on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "vanthu"), "serve", "--port", str(port)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=30)


def wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and running.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("vanthu serve did not start; run `make demo SERVE=0` first.")


def sign_in(page: Page, site: str, person: str, password: str) -> None:
    page.goto(site)
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", password)
    page.click("form button[type=submit]")
    page.wait_for_load_state("networkidle")
    if page.locator("input[name=password]").count():
        sys.exit(f"{person} could not sign in with this password.")


def navigation(page: Page) -> list[str]:
    """The addresses that the page's navigation offers, each once."""
    links = page.locator("nav a[href^='/']").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(["/", *links]))


def picture(page: Page, name: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=TARGET / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', name).strip('-')}.png", full_page=True)
    print(f"  {name}")


def take(browser: Browser, site: str, person: str | None, password: str) -> None:
    for size, (width, height) in SIZES.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        page = context.new_page()
        if person is None:
            page.goto(site)
            picture(page, f"sign-in {size}")
        else:
            sign_in(page, site, person, password)
            for address in navigation(page):
                page.goto(site + address)
                page.wait_for_load_state("networkidle")
                picture(page, f"{person} {address} {size}")
        context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--password", default="")
    parser.add_argument("people", nargs="*")
    options = parser.parse_args()
    chromium = os.environ.get("VANTHU_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with server() as site, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--headless=new", "--no-sandbox"])
        for person in [None, *options.people]:
            take(browser, site, person, options.password)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
