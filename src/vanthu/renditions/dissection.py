"""Takes a PDF apart; runs only in child processes of the sandbox, which import it beforehand."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2

from vanthu.renditions.inspection import PdfFacts
from vanthu.renditions.rules.stamp_lines import PageFrame

MAX_OBJECTS = 500_000
MAX_DEPTH = 30
TEXT_LIMIT = 20_000
ACTIONS_THAT_RUN = {"/JavaScript", "/Launch"}


def facts_of(data: bytes) -> PdfFacts:
    try:
        with pikepdf.open(BytesIO(data)) as document:
            if document.is_encrypted:
                # Opens without a password, yet the encryption keeps others from signing and archiving it.
                return PdfFacts(pages=len(document.pages), version=document.pdf_version, encrypted=True)
            return PdfFacts(
                pages=len(document.pages),
                version=document.pdf_version,
                has_javascript=_runs_something(document),
                embedded_files=tuple(sorted(document.attachments)),
                page_sizes=_page_sizes(data),
                text_first_page=_first_page_text(data),
            )
    except pikepdf.PasswordError:
        return PdfFacts(encrypted=True)
    except pikepdf.PdfError as error:
        return PdfFacts(unreadable=str(error).rpartition(">: ")[2][:300])


def first_page_frame(data: bytes) -> PageFrame:
    with pypdfium2.PdfDocument(data) as document:
        page = document[0]
        x0, y0, x1, y1 = page.get_cropbox()
        turns = page.get_rotation() // 90
    with pikepdf.open(BytesIO(data)) as document:
        unit = float(document.pages[0].obj.get("/UserUnit", 1))
    return PageFrame((x0, y0, x1, y1), turns, unit if unit > 0 else 1.0)


def _runs_something(document: pikepdf.Pdf) -> bool:
    """Look through every object: a script may hang on a page, a field, a name tree or an outline."""
    for number, thing in enumerate(document.objects):
        if number > MAX_OBJECTS:
            return True  # nobody can vouch for such a file
        if _holds_action(thing, depth=0):
            return True
    return False


def _holds_action(thing: object, depth: int) -> bool:
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Dictionary):
        if "/JS" in thing or str(thing.get("/S", "")) in ACTIONS_THAT_RUN:
            return True
        children = [value for _, value in thing.items()]
    elif isinstance(thing, pikepdf.Array):
        children = list(thing)
    else:
        return False
    # Indirect children come round by themselves in the list of all objects. What is nested deeper than
    # any honest file is taken for a hiding place.
    return depth > MAX_DEPTH or any(
        _holds_action(child, depth + 1)
        for child in children
        if isinstance(child, pikepdf.Object) and not child.is_indirect
    )


def _page_sizes(data: bytes) -> tuple[tuple[float, float], ...]:
    with pypdfium2.PdfDocument(data) as document:
        sizes = [document.get_page_size(index) for index in range(min(len(document), 50))]
    return tuple((round(width / 72 * 25.4, 1), round(height / 72 * 25.4, 1)) for width, height in sizes)


def _first_page_text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        text: str = document[0].get_textpage().get_text_bounded()
    return text[:TEXT_LIMIT]
