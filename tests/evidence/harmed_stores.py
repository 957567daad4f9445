"""Stores whose bytes a test may harm: a folder and a bucket, each with a backup of its own kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import boto3.session
import pytest
from django.conf import LazySettings

from vanthu.foundation.storage import backup_blobs, blobs
from vanthu.foundation.storage.s3 import S3Address

ROOT = Path(__file__).resolve().parents[2]


class Place(Protocol):
    """The store as somebody with access to the disk sees it."""

    def raw(self, name: str) -> bytes: ...

    def write(self, name: str, data: bytes) -> None: ...

    def remove(self, name: str) -> None: ...


@dataclass
class FolderPlace:
    root: Path

    def raw(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        (self.root / name).write_bytes(data)

    def remove(self, name: str) -> None:
        (self.root / name).unlink()


@dataclass
class BucketPlace:
    client: Any
    address: S3Address

    def raw(self, name: str) -> bytes:
        found = self.client.get_object(Bucket=self.address.bucket, Key=f"{self.address.prefix}/{name}")
        data: bytes = found["Body"].read()
        return data

    def write(self, name: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.address.bucket, Key=f"{self.address.prefix}/{name}", Body=data)

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket=self.address.bucket, Key=f"{self.address.prefix}/{name}")


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def flip_a_bit(place: Place, sha256: str, *, bit: int = 1003) -> bytes:
    """Turn one bit on the disk; the altered bytes."""
    data = bytearray(place.raw(path_of(sha256)))
    bit %= len(data) * 8
    data[bit // 8] ^= 1 << bit % 8
    place.write(path_of(sha256), bytes(data))
    return bytes(data)


def back_up(*digests: str) -> None:
    """Copy bytes into the backup, as an operator's nightly copy does."""
    backup = backup_blobs()
    assert backup is not None
    for digest in digests:
        backup.put(blobs().read(digest))


@pytest.fixture(params=["files", "s3"])
def place(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> Iterator[Place]:
    """An empty store of the product with an empty backup beside it."""
    if request.param == "files":
        settings.VANTHU_BLOBS = tmp_path / "blobs"
        settings.VANTHU_BACKUP_BLOBS = str(tmp_path / "backup")
        yield FolderPlace(tmp_path / "blobs")
        return
    service = request.getfixturevalue("bucket_service")
    base, options = service["VANTHU_BLOBS"].split("?")
    here = f"{base}/{uuid4().hex}"
    settings.VANTHU_BLOBS, settings.VANTHU_BACKUP_BLOBS = f"{here}?{options}", f"{here}-backup?{options}"
    for name in ("VANTHU_BLOBS", "VANTHU_BACKUP_BLOBS"):
        setattr(settings, f"{name}_KEY", service["VANTHU_BLOBS_KEY"])
        setattr(settings, f"{name}_SECRET", service["VANTHU_BLOBS_SECRET"])
    address = S3Address.parse(settings.VANTHU_BLOBS)
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=address.endpoint,
        region_name=address.region,
        aws_access_key_id=service["VANTHU_BLOBS_KEY"],
        aws_secret_access_key=service["VANTHU_BLOBS_SECRET"],
    )
    yield BucketPlace(client, address)
    client.close()
