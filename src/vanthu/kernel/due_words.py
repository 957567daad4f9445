"""A trace in words: one Vietnamese sentence a step, so that a due time can be read aloud and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from vanthu.kernel.due import Step, TraceStep


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue of translations without translating it here."""
    return message


WEEKDAYS = (
    gettext_noop("thứ Hai"),
    gettext_noop("thứ Ba"),
    gettext_noop("thứ Tư"),
    gettext_noop("thứ Năm"),
    gettext_noop("thứ Sáu"),
    gettext_noop("thứ Bảy"),
    gettext_noop("Chủ nhật"),
)

SENTENCES = {
    "arrived": gettext_noop("Văn bản thường, đến lúc {at}."),
    "arrived.urgent": gettext_noop("Văn bản khẩn, đến lúc {at}: tính ngay."),
    "moved.after-hours": gettext_noop("Đến sau giờ hành chính: tính từ ngày làm việc tiếp theo, {at}."),
    "moved.day-off": gettext_noop("Đến vào ngày nghỉ: tính từ ngày làm việc tiếp theo, {at}."),
    "from": gettext_noop("Tính từ {at}."),
    "from.calendar": gettext_noop("Tính từ {at}, theo lịch {calendar}."),
    "count-days": gettext_noop(
        "Thời hạn {n} ngày làm việc, không kể ngày bắt đầu, đến hết giờ làm việc của ngày cuối."
    ),
    "count-hours": gettext_noop("Thời hạn {n} giờ làm việc, chỉ tính trong giờ hành chính."),
    "next-morning": gettext_noop("Trong ngày, chậm nhất là buổi sáng của ngày làm việc tiếp theo."),
    "next-day-end": gettext_noop("Trong ngày, chậm nhất là cuối giờ làm việc của ngày làm việc tiếp theo."),
    "clock": gettext_noop("Văn bản khẩn: {minutes} phút theo đồng hồ, không kể giờ hành chính."),
    "skipped.weekly_rest": gettext_noop("Không tính {day}: nghỉ hằng tuần."),
    "skipped.holiday": gettext_noop("Không tính {day}: nghỉ lễ, {name}; căn cứ: {source}."),
    "skipped.compensatory": gettext_noop("Không tính {day}: nghỉ bù, {name}; căn cứ: {source}."),
    "skipped.swapped_off": gettext_noop("Không tính {day}: nghỉ hoán đổi, {name}; căn cứ: {source}."),
    "counted": gettext_noop("{day}: ngày làm việc thứ {nth}."),
    "counted.swapped_on": gettext_noop("{day}: ngày làm việc thứ {nth}, {name}; căn cứ: {source}."),
    "worked": gettext_noop("{day}, {start}–{end}: tính {worked}, còn {left}."),
    "worked.swapped_on": gettext_noop(
        "{day}, {start}–{end}: tính {worked}, còn {left}; {name}; căn cứ: {source}."
    ),
    "due": gettext_noop("Hạn: {at}."),
}
PROJECTED = gettext_noop("Ngày này là dự kiến, chờ quản trị xác nhận.")
MOMENT = gettext_noop("{clock} {day}")


def trace_sentences(trace: Iterable[TraceStep], say: Callable[[str], str] = str) -> list[str]:
    """One sentence for each step; `say` translates a sentence with its `{names}` still open."""
    return [_sentence(step, say) for step in trace]


def _sentence(step: TraceStep, say: Callable[[str], str]) -> str:
    values = dict(step.params)
    if step.at:
        values["at"] = _moment(step.at, say)
    if step.day:
        values["day"] = _day(step.day, say)
    text = say(SENTENCES[_template(step)]).format(**values)
    text = text[:1].upper() + text[1:]
    return f"{text} {say(PROJECTED)}" if step.param("projected") else text


def _template(step: TraceStep) -> str:
    if step.rule is Step.ARRIVED:
        return "arrived.urgent" if step.param("urgent") == "yes" else "arrived"
    if step.rule is Step.FROM:
        return "from.calendar" if step.param("calendar") else "from"
    reason = step.param("reason")
    return f"{step.rule}.{reason}" if reason else step.rule.value


def _moment(at: datetime, say: Callable[[str], str]) -> str:
    clock = at.strftime("%H:%M:%S" if at.second else "%H:%M")
    return say(MOMENT).format(clock=clock, day=_day(at.date(), say))


def _day(day: date, say: Callable[[str], str]) -> str:
    return f"{say(WEEKDAYS[day.weekday()])} {day.strftime('%d/%m/%Y')}"
