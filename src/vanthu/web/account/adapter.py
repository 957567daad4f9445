"""People are made by administrators; nobody signs up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vanthu.signing.queries import certificates_soon_ending


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

    def post_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse:
        """Remind whoever signs in that his certificate is about to end."""
        for row in certificates_soon_ending(now=datetime.now(UTC), owners=[f"person:{user.pk}"]):
            messages.warning(request, _reminder(row.days_left))
        response: HttpResponse = super().post_login(request, user, **details)
        return response


def _reminder(days: int) -> str:
    if days < 0:
        return gettext(
            "Chứng thư số của bạn đã hết hạn, không ký được nữa. Liên hệ quản trị cơ quan để cấp mới."
        )
    return ngettext(
        "Chứng thư số của bạn còn {n} ngày là hết hạn. Liên hệ quản trị cơ quan để gia hạn.",
        "Chứng thư số của bạn còn {n} ngày là hết hạn. Liên hệ quản trị cơ quan để gia hạn.",
        days,
    ).format(n=days)
