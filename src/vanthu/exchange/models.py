"""What leaves (deliveries), what came (arrivals), and the statuses both ways: each an outbox or inbox row."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation.db import enum_check, enum_field


class StatusState(StrEnum):
    DUE = "DUE"
    SENT = "SENT"


class Delivery(models.Model):
    """Gửi tới một nơi nhận: retry is domain state, visible and restartable (architecture.md §2.5)."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=36)
    recipient_code = models.CharField(max_length=35)
    recipient_name = models.CharField(max_length=200)
    channel = models.CharField(max_length=20)
    state = enum_field(DeliveryState, default=DeliveryState.TO_SEND)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=400, default="")
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    is_acknowledged = models.BooleanField(
        default=False, help_text="the sender's clerk took note of a refusal"
    )

    class Meta:
        constraints = [
            enum_check("state", DeliveryState, "delivery_state_known"),
            models.UniqueConstraint(fields=["document", "recipient_code"], name="delivery_once"),
            models.UniqueConstraint(fields=["message_id", "recipient_code"], name="message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} → {self.recipient_code} {self.state}"


class StatusIn(models.Model):
    """Trạng thái nhận về: only added; equal by (delivery, code, time) (D25)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="statuses")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    code = enum_field(StatusCode)
    at = models.DateTimeField()
    description = models.CharField(max_length=500, default="")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            enum_check("code", StatusCode, "status_in_code_known"),
            models.UniqueConstraint(fields=["delivery", "code", "at"], name="status_in_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.delivery_id}"


class Arrival(models.Model):
    """Gói tin đã đến: makes the inbox idempotent and remembers whom to answer; `document` NULL: quarantined (D44)."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(
        "documents.Document", null=True, on_delete=models.PROTECT, related_name="+"
    )
    message_id = models.CharField(max_length=36)
    sender_code = models.CharField(max_length=35)
    recipient_code = models.CharField(max_length=35)
    channel = models.CharField(max_length=20)
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "recipient_code"], name="arrival_once")]

    def __str__(self) -> str:
        return f"{self.message_id} at {self.recipient_code}"


class StatusOut(models.Model):
    """Trạng thái gửi đi: an outbox row, retried until the other side has it (M16)."""

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="statuses")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    code = enum_field(StatusCode)
    at = models.DateTimeField()
    description = models.CharField(max_length=500, default="")
    state = enum_field(StatusState, default=StatusState.DUE)

    class Meta:
        constraints = [
            enum_check("code", StatusCode, "status_out_code_known"),
            enum_check("state", StatusState, "status_out_state_known"),
            models.UniqueConstraint(fields=["arrival", "code", "at"], name="status_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.arrival_id}"
