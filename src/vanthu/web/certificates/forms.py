"""Shapes of what is registered: a published certificate, and where its key lies. Never a secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vanthu.signing.rules.kinds import KeyPlace

LARGEST = 256 * 1024
"""A certificate with its whole chain is a few thousand bytes."""

PLACES = {
    KeyPlace.BROWSER_TOKEN: _("Thiết bị cắm ở máy người ký\nKý trong trình duyệt"),
    KeyPlace.DESK_AGENT: _("Phần mềm ký số trên máy người ký\nDịch vụ ký của Ban Cơ yếu Chính phủ"),
    KeyPlace.REMOTE: _("Dịch vụ ký số từ xa\nXác nhận trên điện thoại hoặc bằng mã"),
    KeyPlace.PKCS11: _("Thiết bị nối với máy chủ\nHSM hoặc thẻ, qua thư viện PKCS#11"),
}
OWN_PLACES = (KeyPlace.BROWSER_TOKEN, KeyPlace.DESK_AGENT, KeyPlace.REMOTE)
"""A person says where his own key lies; what is plugged into the server is the administrator's to say."""
AUTH = (
    ("implicit", _("Xác nhận trên điện thoại")),
    ("explicit", _("Nhập mã PIN")),
    ("explicit-otp", _("Nhập mã OTP")),
    ("explicit-pin-otp", _("Nhập mã PIN và mã OTP")),
)


class CertificateForm(forms.Form):
    """A person's own certificate."""

    file = forms.FileField(
        label=_("Tệp chứng thư"),
        help_text=_(
            "Tệp .cer, .crt, .pem hoặc .p7b, chỉ phần công khai. Không tải lên khóa bí mật (.p12, .pfx)."
        ),
        allow_empty_file=True,
    )
    place = forms.ChoiceField(label=_("Nơi giữ khóa"), widget=forms.RadioSelect)
    credential = forms.CharField(
        label=_("Mã chứng thư trên dịch vụ ký từ xa"), required=False, max_length=200
    )
    auth = forms.ChoiceField(label=_("Cách xác nhận khi ký từ xa"), choices=AUTH, required=False)

    places: tuple[KeyPlace, ...] = OWN_PLACES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(place.value, PLACES[place]) for place in self.places]  # type: ignore[attr-defined]
        self.fields["place"].initial = self.places[0].value

    def clean_file(self) -> bytes:
        """The file's bytes; too large a file is none that we know."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("Tệp lớn hơn 256 KB, không phải tệp chứng thư."))
        return bytes(upload.read())

    def whereabouts(self) -> dict[str, str]:
        """Where the key lies, as the register keeps it."""
        names = ("module", "token", "key", "credential", "auth")
        return {name: value for name in names if (value := self.cleaned_data.get(name, ""))}


class AgencyCertificateForm(CertificateForm):
    """A certificate of the agency, or of one of its people."""

    owner = forms.ChoiceField(label=_("Chủ chứng thư"))
    module = forms.CharField(
        label=_("Thư viện PKCS#11"),
        required=False,
        max_length=300,
        help_text=_("Đường dẫn trên máy chủ, do nơi cấp thiết bị cho biết."),
    )
    token = forms.CharField(label=_("Tên thiết bị (token)"), required=False, max_length=100)
    key = forms.CharField(label=_("Nhãn khóa"), required=False, max_length=100)

    places = (KeyPlace.PKCS11, *OWN_PLACES)

    def __init__(self, *args: Any, owners: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Why a certificate signs no more; the operation refuses when nothing is said."""

    reason = forms.CharField(label=_("Lý do"), required=False, max_length=300)

    def __init__(self, *args: Any, key_id: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_id = key_id
