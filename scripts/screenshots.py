"""`make screenshots`: the main screens of the demonstration in ./var, into docs/screenshots/.

The story of `make demo` leaves work on every desk; each picture is what one person finds there.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 60


@dataclass(frozen=True)
class Picture:
    """One picture: whose desk, which page; `opens` takes the first document of the list."""

    name: str
    person: str
    path: str
    opens: bool = False
    size: tuple[int, int] = (1366, 860)
    theme: str = "light"


PICTURES = (
    Picture("queue", "vanthu.stc", "/hang-cho/cho-tiep-nhan/"),
    Picture("process", "vanthu.stc", "/hang-cho/cho-tiep-nhan/", opens=True),
    Picture("dark", "vanthu.stc", "/hang-cho/cho-tiep-nhan/", opens=True, theme="dark"),
    Picture("draft", "chuyenvien.snv", "/van-ban-di/soan/"),
    Picture("sign", "giamdoc.snv", "/hang-cho/cho-ky/", opens=True),
    Picture("issue", "vanthu.snv", "/hang-cho/cho-cap-so/", opens=True),
    Picture("directive", "giamdoc.stc", "/hang-cho/cho-chi-dao/", opens=True),
    Picture("work", "chuyenvien.stc", "/hang-cho/viec-cua-toi/", opens=True),
    Picture("wide", "truongphong.stc", "/hang-cho/cho-phan-cong/", size=(1920, 1000)),
    Picture("phone", "giamdoc.stc", "/hang-cho/cho-chi-dao/", opens=True, size=(360, 740)),
    Picture("phone-queue", "vanthu.stc", "/hang-cho/cho-tiep-nhan/", size=(360, 740)),
)


@contextmanager
def server() -> Iterator[str]:
    """The installation in ./var on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "vanthu"), "serve", "--no-jobs", "--port", str(port)]
    environment = {**os.environ, "VANTHU_DEMO": "1", "VANTHU_HOME": str(ROOT / "var")}
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
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
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", password)
    page.click("form button[type=submit]")
    page.wait_for_load_state("networkidle")
    if page.locator("input[name=password]").count():
        sys.exit(f"{person} could not sign in with this password.")


def take(browser: Browser, site: str, picture: Picture, password: str) -> None:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=picture.theme,  # type: ignore[arg-type]
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        device_scale_factor=1,
    )
    page = context.new_page()
    sign_in(page, site, picture.person, password)
    page.goto(site + picture.path)
    if picture.opens:
        link = page.locator(".row-link").first
        if not link.count():
            sys.exit(
                f"{picture.person} has nothing in {picture.path}: run `make demo SERVE=0` on an empty ./var."
            )
        page.goto(site + str(link.get_attribute("href")))
    page.wait_for_load_state("networkidle")
    # 256 colours are enough for a screen of ours, and a third of the bytes.
    shot = Image.open(BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(256).save(TARGET / f"{picture.name}.png", optimize=True)
    print(f"  {picture.name}.png")
    context.close()


def demonstration_password() -> str:
    """The one password of every demonstration person, as `make demo` prints it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
    django.setup()
    from vanthu.demo.loading import PASSWORD

    return PASSWORD


def main() -> None:
    password = demonstration_password()
    executable = os.environ.get("VANTHU_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, BROWSERS)), None
    )
    if executable is None:
        sys.exit("No Chromium here: run scripts/system-packages, or name one in VANTHU_TEST_CHROMIUM.")
    TARGET.mkdir(parents=True, exist_ok=True)
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with server() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        for picture in PICTURES:
            take(browser, site, picture, password)


if __name__ == "__main__":
    main()
