"""VANTHU_BLOBS chooses the store."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from vanthu.foundation.storage import FileBlobs, backup_blobs, blobs
from vanthu.foundation.storage.s3 import S3Address, S3Blobs
from vanthu.settings.environment import Environment

CITY = "s3://kho-thanh-pho/vanthu?endpoint=https://kho.thanhpho.example:9000&region=ha-noi-1"


def test_a_folder_keeps_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.VANTHU_BLOBS = tmp_path / "kho"
    digest = blobs().put(b"in a folder")
    assert isinstance(blobs(), FileBlobs)
    assert (tmp_path / "kho" / digest[:2] / digest[2:4] / digest).read_bytes() == b"in a folder"


def test_an_address_opens_a_bucket_once_per_process(settings: LazySettings) -> None:
    settings.VANTHU_BLOBS, settings.VANTHU_BLOBS_KEY, settings.VANTHU_BLOBS_SECRET = CITY, "a", "b"
    store = blobs()
    assert isinstance(store, S3Blobs)
    assert blobs() is store


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (CITY, S3Address("kho-thanh-pho", "vanthu", "https://kho.thanhpho.example:9000", "ha-noi-1")),
        ("s3://bucket", S3Address("bucket")),
        ("s3://bucket/a/b/?region=x", S3Address("bucket", "a/b", "", "x")),
    ],
)
def test_an_address_is_read(url: str, address: S3Address) -> None:
    assert S3Address.parse(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "s3:///prefix",
        "gs://bucket",
        "https://kho.thanhpho.example/bucket",
        "s3://key:hidden@bucket/prefix",
        "s3://bucket?endpoint=https://key:hidden@kho.thanhpho.example",
        "s3://bucket?endpoint=kho.thanhpho.example",
        "s3://bucket?secret=hidden",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_and_not_repeated(
    settings: LazySettings, url: str
) -> None:
    settings.VANTHU_BLOBS = url
    with pytest.raises(ValueError, match=r"^VANTHU_BLOBS: ") as told:
        blobs()
    assert "hidden" not in str(told.value)


def test_the_secret_is_not_shown_with_the_rest_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANTHU_BLOBS_SECRET", "hidden")
    assert Environment().blobs_secret.get_secret_value() == "hidden"
    assert "hidden" not in repr(Environment())


def test_the_backup_is_a_store_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.VANTHU_BACKUP_BLOBS = ""
    assert backup_blobs() is None
    settings.VANTHU_BACKUP_BLOBS = tmp_path / "bản sao"
    assert isinstance(backup_blobs(), FileBlobs)
    settings.VANTHU_BACKUP_BLOBS, settings.VANTHU_BACKUP_BLOBS_KEY = CITY, "a"
    settings.VANTHU_BACKUP_BLOBS_SECRET = ""
    with pytest.raises(ValueError, match="VANTHU_BACKUP_BLOBS_SECRET"):
        backup_blobs()
