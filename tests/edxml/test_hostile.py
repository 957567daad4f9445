"""Messages made to do harm: refused with a reason, quickly, within little memory; nothing but `Unreadable` comes out."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.edxml.messages import UUID, carrying, composed, edited, read_bytes, refusal_of, variant
from vanthu.edxml.limits import Limits
from vanthu.edxml.message import Unreadable
from vanthu.edxml.reading import glance, read

TO = "<edXML:To><edXML:OrganId>H{number}</edXML:OrganId></edXML:To>"
SECONDS = 5.0
MB = 1024 * 1024
ALLOWANCE_MB = 64


def with_receivers(count: int) -> bytes:
    listed = "".join(TO.format(number=number) for number in range(count))
    return edited(
        "<edXML:DocumentId>H26.99,2026/11/22,125", f"{listed}<edXML:DocumentId>H26.99,2026/11/22,125"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "truncated"),
        (b"<", "truncated"),
        (b"   \n", "truncated"),
        (b"<?xml version='1.0'?>", "truncated"),
        (b"Unauthorized", "junk"),
        (b'{"status":"FAIL"}', "junk"),
        (b"\n<?xml version='1.0'?><edXML/>", "junk"),
        (composed() + b"<more/>", "junk"),
        (composed() + b"1212", "junk"),
        (b"<!DOCTYPE html><html></html>", "doctype"),
        (b"<html><body>502 Bad Gateway</body></html>", "kind"),
        (b"<edXML/>", "kind"),
        (composed().decode().encode("utf-16"), "encoding"),
        (composed().decode().encode("utf-16-le"), "encoding"),
        (composed().replace(b"UTF-8", b"windows-1258"), "encoding"),
        (composed().replace("Hà".encode(), b"H\xe0"), "encoding"),
        (composed().replace(b"<edXML:Place>", b"<edXML:Place>\0", 1), "not-xml"),
        (composed().replace(b"<edXML:Place>", b"<edXML:Place>&#0;", 1), "not-xml"),
        (composed().replace(b"<edXML:Place>", b"<edXML:Place>&amp", 1), "not-xml"),
        (composed().replace(b"<edXML:Place>", b"<edXML:Place>&unknown;", 1), "not-xml"),
        (composed().replace(b"</edXML:From>", b"</edXML:Frum>", 1), "not-xml"),
        (composed().replace(b'version="1.0">', b'version="1.0" version="2">'), "not-xml"),
        (composed().replace(b"<edXML:From>", b"<x:From>", 1), "unbound-prefix"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else value,
)
def test_what_is_no_message_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal_of(data).code == code
    with pytest.raises(Unreadable) as refused:
        glance(data)
    assert refused.value.code in {code, "truncated"}


@pytest.mark.parametrize("name", ["edoc_0_new", "status_03"])
def test_a_message_cut_at_any_place_is_refused(name: str) -> None:
    data = composed(name)
    end = data.rindex(b">")
    for length in range(0, end, 7):
        assert refusal_of(data[:length]).code in {"truncated", "attachment-base64", "attachment-zip"}, length


@pytest.mark.parametrize(
    "place", ["From", "To", "From/OrganId", "To/OrganId", "StatusCode", "ResponseFor", "status From"]
)
def test_what_must_stand_in_a_message_is_asked_for(place: str) -> None:
    data = {
        "From": edited("edXML:From>", "edXML:Frm>"),
        "To": edited("edXML:To>", "edXML:Too>"),
        "From/OrganId": edited(
            "<edXML:From>\n          <edXML:OrganId>H26.99</edXML:OrganId>", "<edXML:From>"
        ),
        "To/OrganId": edited("<edXML:OrganId>H26.98</edXML:OrganId>", "<edXML:OrganId/>"),
        "StatusCode": edited("StatusCode>03<", "StatusCode><", "status_03"),
        "ResponseFor": edited("edXML:ResponseFor>", "edXML:Response>", "status_03"),
        "status From": edited("edXML:From>", "edXML:Frm>", "status_03"),
    }[place]
    assert refusal_of(data).code == "required"


def test_entities_are_refused_before_they_are_declared() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12)
    )
    assert refusal_of(bomb + b"]>" + composed().split(b"\n", 1)[1]).code == "doctype"
    assert refusal_of(variant("v16")).code == "doctype"


def test_a_hundred_thousand_receivers_are_refused_quickly() -> None:
    data = with_receivers(100_000)
    start = time.perf_counter()
    assert refusal_of(data).code == "too-many"
    assert time.perf_counter() - start < SECONDS
    with pytest.raises(Unreadable, match="too-many"):
        glance(data)


def test_receivers_are_counted() -> None:
    assert refusal_of(with_receivers(5_000)).code == "too-many"
    assert len(read_bytes(with_receivers(4_998)).edoc.receivers) == 5_000  # type: ignore[union-attr]


@pytest.mark.parametrize(("opening", "closing"), [(b"<a>", b"</a>"), (b"<a xmlns='u'>", b"</a>")])
def test_depth_is_bounded(opening: bytes, closing: bytes) -> None:
    assert refusal_of(opening * 20_000 + closing * 20_000).code == "too-deep"
    inside = composed().replace(b"<edXML:Subject>", opening * 40 + closing * 40 + b"<edXML:Subject>", 1)
    assert refusal_of(inside).code == "too-deep"


@pytest.mark.parametrize(
    "flood",
    [
        b"<!--" + b"x" * 9 * MB + b"-->",
        b"<x a='" + b"y" * 9 * MB + b"'/>",
        b"<x>" + b"z" * 9 * MB + b"</x>",
        b"<x>" + b" " * 9 * MB,
    ],
    ids=["comment", "attribute", "text", "space"],
)
def test_markup_is_bounded(flood: bytes) -> None:
    assert (
        refusal_of(composed().replace(b"<edXML:Subject>", flood + b"<edXML:Subject>", 1)).code == "too-large"
    )


def test_many_attachments_are_refused() -> None:
    data = carrying(b"QUJD")
    one = data[data.index(b"<Attachment>") : data.index(b"</AttachmentEncoded>")]
    many = data.replace(one, one * 201)
    assert refusal_of(many).code == "too-many"


def test_a_content_element_where_none_belongs_is_only_text() -> None:
    text = "<edXML:ContentTransferEncoded>!!!</edXML:ContentTransferEncoded><edXML:Subject>"
    assert read_bytes(edited("<edXML:Subject>", text)).edoc is not None


def test_a_content_in_a_comment_is_no_attachment() -> None:
    data = carrying(b"QUJD")
    one = data[data.index(b"<Attachment>") : data.index(b"</AttachmentEncoded>")]
    reading = read_bytes(data.replace(one, b"<!-- " + one + b" -->" + one))
    assert [item.content_id for item in reading.attachments] == [UUID]


def test_two_contents_in_one_attachment_are_refused() -> None:
    again = b"</edXML:ContentTransferEncoded><ContentTransferEncoded>QUJD</ContentTransferEncoded>"
    assert (
        refusal_of(carrying(b"QUJD").replace(b"</edXML:ContentTransferEncoded>", again)).code
        == "attachment-base64"
    )


class Endless:
    """A message whose only attachment goes on and on."""

    def __init__(self, size: int) -> None:
        self.taken = 0
        self._pieces = self._make(size)

    @staticmethod
    def _make(size: int) -> Iterator[bytes]:
        yield carrying(b"").partition(b"</edXML:ContentTransferEncoded>")[0]
        for _ in range(size // MB):
            yield b"QUJD" * (MB // 4)

    def read(self, size: int = -1) -> bytes:
        piece = next(self._pieces, b"")
        self.taken += len(piece)
        return piece


def test_a_gigabyte_of_base64_is_refused_at_the_cap_of_a_file() -> None:
    stream = Endless(1024 * MB)
    with pytest.raises(Unreadable, match="too-large"):
        read(stream)  # type: ignore[arg-type]
    assert stream.taken < 80 * MB


def test_a_message_is_refused_at_its_own_cap() -> None:
    stream = Endless(1024 * MB)
    with pytest.raises(Unreadable, match="too-large: message"):
        read(stream, limits=Limits(message_bytes=20 * MB, file_bytes=1024 * MB))  # type: ignore[arg-type]
    assert stream.taken < 22 * MB


MEASURED = """
import json, sys
from vanthu.edxml.limits import Limits
from vanthu.edxml.reading import read
def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
before = peak()
with open(sys.argv[1], "rb") as stream:
    reading = read(stream, limits=Limits(file_bytes=1 << 40))
print(json.dumps([before, peak(), reading.attachments[0].size]))
"""


def test_memory_does_not_grow_with_the_message(tmp_path: object) -> None:
    path = f"{tmp_path}/big.edxml"
    head, _, tail = carrying(b"CONTENT").partition(b"CONTENT")
    block = base64.b64encode(bytes(range(256)) * 3 * 1024)
    with open(path, "wb") as out:
        out.write(head)
        for _ in range(100):
            out.write(block)
        out.write(tail)
    run = subprocess.run([sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True)
    before, after, size = json.loads(run.stdout)
    assert size == 100 * 256 * 3 * 1024
    assert 0 < after - before < ALLOWANCE_MB / 4
