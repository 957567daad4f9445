"""Reads of people."""

from __future__ import annotations

from vanthu.accounts.models import Person


def person_named(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()


def names_of(person_ids: set[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "full_name"))
