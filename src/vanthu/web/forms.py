"""What the forms of all screens share."""

from __future__ import annotations

from django import forms


class VersionForm(forms.Form):
    """Every act carries the version of the row that the page showed; a stale one is refused by the operation."""

    version = forms.IntegerField(widget=forms.HiddenInput)
