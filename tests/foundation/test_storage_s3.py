"""The store of a city: a bucket, asked over real HTTP (moto's server on the loopback)."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import boto3.session
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from tests.foundation.storage_contract import NOBODY, Harm, Kept, StorageContract
from vanthu.foundation.storage import StoreUnavailable, s3, sha256_of
from vanthu.foundation.storage.s3 import S3Address, S3Blobs

ROOT = Path(__file__).resolve().parents[2]
Variables = dict[str, str]


@pytest.fixture(scope="session")
def service(bucket_service: Variables) -> Variables:
    return bucket_service


@pytest.fixture(scope="module")
def address(service: Variables) -> S3Address:
    """A prefix of our own."""
    whole = S3Address.parse(service["VANTHU_BLOBS"])
    return S3Address(whole.bucket, f"kho tệp/{uuid4().hex}", whole.endpoint, whole.region)


Open = Callable[[S3Address], S3Blobs]


@pytest.fixture(scope="module")
def open_store(service: Variables) -> Iterator[Open]:
    opened: list[S3Blobs] = []

    def store_at(address: S3Address) -> S3Blobs:
        store = S3Blobs(address, key=service["VANTHU_BLOBS_KEY"], secret=service["VANTHU_BLOBS_SECRET"])
        opened.append(store)
        return store

    yield store_at
    for store in opened:
        store.close()


@pytest.fixture(scope="module")
def store(open_store: Open, address: S3Address) -> S3Blobs:
    return open_store(address)


@pytest.fixture(scope="module")
def client(service: Variables, address: S3Address) -> Iterator[Any]:
    """The bucket as its administrator sees it."""
    made = boto3.session.Session().client(
        "s3",
        endpoint_url=address.endpoint,
        region_name=address.region,
        aws_access_key_id=service["VANTHU_BLOBS_KEY"],
        aws_secret_access_key=service["VANTHU_BLOBS_SECRET"],
    )
    with closing(made):
        yield made


@pytest.fixture
def harm(client: Any, address: S3Address) -> Harm:
    def write(sha256: str, data: bytes) -> None:
        key = f"{address.prefix}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        client.put_object(Bucket=address.bucket, Key=key, Body=data)

    return write


@pytest.fixture
def kept(client: Any, address: S3Address) -> Kept:
    def read(place: str) -> bytes:
        found = client.get_object(Bucket=address.bucket, Key=f"{address.prefix}/{place}")
        data: bytes = found["Body"].read()
        return data

    return read


class TestS3(StorageContract):
    """The contract, on a bucket."""


def test_the_probe_leaves_nothing_behind(store: S3Blobs, client: Any, address: S3Address) -> None:
    store.probe()
    assert client.list_objects_v2(Bucket=address.bucket, Prefix=f"{address.prefix}/.probe")["KeyCount"] == 0


def test_a_second_writer_does_not_write_over_the_first(
    service: Variables, client: Any, address: S3Address
) -> None:
    bucket = f"versions-{uuid4().hex}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": address.region})
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    both_have_looked = Barrier(2)

    class Slow(S3Blobs):
        def has(self, sha256: str) -> bool:
            found = super().has(sha256)
            both_have_looked.wait()
            return found

    place = S3Address(bucket, "", address.endpoint, address.region)
    slow = Slow(place, key=service["VANTHU_BLOBS_KEY"], secret=service["VANTHU_BLOBS_SECRET"])
    with closing(slow), ThreadPoolExecutor(2) as writers:
        assert set(writers.map(slow.put, [b"same", b"same"])) == {sha256_of(b"same")}
    assert len(client.list_object_versions(Bucket=bucket)["Versions"]) == 1


class Awkward:
    """moto behind a service that knows no conditions, or that breaks off in the middle of an answer."""

    def __init__(self, *, breaks_off: bool = False) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._breaks_off = breaks_off

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if "HTTP_IF_NONE_MATCH" in environ:
            start_response("501 Not Implemented", [("Content-Length", "0")])
            return [b""]
        if self._breaks_off and environ["REQUEST_METHOD"] == "GET":
            start_response("200 OK", [("Content-Length", "1000")])
            return [b"the first part"]
        return self._app(environ, start_response)


@pytest.fixture
def awkward(address: S3Address) -> Iterator[Callable[..., S3Address]]:
    servers = []

    def start(**behaviour: bool) -> S3Address:
        server = make_server("127.0.0.1", 0, Awkward(**behaviour), threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return S3Address(address.bucket, address.prefix, f"http://127.0.0.1:{server.port}", address.region)

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_service_without_conditional_writes_will_do(
    awkward: Callable[..., S3Address], open_store: Open
) -> None:
    store = open_store(awkward())
    assert store.read(store.put(b"unconditionally")) == b"unconditionally"


def test_an_answer_that_breaks_off_is_not_taken_for_the_whole(
    awkward: Callable[..., S3Address], open_store: Open
) -> None:
    store = open_store(awkward(breaks_off=True))
    with pytest.raises(StoreUnavailable, match="kết nối bị ngắt giữa chừng"):
        store.read(NOBODY)


def test_a_service_that_is_not_there_is_named(address: S3Address, open_store: Open) -> None:
    nowhere = S3Address(address.bucket, "kho", "http://127.0.0.1:9", address.region)
    with pytest.raises(StoreUnavailable) as told:
        open_store(nowhere).put(b"lost")
    assert str(told.value) == (
        "Chưa đọc hoặc ghi được tệp ở kho s3://vanthu-tests/kho (http://127.0.0.1:9): không kết nối được. "
        "Kiểm tra kho, mạng và VANTHU_BLOBS, rồi làm lại."
    )


def test_a_service_that_does_not_answer_is_not_waited_for(
    address: S3Address, open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    monkeypatch.setattr(s3, "READ_SECONDS", 0.2)
    monkeypatch.setattr(s3, "ATTEMPTS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        store = open_store(S3Address(address.bucket, "kho", endpoint, address.region))
        with pytest.raises(StoreUnavailable, match="không trả lời kịp"):
            store.has(NOBODY)


def test_a_bucket_that_is_not_there_is_named(address: S3Address, open_store: Open) -> None:
    store = open_store(S3Address("no-such-bucket", "", address.endpoint, address.region))
    for act in (lambda: store.put(b"lost"), lambda: store.read(NOBODY), store.probe):
        with pytest.raises(StoreUnavailable, match="không có bucket này"):
            act()


@pytest.fixture
def strict_service(address: S3Address) -> Iterator[None]:
    """From now on the service asks who is speaking."""

    def allow(anonymous_requests: bytes) -> None:
        order = urllib.request.Request(
            f"{address.endpoint}/moto-api/reset-auth", anonymous_requests, {"Content-Type": "text/plain"}
        )
        with urllib.request.urlopen(order):
            pass

    allow(b"0")
    yield
    allow(b"inf")


@pytest.mark.usefixtures("strict_service")
def test_a_refused_key_is_told_without_naming_it(store: S3Blobs, service: Variables) -> None:
    refused = "khóa truy cập không đúng hoặc không đủ quyền"
    for act in (lambda: store.put(b"x"), lambda: store.read(NOBODY), store.probe):
        with pytest.raises(StoreUnavailable, match=refused) as told:
            act()
        text = "".join(traceback.format_exception(told.value))
        assert service["VANTHU_BLOBS_SECRET"] not in text
        assert "Credential=" not in text


def test_the_libraries_log_nothing_about_keys_at_any_level(
    store: S3Blobs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    store.read(store.put(b"quietly"))
    assert [record for record in caplog.records if record.name.startswith(("boto", "urllib3"))] == []


def test_without_a_key_it_says_what_to_set(
    address: S3Address, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with closing(S3Blobs(address)) as store, pytest.raises(StoreUnavailable, match="đặt VANTHU_BLOBS_KEY"):
        store.has(NOBODY)


def test_the_standard_aws_variables_give_the_key(
    address: S3Address, service: Variables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", service["VANTHU_BLOBS_KEY"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", service["VANTHU_BLOBS_SECRET"])
    with closing(S3Blobs(address)) as store:
        assert store.has(store.put(b"by AWS variables"))


def test_half_a_key_is_refused(address: S3Address) -> None:
    with pytest.raises(ValueError, match="VANTHU_BLOBS_SECRET"):
        S3Blobs(address, key="only this")


FORKING = """
import os
import django
django.setup()
from vanthu.foundation.storage import blobs
contents = [b"%d" % number for number in range(5)]
digests = [blobs().put(data) for data in contents]
children = []
for _ in range(2):
    child = os.fork()
    if not child:
        os._exit([blobs().read(digest) for digest in digests] != contents)
    children.append(child)
assert [blobs().read(digest) for digest in digests] == contents
assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
"""


def test_forked_processes_do_not_share_a_connection(service: Variables, tmp_path: Path) -> None:
    surroundings = {
        **os.environ,
        **service,
        "DJANGO_SETTINGS_MODULE": "vanthu.settings.test",
        "PYTHONPATH": str(ROOT / "src"),
        "VANTHU_HOME": str(tmp_path),
    }
    command = [sys.executable, "-c", FORKING]
    ended = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
