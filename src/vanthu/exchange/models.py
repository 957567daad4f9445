"""What leaves (deliveries), what came (arrivals), and the statuses both ways: each an outbox or inbox row."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from vanthu.exchange.rules.inbox import AsideReason, AsideState
from vanthu.exchange.rules.paper import PaperWay
from vanthu.exchange.rules.recall import RecallState
from vanthu.exchange.rules.states import AskKind, AskState, DemandState
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation.db import enum_check, enum_field


class StatusState(StrEnum):
    DUE = "DUE"
    SENT = "SENT"


class PacketKind(StrEnum):
    EDOC = "edoc"
    STATUS = "status"


class PacketState(StrEnum):
    """What the axis said to a packet, as far as we know."""

    TO_SEND = "TO_SEND"  # chờ gửi
    SENDING = "SENDING"  # đang gửi
    UNKNOWN = "UNKNOWN"  # chưa rõ trục đã nhận hay chưa: hỏi lại trước khi gửi lại
    TAKEN = "TAKEN"  # trục đã nhận
    FAILED = "FAILED"  # trục không nhận


class InboundState(StrEnum):
    """How far a packet fetched from the axis has come."""

    STORED = "STORED"  # đã lưu, chưa xử lý
    TAKEN = "TAKEN"  # đã vào hệ thống
    DUPLICATE = "DUPLICATE"  # trùng gói đã nhận
    PARKED = "PARKED"  # trạng thái của văn bản chưa biết: chờ ghép
    SET_ASIDE = "SET_ASIDE"  # để riêng, chờ văn thư xem
    REFUSED = "REFUSED"  # không đọc được, không phải của ta


class Packet(models.Model):
    """Gói tin gửi lên trục: the frozen bytes of one edXML message, one for all its receivers; resent unchanged."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    kind = enum_field(PacketKind)
    business = models.PositiveSmallIntegerField(default=0)
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    edxml_document_id = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = enum_field(PacketState, default=PacketState.TO_SEND)
    axis_id = models.CharField(max_length=64, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, default="")
    last_error = models.CharField(max_length=400, default="")
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            enum_check("kind", PacketKind, "packet_kind_known"),
            enum_check("state", PacketState, "packet_state_known"),
            models.UniqueConstraint(fields=["agency", "kind", "sha256"], name="packet_once"),
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="packet_by_state"),
            models.Index(fields=["edxml_document_id"], name="packet_by_document"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]} {self.state}"


