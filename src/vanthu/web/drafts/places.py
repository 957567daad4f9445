"""Where signature and seal will stand: the part of the page around them, with their places marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from vanthu.documents.queries import DocumentCard
from vanthu.renditions.queries import page_sizes

IMAGE_PX = 1000
"""The width that the viewer has loaded already."""
AROUND_PT = 56


def place_of(card: DocumentCard, boxes: Mapping[str, Sequence[float]], *names: str) -> dict[str, Any] | None:
    """The crop of the page that carries the named boxes; None where the file has no such page."""
    found = {name: boxes[name] for name in names if name in boxes}
    if not found or not card.main_sha256:
        return None
    page = int(next(iter(found.values()))[0])
    sizes = page_sizes(card.main_sha256)
    if page >= len(sizes):
        return None
    width, height = sizes[page]
    marks = [_mark(name, box, height) for name, box in found.items()]
    left = max(0.0, min(mark["x"] for mark in marks) - AROUND_PT)
    top = max(0.0, min(mark["y"] for mark in marks) - AROUND_PT)
    foot = min(height, max(mark["y"] + mark["height"] for mark in marks) + AROUND_PT / 2)
    return {
        "image_url": reverse("document-page", args=[card.id, card.main_sha256[:16], page + 1, IMAGE_PX]),
        "page": page + 1,
        "width": round(width),
        "height": round(height),
        "view": f"{left:.0f} {top:.0f} {width - left:.0f} {foot - top:.0f}",
        "marks": marks,
    }


def _mark(name: str, box: Sequence[float], page_height: float) -> dict[str, Any]:
    _page, x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    # Whole points: Vietnamese writes fractions with a comma, which SVG does not read.
    return {
        "name": name,
        "x": round(x0),
        "y": round(page_height - y1),
        "width": round(width),
        "height": round(height),
        "cx": round(x0 + width / 2),
        "cy": round(page_height - y1 + height / 2),
        "radius": round(min(width, height) / 2),
    }
