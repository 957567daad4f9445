"""Shapes of the operator's acts on the axis."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vanthu.axis.rules.states import ParcelState, SystemKind
from vanthu.web.axis_desk.words import KIND_LABELS, STATE_LABELS


class JoinForm(forms.Form):
    """A system that is to join; its secret is made by the axis."""

    code = forms.CharField(
        label=_("Mã hệ thống (systemid)"),
        max_length=60,
        help_text=_("Chữ không dấu, chữ số, dấu chấm, gạch nối; ví dụ H26.DN.001."),
    )
    name = forms.CharField(label=_("Tên hệ thống"), max_length=300)
    kind = forms.TypedChoiceField(
        label=_("Loại"),
        coerce=SystemKind,
        choices=[(kind.value, KIND_LABELS[kind]) for kind in SystemKind],
        initial=SystemKind.CENTRE.value,
    )
    allowed_codes = forms.CharField(
        label=_("Mã đơn vị được tự đăng ký"),
        required=False,
        help_text=_("Mỗi dòng một mã hoặc nhóm mã, như H26.9.*; để trống: mọi mã chưa thuộc ai."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_allowed_codes(self) -> list[str]:
        return str(self.cleaned_data["allowed_codes"]).split()


class ReasonForm(forms.Form):
    """Why something is closed or stopped; the operation refuses when nothing is said."""

    reason = forms.CharField(label=_("Lý do đóng"), required=False, max_length=300)


class FilterForm(forms.Form):
    """What the list of messages is narrowed to."""

    tim = forms.CharField(label=_("Mã gói tin hoặc số, ký hiệu"), required=False, max_length=200)
    he_thong = forms.ChoiceField(label=_("Hệ thống"), required=False)
    don_vi = forms.CharField(label=_("Mã đơn vị gửi hoặc nhận"), required=False, max_length=35)
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[("", _("Mọi tình trạng")), *((state.value, STATE_LABELS[state]) for state in ParcelState)],
    )
    ngay = forms.DateField(
        label=_("Ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, systems: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["he_thong"].choices = [("", _("Mọi hệ thống")), *systems]  # type: ignore[attr-defined]
