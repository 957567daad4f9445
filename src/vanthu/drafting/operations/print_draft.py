"""Prints a draft by the template of its type, with the title of whoever is proposed to sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from vanthu.documents.operations import NewFile, store_file
from vanthu.documents.queries import document_type
from vanthu.documents.rules.notation import notation
from vanthu.documents.rules.types import DocumentTypeRow, Template
from vanthu.drafting.operations.order import DraftOrder
from vanthu.kernel.actor import Actor
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotReady, Violation
from vanthu.organizations import queries as organizations
from vanthu.organizations.queries import AgencyRow, PostRow
from vanthu.organizations.rules.authority import AuthorityFacts, authority_for
from vanthu.presentation.letters import LetterContent, RenderedLetter, render_letter
from vanthu.renditions.pages import page_count

OPENING = re.compile(r"^(v/v|về việc)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed draft: its frozen file, where its fields stand, and what was printed about signer and notation."""

    file: NewFile
    boxes: dict[str, list[float]]
    notation: str
    signer_name: str
    signer_position: str


@dataclass(frozen=True, slots=True)
class _Signer:
    post: PostRow
    authority: AuthorityFacts


def print_draft(actor: Actor, order: DraftOrder, now: datetime) -> Printed:
    """Print the order. Refuses: `drafting.type.unknown`, `drafting.signer.unknown`."""
    assert actor.agency_id is not None
    agency = organizations.agency(actor.agency_id)
    kind = document_type(order.type_code)
    if kind is None:
        raise NotReady([Violation("drafting.type.unknown", (("code", order.type_code),))])
    signer = _signer(agency, order, now)
    unit = organizations.unit(actor.unit_id) if actor.unit_id else None
    symbol = notation(kind.abbreviation, agency.abbreviation, unit.abbreviation if unit else "VP")
    letter = render_letter(_letter(agency, kind, signer, symbol, order))
    file = store_file(letter.pdf, name="van-ban.pdf", page_count=page_count(letter.pdf))
    return Printed(file, _plain(letter), symbol, signer.post.person_name, signer.post.title)


def _signer(agency: AgencyRow, order: DraftOrder, now: datetime) -> _Signer:
    post = organizations.post_holder(order.signer_post_id, now=now)
    if post is not None and post.agency_id == agency.id:
        rows = organizations.authorities_of_post(post.id)
        authority = authority_for(rows, doc_type=order.type_code, on=local(now).date())
        if authority is not None:
            return _Signer(post, authority)
    raise NotReady([Violation("drafting.signer.unknown")])


def _letter(
    agency: AgencyRow, kind: DocumentTypeRow, signer: _Signer, symbol: str, order: DraftOrder
) -> LetterContent:
    known = organizations.addressees(order.recipients)
    names = tuple(known[code].name for code in order.recipients)
    is_letter = kind.template is Template.OFFICIAL_LETTER
    return LetterContent(
        issuer=agency.issuer_name,
        governing_body=agency.governing_name or None,
        notation=symbol,
        subject=_without_opening(order.subject),
        paragraphs=order.paragraphs,
        bases=order.bases,
        signer_capacity=signer.authority.title_lines,
        signer_name=signer.post.person_name,
        place_name=agency.place_name,
        type_name=None if is_letter else kind.name,
        salutation=names if is_letter else (),
        recipients=(*(("Như trên",) if is_letter else names), "Lưu: VT."),
        urgency=order.urgency,
        seal_diameter_mm=agency.seal_diameter_mm,
    )


def _without_opening(subject: str) -> str:
    """The template prints "V/v" itself; a subject that begins with it, or with "về việc", would say it twice."""
    return OPENING.sub("", subject.strip())


def _plain(letter: RenderedLetter) -> dict[str, list[float]]:
    return {name: list(box) for name, box in letter.boxes.items()}
