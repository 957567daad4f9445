"""People are made by administrators; nobody signs up."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    # The library has no Vietnamese; these are what its sign-in page can say here.
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "Chưa đăng nhập được. Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra rồi nhập lại."
        ),
        "too_many_login_attempts": _("Chưa đăng nhập được. Đã nhập sai nhiều lần. Đợi năm phút rồi thử lại."),
        "rate_limited": _("Chưa thực hiện được. Yêu cầu gửi quá dày. Đợi một phút rồi thử lại."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
