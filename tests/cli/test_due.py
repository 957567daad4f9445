"""`vanthu due` at the command line: the answer, its trace, and what it says when it cannot answer."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from vanthu.cli.due import command
from vanthu.cli.due_english import ENGLISH
from vanthu.kernel import due_words
from vanthu.kernel.due import replay
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import city_calendar

BEFORE_TET = "2026-02-13T09:00:00+07:00"


def run(*arguments: str, lang: str = "vi") -> Result:
    return CliRunner().invoke(command, arguments, env={"VANTHU_LANG": lang})


def test_three_days_before_tet_2026_are_due_after_it() -> None:
    answer = run("--from", BEFORE_TET, "--days", "3", "--json")

    assert answer.exit_code == 0
    said = json.loads(answer.stdout)
    assert said["due"] == "2026-02-25T17:00:00+07:00"
    assert replay(said["trace"], city_calendar(read_calendar_seed())).to_json() == said


def test_hours_are_counted_within_office_hours() -> None:
    answer = run("--from", "2026-02-13T16:00:00+07:00", "--hours", "2", "--json")
    assert json.loads(answer.stdout)["due"] == "2026-02-23T09:00:00+07:00"


@pytest.mark.parametrize(
    ("urgency", "due"), [("khan", "10:00"), ("thuong-khan", "09:30"), ("hoa-toc", "09:15")]
)
def test_urgent_documents_go_by_the_clock(urgency: str, due: str) -> None:
    answer = run("--from", BEFORE_TET, "--urgency", urgency, "--json")
    assert json.loads(answer.stdout)["due"] == f"2026-02-13T{due}:00+07:00"


def test_an_instant_in_utc_is_read_on_the_clock_of_ha_noi() -> None:
    answer = run("--from", "2026-02-12T17:30:00Z", "--days", "1", "--json")  # 00:30 on Friday the 13th here
    assert json.loads(answer.stdout)["due"] == "2026-02-23T17:00:00+07:00"


def test_without_json_the_trace_is_read_out_in_vietnamese() -> None:
    lines = run("--from", BEFORE_TET, "--days", "1").stdout.splitlines()

    assert lines[0] == "2026-02-23T17:00:00+07:00"
    assert any(line.startswith("- Không tính thứ Ba 17/02/2026: nghỉ lễ, Tết Âm lịch") for line in lines)


def test_the_trace_is_read_out_in_english_when_asked() -> None:
    text = run("--from", BEFORE_TET, "--days", "1", lang="en").stdout
    assert "Saturday 14/02/2026 does not count: weekly rest." in text


def test_a_due_time_that_rests_on_projected_days_says_so() -> None:
    text = run("--from", "2026-12-31T09:00:00+07:00", "--days", "1").stdout
    assert "Lưu ý: hạn này dựa trên ngày nghỉ dự kiến" in text


@pytest.mark.parametrize(
    ("arguments", "words", "english"),
    [
        (["--from", "hôm qua", "--days", "1"], "không phải thời điểm ISO 8601", "is not an ISO 8601 instant"),
        (["--from", "2026-02-13T09:00:00", "--days", "1"], "thiếu múi giờ", "has no time zone"),
        (["--from", "2026-02-13", "--days", "1"], "thiếu múi giờ", "has no time zone"),
        (["--from", BEFORE_TET, "--days", "0"], "số nguyên từ 1", "a whole number from 1"),
        (["--from", BEFORE_TET, "--days", "ba"], "số nguyên từ 1", "a whole number from 1"),
        (["--from", BEFORE_TET, "--hours", "-4"], "số nguyên từ 1", "a whole number from 1"),
        (["--from", BEFORE_TET], "--days hoặc --hours", "exactly one of --days and --hours"),
        (["--from", BEFORE_TET, "--days", "1", "--hours", "1"], "--days hoặc --hours", "exactly one of"),
        (["--from", BEFORE_TET, "--days", "1", "--urgency", "khan"], "theo đồng hồ", "go by the clock"),
        (["--from", BEFORE_TET, "--urgency", "gap"], "không có mức độ khẩn", "there is no urgency"),
        (["--from", "2022-12-30T09:00:00+07:00", "--days", "0001"], "năm 2022", "holidays for 2022"),
        (["--from", "2027-12-30T09:00:00+07:00", "--days", "5"], "năm 2028", "holidays for 2028"),
        (["--from", "9999-12-31T23:59:00+00:00", "--days", "1"], "ngoài khoảng", "out of range"),
    ],
)
def test_bad_input_is_refused_in_words_with_exit_code_2(
    arguments: list[str], words: str, english: str
) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert not refused.stdout
    assert words in refused.stderr

    assert english in run(*arguments, lang="en").stderr


@pytest.mark.django_db
def test_an_unknown_agency_is_refused_by_its_code() -> None:
    refused = run("--from", BEFORE_TET, "--days", "1", "--agency", "Z99.99")

    assert refused.exit_code == 2
    assert "không tìm thấy lịch của cơ quan «Z99.99»" in refused.stderr


def test_every_sentence_of_the_trace_has_english_words() -> None:
    said = {*due_words.SENTENCES.values(), *due_words.WEEKDAYS, due_words.PROJECTED}
    assert said <= set(ENGLISH)
