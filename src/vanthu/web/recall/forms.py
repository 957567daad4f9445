"""Shapes of the acts of recall; what they mean is asked by the operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vanthu.exchange.rules.states import AskKind
from vanthu.organizations.queries import AgencyRow, PostRow
from vanthu.web.drafts.forms import RecipientsPart
from vanthu.web.drafts.outside import RecipientsField

REQUIRED = {"required": gettext_lazy("Nhập nội dung này.")}


class OrderedForm(forms.Form):
    """Why, and at whose word: both are kept with the act."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Nơi nhận đọc nguyên văn nội dung này."),
        max_length=500,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    leader_post_id = forms.TypedChoiceField(
        label=gettext_lazy("Lãnh đạo cho phép"),
        coerce=int,
        error_messages={"required": gettext_lazy("Chọn lãnh đạo.")},
    )

    def __init__(self, *args: Any, leaders: Sequence[PostRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(row.id, f"{row.person_name} – {row.title}") for row in leaders]
        self.fields["leader_post_id"].choices = [("", _("Chọn lãnh đạo")), *named]  # type: ignore[attr-defined]


class AskForm(OrderedForm):
    """Lấy lại or bớt nơi nhận, from the recipients that are ticked."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Cách lấy lại"),
        choices=[
            (
                str(AskKind.TAKE_BACK),
                gettext_lazy("Lấy lại văn bản gửi nhầm\nNơi nhận đồng ý hoặc từ chối có lý do."),
            ),
            (str(AskKind.REMOVE), gettext_lazy("Bớt nơi nhận\nNơi nhận phải hủy văn bản và báo lại.")),
        ],
        initial=str(AskKind.TAKE_BACK),
        widget=forms.RadioSelect,
    )
    delivery = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        sent = data.getlist("delivery") if data is not None else []
        chosen = [(value, value) for value in sent if str(value).isdigit()]
        self.fields["delivery"].choices = chosen  # type: ignore[attr-defined]

    field_order = ("kind", "reason", "leader_post_id")


class AddForm(RecipientsPart, OrderedForm):
    """Bổ sung nơi nhận: agencies of the directory or outside."""

    recipients = RecipientsField(
        label=gettext_lazy("Nơi nhận bổ sung"),
        error_messages={"required": gettext_lazy("Chọn ít nhất một nơi nhận.")},
    )

    def __init__(self, *args: Any, agencies: Sequence[AgencyRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(agencies)
        self.fields["reason"].help_text = _("Lưu cùng văn bản; không gửi tới nơi nhận.")


class DemandForm(forms.Form):
    """Which of the sender's demands is carried out."""

    demand = forms.IntegerField(widget=forms.HiddenInput)


class DeclineForm(DemandForm):
    reason = forms.CharField(
        label=gettext_lazy("Lý do từ chối"),
        help_text=gettext_lazy("Nơi gửi đọc nguyên văn nội dung này."),
        max_length=500,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlainForm(forms.Form):
    """An act that needs nothing but its address."""
