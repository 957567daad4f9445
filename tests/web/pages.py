"""What tests read off a page."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

WRITES = ("INSERT", "UPDATE", "DELETE")


def words_of(response: Any) -> str:
    """The visible text, in one line."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def values_of(response: Any, name: str) -> list[str]:
    """The values of the hidden fields of that name."""
    return re.findall(rf'name="{name}" value="([^"]*)"', response.content.decode())


def document_page(client: Client, document_id: int) -> Any:
    return client.get(f"/van-ban/{document_id}/")


def queries_of(client: Client, url: str) -> list[str]:
    """The statements of one reading of a page, its caches warm."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def writes_among(statements: list[str]) -> list[str]:
    return [sql for sql in statements if sql.lstrip().upper().startswith(WRITES)]
