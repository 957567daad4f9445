"""Shapes of the clerk's acts on arrivals; what they mean is asked by the operations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vanthu.documents.queries import DocumentCard, document_types
from vanthu.documents.rules.types import OTHER
from vanthu.kernel.actor import URGENCY_LABELS, Urgency
from vanthu.organizations.queries import PostRow
from vanthu.registry.operations import RegistrationOrder
from vanthu.registry.rules.states import REFUSAL_LABELS
from vanthu.web.forms import VersionForm

TEXT = {"required": _("Nhập nội dung này.")}


class RefusalForm(VersionForm):
    reason = forms.ChoiceField(label=_("Lý do"), choices=[(str(k), _(v)) for k, v in REFUSAL_LABELS.items()])
    text = forms.CharField(
        label=_("Nội dung gửi bên phát hành"),
        help_text=_("Bên gửi đọc nguyên văn nội dung này."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages=TEXT,
    )


class ReasonForm(VersionForm):
    text = forms.CharField(
        label=_("Ý kiến"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500, error_messages=TEXT
    )


class RegistrationForm(VersionForm):
    """The fields of the register (NĐ30 PL VI), filled from what the sender said."""

    subject = forms.CharField(label=_("Trích yếu"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)
    full_number = forms.CharField(label=_("Số, ký hiệu"), max_length=80)
    issued_on = forms.DateField(
        label=_("Ngày văn bản"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    issuer_name = forms.CharField(label=_("Cơ quan ban hành"), max_length=200)
    type_code = forms.ChoiceField(label=_("Loại văn bản"))
    urgency = forms.TypedChoiceField(
        label=_("Mức độ khẩn"), coerce=int, choices=[(int(k), _(v)) for k, v in URGENCY_LABELS.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.code, row.name) for row in (*document_types(), OTHER)]
        self.fields["type_code"].choices = choices  # type: ignore[attr-defined]

    def order(self) -> RegistrationOrder:
        data = self.cleaned_data
        return RegistrationOrder(
            subject=data["subject"],
            full_number=data["full_number"],
            issued_on=data["issued_on"],
            issuer_name=data["issuer_name"],
            type_code=data["type_code"],
            urgency=Urgency(data["urgency"]),
        )


def registration_initial(card: DocumentCard, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "subject": card.subject,
        "full_number": card.full_number,
        "issued_on": card.issued_on,
        "issuer_name": card.issuer_name,
        "type_code": card.type_code,
        "urgency": int(card.urgency),
    }


class AcceptForm(RegistrationForm):
    """Accept and register in one act."""

    as_reference = forms.BooleanField(label=_("Tiếp nhận để biết, tham khảo – chờ bản chính"), required=False)


class ScanForm(RegistrationForm):
    version = None  # type: ignore[assignment]
    file = forms.FileField(label=_("Bản quét (PDF)"), allow_empty_file=True)

    field_order = ("file", "subject", "full_number", "issued_on", "issuer_name", "type_code", "urgency")


class SubmitForm(VersionForm):
    leader_post_id = forms.TypedChoiceField(label=_("Trình cho"), coerce=int)
    proposal = forms.CharField(
        label=_("Kèm ý kiến"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )

    def __init__(self, *args: Any, leaders: tuple[PostRow, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.id, f"{row.person_name} – {row.title}") for row in leaders]
        self.fields["leader_post_id"].choices = choices  # type: ignore[attr-defined]
