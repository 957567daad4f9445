"""Shapes of the records office's acts on what leaves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class IssueForm(forms.Form):
    """Every act carries the version that the page showed: a second click finds another one."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PlainForm(forms.Form):
    """An act that needs nothing but its address."""


class VoidForm(IssueForm):
    reason = forms.CharField(
        label=_("Lý do hủy"),
        max_length=300,
        error_messages={"required": _("Nhập nội dung này.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
