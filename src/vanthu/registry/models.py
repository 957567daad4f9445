"""Series of numbers, and the records office's entry beside each document."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from vanthu.foundation.db import enum_check, enum_field
from vanthu.registry.rules.states import IncomingState, OutgoingState, RefusalReason


class SeriesKind(StrEnum):
    OUTGOING = "OUTGOING"
    ARRIVAL = "ARRIVAL"


class NumberSeries(models.Model):
    """Dãy số of an agency: số đi by group, or the one series of số đến. Norm: NĐ30 Đ.15.1, Đ.22.2; D43."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    kind = enum_field(SeriesKind)
    group = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    doc_types = models.JSONField(default=list, help_text="empty: every type that no other series names")

    class Meta:
        constraints = [
            enum_check("kind", SeriesKind, "series_kind_known"),
            models.UniqueConstraint(fields=["agency", "kind", "group"], name="series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.agency_id})"


class SeriesYear(models.Model):
    """The counter of a series in a year: starts at 01 on 1 January. Norm: NĐ30 Đ.15.1 (M2, M3)."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    last_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="series_year_once")]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.year}: {self.last}"


class OutgoingEntry(models.Model):
    """Văn bản đi tại văn thư: from the personal signature to issue."""

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    state = enum_field(OutgoingState, default=OutgoingState.SIGNED)
    series = models.ForeignKey(NumberSeries, null=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    numbered_on = models.DateField(null=True)
    signed_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    due_trace = models.JSONField(default=list)
    void_reason = models.CharField(max_length=300, default="")
    ended_at = models.DateTimeField(null=True, help_text="revoked or replaced by another document")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            enum_check("state", OutgoingState, "outgoing_state_known"),
            models.UniqueConstraint(fields=["series", "year", "number"], name="outgoing_number_once"),
        ]

    def __str__(self) -> str:
        return f"outgoing {self.document_id} {self.state}"


class IncomingEntry(models.Model):
    """Văn bản đến tại văn thư: from arrival to submission."""

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    state = enum_field(IncomingState, default=IncomingState.ARRIVED)
    is_scan = models.BooleanField(default=False)
    as_reference = models.BooleanField(default=False)
    arrived_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    series = models.ForeignKey(NumberSeries, null=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(null=True)
    arrival_number = models.PositiveIntegerField(null=True)
    refusal = models.CharField(max_length=32, default="", help_text="a RefusalReason; empty: not refused")
    refusal_text = models.CharField(max_length=500, default="")
    consent_by = models.CharField(max_length=200, default="")
    consent_reason = models.CharField(max_length=500, default="")
    recalled_at = models.DateTimeField(null=True, help_text="withdrawn because its sender asked for it back")
    due_at = models.DateTimeField()
    due_trace = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            enum_check("state", IncomingState, "incoming_state_known"),
            models.CheckConstraint(
                condition=models.Q(refusal__in=["", *RefusalReason]), name="incoming_refusal_known"
            ),
            models.UniqueConstraint(fields=["series", "year", "arrival_number"], name="arrival_number_once"),
        ]

    def __str__(self) -> str:
        return f"incoming {self.document_id} {self.state}"
