"""Pages of stored files, drawn once and kept beside the store; the cache may be emptied at any time."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from vanthu.foundation.storage import blobs, cache_blobs
from vanthu.renditions.inspection import inspect_pdf
from vanthu.renditions.pages import ComparedPage, TextRun, compare_pages, page_image, page_text

POINTS_PER_MM = 72 / 25.4
A4 = (210.0, 297.0)


def page_picture(sha256: str, page: int, width_px: int) -> bytes:
    """Page `page` (from 0) of a stored PDF as WEBP. Refuses: `renditions.page.*`."""
    return _kept(f"{sha256}-{page}-{width_px}.webp", lambda: page_image(blobs().read(sha256), page, width_px))


def version_picture(sha256: str, end: int, page: int, width_px: int) -> bytes:
    """A page of an earlier version of a stored PDF: its first `end` bytes. Refuses: `renditions.page.*`."""
    name = f"{sha256}-{end}-{page}-{width_px}.webp"
    return _kept(name, lambda: page_image(blobs().read(sha256)[:end], page, width_px))


def compared_pages(sha256: str, end: int) -> tuple[ComparedPage, ...]:
    """The pages of a stored PDF beside those of its first `end` bytes. Refuses: `renditions.page.*`."""

    def compare() -> bytes:
        data = blobs().read(sha256)
        return json.dumps([asdict(row) for row in compare_pages(data[:end], data)]).encode()

    return tuple(ComparedPage(**row) for row in json.loads(_kept(f"{sha256}-{end}-compared.json", compare)))


def page_words(sha256: str, page: int) -> tuple[TextRun, ...]:
    """The positioned words of a page, for selection and screen readers."""

    def read() -> bytes:
        return json.dumps([asdict(run) for run in page_text(blobs().read(sha256), page)]).encode()

    return tuple(TextRun(**run) for run in json.loads(_kept(f"{sha256}-{page}-text.json", read)))


def page_sizes(sha256: str) -> tuple[tuple[float, float], ...]:
    """Width and height of each page in points (the first 50 are measured; the rest repeat the last)."""

    def measure() -> bytes:
        facts = inspect_pdf(blobs().read(sha256))
        sizes = list(facts.page_sizes) or [A4]
        sizes += [sizes[-1]] * (facts.pages - len(sizes))
        return json.dumps([(w * POINTS_PER_MM, h * POINTS_PER_MM) for w, h in sizes]).encode()

    return tuple((w, h) for w, h in json.loads(_kept(f"{sha256}-sizes.json", measure)))


def _kept(name: str, make: Callable[[], bytes]) -> bytes:
    """Read from the cache, or make and keep; a half-written file is never seen."""
    file = cache_blobs() / name[:2] / name
    try:
        return file.read_bytes()
    except FileNotFoundError:
        data = make()
    file.parent.mkdir(exist_ok=True)
    handle, new = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as writer:
        writer.write(data)
    Path(new).replace(file)
    return data
