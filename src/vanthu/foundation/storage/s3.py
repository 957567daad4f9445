"""The store of a city: a bucket of an S3-compatible service, shared by all hosts."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import boto3.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.exceptions import ConnectionError as NotConnectedError

from vanthu.foundation.storage.contract import (
    DIGEST,
    DamagedBlob,
    Measured,
    MissingBlob,
    StoreUnavailable,
    aside_name,
    measured,
    name_of,
    sha256_of,
    verified,
)

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 20, 3
# More than the threads of one web process, so that none waits for a connection.
CONNECTIONS = 32
PART = 1 << 20
SOMEBODY_WAS_FIRST = 412
# A writer at the same moment; a service without conditional writes.
CONDITION_NOT_DECIDED = {409, 501}
WHY = (
    (NoCredentialsError, "chưa có khóa truy cập, đặt VANTHU_BLOBS_KEY và VANTHU_BLOBS_SECRET"),
    (PartialCredentialsError, "khóa truy cập thiếu một nửa, đặt VANTHU_BLOBS_KEY và VANTHU_BLOBS_SECRET"),
    (SSLError, "chứng thư TLS không được tin cậy"),
    (ReadTimeoutError, "không trả lời kịp"),
    (NotConnectedError, "không kết nối được"),
    ((HTTPClientError, IncompleteReadError), "kết nối bị ngắt giữa chừng"),
)
ANSWERS = {
    "NoSuchBucket": "không có bucket này",
    "SlowDown": "đang quá tải",
    **dict.fromkeys(
        ("403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
        "khóa truy cập không đúng hoặc không đủ quyền",
    ),
}


@dataclass(frozen=True, slots=True)
class S3Address:
    """`s3://bucket/prefix?endpoint=https://host&region=name`; without an endpoint it is Amazon's own service."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""

    @classmethod
    def parse(cls, url: str, *, setting: str = "VANTHU_BLOBS") -> S3Address:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        if parts.scheme != "s3" or not parts.netloc or "@" in url or options.keys() - {"endpoint", "region"}:
            # The text does not repeat the address: whoever wrote keys into it must not find them in a log.
            raise ValueError(
                f"{setting}: chỉ nhận một thư mục hoặc s3://bucket/prefix?endpoint=https://…&region=…, "
                "không kèm khóa truy cập"
            )
        endpoint = options.get("endpoint", "")
        if endpoint and (urlsplit(endpoint).scheme not in {"http", "https"} or not urlsplit(endpoint).netloc):
            raise ValueError(f"{setting}: endpoint phải có dạng https://máy-chủ[:cổng]")
        return cls(parts.netloc, parts.path.strip("/"), endpoint, options.get("region", ""))

    def __str__(self) -> str:
        where = f" ({self.endpoint})" if self.endpoint else ""
        return f"s3://{self.bucket}/{self.prefix}{where}"


