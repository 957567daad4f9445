"""A person at the real server: reads a page over HTTP, finds the form, and sends it as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from lxml import html

Values = dict[str, str | list[str]]
PATIENCE_SECONDS = 60.0
MULTIPART = "multipart/form-data"


class ConnectionBroken(Exception):
    """Nobody answers, or the answer broke off: the person can't know whether the act took effect."""


@dataclass(frozen=True)
class Page:
    """What came back: status, where it sends the browser, and the document."""

    status: int
    location: str
    body: Any

    def words(self) -> str:
        return " ".join(self.body.text_content().split())


@dataclass
class Browser:
    """One person's browser: his cookies, and nothing remembered of any page."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        return self._call("GET", path)

    def send(self, form: Any, values: Values, *, page: str = "") -> Page:
        """Send the form to its address, else to the page it stands on, in the encoding it asks for."""
        body, kind = encoded(form, values)
        return self._call("POST", form.get("action") or page, body, {"Content-Type": kind})

    def _call(
        self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> Page:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, **(more or {})}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException) as broken:
            raise ConnectionBroken from broken
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        page = html.fromstring(text.decode()) if text else html.Element("html")
        return Page(answer.status, answer.headers.get("Location", ""), page)

    def find(self, queue: str, subject: str) -> str | None:
        """The address of the document where it waits in a queue, as the row of the list gives it."""
        page = self.get(f"/hang-cho/{queue}/")
        assert page.status == 200, f"{queue}: {page.status} {page.words()[:300]}"
        for link in page.body.xpath("//a[starts-with(@href, '/van-ban/')]"):
            if subject in link.text_content():
                return str(link.get("href"))
        return None


def pressable(page: Page, ending: str) -> Any | None:
    """The form that goes to such an address, if its button is there and may be pressed."""
    for form in page.body.forms:
        action = form.get("action") or ""
        # A form without an address goes to the page it stands on.
        if not (action.endswith(ending) if ending else not action):
            continue
        own = form.xpath(".//button[@type='submit' and not(@form)]")
        name = form.get("id")
        outside = page.body.xpath("//button[@type='submit' and @form=$name]", name=name) if name else []
        if own or outside:
            return form
    return None


def filled(form: Any, values: Values) -> list[tuple[str, str]]:
    """What the browser sends: every field as the page shows it, and what the person entered."""
    kept = [(name, value) for name, value in form.form_values() if name not in values]
    entered = [
        (name, value)
        for name, given in values.items()
        for value in (given if isinstance(given, list) else [given])
    ]
    return kept + entered


def encoded(form: Any, values: Values) -> tuple[bytes, str]:
    """The body of the request and its type."""
    fields = filled(form, values)
    if form.get("enctype") != MULTIPART:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    boundary = f"vanthu-{token_hex(16)}"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    return "".join([*parts, f"--{boundary}--\r\n"]).encode(), f"{MULTIPART}; boundary={boundary}"


def choice(form: Any, name: str, ending: str) -> str:
    """What is chosen in a list by the end of its label: the title of a post stands there."""
    labels = form.xpath(f".//select[@name='{name}']/option | .//label[.//input[@name='{name}']]")
    chosen = next(label for label in labels if " ".join(label.text_content().split()).endswith(ending))
    return str((chosen.xpath(".//input/@value") or [chosen.get("value")])[0])
