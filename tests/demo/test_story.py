"""The story of the demonstration on a fresh database: its lines, what it leaves behind, and what verifiers say."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from vanthu.audit.queries import verify_chains
from vanthu.demo import story
from vanthu.demo.loading import OtherCity, load_city, loaded_city
from vanthu.demo.stage import Stage, Step
from vanthu.documents.queries import main_bytes
from vanthu.exchange.queries import deliveries_of
from vanthu.kernel.actor import Urgency, system_actor
from vanthu.organizations.operations import load_calendar
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import seeded_special_days
from vanthu.queues.queries import counters, queue_page
from vanthu.queues.rules.catalogue import BY_QUEUE, Queue
from vanthu.signing.operations import trust_store
from vanthu.signing.validation import verify_isolated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(now: datetime) -> Callable[[], datetime]:
    """A clock that goes on by a second at each look."""
    seconds = iter(range(1_000_000))
    return lambda: now + timedelta(seconds=next(seconds))


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path, transactional_db: None) -> Path:
    """A private installation: keys, trust and files, and not a row of whoever tested before."""
    call_command("flush", interactive=False, verbosity=0)
    settings.VANTHU_BLOBS = tmp_path / "blobs"
    settings.VANTHU_PKI = tmp_path / "pki"
    settings.VANTHU_TRUST = tmp_path / "pki" / "trust"
    return tmp_path


@pytest.fixture
def stage(home: Path, clock: Callable[[], datetime], now: datetime) -> Stage:
    days = seeded_special_days(read_calendar_seed())
    load_calendar(actor=system_actor(None), days=days, now=now)
    load_city("small", now=now)
    return Stage(clock)


def lines(stage: Stage) -> dict[int, Step]:
    return {step.number: step for step in story.play(stage)}


def test_the_story_names_every_step_person_and_status_and_its_file_proves_itself(
    stage: Stage, now: datetime, tmp_path: Path
) -> None:
    told = lines(stage)

    assert list(told) == list(range(1, story.STEPS + 1))
    assert all(step.what and step.person and step.title and step.agency for step in told.values())
    main = [
        step for step in told.values() if step.chapter == story.MAIN and step.document == told[6].document
    ]
    seen = list(dict.fromkeys((step.at_sender, step.at_receiver) for step in main))
    assert seen == [
        ("Đã cấp số", "–"),
        ("Đã ký số cơ quan", "–"),
        ("Chờ gửi", "–"),
        ("Đã đến (01)", "Chờ tiếp nhận"),
        ("Đã tiếp nhận (03)", "Chờ trình"),
        ("Đã tiếp nhận (03)", "Chờ cho ý kiến chỉ đạo"),
        ("Đã phân công (04)", "Đã phân công"),
        ("Đang xử lý (05)", "Đang xử lý"),
        ("Đang xử lý (05)", "Chờ duyệt kết quả"),
        ("Hoàn thành (06)", "Hoàn thành"),
    ]
    _demand_refusal_heard(told)
    _demand_statuses_home(stage)
    assert [report.broken for report in verify_chains() if report.broken] == []
    _demand_work_on_every_desk(stage)
    _demand_both_signatures(stage, now, tmp_path)


def _demand_refusal_heard(told: dict[int, Step]) -> None:
    refused = [step for step in told.values() if step.chapter == story.REFUSAL]
    assert (refused[-1].at_sender, refused[-1].at_receiver) == ("Từ chối tiếp nhận (02)", "Đã từ chối")
    assert refused[-1].agency == "Sở Nội vụ"
    assert "không có tệp Phụ lục" in refused[-1].what


def _demand_statuses_home(stage: Stage) -> None:
    (delivery,) = deliveries_of(stage.main_id)
    assert [status.code for status in delivery.statuses] == ["01", "03", "04", "05", "06"]
    assert "01/STC-QLNS" in delivery.statuses[-1].description


def _demand_both_signatures(stage: Stage, now: datetime, folder: Path) -> None:
    pdf = main_bytes(stage.main_id)
    verdict = verify_isolated(pdf, trust=trust_store(), at=now + timedelta(hours=1), name="issued")
    assert verdict.verdict == "VALID"
    assert [finding.verdict for finding in verdict.signatures] == ["VALID", "VALID"]
    assert {finding.kind for finding in verdict.signatures} == {"personal", "agency"}
    pdfsig = shutil.which("pdfsig")
    if pdfsig is None:
        pytest.skip("no pdfsig here: install poppler-utils (scripts/system-packages)")
    file = folder / "issued.pdf"
    file.write_bytes(pdf)
    # Poppler does not know our root, so only integrity is asked: it must be valid for both signatures.
    said = subprocess.run([pdfsig, "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2, said


def _demand_work_on_every_desk(stage: Stage) -> None:
    waiting = {
        "vanthu.snv": {Queue.TO_RECEIVE, Queue.TO_REGISTER, Queue.TO_SUBMIT, Queue.TO_NUMBER, Queue.REFUSED},
        "vanthu.stc": {Queue.TO_RECEIVE, Queue.TO_REGISTER, Queue.TO_SUBMIT, Queue.TO_NUMBER},
        "giamdoc.snv": {Queue.TO_DIRECT, Queue.TO_SIGN},
        "giamdoc.stc": {Queue.TO_DIRECT, Queue.TO_SIGN},
        "truongphong.snv": {Queue.TO_ASSIGN, Queue.TO_APPROVE, Queue.RESULTS},
        "truongphong.stc": {Queue.TO_ASSIGN, Queue.TO_APPROVE, Queue.RESULTS},
        "phovp.snv": {Queue.TO_CHECK_FORM},
        "chanhvp.stc": {Queue.TO_CHECK_FORM, Queue.TO_KNOW},
        "chuyenvien.snv": {Queue.MY_WORK, Queue.MY_DRAFTS},
        "chuyenvien.stc": {Queue.MY_WORK, Queue.MY_DRAFTS},
    }
    for username, queues in waiting.items():
        found = {queue for queue, count in counters(stage.actor(username)).items() if count}
        assert queues <= found, (username, queues - found)
    first = queue_page(actor=stage.actor("vanthu.stc"), kind=BY_QUEUE[Queue.TO_RECEIVE]).rows[0]
    assert first.urgency is Urgency.EXPRESS


def test_a_city_is_loaded_once_and_another_one_is_refused(home: Path, now: datetime) -> None:
    assert loaded_city() is None
    assert load_city("small", now=now)
    assert not load_city("small", now=now)
    assert loaded_city() == "small"
    with pytest.raises(OtherCity) as refusal:
        load_city("hanoi", now=now)
    assert refusal.value.loaded == "small"


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """The calendar is cached by agency id, and each test numbers its agencies anew."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()
