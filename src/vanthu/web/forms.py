"""What the forms of all screens share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy

from vanthu.signing.operations import KeySecrets

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class VersionForm(forms.Form):
    """Every act carries the version of the row that the page showed; a stale one is refused by the operation."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def _secret(label: StrOrPromise) -> forms.CharField:
    """Typed for one signature: never shown again, never kept, not even by the browser."""
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=64, strip=False, widget=widget)


class KeyForm(VersionForm):
    """An act that signs: what the place of the key asks for (mã PIN, mã OTP) goes through to it."""

    pin = _secret(gettext_lazy("Mã PIN của khóa ký"))
    otp = _secret(gettext_lazy("Mã OTP"))

    def typed(self) -> KeySecrets:
        return KeySecrets(self.cleaned_data["pin"], self.cleaned_data["otp"])
