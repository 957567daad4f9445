"""Reading and writing edXML against lxml's own parse of the same bytes in the same run; memory with 500 MB.

Ours decodes the base64, hashes every content and gives values, as the inbox reads what its store has hashed already;
"whole" also hashes the message. lxml only builds its tree. Sides take
turns, and of each the fastest round counts. Memory is what a child process needs above the interpreter with the
modules loaded.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

GOAL_RATIO, GOAL_MB = 0.5, 64
SIZES = (6_000, 5_000_000, 200_000_000)
LARGE = 500_000_000
CONTENT_ID = "00000000-0000-0000-0000-000000000001"

CHILD = """
import json, sys
from vanthu.edxml.limits import Limits
from vanthu.edxml.reading import read
def peak():  # of this program alone: getrusage would give the starting process's where that was larger
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
before = peak()
with open(sys.argv[1], "rb") as stream:
    reading = read(stream, limits=Limits(file_bytes=1 << 40))
print(json.dumps([before, peak(), reading.size]))
"""


@dataclass(frozen=True)
class Row:
    """One size: MB/s (millions of bytes of the message), and ratios to lxml's parse."""

    message_bytes: int
    lxml: float
    read: float
    glanced_us: float
    written: float
    read_ratio: float
    written_ratio: float
    read_cpu_ratio: float
    whole_ratio: float
    whole_cpu_ratio: float
    written_cpu_ratio: float


class Nowhere:
    """Takes what is written and forgets it."""

    def write(self, data: bytes) -> int:
        return len(data)


