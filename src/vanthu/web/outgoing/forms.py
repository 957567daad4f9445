"""Shapes of the records office's acts on what leaves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vanthu.exchange.rules.paper import WAY_LABELS

REQUIRED = {"required": _("Nhập nội dung này.")}


class IssueForm(forms.Form):
    """Every act carries the version that the page showed: a second click finds another one."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PlainForm(forms.Form):
    """An act that needs nothing but its address."""


class VoidForm(IssueForm):
    reason = forms.CharField(
        label=_("Lý do hủy"),
        max_length=300,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChosenForm(forms.Form):
    """Which deliveries of the document; nothing chosen is refused by the operation."""

    delivery = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        sent = data.getlist("delivery") if data is not None else []
        chosen = self.fields["delivery"]
        assert isinstance(chosen, forms.TypedMultipleChoiceField)
        chosen.choices = [(value, value) for value in sent if str(value).isdigit()]


class PostingForm(ChosenForm):
    """What is written down of paper that left."""

    posted_on = forms.DateField(
        label=_("Ngày chuyển"),
        error_messages=REQUIRED,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    way = forms.ChoiceField(label=_("Cách chuyển"), choices=())
    envelopes = forms.IntegerField(
        label=_("Số lượng bì mỗi nơi"),
        min_value=1,
        max_value=999,
        initial=1,
        error_messages=REQUIRED,
    )
    receipt = forms.CharField(label=_("Số hiệu bưu gửi, người ký nhận"), max_length=60, required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = [(each.value, gettext(label)) for each, label in WAY_LABELS.items()]