class S3Blobs:
    """Blobs as objects. The bucket needs no versions and no locks; reading, writing and listing must be allowed.

    One instance serves all threads of one process; `foundation.storage.blobs` makes one for each process.
    """

    def __init__(
        self, address: S3Address, *, key: str = "", secret: str = "", setting: str = "VANTHU_BLOBS"
    ) -> None:
        if bool(key) != bool(secret):
            raise ValueError(f"{setting}_KEY, {setting}_SECRET: phải đặt cả hai hoặc bỏ cả hai")
        self._address, self._setting = address, setting
        with self._in_words():
            self._client: Any = _client(address, key, secret)

    def put(self, data: bytes) -> str:
        digest = sha256_of(data)
        if self.has(digest):
            return digest
        with self._in_words():
            try:
                self._write(digest, data, IfNoneMatch="*")
            except ClientError as error:
                status = _status(error)
                if status in CONDITION_NOT_DECIDED:
                    # Without the condition the same bytes are written over themselves, which harms nobody.
                    self._write(digest, data)
                elif status != SOMEBODY_WAS_FIRST:
                    raise
        return digest

    def read(self, sha256: str) -> bytes:
        key = self._key(name_of(sha256))
        with self._in_words():
            try:
                return verified(self._get(key), sha256)
            except ClientError as error:
                if _code(error) == "NoSuchKey":
                    raise MissingBlob(sha256) from None
                raise

    def has(self, sha256: str) -> bool:
        key = self._key(name_of(sha256))
        with self._in_words():
            try:
                self._client.head_object(Bucket=self._address.bucket, Key=key)
            except ClientError as error:
                if _status(error) == 404:
                    return False
                raise
        return True

    def probe(self) -> None:
        data = uuid4().bytes
        key = self._key(f".probe-{data.hex()}")
        place = {"Bucket": self._address.bucket, "Key": key}
        with self._in_words():
            self._client.put_object(**place, Body=data)
            read = self._get(key)
            with suppress(ClientError):  # a bucket may deny deletion; then sixteen bytes stay behind
                self._client.delete_object(**place)
        if read != data:
            raise DamagedBlob(key)

    def names(self, *, after: str, limit: int) -> list[str]:
        """The service lists in the order of keys, which is that of digests; other objects are passed over."""
        # "/" comes behind "." and before the digits: what is kept aside is not even listed.
        place = self._key(name_of(after)) if after else self._key("/")
        found: list[str] = []
        with self._in_words():
            while len(found) < limit:
                answer = self._client.list_objects_v2(
                    Bucket=self._address.bucket, Prefix=self._key(""), StartAfter=place, MaxKeys=1000
                )
                keys = [each["Key"] for each in answer.get("Contents", ())]
                names = (key.rpartition("/")[2] for key in keys)
                found += [name for name in names if DIGEST.fullmatch(name)]
                if not answer["IsTruncated"]:
                    break
                place = keys[-1]
        return found[:limit]

    def measure(self, sha256: str) -> Measured:
        key = self._key(name_of(sha256))
        with self._in_words():
            try:
                answer = self._client.get_object(Bucket=self._address.bucket, Key=key)
                with closing(answer["Body"]) as body:
                    return measured(body.iter_chunks(PART))
            except ClientError as error:
                if _code(error) == "NoSuchKey":
                    raise MissingBlob(sha256) from None
                raise

    def set_aside(self, sha256: str) -> str:
        name = aside_name(sha256, self.measure(sha256).digest)
        with self._in_words():
            self._client.copy_object(
                Bucket=self._address.bucket,
                Key=self._key(name),
                CopySource={"Bucket": self._address.bucket, "Key": self._key(name_of(sha256))},
            )
        return name

    def restore(self, sha256: str, data: bytes) -> None:
        with self._in_words():
            self._write(sha256, verified(data, sha256))

    def remove(self, sha256: str) -> None:
        with self._in_words():
            self._client.delete_object(Bucket=self._address.bucket, Key=self._key(name_of(sha256)))

    def sweep_leftovers(self, *, before: datetime) -> int:
        """Nothing to do: an object appears whole or not at all."""
        return 0

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _write(self, digest: str, data: bytes, **condition: str) -> None:
        """The service refuses bytes that did not arrive whole: the digest is signed, and sent as a checksum."""
        self._client.put_object(
            Bucket=self._address.bucket,
            Key=self._key(name_of(digest)),
            Body=data,
            ContentType="application/octet-stream",
            ChecksumSHA256=base64.b64encode(bytes.fromhex(digest)).decode("ascii"),
            **condition,
        )

    def _get(self, key: str) -> bytes:
        answer = self._client.get_object(Bucket=self._address.bucket, Key=key)
        with closing(answer["Body"]) as body:
            data: bytes = body.read()
        return data

    def _key(self, name: str) -> str:
        return f"{self._address.prefix}/{name}" if self._address.prefix else name

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Say what the service or the network did, never with which key it was asked."""
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable(
                f"Chưa đọc hoặc ghi được tệp ở kho {self._address}: {_why(error, self._setting)}. "
                f"Kiểm tra kho, mạng và {self._setting}, rồi làm lại."
            ) from None


def _client(address: S3Address, key: str, secret: str) -> Any:
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=CONNECTIONS,
        # Services of one's own seldom have a name for each bucket, and older ones refuse newer checksums.
        s3={"addressing_style": "path" if address.endpoint else "auto", "payload_signing_enabled": True},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    # A session of our own: the default one is not made for threads.
    session = boto3.session.Session()
    return session.client(
        "s3",
        region_name=address.region or session.region_name or "us-east-1",
        endpoint_url=address.endpoint or None,
        aws_access_key_id=key or None,
        aws_secret_access_key=secret or None,
        config=config,
    )


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))


def _why(error: BotoCoreError | ClientError, setting: str) -> str:
    if isinstance(error, ClientError):
        return ANSWERS.get(_code(error), f"trả lời {_code(error)}")
    text = next((text for kind, text in WHY if isinstance(error, kind)), f"lỗi {type(error).__name__}")
    return text.replace("VANTHU_BLOBS", setting)
