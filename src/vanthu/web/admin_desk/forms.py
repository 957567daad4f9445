"""Shapes of the administrator's acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from vanthu.organizations.queries import HoldingRow

MOST = 365
DAYS, HOURS = "ngay", "gio"


def _day_widget() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AppointForm(forms.Form):
    """Who takes which post, from when."""

    post_id = forms.TypedChoiceField(label=_("Vị trí"), coerce=int)
    person_id = forms.TypedChoiceField(label=_("Người"), coerce=int)
    held_from = forms.DateField(label=_("Giữ vị trí từ ngày"), widget=_day_widget())

    def __init__(
        self,
        *args: Any,
        posts: Iterable[HoldingRow] = (),
        people: Iterable[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_id"].choices = _post_choices(posts)  # type: ignore[attr-defined]
        self.fields["person_id"].choices = [("", say("Chọn người")), *people]  # type: ignore[attr-defined]


def _post_choices(posts: Iterable[HoldingRow]) -> list[tuple[object, str]]:
    rows: dict[object, str] = {"": say("Chọn vị trí")}
    for row in posts:
        place = f"{row.title} – {row.unit_name}" if row.unit_name else row.title
        rows.setdefault(row.post_id, place if row.person_id else f"{place} ({say('đang trống')})")
    return list(rows.items())


class EndForm(forms.Form):
    """Who leaves which post, from when."""

    post_id = forms.IntegerField(widget=forms.HiddenInput)
    person_id = forms.IntegerField(widget=forms.HiddenInput)
    held_to = forms.DateField(
        label=_("Thôi giữ vị trí từ ngày"),
        help_text=_("Việc và quyền xem văn bản ở lại với vị trí, chuyển cho người kế tiếp."),
        widget=_day_widget(),
    )


class ConfirmForm(forms.Form):
    """The announcement that makes a projected day certain; the operation refuses when it is not named."""

    day = forms.DateField(widget=forms.HiddenInput)
    source = forms.CharField(label=_("Số, ký hiệu, ngày của thông báo"), required=False, max_length=300)


class TryDueForm(forms.Form):
    """How a due time comes about, tried by hand."""

    tu = forms.DateTimeField(
        label=_("Văn bản đến lúc"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    so = forms.IntegerField(label=_("Thời hạn"), min_value=1, max_value=MOST)
    tinh = forms.ChoiceField(
        label=_("Tính theo"), choices=[(DAYS, _("ngày làm việc")), (HOURS, _("giờ làm việc"))]
    )
    khan = forms.BooleanField(label=_("Văn bản khẩn: tính ngay, không chờ giờ hành chính"), required=False)


class ReceivingForm(forms.Form):
    """Whether an agency can receive electronically; not yet able needs a reason, asked by the operation."""

    able = forms.TypedChoiceField(
        label=_("Nhận văn bản điện tử"),
        coerce=lambda value: value == "1",
        choices=[
            ("1", _("Nhận được\nVăn bản gửi qua hệ thống")),
            ("0", _("Chưa nhận được\nVăn bản gửi bản giấy")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Lý do chưa nhận được"), required=False, max_length=200)
    since = forms.DateField(label=_("Từ ngày"), required=False, widget=_day_widget())
