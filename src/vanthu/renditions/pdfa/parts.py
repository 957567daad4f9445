"""A PDF taken apart once for all checks: every dictionary with its place, the pages, the content operators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

MAX_OBJECTS = 500_000
MAX_DEPTH = 30

Fact = tuple[str, pikepdf.Dictionary]
"""Where it stands, and the dictionary (a stream's own dictionary for streams)."""


@dataclass
class Parts:
    """What the checks look at."""

    data: bytes
    pdf: pikepdf.Pdf
    objects: list[tuple[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, thing in enumerate(self.pdf.objects):
            if number >= MAX_OBJECTS:
                raise ValueError("too many objects")
            self.objects.append((f"object {thing.objgen[0]}", thing))

    @cached_property
    def dictionaries(self) -> list[Fact]:
        """Every dictionary of the file, also those inside others."""
        return [fact for where, thing in self.objects for fact in _dictionaries(where, thing, 0)]

    @cached_property
    def streams(self) -> list[tuple[str, Stream]]:
        return [(where, thing) for where, thing in self.objects if isinstance(thing, Stream)]

    @cached_property
    def fonts(self) -> list[Fact]:
        return [(where, each) for where, each in self.dictionaries if each.get("/Type") == Name.Font]

    @cached_property
    def annotations(self) -> list[Fact]:
        """The annotations of all pages."""
        return [
            (f"page {number} {annotation.get('/T', annotation.get('/Subtype', ''))}", annotation)
            for number, page in enumerate(self.pdf.pages, start=1)
            for annotation in listed(page.obj.get("/Annots"))
            if isinstance(annotation, Dictionary)
        ]

    @cached_property
    def operators(self) -> dict[str, set[str]]:
        """Per page or form: the operators of its content."""
        sources: list[tuple[str, pikepdf.Page | Stream]] = [
            (f"page {number}", page) for number, page in enumerate(self.pdf.pages, start=1)
        ]
        forms = [(where, each) for where, each in self.streams if each.get("/Subtype") == Name.Form]
        return {where: {str(step.operator) for step in _content(each)} for where, each in (*sources, *forms)}


def _content(source: pikepdf.Page | Stream) -> Iterable[pikepdf.ContentStreamInstruction]:
    return [
        step
        for step in pikepdf.parse_content_stream(source)
        if isinstance(step, pikepdf.ContentStreamInstruction)
    ]


def _dictionaries(where: str, thing: object, depth: int) -> Iterator[Fact]:
    if isinstance(thing, Stream):
        thing = thing.stream_dict
    if isinstance(thing, Dictionary):
        yield where, thing
        children = [value for _, value in thing.items()]
    elif isinstance(thing, Array):
        children = list(thing)
    else:
        return
    if depth > MAX_DEPTH:
        raise ValueError("objects are nested too deep")
    for child in children:
        # Indirect children come round by themselves.
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _dictionaries(where, child, depth + 1)


def listed(thing: object) -> list[pikepdf.Object]:
    """The members of an array, the thing alone when it is one, nothing when there is none."""
    if thing is None:
        return []
    return list(thing) if isinstance(thing, Array) else [thing]  # type: ignore[list-item]


def is_empty(rect: Iterable[object]) -> bool:
    x0, y0, x1, y1 = (float(edge) for edge in rect)  # type: ignore[arg-type]
    return x0 == x1 or y0 == y1
