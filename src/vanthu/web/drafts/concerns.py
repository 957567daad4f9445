"""Which issued document a draft revokes or replaces: offered by number, filled in from the document's own screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, concern_of, document_card, is_visible, record_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.exchange.queries import deliveries_of
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotVisible
from vanthu.registry.queries import issued_documents
from vanthu.web.request import PersonRequest

ASKED = {"thu-hoi": RelationKind.REVOKES, "thay-the": RelationKind.REPLACES}
"""The draft's page is opened with `?thu-hoi=<id>` or `?thay-the=<id>`."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that may be revoked or replaced. `name` is unique: numbers begin anew each year."""

    id: int
    full_number: str
    name: str
    subject: str

    def is_named(self, text: str) -> bool:
        return text in {self.name, self.full_number}


def issued_here(actor: Actor) -> tuple[Issued, ...]:
    """What may be chosen, newest first: a number alone means the newest that has it."""
    return tuple(_issued(card) for card in issued_documents(actor))


def _issued(card: DocumentCard) -> Issued:
    return Issued(card.id, card.full_number, name_of(card), card.subject)


def name_of(card: DocumentCard) -> str:
    day = f"{card.issued_on:%d/%m/%Y}" if card.issued_on else "—"
    return _("{number} ngày {day}").format(number=card.full_number, day=day)


def concerned_document(request: PersonRequest) -> tuple[RelationKind, DocumentCard] | None:
    """What `?thu-hoi=` or `?thay-the=` names. Refuses: `NotVisible`."""
    for name, kind in ASKED.items():
        wanted = request.GET.get(name, "")
        if wanted.isdigit():
            return kind, document_card(actor=request.actor, document_id=int(wanted))
        if wanted:
            raise NotVisible
    return None


def filled_as_ending(kind: RelationKind, card: DocumentCard) -> dict[str, Any]:
    """The usual beginning: to everybody who got it, and why stands to be written."""
    name = name_of(card)
    filled: dict[str, Any] = {
        "concern_kind": str(kind),
        "concern_number": name,
        "recipients": [row.recipient_code for row in deliveries_of(card.id)],
        "urgency": int(card.urgency),
    }
    if kind is RelationKind.REPLACES:
        return filled | {
            "type_code": card.type_code,
            "subject": card.subject,
            "body": _("Văn bản này thay thế Văn bản số {name}.").format(name=name) + "\n\n",
        }
    opening = _("Nay thu hồi Văn bản số {name} về việc {subject}. Lý do: ").format(
        name=name, subject=card.subject
    )
    closing = _(
        "Đề nghị cơ quan, tổ chức, cá nhân đã nhận văn bản hủy văn bản nói trên trên Hệ thống và thông báo lại; "
        "bản giấy đã nhận thì gửi trả lại."
    )
    return filled | {
        "type_code": "thong_bao",
        "subject": _("thu hồi Văn bản số {name}").format(name=name),
        "body": f"{opening}\n\n{closing}",
    }


def concern_as_filled(actor: Actor, document_id: int) -> tuple[str, str]:
    """Kind and number as the author chose them, when he may still see the document."""
    concern = concern_of(document_id)
    if concern is None or not is_visible(actor, concern.document_id):
        return "", ""
    return str(concern.kind), name_of(record_of(concern.document_id))
