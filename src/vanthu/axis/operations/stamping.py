"""Counts changes of the directory, so that every server forgets what it remembered."""

from __future__ import annotations

from django.db.models import F

from vanthu.axis.models import DirectoryStamp

THE_ROW = 1


def count_change() -> None:
    """Say, in the transaction of the change, that systems or agencies are not what they were."""
    if not DirectoryStamp.objects.filter(pk=THE_ROW).update(number=F("number") + 1):
        # Another host may write the row at the same moment; either way it counts from one.
        DirectoryStamp.objects.bulk_create([DirectoryStamp(pk=THE_ROW)], ignore_conflicts=True)
        DirectoryStamp.objects.filter(pk=THE_ROW).update(number=F("number") + 1)
