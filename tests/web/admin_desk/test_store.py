"""Toàn vẹn kho lưu trữ: what the administrator sees and does when stored bytes are not right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.evidence.harmed_stores import FolderPlace, flip_a_bit
from tests.evidence.test_fixity import a_document
from vanthu.evidence import operations as evidence
from vanthu.evidence.queries.fixity import findings
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor

SignIn = Callable[[Actor], Client]


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> FolderPlace:
    settings.VANTHU_BLOBS, settings.VANTHU_BACKUP_BLOBS = tmp_path / "blobs", ""
    return FolderPlace(tmp_path / "blobs")


def page(client: Client) -> str:
    return client.get(reverse("admin-store")).content.decode()


def test_before_the_first_round_the_page_says_what_will_bring_it(cast: Cast, as_person: SignIn) -> None:
    text = page(as_person(cast.city_admin))
    assert "Chưa có lượt kiểm tra nào." in text
    assert "vanthu audit fixity --all" in text


def test_a_sound_store_is_one_sentence_and_its_facts(
    cast: Cast, now: datetime, as_person: SignIn, folder: FolderPlace
) -> None:
    a_document(cast, now, b"%PDF-1.7 one" * 200, b"%PDF-1.7 two")
    evidence.check_all_stored_bytes(now=now)
    text = page(as_person(cast.city_admin))
    assert "Các tệp đã đọc lại đều đúng như khi lưu." in text
    assert "100,0 % kho: 2 tệp, 2,4 KB" in text
    assert "mỗi tệp ít nhất một lần trong 90 ngày" in text
    assert "chưa đặt" in text


def test_a_finding_names_documents_and_the_reason_and_can_be_looked_at_again(
    cast: Cast, now: datetime, as_person: SignIn, folder: FolderPlace, settings: LazySettings, tmp_path: Path
) -> None:
    _, (digest,) = a_document(cast, now, b"%PDF-1.7 important" * 100, number="77/QĐ-SNV")
    right = blobs().read(digest)
    flip_a_bit(folder, digest)
    evidence.check_all_stored_bytes(now=now)
    client = as_person(cast.city_admin)
    text = page(client)
    for words in (
        "1 tệp không còn đúng như khi lưu.",
        "77/QĐ-SNV",
        cast.a.row.name,
        "Nội dung đã khác với lúc lưu",
        "Chưa đặt bản sao lưu (VANTHU_BACKUP_BLOBS).",
        "hoặc chép tệp đúng vào kho, rồi kiểm tra lại.",
        "1,8 KB",
        digest,
    ):
        assert words in text
    assert "Về việc thử" not in text, "the administrator does not read documents (D14)"

    where = reverse("admin-store-look", args=[findings(only_open=True)[0].id])
    assert "vẫn chưa đúng" in client.post(where, follow=True).content.decode()
    settings.VANTHU_BACKUP_BLOBS = str(tmp_path / "backup")
    from vanthu.foundation.storage import backup_blobs

    backup = backup_blobs()
    assert backup is not None
    backup.put(right)
    text = client.post(where, follow=True).content.decode()
    assert "tệp đúng như khi lưu" in text
    assert "Đã khôi phục từ bản sao lưu" in text
    assert ".altered/" in text
    assert findings(only_open=True) == ()


def test_a_round_that_is_late_asks_for_the_worker(
    cast: Cast, now: datetime, as_person: SignIn, folder: FolderPlace
) -> None:
    a_document(cast, now, b"%PDF-1.7 slow")
    evidence.check_stored_bytes(now=now - timedelta(days=80))
    assert "Lượt kiểm tra chậm so với kế hoạch." in page(as_person(cast.city_admin))


@pytest.mark.parametrize("who", ["clerk", "leader", "officer"])
def test_nobody_else_opens_the_page(cast: Cast, as_person: SignIn, who: str) -> None:
    client = as_person(getattr(cast.a, who))
    assert client.get(reverse("admin-store")).status_code == 403
    assert client.post(reverse("admin-store-look", args=[1])).status_code == 403


def test_a_finding_that_is_not_there_is_not_found(cast: Cast, as_person: SignIn) -> None:
    assert as_person(cast.city_admin).post(reverse("admin-store-look", args=[99])).status_code == 404
