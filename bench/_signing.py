"""What the benchmarks of signing share: a letter with its people, and warm processes that work in turn.

Each side is a process of its own. pyHanko's own side never imports the product, whose faster inner loops would
help it, too. A file is done once by each side before the next one is taken, so that a noisy machine disturbs all
alike; times are CPU seconds of one core.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIGNED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CHECKED_AT = SIGNED_AT + timedelta(hours=4)
PERSON_BOX = (380.25, 150, 480, 220)
SEAL_BOX = (310, 130, 410, 230)
BODY_BYTES = 10_000_000
LONG_LIST = 100_000

LETTER = b"""#set page(width: 595pt, height: 842pt, margin: 0pt)
#place(dx: 72pt, dy: 240pt, text(size: 13pt)[Kinh phi: 1 000 000 dong, giao Phong Van hoa chu tri.])
#place(dx: 380pt, dy: 600pt, text(size: 13pt)[CHU TICH])
#place(dx: 380pt, dy: 700pt, text(size: 13pt)[Nguyen Van An])
"""
PICTURE = (
    b"#set page(width: 100pt, height: 100pt, margin: 0pt, fill: none)\n#circle(radius: 45pt, stroke: red)"
)

Tasks = Mapping[str, Callable[[], object]]


@dataclass(frozen=True)
class People:
    """Plain bytes, so that every process can have them: two keys, the authority's tokens, the trust in it."""

    person: bytes
    agency: bytes
    passphrase: str
    stamp_certificate: bytes
    stamp_key: bytes
    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    long_crls: tuple[bytes, ...]
    """The same with a list as long as the state's: a hundred thousand numbers."""


@dataclass(frozen=True)
class Letters:
    """A letter before and after its signatures."""

    draft: bytes
    large: bytes
    """The draft with 10 MB of pictures."""
    picture: bytes
    signed: Mapping[str, bytes]
    """What was made of it, by name."""


def people_and_letters() -> tuple[People, Letters]:
    """Make an authority, two people and their letters; takes some seconds."""
    from cryptography.hazmat.primitives import serialization

    from vanthu.signing.backends.pkcs12 import Pkcs12Backend
    from vanthu.signing.backends.timestamps import LocalTimestampAuthority
    from vanthu.signing.trust.authority import DemoAuthority
    from vanthu.signing.trust.store import TrustStore

    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        authority = DemoAuthority.create(Path(folder), SIGNED_AT)
        name = "UBND phường Trình Diễn"
        person = authority.issue_person(code="NV01", name="Nguyễn Văn An", agency=name, now=SIGNED_AT)
        agency = authority.issue_agency(code="H26.99.1", name=name, now=SIGNED_AT)
        certificate, key = authority.tsa_pair()
        trust = TrustStore.load(Path(folder))
        long_list = _long_list(Path(folder))
        stamps = LocalTimestampAuthority(certificate, key, chain=authority.chain)
    backends = [Pkcs12Backend(one.data, one.passphrase, timestamps=stamps) for one in (person, agency)]
    pkcs8 = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    people = People(
        *(person.data, agency.data, person.passphrase, certificate, pkcs8),
        *(trust.roots, trust.intermediates, trust.crls, (*trust.crls, long_list)),
    )
    return people, _letters(backends, trust, stamps)


