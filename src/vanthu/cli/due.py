"""`vanthu due`: the due time for a term, and the trace that explains it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime

import click

from vanthu.cli.due_english import ENGLISH
from vanthu.kernel.actor import Urgency
from vanthu.kernel.calendar import CalendarNotSeeded, WorkingCalendar
from vanthu.kernel.due import Due, due_after_days, due_after_hours, due_by_clock
from vanthu.kernel.due_words import trace_sentences
from vanthu.kernel.errors import DomainError
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import URGENCY_NAMES, URGENT_MINUTES, city_calendar

BAD_INPUT = 2
LONGEST_TERM = 10_000

NO_INSTANT = (
    "Chưa tính được hạn: --from «{text}» không phải thời điểm ISO 8601, như 2026-02-13T09:00:00+07:00."
)
NO_ZONE = "Chưa tính được hạn: --from «{text}» thiếu múi giờ; thêm +07:00 vào sau giờ."
NO_NUMBER = "Chưa tính được hạn: {option} «{text}» phải là số nguyên từ 1 đến {longest}."
NO_URGENCY = "Chưa tính được hạn: không có mức độ khẩn «{text}»; chọn một trong: {names}."
ONE_TERM = "Chưa tính được hạn: văn bản thường cần đúng một trong hai tùy chọn --days hoặc --hours."
NO_TERM = "Chưa tính được hạn: văn bản khẩn tính theo đồng hồ; bỏ --days, --hours hoặc dùng --urgency thuong."
NOT_SEEDED = (
    "Chưa tính được hạn: lịch {calendar} chưa có ngày nghỉ của năm {year}; quản trị cần nhập năm này."
)
NO_AGENCY = "Chưa tính được hạn: không tìm thấy lịch của cơ quan «{text}»; kiểm tra lại mã cơ quan."
OUT_OF_RANGE = "Chưa tính được hạn: thời điểm nằm ngoài khoảng tính được."
PROJECTED = "Lưu ý: hạn này dựa trên ngày nghỉ dự kiến, chờ quản trị xác nhận."
HELP = "Tính hạn (ngày, giờ làm việc hoặc theo đồng hồ) kèm diễn giải từng bước."


class InputError(ValueError):
    """What was typed cannot be reckoned with; carries the sentence to show."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(_say(sentence).format(**values))


@click.command("due", help=HELP)
@click.option("--from", "start", required=True, metavar="ISO", help="Thời điểm bắt đầu, có múi giờ.")
@click.option("--days", metavar="N", help="Số ngày làm việc, không kể ngày bắt đầu.")
@click.option("--hours", metavar="N", help="Số giờ làm việc.")
@click.option("--urgency", default="thuong", metavar="MỨC", help=", ".join(URGENCY_NAMES))
@click.option("--agency", metavar="MÃ", help="Mã cơ quan; bỏ trống: lịch của Thành phố.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def command(
    *, start: str, days: str | None, hours: str | None, urgency: str, agency: str | None, as_json: bool
) -> None:
    try:
        due = _reckon(_instant(start), days, hours, _urgency(urgency), agency)
    except InputError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(BAD_INPUT)
    if as_json:
        click.echo(json.dumps(due.to_json(), ensure_ascii=False))
        return
    click.echo(due.due_at.isoformat())
    for sentence in trace_sentences(due.trace, _say):
        click.echo(f"- {sentence}")
    if due.rests_on_projection:
        click.echo(_say(PROJECTED))


def _reckon(
    start: datetime, days: str | None, hours: str | None, urgency: Urgency, agency: str | None
) -> Due:
    rule = _rule(start, days, hours, urgency)
    try:
        return rule(_calendar(agency))
    except CalendarNotSeeded as refusal:
        raise InputError(NOT_SEEDED, **refusal.details) from refusal
    except OverflowError as error:
        raise InputError(OUT_OF_RANGE) from error


def _rule(
    start: datetime, days: str | None, hours: str | None, urgency: Urgency
) -> Callable[[WorkingCalendar], Due]:
    """What was asked, waiting for a calendar; refuses a contradictory question before any is read."""
    if urgency is not Urgency.NORMAL:
        if days is not None or hours is not None:
            raise InputError(NO_TERM)
        return lambda _: due_by_clock(start, URGENT_MINUTES[urgency])
    if days is not None and hours is None:
        n = _number("--days", days)
        return lambda calendar: due_after_days(calendar, start, n)
    if hours is not None and days is None:
        n = _number("--hours", hours)
        return lambda calendar: due_after_hours(calendar, start, n)
    raise InputError(ONE_TERM)


def _calendar(agency: str | None) -> WorkingCalendar:
    if agency is None:
        return city_calendar(read_calendar_seed())
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
    django.setup()
    from vanthu.organizations.queries import calendar_of  # only this needs the database

    try:
        return calendar_of(agency_code=agency)
    except DomainError as refusal:
        raise InputError(NO_AGENCY, text=agency) from refusal


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(NO_INSTANT, text=text) from error
    if instant.tzinfo is None:
        raise InputError(NO_ZONE, text=text)
    return instant


def _number(option: str, text: str) -> int:
    if (
        text.isascii()
        and text.isdigit()
        and len(text) <= len(str(LONGEST_TERM))
        and 1 <= int(text) <= LONGEST_TERM
    ):
        return int(text)
    raise InputError(NO_NUMBER, option=option, text=text, longest=LONGEST_TERM)


def _urgency(text: str) -> Urgency:
    if text not in URGENCY_NAMES:
        raise InputError(NO_URGENCY, text=text, names=", ".join(URGENCY_NAMES))
    return URGENCY_NAMES[text]


def _say(sentence: str) -> str:
    return (
        ENGLISH.get(sentence, sentence) if os.environ.get("VANTHU_LANG", "vi").startswith("en") else sentence
    )
