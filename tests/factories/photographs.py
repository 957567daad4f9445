"""Rows that the real operations wrote once per session, planted again: signing and checking are slow.

A photograph is what one document and everything around it looked like at a stage. It is planted only into a database
in which nothing has happened yet; whoever asks for more than the plain letter of A to B gets it played anew.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from vanthu.documents.models import Document
from vanthu.organizations.models import Agency

NOT_OURS_TO_PLANT = {"signing.SigningKey"}
Rows = dict[tuple[str, object], Model]


@dataclass(frozen=True)
class Photograph:
    """The rows that were new or different at a stage, and the city that they belong to."""

    document_id: int
    agency_ids: frozenset[int]
    new: tuple[Model, ...]
    changed: tuple[Model, ...]


_album: dict[str, Photograph] = {}


def all_rows() -> Rows:
    return {
        (model._meta.label, row.pk): row
        for model in apps.get_models()
        if model.__module__.startswith("vanthu.") and model._meta.label not in NOT_OURS_TO_PLANT
        for row in model._default_manager.all()
    }


def _agency_ids() -> frozenset[int]:
    return frozenset(Agency.objects.values_list("pk", flat=True))


def take(stage: str, document_id: int, *, before: Rows) -> None:
    """Keep what differs from `before`."""
    now = all_rows()
    new = tuple(row for key, row in now.items() if key not in before)
    changed = tuple(row for key, row in now.items() if key in before and _values(row) != _values(before[key]))
    _album[stage] = Photograph(document_id, _agency_ids(), new, changed)


def _values(row: Model) -> list[object]:
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]


def plant(stage: str) -> int | None:
    """The document at that stage; None when it must be played."""
    photograph = _album.get(stage)
    if photograph is None or Document.objects.exists() or photograph.agency_ids != _agency_ids():
        return None
    by_model: dict[type[Model], list[Model]] = {}
    for row in photograph.new:
        by_model.setdefault(type(row), []).append(copy.deepcopy(row))
    for model, rows in by_model.items():
        model._default_manager.bulk_create(rows)
    for row in photograph.changed:
        copy.deepcopy(row).save()
    return photograph.document_id