def _long_list(folder: Path) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

    issuer = x509.load_pem_x509_certificate((folder / "ca" / "sub.pem").read_bytes())
    key = load_pem_private_key((folder / "ca" / "sub.key").read_bytes(), password=None)
    entries = [
        x509.RevokedCertificateBuilder().serial_number(10**20 + number).revocation_date(SIGNED_AT).build()
        for number in range(LONG_LIST)
    ]
    builder = x509.CertificateRevocationListBuilder(
        issuer.subject, SIGNED_AT, SIGNED_AT + timedelta(days=7), revoked_certificates=entries
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def _letters(backends: list[Any], trust: Any, stamps: Any) -> Letters:
    import typst

    from vanthu.renditions.form_fields import add_number_and_date_fields

    picture = typst.compile(PICTURE)
    boxes = {"number": (0, 60, 740, 260, 760), "date": (0, 300, 740, 540, 760)}
    draft = add_number_and_date_fields(typst.compile(LETTER, pdf_standards="a-2b"), boxes)
    large = _with_large_picture(draft)
    twice = _issued(backends, draft, picture, stamped=False)
    stamped = _issued(backends, draft, picture, stamped=True)
    signed = {
        "one signature": _signed(backends[0], draft, "NguoiKy_1", PERSON_BOX, picture),
        "two signatures": twice,
        "three signatures": _signed(backends[0], twice, "ButPhe_1", (80, 60, 180, 110), picture),
        "twenty signatures": _many(backends, twice, picture),
        "two with time stamps": stamped,
        "two at level B-LTA": _archived(stamped, trust, stamps),
        "two over 10 MB": _issued(backends, large, picture, stamped=False),
    }
    return Letters(draft, large, picture, signed)


def _with_large_picture(draft: bytes) -> bytes:
    import random

    import pikepdf

    out = BytesIO()
    with pikepdf.open(BytesIO(draft)) as document:
        picture = document.make_stream(random.Random(1).randbytes(BODY_BYTES))
        document.pages[0].Resources.XObject = pikepdf.Dictionary({"/Large": picture})
        document.save(out)
    return out.getvalue()


def _issued(backends: list[Any], draft: bytes, picture: bytes, *, stamped: bool) -> bytes:
    from vanthu.signing.backends.increment import fill_text_fields

    personal = _signed(backends[0], draft, "NguoiKy_1", PERSON_BOX, picture, stamped=stamped)
    values = {"so_ky_hieu": "Số: 12/QĐ-UBND", "ngay_ban_hanh": "Hà Nội, ngày 02 tháng 3 năm 2026"}
    filled = fill_text_fields(personal, values)
    return _signed(backends[1], filled, "CoQuan_1", SEAL_BOX, picture, stamped=stamped)


def _many(backends: list[Any], pdf: bytes, picture: bytes) -> bytes:
    for number in range(18):
        pdf = _signed(backends[number % 2], pdf, f"Them_{number}", None, None)
    return pdf


def _archived(pdf: bytes, trust: Any, stamps: Any) -> bytes:
    from vanthu.signing.backends.levels import raise_level
    from vanthu.signing.rules.levels import Level

    raised = raise_level(pdf, target=Level.B_LTA, trust=trust, timestamps=stamps, now=CHECKED_AT)
    return bytes(raised.pdf)


def request(name: str, box: Any, picture: bytes | None, *, stamped: bool = False) -> Any:
    """A request to sign, as the desk makes it."""
    from vanthu.signing.backends import SignatureRequest

    return SignatureRequest(
        field_name=name,
        signed_at=SIGNED_AT,
        signer_name="Nguyễn Văn An",
        reason="Ký duyệt",
        box=box,
        appearance=picture,
        with_timestamp=stamped,
    )


def _signed(
    backend: Any, pdf: bytes, name: str, box: Any, picture: bytes | None, *, stamped: bool = False
) -> bytes:
    return bytes(backend.sign(pdf, request(name, box, picture, stamped=stamped)))


# --- processes that work in turn --------------------------------------------------------------------------


class Side:
    """A warm process with tasks by name; `seconds(task)` plays one and says how long it took."""

    def __init__(self, module: str, builder: str, *arguments: object) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, module, builder, arguments), daemon=True)
        self._process.start()

    def seconds(self, task: str) -> float:
        """CPU seconds of one run."""
        self._pipe.send(task)
        answer = self._pipe.recv()
        if isinstance(answer, str):
            raise SystemExit(f"{task}: {answer}")
        return float(answer)

    def close(self) -> None:
        self._pipe.send(None)
        self._process.join()


@contextmanager
def sides(**built: Side) -> Iterator[dict[str, Side]]:
    """The processes of a benchmark, ended with it."""
    try:
        yield built
    finally:
        for side in built.values():
            side.close()


def _serve(pipe: Any, module: str, builder: str, arguments: tuple[object, ...]) -> None:
    import gc

    sys.path[:0] = [str(ROOT / "bench")]
    logging.disable(logging.CRITICAL)
    tasks: Tasks = getattr(importlib.import_module(module), builder)(*arguments)
    while (task := pipe.recv()) is not None:
        gc.collect()
        started = time.process_time()
        try:
            tasks[task]()
        except Exception as error:
            pipe.send(f"{type(error).__name__}: {error}")
            continue
        pipe.send(time.process_time() - started)


@dataclass(frozen=True)
class Row:
    """What was found for one task; milliseconds are medians, ratios are medians over rounds."""

    task: str
    ours_ms: float
    stock_ms: float | None
    to_stock: float | None
    """How many times faster than pyHanko alone."""
    to_raw: float
    """How many times the raw RSA operations that the task needs."""


def in_turn(
    task: str,
    rounds: int,
    *,
    ours: Side,
    stock: Side | None,
    raw: Side,
    operations: int = 1,
    warm_up: int = 3,
) -> Row:
    """Play a task on all sides in turn; `operations` RSA operations of the raw side are its limit."""
    found: list[tuple[float, float, float]] = []
    for number in range(rounds + warm_up):
        limit = raw.seconds("rsa") * operations
        mine = ours.seconds(task)
        theirs = stock.seconds(task) if stock is not None else 0.0
        if number >= warm_up:
            found.append((mine, theirs, limit))
    mine_ms, theirs_ms = (statistics.median(row[place] for row in found) * 1000 for place in (0, 1))
    return Row(
        task,
        round(mine_ms, 2),
        round(theirs_ms, 1) if stock else None,
        round(statistics.median(row[1] / row[0] for row in found), 1) if stock else None,
        round(statistics.median(row[0] / row[2] for row in found), 1),
    )


def table(rows: list[Row]) -> str:
    lines = [f"{'':24} {'ours ms':>9} {'stock ms':>9} {'× faster':>9} {'× raw RSA':>10}"]
    for row in rows:
        stock = f"{row.stock_ms:9.1f} {row.to_stock:9.1f}" if row.stock_ms is not None else f"{'':>19}"
        lines.append(f"{row.task:24} {row.ours_ms:9.2f} {stock} {row.to_raw:10.1f}")
    return "\n".join(lines)
