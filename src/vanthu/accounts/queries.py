"""Reads of people."""

from __future__ import annotations

from vanthu.accounts.models import Person


def person_named(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()
