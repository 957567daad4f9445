"""Shape of one's own password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _secret(purpose: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": purpose})


class PasswordForm(forms.Form):
    """Đổi mật khẩu."""

    current = forms.CharField(
        label=_("Mật khẩu hiện tại"),
        strip=False,
        widget=_secret("current-password"),
        error_messages={"required": _("Nhập mật khẩu hiện tại.")},
    )
    new = forms.CharField(
        label=_("Mật khẩu mới"),
        help_text=_("Ít nhất 10 ký tự, không phải mật khẩu thông dụng."),
        strip=False,
        widget=_secret("new-password"),
        error_messages={"required": _("Nhập mật khẩu mới.")},
    )
    again = forms.CharField(
        label=_("Nhập lại mật khẩu mới"),
        strip=False,
        widget=_secret("new-password"),
        error_messages={"required": _("Nhập lại mật khẩu mới.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("Hai lần nhập mật khẩu mới không giống nhau."))
        return data