def message(size: int) -> tuple[bytes, bytes]:
    """A document of about that size with one PDF, and the PDF."""
    from vanthu.edxml.writing import edoc_bytes

    bare = len(edoc_bytes(document(), attachments(b"")))
    content = b"%PDF-1.7\n" + os.urandom(max(0, (size - bare) * 3 // 4))
    return edoc_bytes(document(), attachments(content)), content


def document():  # type: ignore[no-untyped-def]
    from datetime import date, datetime

    from vanthu.edxml.message import BusinessInfo, Edoc, Organization, Signer, Staff, Trace

    full = {
        "in_charge": "UBND thành phố Hà Nội",
        "address": "Địa chỉ thử nghiệm",
        "email": "vanthu@example.gov.vn",
    }
    return Edoc(
        sender=Organization("H26.99", "Sở Thử nghiệm Hà Nội", **full),
        receivers=tuple(
            Organization(f"H26.{number}", f"Ban Thử nghiệm {number}", **full) for number in (96, 97, 98)
        ),
        document_id="H26.99,2026/11/22,125/STN-VP",
        number="125",
        notation="STN-VP",
        subject="V/v báo cáo kết quả thử nghiệm liên thông",
        issued_on=date(2026, 11, 22),
        type_name="Công văn",
        signer=Signer("Người Ký Thử", "Phó Giám đốc", "KT. GIÁM ĐỐC"),
        to_places=("Như trên", "Lưu: VT"),
        traces=(Trace("H26.99", datetime(2026, 11, 22, 9, 30)),),  # noqa: DTZ001  # local, as it is written
        business=BusinessInfo(
            reason="Văn bản điện tử mới", paper=0, staff=Staff("Văn phòng", staff="Văn Thư Thử")
        ),
    )


def attachments(content: bytes):  # type: ignore[no-untyped-def]
    from vanthu.edxml.writing import Attachment

    return [
        Attachment(CONTENT_ID, "125_STN-VP.signed.pdf", lambda: BytesIO(content), "125_STN-VP.signed.pdf")
    ]


@dataclass
class Best:
    """The fastest round of a side in seconds, by the clock and by the processor (all threads)."""

    clock: float = float("inf")
    cpu: float = float("inf")


def fastest(sides: dict[str, Callable[[], object]], seconds: float) -> dict[str, Best]:
    """The sides take turns, at least three times and so many seconds."""
    best = {name: Best() for name in sides}
    rounds = 0
    end = time.perf_counter() + seconds
    while rounds < 3 or time.perf_counter() < end:
        rounds += 1
        for name, play in sides.items():
            start, used = time.perf_counter(), time.process_time()
            play()
            best[name].cpu = min(best[name].cpu, time.process_time() - used)
            best[name].clock = min(best[name].clock, time.perf_counter() - start)
    return best


def measured(size: int, seconds: float) -> Row:
    from lxml import etree

    from vanthu.edxml.limits import Limits
    from vanthu.edxml.reading import glance, read
    from vanthu.edxml.writing import write_edoc

    data, content = message(size)
    sha256 = hashlib.sha256(data).hexdigest()
    edoc, files, limits = document(), attachments(content), Limits(file_bytes=1 << 40)
    best = fastest(
        {
            "lxml": lambda: etree.fromstring(data, etree.XMLParser(huge_tree=True)),
            "read": lambda: read(BytesIO(data), limits=limits, sha256=sha256),
            "whole": lambda: read(BytesIO(data), limits=limits),
            "glance": lambda: glance(data),
            "write": lambda: write_edoc(edoc, files, Nowhere()),  # type: ignore[arg-type]
        },
        seconds,
    )
    speed = {name: len(data) / took.clock / 1e6 for name, took in best.items()}
    stock, reading, whole, writing = best["lxml"], best["read"], best["whole"], best["write"]
    return Row(
        message_bytes=len(data),
        lxml=speed["lxml"],
        read=speed["read"],
        glanced_us=best["glance"].clock * 1e6,
        written=speed["write"],
        read_ratio=stock.clock / reading.clock,
        written_ratio=stock.clock / writing.clock,
        read_cpu_ratio=stock.cpu / reading.cpu,
        whole_ratio=stock.clock / whole.clock,
        whole_cpu_ratio=stock.cpu / whole.cpu,
        written_cpu_ratio=stock.cpu / writing.cpu,
    )


def memory_mb(size: int) -> tuple[float, int]:
    """Peak of a child above the interpreter's own, in MiB, and the size of the message it read."""
    head, _, tail = message(6_000)[0].partition(base64.b64encode(b"%PDF-1.7\n"))
    rest = tail[tail.index(b"</edXML:ContentTransferEncoded>") :]
    block = base64.b64encode(os.urandom(3 * 256 * 1024))
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        path = Path(folder) / "large.edxml"
        with path.open("wb") as out:
            out.write(head + base64.b64encode(b"%PDF-1.7\n"))
            for _ in range((size - out.tell()) // len(block)):
                out.write(block)
            out.write(rest)
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-c", CHILD, str(path)]
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    before, after, read = json.loads(run.stdout)
    return after - before, read


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="at least so long per size")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="bytes of the messages")
    parser.add_argument("--large", type=int, default=LARGE, help="bytes of the message for the memory")
    options = parser.parse_args(arguments)
    rows = [measured(size, options.seconds) for size in options.sizes]
    print("MB/s by the clock; ratios to lxml by the clock and by the processor")
    heads = ("bytes", "lxml", "read", "clock", "cpu", "whole", "cpu", "write", "clock", "cpu", "glance µs")
    print(f"{heads[0]:>12}" + "".join(f" {head:>6}" for head in heads[1:]))
    for row in rows:
        ratios = (row.read_ratio, row.read_cpu_ratio, row.whole_ratio, row.whole_cpu_ratio)
        print(
            f"{row.message_bytes:>12} {row.lxml:>6.0f} {row.read:>6.0f}"
            + "".join(f" {ratio:>6.2f}" for ratio in ratios)
            + f" {row.written:>6.0f} {row.written_ratio:>6.2f} {row.written_cpu_ratio:>6.2f} {row.glanced_us:>6.0f}"
        )
    above, size = memory_mb(options.large)
    print(f"memory above the interpreter with a message of {size} bytes: {above:.1f} MiB (goal {GOAL_MB})")
    print(
        json.dumps(
            {
                "benchmark": "edxml",
                "goal_ratio": GOAL_RATIO,
                "rows": [asdict(row) for row in rows],
                "large_bytes": size,
                "memory_mib": round(above, 1),
                "goal_mib": GOAL_MB,
            }
        )
    )


if __name__ == "__main__":
    main()
