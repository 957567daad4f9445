"""Shapes of the acts on a draft; the rules stand in the operations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vanthu.documents.queries import DocumentCard, document_types
from vanthu.documents.rules.kinds import Concern, RelationKind
from vanthu.drafting.operations import DraftOrder
from vanthu.drafting.queries import DraftCard
from vanthu.kernel.actor import URGENCY_LABELS, Urgency
from vanthu.organizations.queries import AgencyRow, PostRow
from vanthu.web.drafts.concerns import Issued
from vanthu.web.drafts.outside import ASKED, RecipientsField, outside_part
from vanthu.web.forms import KeyForm, VersionForm

MISSING = {"required": gettext_lazy("Nhập nội dung này.")}
BLANK_LINE = re.compile(r"\n\s*\n")
TIER_LABELS = {
    "city": gettext_lazy("Thành phố"),
    "department": gettext_lazy("Sở, ban, ngành"),
    "commune": gettext_lazy("Phường, xã"),
    "enterprise": gettext_lazy("Doanh nghiệp nhà nước"),
    "subordinate": gettext_lazy("Đơn vị trực thuộc"),
    "district": gettext_lazy("Quận, huyện (đã giải thể)"),
}


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Any number of attachments (tệp đính kèm), each checked as one."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        rows = [row for row in data or [] if row]
        if not rows:
            super().clean(None, initial)
        return [super(SeveralFiles, self).clean(row, initial) for row in rows]


class SubmitForm(VersionForm):
    summary = forms.CharField(
        label=gettext_lazy("Tóm tắt phiếu trình"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(VersionForm):
    note = forms.CharField(
        label=gettext_lazy("Ý kiến"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SignForm(KeyForm):
    """The signature needs the version that the signer has read, and what his key asks for."""


class ReturnForm(VersionForm):
    reason = forms.CharField(
        label=gettext_lazy("Nội dung cần sửa"),
        help_text=gettext_lazy("Người soạn thảo đọc nguyên văn nội dung này."),
        max_length=1000,
        error_messages=MISSING,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DiscardForm(VersionForm):
    reason = forms.CharField(
        label=gettext_lazy("Lý do hủy"),
        max_length=1000,
        error_messages=MISSING,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AttachForm(forms.Form):
    attachments = SeveralFiles(label=gettext_lazy("Tệp đính kèm"), allow_empty_file=True)


class RecipientsPart(forms.Form):
    """Nơi nhận as the page lists them: the directory by tier, and what was found outside."""

    _agencies: Sequence[AgencyRow] = ()

    def offer(self, agencies: Sequence[AgencyRow]) -> None:
        """These agencies are listed; others are looked up."""
        self._agencies = agencies
        chosen: Any = self.fields["recipients"]
        chosen.choices = [(row.code, row.name) for row in agencies]

    def recipient_groups(self) -> list[dict[str, Any]]:
        """The directory by tier, as the list of checkboxes shows it."""
        ticked = set(self["recipients"].value() or [])
        order = list(TIER_LABELS)
        rows = sorted(self._agencies, key=lambda row: (order.index(row.tier), row.name))
        return [
            {
                "label": TIER_LABELS[tier],
                "rows": [_choice(row, ticked) for row in group],
                "is_open": any(row.is_active for row in rows if row.tier == tier),
            }
            for tier, group in groupby(rows, key=lambda row: row.tier)
        ]

    def outside(self) -> dict[str, Any]:
        """Agencies outside: what is ticked, and what was looked for where no script runs."""
        listed = {row.code for row in self._agencies}
        ticked = [code for code in self["recipients"].value() or [] if code not in listed]
        return outside_part(self.initial.get(ASKED, ""), ticked)


class DraftForm(RecipientsPart):
    """Soạn thảo: what the document says and to whom."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    type_code = forms.ChoiceField(label=gettext_lazy("Loại văn bản"))
    subject = forms.CharField(
        label=gettext_lazy("Trích yếu"),
        help_text=gettext_lazy("Không ghi “V/v” ở đầu; mẫu in tự thêm."),
        max_length=1000,
        error_messages=MISSING,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    bases = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        help_text=gettext_lazy("Mỗi dòng một căn cứ."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body = forms.CharField(
        label=gettext_lazy("Nội dung"),
        help_text=gettext_lazy("Cách một dòng trống để sang đoạn mới. “Điều 1.” ở đầu đoạn được in đậm."),
        error_messages=MISSING,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    recipients = RecipientsField(
        label=gettext_lazy("Nơi nhận"),
        error_messages={"required": gettext_lazy("Chọn ít nhất một nơi nhận.")},
    )
    signer_post_id = forms.TypedChoiceField(
        label=gettext_lazy("Người ký"),
        coerce=int,
        error_messages={"required": gettext_lazy("Chọn người ký.")},
    )
    concern_kind = forms.ChoiceField(
        label=gettext_lazy("Quan hệ với văn bản đã phát hành"),
        required=False,
        choices=[
            ("", gettext_lazy("Không")),
            (str(RelationKind.REVOKES), gettext_lazy("Là thông báo thu hồi văn bản")),
            (str(RelationKind.REPLACES), gettext_lazy("Thay thế văn bản")),
        ],
    )
    concern_number = forms.CharField(
        label=gettext_lazy("Văn bản bị thu hồi, thay thế"),
        help_text=gettext_lazy("Số, ký hiệu của văn bản đã phát hành; chọn trong danh sách gợi ý hoặc nhập."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "concern-list", "autocomplete": "off"}),
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Mức độ khẩn"),
        coerce=int,
        choices=[(int(level), gettext_lazy(label)) for level, label in URGENCY_LABELS.items()],
    )
    attachments = SeveralFiles(label=gettext_lazy("Tệp đính kèm"), required=False, allow_empty_file=True)

    def __init__(
        self,
        *args: Any,
        agencies: Sequence[AgencyRow] = (),
        signers: Sequence[PostRow] = (),
        issued: Sequence[Issued] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(agencies)
        self.issued = issued
        chosen: Any = self.fields
        chosen["type_code"].choices = [(row.code, row.name) for row in document_types()]
        named = [(row.id, f"{row.person_name} – {row.title}") for row in signers]
        chosen["signer_post_id"].choices = [("", _("Chọn người ký")), *named]

    def clean(self) -> dict[str, Any]:
        """The document named must be one that was issued here and may be seen (NĐ30 Đ.18)."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind, named = data.get("concern_kind", ""), data.get("concern_number", "").strip()
        data["concern"] = None
        if not kind and named:
            self.add_error("concern_kind", _("Chọn thu hồi hay thay thế."))
        if kind:
            found = next((row for row in self.issued if row.is_named(named)), None)
            if found is None:
                self.add_error(
                    "concern_number", _("Không có văn bản đã phát hành mang số này. Chọn trong danh sách.")
                )
            else:
                data["concern"] = Concern(RelationKind(kind), found.id)
        return data

    def order(self, *, answers_id: int | None = None) -> DraftOrder:
        data = self.cleaned_data
        return DraftOrder(
            type_code=data["type_code"],
            subject=data["subject"],
            paragraphs=_parts(BLANK_LINE.split(data["body"].replace("\r\n", "\n"))),
            recipients=tuple(data["recipients"]),
            signer_post_id=data["signer_post_id"],
            bases=_parts(data["bases"].splitlines()),
            urgency=Urgency(data["urgency"]),
            answers_id=answers_id,
            concern=data["concern"],
            version=data["version"],
        )


def _choice(row: AgencyRow, ticked: set[str]) -> dict[str, Any]:
    closed_on = f"{row.closed_on:%d/%m/%Y}" if row.closed_on else ""
    note = ""
    if not row.is_active:
        note = _("đã giải thể từ {day}").format(day=closed_on) if closed_on else _("đã giải thể")
    elif not row.can_receive:
        note = _("bản giấy: {reason}").format(reason=row.cannot_receive_reason)
    return {
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "note": note,
        "is_closed": not row.is_active,
        "is_ticked": row.code in ticked,
    }


def _parts(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())


def filled_from(
    card: DocumentCard, draft: DraftCard, recipients: Sequence[str], concern: tuple[str, str]
) -> dict[str, Any]:
    """The form as its author left it; `concern`: kind and number of what it revokes or replaces."""
    return {
        "concern_kind": concern[0],
        "concern_number": concern[1],
        "version": draft.version,
        "type_code": card.type_code,
        "subject": card.subject,
        "bases": "\n".join(draft.content.get("bases", [])),
        "body": "\n\n".join(draft.content.get("paragraphs", [])),
        "recipients": list(recipients),
        "signer_post_id": draft.facts.signer_post_id,
        "urgency": int(card.urgency),
    }


def filled_as_answer(card: DocumentCard, own_name: str) -> dict[str, Any]:
    """The usual beginning of an answer: whom to, and what it answers."""
    number = card.full_number or _("văn bản")
    day = _(" ngày {day}").format(day=f"{card.issued_on:%d/%m/%Y}") if card.issued_on else ""
    opening = _("Trả lời Văn bản số {number}{day} của {sender} về việc {subject}, {own} có ý kiến như sau:")
    body = opening.format(number=number, day=day, sender=card.issuer_name, subject=card.subject, own=own_name)
    return {"recipients": [card.issuer_code], "body": f"{body}\n\n"}