class Inbound(models.Model):
    """Gói tin nhận từ trục: stored and committed before it is acknowledged; known by the axis' id."""

    axis_id = models.CharField(max_length=64)
    kind = enum_field(PacketKind)
    sender_code = models.CharField(max_length=35, default="")
    receiver_code = models.CharField(max_length=35, default="", help_text="whom the axis' list named")
    edxml_document_id = models.CharField(max_length=200, default="")
    business = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = enum_field(InboundState, default=InboundState.STORED)
    is_acknowledged = models.BooleanField(default=False, help_text="the axis was told done or fail")
    error_code = models.CharField(max_length=60, default="")
    last_error = models.CharField(max_length=400, default="")
    warnings = models.JSONField(
        default=list, help_text="what a tolerant reader noticed: [kind, element, raw text]"
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="how often it was begun to take it in")
    fetched_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            enum_check("kind", PacketKind, "inbound_kind_known"),
            enum_check("state", InboundState, "inbound_state_known"),
            models.UniqueConstraint(fields=["axis_id", "kind"], name="inbound_once"),
        ]
        indexes = [
            models.Index(fields=["sender_code", "edxml_document_id"], name="inbound_by_document"),
            models.Index(fields=["state", "fetched_at"], name="inbound_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.axis_id} {self.state}"


class SetAside(models.Model):
    """Gói tin để riêng: what the machine must not decide waits here for the clerk of the agency addressed."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    inbound = models.ForeignKey(Inbound, on_delete=models.PROTECT, related_name="asides")
    reason = enum_field(AsideReason)
    detail = models.CharField(max_length=400, default="")
    sender_code = models.CharField(max_length=35)
    sender_name = models.CharField(max_length=200)
    their_code = models.CharField(max_length=200, default="")
    subject = models.CharField(max_length=1000, default="")
    state = enum_field(AsideState, default=AsideState.OPEN)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, default="")
    decision = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [
            enum_check("reason", AsideReason, "aside_reason_known"),
            enum_check("state", AsideState, "aside_state_known"),
            models.UniqueConstraint(fields=["inbound", "agency"], name="aside_once"),
        ]
        indexes = [models.Index(fields=["agency", "state", "-id"], name="aside_by_agency")]

    def __str__(self) -> str:
        return f"{self.reason} {self.inbound_id} at {self.agency_id}"


class LineWatch(models.Model):
    """Đường truyền lên trục: who asks it now, when it answered last, since when it does not."""

    name = models.CharField(max_length=20, unique=True)
    lease = models.CharField(max_length=32, default="")
    leased_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="not to be asked before")
    well_at = models.DateTimeField(null=True)
    down_since = models.DateTimeField(null=True)
    diagnosis = models.CharField(max_length=60, default="", help_text="a code of rules.diagnoses")
    detail = models.CharField(max_length=400, default="")

    def __str__(self) -> str:
        return f"{self.name} {self.diagnosis or 'well'}"


class LineCall(models.Model):
    """Cuộc gọi lên trục: request and answer as they were (no secret, no content), for the flight recorder; only added."""

    packet = models.ForeignKey(Packet, null=True, on_delete=models.CASCADE, related_name="calls")
    inbound = models.ForeignKey(Inbound, null=True, on_delete=models.CASCADE, related_name="calls")
    call = models.CharField(max_length=40)
    at = models.DateTimeField()
    elapsed_ms = models.PositiveIntegerField()
    request = models.JSONField(default=dict)
    http_status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=4000, default="")
    diagnosis = models.CharField(
        max_length=60, default="", help_text="a code of rules.diagnoses; empty: well"
    )

    class Meta:
        indexes = [models.Index(fields=["at"], name="line_call_by_time")]

    def __str__(self) -> str:
        return f"{self.call} {self.http_status} {self.diagnosis}"


class Delivery(models.Model):
    """Gửi tới một nơi nhận: retry is domain state, visible and restartable (architecture.md §2.5)."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=36)
    recipient_code = models.CharField(max_length=35)
    recipient_name = models.CharField(max_length=200)
    channel = models.CharField(max_length=20)
    packet = models.ForeignKey(Packet, null=True, on_delete=models.PROTECT, related_name="deliveries")
    state = enum_field(DeliveryState, default=DeliveryState.TO_SEND)
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=400, default="")
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    is_acknowledged = models.BooleanField(
        default=False, help_text="the sender's clerk took note of a refusal"
    )
    recall = enum_field(RecallState, default=RecallState.NONE, help_text="beside `state`, which goes on")
    is_added = models.BooleanField(default=False, help_text="bổ sung nơi nhận after issue (edXML type 2)")

    class Meta:
        constraints = [
            enum_check("state", DeliveryState, "delivery_state_known"),
            enum_check("recall", RecallState, "delivery_recall_known"),
            models.UniqueConstraint(fields=["document", "recipient_code"], name="delivery_once"),
            models.UniqueConstraint(fields=["message_id", "recipient_code"], name="message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} → {self.recipient_code} {self.state}"


class PaperPosting(models.Model):
    """Bản giấy đã gửi: a line of the Sổ gửi văn bản đi bưu điện. Norm: NĐ30 PL.IV."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="paper_posting")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField()
    way = enum_field(PaperWay)
    envelopes = models.PositiveSmallIntegerField(default=1)
    receipt = models.CharField(max_length=60, default="")
    note = models.CharField(max_length=300, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints = [enum_check("way", PaperWay, "paper_way_known")]
        indexes = [models.Index(fields=["agency", "posted_on"], name="paper_posting_by_day")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.posted_on}"


class StatusIn(models.Model):
    """Trạng thái nhận về: only added; equal by (delivery, code, time) (D25)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="statuses")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32, help_text="also codes that nobody knows: they change nothing")
    at = models.DateTimeField()
    description = models.CharField(max_length=500, default="")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "code", "at"], name="status_in_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.delivery_id}"


