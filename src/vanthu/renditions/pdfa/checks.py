"""The table of PDF/A checks; runs only in child processes of the sandbox, which import it beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from vanthu.renditions.pdfa import PdfaFinding, file_rules, font_rules, page_rules
from vanthu.renditions.pdfa.parts import Parts

MOST_OF_A_KIND = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its code, its clause in ISO 19005-2, and who finds the places that break it."""

    code: str
    clause: str
    find: Callable[[Parts], Iterator[str]]


CHECKS = (
    Check("file.header", "6.1.2", file_rules.header),
    Check("file.id", "6.1.3", file_rules.identified),
    Check("file.encrypted", "6.1.3", file_rules.not_encrypted),
    Check("file.bytes-after-end", "6.1.3", file_rules.nothing_after_the_end),
    Check("stream.external", "6.1.7.1", file_rules.no_external_streams),
    Check("stream.filter", "6.1.7.2", file_rules.known_filters),
    Check("file.permissions", "6.1.12", file_rules.permissions),
    Check("file.lengths", "6.1.13", file_rules.lengths),
    Check("page.size", "6.1.13", file_rules.page_sizes),
    Check("content.operators", "6.2.2", page_rules.known_operators),
    Check("colour.intent", "6.2.3", file_rules.output_intent),
    Check("colour.device", "6.2.4.3", page_rules.device_colours),
    Check("graphics.state", "6.2.5", page_rules.graphics_states),
    Check("image.tricks", "6.2.8", page_rules.images),
    Check("form.tricks", "6.2.9", page_rules.forms_without_tricks),
    Check("graphics.transparency", "6.2.10", page_rules.transparency),
    Check("font.composite", "6.2.11.3", font_rules.composite),
    Check("font.embedded", "6.2.11.4", font_rules.embedded),
    Check("font.widths", "6.2.11.5", font_rules.widths),
    Check("annotation.kind", "6.3.1", page_rules.annotation_kinds),
    Check("annotation.flags", "6.3.2", page_rules.annotation_flags),
    Check("annotation.appearance", "6.3.3", page_rules.annotation_appearances),
    Check("form.fields", "6.4.1", page_rules.forms),
    Check("signature.range", "6.4.3", page_rules.signatures),
    Check("action.forbidden", "6.5", page_rules.actions),
    Check("metadata.packet", "6.6.2", file_rules.metadata),
    Check("metadata.claim", "6.6.4", file_rules.claim),
    Check("file.attachments", "6.8", file_rules.embedded_files),
    Check("file.layers", "6.9", file_rules.optional_content),
    Check("file.catalog", "6.10", file_rules.catalog),
)


def findings_of(data: bytes) -> list[PdfaFinding]:
    try:
        with pikepdf.open(BytesIO(data)) as document:
            return list(_found(Parts(data, document)))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        return [PdfaFinding("file.unreadable", "6.1", str(error).rpartition(">: ")[2][:200])]


def _found(parts: Parts) -> Iterator[PdfaFinding]:
    for check in CHECKS:
        for number, where in enumerate(check.find(parts)):
            if number < MOST_OF_A_KIND:
                yield PdfaFinding(check.code, check.clause, where[:120])
