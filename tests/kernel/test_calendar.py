"""The working calendar: what is worked, why, and what it refuses to guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from vanthu.kernel.calendar import CalendarNotSeeded, DayKind, Reason, Session, SpecialDay, WorkingCalendar
from vanthu.kernel.due import (
    HANOI,
    Step,
    due_after_days,
    due_after_hours,
    due_by_clock,
    effective_start,
    replay,
    trace_to_json,
)
from vanthu.kernel.due_words import trace_sentences

MORNING, AFTERNOON = Session(time(8), time(12)), Session(time(13), time(17))
WEEK = dict.fromkeys(range(5), (MORNING, AFTERNOON))
SOURCE = "VB thử 1/TB"


def city(*extra: SpecialDay) -> WorkingCalendar:
    rows = (
        SpecialDay(date(2026, 1, 1), DayKind.HOLIDAY, "Tết Dương lịch", SOURCE),
        SpecialDay(date(2026, 1, 2), DayKind.SWAPPED_OFF, "hoán đổi với 10/01", SOURCE),
        SpecialDay(date(2026, 1, 10), DayKind.SWAPPED_ON, "làm bù cho 02/01", SOURCE),
    )
    return WorkingCalendar.from_rows(name="thử", weekly=WEEK, days=(*rows, *extra))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def test_a_make_up_saturday_is_worked_for_a_full_day() -> None:
    assert city().sessions_on(date(2026, 1, 10)) == (MORNING, AFTERNOON)
    assert city().sessions_on(date(2026, 1, 17)) == ()


def test_why_names_the_announcement_before_the_weekly_rest() -> None:
    calendar = city(SpecialDay(date(2026, 4, 26), DayKind.HOLIDAY, "Giỗ Tổ", SOURCE))

    assert calendar.why(date(2026, 4, 26)).name == "Giỗ Tổ"
    assert calendar.why(date(2026, 4, 25)).reason is Reason.WEEKLY_REST
    assert calendar.why(date(2026, 4, 24)).reason is Reason.ORDINARY


def test_a_year_that_is_not_seeded_is_refused_by_name() -> None:
    with pytest.raises(CalendarNotSeeded) as refusal:
        city().is_working_day(date(2027, 1, 4))

    assert refusal.value.code == "organizations.calendar.not-seeded"
    assert refusal.value.details == {"year": "2027", "calendar": "thử"}


def test_counting_into_a_year_that_is_not_seeded_is_refused() -> None:
    with pytest.raises(CalendarNotSeeded):
        due_after_days(city(), at("2026-12-30T09:00"), 2)


def test_workdays_between_is_the_inverse_of_adding() -> None:
    start = date(2026, 1, 1)
    for n in range(20):
        assert city().workdays_between(start, city().add_workdays(start, n)) == n
    assert city().workdays_between(date(2026, 1, 12), date(2026, 1, 8)) == -3  # 9, Sat 10, 12


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        city().add_workdays(date(2026, 1, 5), -1)


def test_an_agency_overrides_its_week_and_single_days_only() -> None:
    saturday_desk = WorkingCalendar.from_rows(
        name="lịch bộ phận một cửa",
        weekly={5: [MORNING]},
        days=[SpecialDay(date(2026, 3, 2), DayKind.HOLIDAY, "ngày riêng của cơ quan", "TB thử 2")],
    )
    agency = city().overlaid_by(saturday_desk)

    assert agency.name == "lịch bộ phận một cửa"
    assert agency.sessions_on(date(2026, 1, 17)) == (MORNING,)
    assert agency.sessions_on(date(2026, 1, 10)) == (MORNING, AFTERNOON)
    assert not agency.is_working_day(date(2026, 3, 2))
    assert not agency.is_working_day(date(2026, 1, 2))
    assert city().is_working_day(date(2026, 3, 2))


def test_an_agencys_own_day_does_not_make_a_year_known() -> None:
    own = WorkingCalendar.from_rows(
        name="riêng", weekly={}, days=[SpecialDay(date(2028, 3, 1), DayKind.HOLIDAY, "riêng", SOURCE)]
    )
    with pytest.raises(CalendarNotSeeded):
        city().overlaid_by(own).is_working_day(date(2028, 3, 2))


def test_a_day_with_hours_of_its_own_is_worked_in_those_hours() -> None:
    half = SpecialDay(date(2026, 1, 17), DayKind.SWAPPED_ON, "làm bù nửa ngày", SOURCE, sessions=(MORNING,))
    assert city(half).sessions_on(date(2026, 1, 17)) == (MORNING,)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Session(time(12), time(8)),
        lambda: SpecialDay(date(2026, 1, 1), DayKind.HOLIDAY, "x", SOURCE, sessions=(MORNING,)),
        lambda: city(SpecialDay(date(2026, 1, 1), DayKind.HOLIDAY, "hai lần", SOURCE)),
        lambda: WorkingCalendar.from_rows(
            name="x", weekly={0: [MORNING, Session(time(11), time(13))]}, days=()
        ),
    ],
    ids=["a session backwards", "hours on a day off", "one day twice", "overlapping sessions"],
)
def test_contradictory_rows_are_refused(build) -> None:
    with pytest.raises(ValueError, match=r"session|twice|overlap"):
        build()


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 5, 9)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        due_after_days(city(), naive, 1)


def test_an_instant_of_another_zone_is_read_on_the_clock_of_ha_noi() -> None:
    due = due_after_days(city(), datetime(2026, 1, 5, 17, 30, tzinfo=UTC), 1)  # 00:30 on the 6th here
    assert due.due_at.isoformat() == "2026-01-07T17:00:00+07:00"


@pytest.mark.parametrize("reckon", [due_after_days, due_after_hours])
def test_a_term_of_nothing_is_refused(reckon) -> None:
    with pytest.raises(ValueError, match="at least one"):
        reckon(city(), at("2026-01-05T09:00"), 0)
    with pytest.raises(ValueError, match="at least one"):
        due_by_clock(at("2026-01-05T09:00"), 0)


def test_seconds_are_kept_when_hours_are_counted() -> None:
    due = due_after_hours(city(), at("2026-01-05T11:59:30"), 1)
    assert due.due_at == at("2026-01-05T13:59:30")


def test_hours_asked_at_noon_say_nothing_of_the_morning() -> None:
    trace = due_after_hours(city(), at("2026-01-05T12:00"), 1).trace
    assert [step.param("start") for step in trace if step.rule is Step.WORKED] == ["13:00"]


def test_the_trace_names_every_skipped_day_with_reason_and_source() -> None:
    trace = due_after_days(city(), at("2026-01-09T09:00"), 2).trace
    assert [(step.rule, step.day) for step in trace if step.day] == [
        (Step.COUNTED, date(2026, 1, 10)),
        (Step.SKIPPED, date(2026, 1, 11)),
        (Step.COUNTED, date(2026, 1, 12)),
    ]
    start = at("2026-01-01T09:00")
    skipped = [step for step in due_after_days(city(), start, 1).trace if step.rule is Step.SKIPPED]
    assert [step.param("reason") for step in skipped] == ["swapped_off", "weekly_rest", "weekly_rest"]
    assert skipped[0].param("source") == SOURCE


def test_the_trace_says_that_an_arrival_was_moved_and_still_replays() -> None:
    calendar = city()
    start = effective_start(calendar, at("2026-01-01T09:00"), urgent=False)
    due = due_after_days(calendar, start, 1)

    assert due.due_at == at("2026-01-06T17:00")
    assert [step.rule for step in due.trace[:6]] == [
        Step.ARRIVED,
        Step.SKIPPED,
        Step.SKIPPED,
        Step.SKIPPED,
        Step.SKIPPED,
        Step.MOVED,
    ]
    assert replay(trace_to_json(due.trace), calendar) == due


def test_an_urgent_arrival_is_never_moved() -> None:
    start = effective_start(city(), at("2026-01-01T23:50"), urgent=True)
    due = due_by_clock(start, 15)

    assert due.due_at == at("2026-01-02T00:05")
    assert replay(trace_to_json(due.trace), city()) == due


def test_a_replay_after_a_new_announcement_shows_the_difference() -> None:
    stored = due_after_days(city(), at("2026-03-02T09:00"), 1)
    changed = city(SpecialDay(date(2026, 3, 3), DayKind.HOLIDAY, "nghỉ đột xuất", "CĐ thử 3"))

    again = replay(trace_to_json(stored.trace), changed)

    assert again.due_at == at("2026-03-04T17:00")
    assert any(step.param("source") == "CĐ thử 3" for step in again.trace)


def test_a_trace_without_a_start_or_a_rule_cannot_be_replayed() -> None:
    due = due_after_days(city(), at("2026-01-05T09:00"), 1)
    with pytest.raises(ValueError, match="no start or no rule"):
        replay(trace_to_json(due.trace)[:1], city())


def test_the_trace_reads_as_vietnamese_sentences() -> None:
    start = effective_start(city(), at("2026-01-09T17:01"), urgent=False)

    assert trace_sentences(due_after_hours(city(), start, 5).trace) == [
        "Văn bản thường, đến lúc 17:01 thứ Sáu 09/01/2026.",
        "Đến sau giờ hành chính: tính từ ngày làm việc tiếp theo, 08:00 thứ Bảy 10/01/2026.",
        "Tính từ 08:00 thứ Bảy 10/01/2026, theo lịch thử.",
        "Thời hạn 5 giờ làm việc, chỉ tính trong giờ hành chính.",
        "Thứ Bảy 10/01/2026, 08:00–12:00: tính 4:00, còn 1:00; làm bù cho 02/01; căn cứ: VB thử 1/TB.",
        "Thứ Bảy 10/01/2026, 13:00–14:00: tính 1:00, còn 0:00; làm bù cho 02/01; căn cứ: VB thử 1/TB.",
        "Hạn: 14:00 thứ Bảy 10/01/2026.",
    ]


def test_a_projected_day_says_so_in_its_sentence() -> None:
    guess = SpecialDay(date(2026, 3, 3), DayKind.HOLIDAY, "ngày dự kiến", SOURCE, projected=True)
    due = due_after_days(city(guess), at("2026-03-02T09:00"), 1)

    assert due.rests_on_projection
    assert any("dự kiến, chờ quản trị xác nhận" in sentence for sentence in trace_sentences(due.trace))