class Ask(models.Model):
    """Yêu cầu lấy lại, thu hồi, bớt nơi nhận: one to each recipient, an outbox row until it is answered (D27)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="asks")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=36, unique=True)
    kind = enum_field(AskKind)
    state = enum_field(AskState, default=AskState.DUE)
    reason = models.CharField(max_length=500)
    ordered_by = models.CharField(max_length=200, help_text="whose word it was: a leader, or the notice")
    notice = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, default="")
    is_acknowledged = models.BooleanField(default=False, help_text="the clerk took note of a refusal")
    packet = models.ForeignKey(Packet, null=True, on_delete=models.PROTECT, related_name="asks")

    class Meta:
        constraints = [
            enum_check("kind", AskKind, "ask_kind_known"),
            enum_check("state", AskState, "ask_state_known"),
            models.UniqueConstraint(
                fields=["delivery", "kind"],
                condition=models.Q(state__in=[AskState.DUE, AskState.SENT]),
                name="ask_open_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="ask_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.delivery_id} {self.state}"


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
    addressed_codes = models.JSONField(
        default=list, help_text="the codes of ours that the message named: each is answered (edxml.md §6.12)"
    )
    their_document_id = models.CharField(max_length=200, default="")
    their_code = models.CharField(max_length=200, default="", help_text="number/notation as received")
    their_issued_on = models.CharField(max_length=30, default="", help_text="as received")
    inbound = models.ForeignKey(Inbound, null=True, on_delete=models.PROTECT, related_name="arrivals")
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "recipient_code"], name="arrival_once")]

    def __str__(self) -> str:
        return f"{self.message_id} at {self.recipient_code}"


class Demand(models.Model):
    """Yêu cầu thu hồi, lấy lại, cập nhật của nơi gửi; without `arrival`: it overtook its document and waits."""

    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.CASCADE, related_name="demands")
    key = models.CharField(max_length=120, help_text="the package's id; of a 13 document and time")
    kind = enum_field(AskKind)
    state = enum_field(DemandState, default=DemandState.PARKED)
    sender_code = models.CharField(max_length=35)
    sender_name = models.CharField(max_length=200, default="")
    message_id = models.CharField(
        max_length=36, default="", help_text="the line's id of the document asked for"
    )
    their_document_id = models.CharField(max_length=200, default="")
    their_code = models.CharField(max_length=200, default="")
    their_issued_on = models.CharField(max_length=30, default="")
    reason = models.CharField(max_length=500, default="")
    files = models.JSONField(
        default=list, help_text="what came with it: name, media_type, size, sha256, role"
    )
    by = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    inbound = models.ForeignKey(Inbound, null=True, on_delete=models.PROTECT, related_name="demands")
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, default="")
    answer = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [
            enum_check("kind", AskKind, "demand_kind_known"),
            enum_check("state", DemandState, "demand_state_known"),
            models.UniqueConstraint(fields=["agency", "key"], name="demand_once"),
        ]
        indexes = [models.Index(fields=["agency", "sender_code", "state"], name="demand_by_sender")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.their_document_id} {self.state}"


class StatusOut(models.Model):
    """Trạng thái gửi đi: an outbox row, retried until the other side has it (M16)."""

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="statuses")
    agency = models.ForeignKey("organizations.Agency", on_delete=models.PROTECT, related_name="+")
    code = enum_field(StatusCode)
    at = models.DateTimeField()
    description = models.CharField(max_length=500, default="")
    state = enum_field(StatusState, default=StatusState.DUE)
    packet = models.ForeignKey(Packet, null=True, on_delete=models.PROTECT, related_name="statuses")

    class Meta:
        constraints = [
            enum_check("code", StatusCode, "status_out_code_known"),
            enum_check("state", StatusState, "status_out_state_known"),
            models.UniqueConstraint(fields=["arrival", "code", "at"], name="status_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.arrival_id}"
