"""`vanthu check`: in order, or what to mend; numbered, in words and as JSON."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.cli.running import said, vanthu
from vanthu.cli.checks import State, results
from vanthu.evidence.operations import end_alarm, raise_alarm
from vanthu.exchange.models import LineWatch
from vanthu.kernel.actor import system_actor
from vanthu.organizations.models import CalendarDay
from vanthu.signing.models import SigningKey
from vanthu.signing.operations import demo_authority

CODES = [f"VT-CHK-{number:02d}" for number in range(1, 21)]


def test_a_new_folder_is_told_to_migrate(tmp_path: Path) -> None:
    run = vanthu(tmp_path, "check")
    assert run.returncode == 1
    assert "VT-CHK-03  cần sửa" in run.stdout
    assert "Chạy `vanthu migrate`." in run.stdout


def test_dangerous_settings_are_each_named(tmp_path: Path) -> None:
    run = vanthu(
        tmp_path,
        "check",
        "--json",
        VANTHU_DEBUG="true",
        VANTHU_ALLOWED_HOSTS="*",
        VANTHU_SECRET_KEY="short",
        VANTHU_DEMO="true",
        VANTHU_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none",
    )
    answer = said(run)
    states = {row["code"]: row["state"] for row in answer["checks"]}
    assert (run.returncode, answer["ok"]) == (1, False)
    broken = {code for code, state in states.items() if state == "mend"}
    assert broken >= {f"VT-CHK-{number:02d}" for number in (2, 5, 6, 7, 8, 9, 11)}
    assert (states["VT-CHK-03"], states["VT-CHK-13"]) == ("skipped", "skipped")
    assert all(row["remedy"] for row in answer["checks"] if row["state"] == "mend")


@pytest.fixture
def in_order(settings: LazySettings, tmp_path: Path, now: datetime) -> LazySettings:
    settings.VANTHU_HOME, settings.VANTHU_BLOBS = tmp_path, tmp_path / "blobs"
    settings.VANTHU_PKI, settings.VANTHU_TRUST = tmp_path / "pki", tmp_path / "pki" / "trust"
    settings.SECRET_KEY = "a long key for this test only, of more than fifty letters"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    demo_authority(now)
    tmp_path.chmod(0o700)
    return settings


def states(now: datetime) -> dict[str, State]:
    return {check.code: answer.state for check, answer in results(now)}


@pytest.mark.django_db
def test_an_installation_in_order_has_nothing_to_mend(in_order: LazySettings, now: datetime) -> None:
    CalendarDay.objects.all().delete()
    found = states(now)
    assert sorted(found) == CODES
    # The calendar comes with `vanthu migrate`, which this database has not seen.
    assert {code for code, state in found.items() if state is State.MEND} == {"VT-CHK-13"}


@pytest.mark.django_db
def test_lapsed_revocation_lists_must_be_renewed(in_order: LazySettings, now: datetime) -> None:
    assert states(now.replace(year=now.year + 1))["VT-CHK-11"] is State.MEND


@pytest.mark.django_db
def test_a_readable_home_is_noted_and_a_readable_key_must_be_closed(
    in_order: LazySettings, now: datetime, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    key = tmp_path / "secret.key"
    key.write_text("x" * 60)
    key.chmod(0o644)
    found = states(now)
    assert (found["VT-CHK-01"], found["VT-CHK-05"]) == (State.WARN, State.MEND)


@pytest.mark.django_db
def test_a_store_that_cannot_be_written_is_named(
    in_order: LazySettings, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    in_order.VANTHU_BLOBS = tmp_path / "file" / "blobs"
    assert states(now)["VT-CHK-04"] is State.MEND


@pytest.mark.parametrize(
    ("blobs", "said_in_words"),
    [
        ("s3://kho/vanthu?endpoint=http://127.0.0.1:9", "không kết nối được"),
        ("gs://kho", "cấu hình VANTHU_* không đúng"),
    ],
)
@pytest.mark.django_db
def test_a_bucket_that_cannot_be_written_is_named(
    in_order: LazySettings, now: datetime, blobs: str, said_in_words: str
) -> None:
    in_order.VANTHU_BLOBS, in_order.VANTHU_BLOBS_KEY, in_order.VANTHU_BLOBS_SECRET = blobs, "a", "b"
    answer = {check.code: answer for check, answer in results(now)}["VT-CHK-04"]
    assert answer.state is State.MEND
    assert said_in_words in answer.remedy


@pytest.mark.django_db
def test_outside_the_demonstration_real_authorities_are_demanded(
    in_order: LazySettings, now: datetime
) -> None:
    assert states(now)["VT-CHK-16"] is State.OK
    in_order.VANTHU_DEMO = False
    found = states(now)
    assert (found["VT-CHK-11"], found["VT-CHK-16"]) == (State.MEND, State.MEND)


@pytest.mark.django_db
def test_certificates_that_end_soon_are_named(in_order: LazySettings, now: datetime) -> None:
    SigningKey.objects.create(
        owner="person:1",
        subject="Nguyễn Văn An",
        serial="01",
        certificate=b"",
        valid_to=now + timedelta(days=3),
        made_at=now,
    )
    answer = {check.code: answer for check, answer in results(now)}["VT-CHK-17"]
    assert answer.state is State.WARN
    assert "Nguyễn Văn An (23/11/2026)" in answer.found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tsa", "is_demo", "state"),
    [
        ((), True, State.OK),
        ((), False, State.WARN),
        (("http://tsa.example/#total=180",), False, State.OK),
        (("tsa.example",), False, State.MEND),
    ],
)
def test_time_stamps_are_asked_after(
    in_order: LazySettings, now: datetime, tsa: tuple[str, ...], is_demo: bool, state: State
) -> None:
    in_order.VANTHU_TSA, in_order.VANTHU_DEMO = tsa, is_demo
    assert states(now)["VT-CHK-18"] is state


@pytest.mark.django_db
def test_a_line_that_does_not_answer_is_told_with_its_cause(in_order: LazySettings, now: datetime) -> None:
    in_order.VANTHU_LINE_URL = "http://127.0.0.1:9"
    assert states(now)["VT-CHK-19"] is State.WARN
    watch = LineWatch.objects.create(name="vxp", well_at=now)
    assert states(now)["VT-CHK-19"] is State.OK
    watch.down_since, watch.diagnosis = now, "clock"
    watch.save()
    found = {check.code: answer for check, answer in results(now)}["VT-CHK-19"]
    assert found.state is State.MEND
    assert "Đồng hồ" in found.found
    assert "NTP" in found.remedy


@pytest.mark.django_db
def test_an_open_alarm_of_the_log_must_be_looked_at_until_it_is_settled(
    in_order: LazySettings, now: datetime
) -> None:
    alarm = {"actor": system_actor(None), "code": "evidence.log.rewritten", "subject": "log", "now": now}
    raise_alarm(detail={"why": "đầu cây đã ký không còn nối tiếp"}, **alarm)
    answer = {check.code: answer for check, answer in results(now)}["VT-CHK-20"]
    assert answer.state is State.MEND
    assert "đầu cây đã ký không còn nối tiếp" in answer.found
    assert "vanthu audit witness" in answer.remedy
    end_alarm(**alarm)
    assert states(now)["VT-CHK-20"] is State.OK
