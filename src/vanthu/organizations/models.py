"""The directory of the city: who exists, who holds which post, who may sign, when people work."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models

from vanthu.foundation.db import enum_check, enum_field
from vanthu.kernel.actor import Role
from vanthu.kernel.calendar import DayKind


class AgencyKind(StrEnum):
    AGENCY = "agency"
    ENTERPRISE = "enterprise"


class AgencyStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class WorkRegime(StrEnum):
    """Chế độ làm việc. Norm: NĐ30 Đ.13.1–2."""

    COLLECTIVE = "tap_the"
    HEAD = "thu_truong"


class Agency(models.Model):
    """Cơ quan, tổ chức: has its own seal, registers and identity code. Norm: QĐ 20/2020/QĐ-TTg."""

    code = models.CharField(max_length=35, unique=True)
    legacy_code13 = models.CharField(max_length=13, blank=True, default="")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    abbreviation = models.CharField(max_length=20)
    kind = enum_field(AgencyKind, default=AgencyKind.AGENCY)
    tier = models.CharField(max_length=20)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    work_regime = enum_field(WorkRegime, default=WorkRegime.HEAD)
    governing_name = models.CharField(max_length=200, blank=True, default="")
    issuer_name = models.CharField(max_length=200)
    place_name = models.CharField(max_length=60)
    seal_diameter_mm = models.PositiveSmallIntegerField(default=36)
    status = enum_field(AgencyStatus, default=AgencyStatus.ACTIVE)
    closed_on = models.DateField(null=True)
    can_receive = models.BooleanField(default=True)
    cannot_receive_reason = models.CharField(max_length=200, blank=True, default="")
    cannot_receive_since = models.DateField(null=True)

    class Meta:
        constraints = [
            enum_check("kind", AgencyKind, "agency_kind_known"),
            enum_check("status", AgencyStatus, "agency_status_known"),
            enum_check("work_regime", WorkRegime, "agency_regime_known"),
        ]
        indexes = [models.Index(fields=["tier", "name"], name="agency_by_tier")]

    def __str__(self) -> str:
        return self.name


class AliasSource(StrEnum):
    """Where we know another code of an agency from."""

    OLD = "OLD"  # mã cũ (oldCode)
    CODE102 = "CODE102"  # mã theo QCVN 102 (code102)
    MANUAL = "MANUAL"  # quản trị nhập


class OutsideAgency(models.Model):
    """Cơ quan ngoài hệ thống: known from the axis' list and reached over it; ours stand in `Agency` only."""

    code = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=300)
    folded_name = models.CharField(max_length=300, help_text="without accents, for looking up")
    parent_code = models.CharField(max_length=35, blank=True, default="")
    mail = models.CharField(max_length=100, blank=True, default="")
    center_code = models.CharField(max_length=35, blank=True, default="")
    is_active = models.BooleanField(default=True)
    closed_on = models.DateField(null=True)
    can_receive = models.BooleanField(default=True)
    cannot_receive_reason = models.CharField(max_length=200, blank=True, default="")
    cannot_receive_since = models.DateField(null=True)
    seen_at = models.DateTimeField(help_text="when the axis listed it last")

    class Meta:
        indexes = [models.Index(fields=["folded_name"], name="outside_agency_by_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AgencyAlias(models.Model):
    """Mã khác của một cơ quan, ours or another: old code ⇄ new code ⇄ code102. Codes compare by case (edxml.md §8)."""

    alias = models.CharField(max_length=35, unique=True)
    code = models.CharField(max_length=35, db_index=True)
    source = enum_field(AliasSource)

    class Meta:
        constraints = [enum_check("source", AliasSource, "agency_alias_source_known")]

    def __str__(self) -> str:
        return f"{self.alias} = {self.code}"


class Succession(models.Model):
    """Cơ quan kế thừa of a closed agency, by area or field and date (decision D49)."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=100, blank=True, default="")
    from_on = models.DateField()
    is_fictitious = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.agency_id} → {self.successor_id}"


class Unit(models.Model):
    """Đơn vị (phòng, văn phòng) inside an agency: no code, no register, no seal."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="units")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    abbreviation = models.CharField(max_length=20)
    is_records_office = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="unit_key_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """Chức danh, vị trí: what a person acts as; grants and work pass to its next holder (decision D7)."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="posts")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="post_key_once")]

    def __str__(self) -> str:
        return self.title


class PostRole(models.Model):
    """One of the roles R1–R15 that a post carries (law.md (a))."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="post_roles")
    role = enum_field(Role)

    class Meta:
        constraints = [
            enum_check("role", Role, "post_role_known"),
            models.UniqueConstraint(fields=["post", "role"], name="post_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.role}"


class PostHolding(models.Model):
    """Who holds a post, from when to when (half-open)."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="holdings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holdings")
    held_from = models.DateField()
    held_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held_to__isnull=True) | models.Q(held_to__gt=models.F("held_from")),
                name="holding_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} holds {self.post_id}"


class SigningAuthority(models.Model):
    """Thẩm quyền ký: which post signs in which capacity, what and when. Norm: NĐ30 Đ.13, decision D41."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="authorities")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="authorities")
    capacity = models.JSONField(default=list)
    title_lines = models.JSONField(default=list)
    issuer = models.CharField(max_length=80, default="body")
    doc_types = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.post_id} {'.'.join(self.capacity)}"


class CalendarDay(models.Model):
    """A day that differs from the weekly pattern; agency NULL is the city's calendar."""

    agency = models.ForeignKey(Agency, null=True, on_delete=models.CASCADE, related_name="calendar_days")
    day = models.DateField()
    kind = enum_field(DayKind)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    projected = models.BooleanField(default=False)
    sessions = models.JSONField(default=list, help_text="[['08:00','12:00'], …]; empty: the weekly ones")

    class Meta:
        constraints = [
            enum_check("kind", DayKind, "calendar_day_kind_known"),
            models.UniqueConstraint(fields=["agency", "day"], name="calendar_day_once"),
            models.UniqueConstraint(
                fields=["day"], condition=models.Q(agency__isnull=True), name="city_calendar_day_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class WeeklySession(models.Model):
    """One working session of a weekday (0 = Monday); agency NULL is the city's calendar."""

    agency = models.ForeignKey(Agency, null=True, on_delete=models.CASCADE, related_name="weekly_sessions")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="session_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}–{self.ends}"
