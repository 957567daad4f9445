"""`vanthu audit prove` and `vanthu audit check-proof`: the second needs no settings, no database and no network."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from vanthu.cli.setup import say_json, start_django
from vanthu.cli.trouble import Trouble

WRONG = 1


@click.command("prove")
@click.argument("document_id", type=int)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="tệp ghi ra; mặc định: chung-cu-ID.json"
)
@click.option("--embed", is_flag=True, help="kèm nội dung các tệp của văn bản")
def prove(document_id: int, output: Path | None, embed: bool) -> None:
    """Xuất tệp chứng cứ của một văn bản: sự kiện, đầu cây, dấu thời gian, hồ sơ bằng chứng."""
    start_django()
    from vanthu.documents.queries import record_of
    from vanthu.evidence.operations import export_proof, grow_tree, open_log
    from vanthu.kernel.actor import system_actor

    now = datetime.now(UTC)
    agency_id = record_of(document_id).agency_id
    # Whoever asks at the console need not wait for the hour.
    open_log(actor=system_actor(None), now=now)
    while grow_tree(actor=system_actor(None), now=now).more:
        continue
    data = export_proof(actor=system_actor(agency_id), document_id=document_id, embed=embed, now=now)
    file = output or Path(f"chung-cu-{document_id}.json")
    file.write_bytes(data)
    click.echo(f"Đã ghi {file} ({len(data)} byte).")


@click.command("check-proof")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "pin", default="", help="dấu vân tay khóa nhật ký đã ghim (SHA-256, hex)")
@click.option("--trust", type=click.Path(path_type=Path), help="thư mục chứng thư gốc và danh sách thu hồi")
@click.option(
    "--file", "originals", multiple=True, type=click.Path(path_type=Path), help="tệp gốc để đối chiếu"
)
@click.option("--at", "at_text", help="thời điểm kiểm tra, ISO 8601 có múi giờ; mặc định: bây giờ")
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def check_proof(
    file: Path,
    pin: str,
    trust: Path | None,
    originals: tuple[Path, ...],
    at_text: str | None,
    as_json: bool,
) -> None:
    """Kiểm tra tệp chứng cứ; gọi tên điều sai đầu tiên. Mã thoát: 0 – đúng; 1 – sai; 2 – không kiểm tra được."""
    from vanthu.evidence.rules.bundle import Wrong
    from vanthu.evidence.rules.checking import check
    from vanthu.evidence.rules.proof_words import PROOF_WORDS

    try:
        means = _means(pin, trust, originals, at_text)
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        raise Trouble(_unreadable(error)) from error
    try:
        found = check(data, means)
    except Wrong as wrong:
        if as_json:
            say_json(ok=False, code=wrong.code, path=wrong.path)
        else:
            click.echo(f"SAI – {wrong.code} tại {wrong.path or 'tệp'}: {PROOF_WORDS[wrong.code]}")
        raise SystemExit(WRONG) from wrong
    when = found.proved_at.isoformat() if found.proved_at else None
    if as_json:
        say_json(
            ok=True,
            number=found.number,
            events=found.events,
            size=found.size,
            proved_at=when,
            unjudged=found.unjudged,
        )
        return
    number = found.number or "(chưa có số)"
    click.echo(f"ĐÚNG – văn bản {number}: {found.events} sự kiện, cây {found.size} lá.")
    click.echo(f"Có trước: {when or 'chưa xác định'}")
    for code in found.unjudged:
        click.echo(f"Lưu ý: {PROOF_WORDS[code]}")


def _unreadable(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"Chưa kiểm tra: không đọc được {error.filename}. Kiểm tra lại đường dẫn và quyền đọc."
    return f"Chưa kiểm tra: {error}."


def _means(pin: str, trust: Path | None, originals: tuple[Path, ...], at_text: str | None) -> Any:
    from cryptography import x509

    from vanthu.evidence.rules.checking import Means
    from vanthu.signing.validation import TrustStore

    at = datetime.fromisoformat(at_text) if at_text else datetime.now(UTC)
    if at.tzinfo is None:
        raise ValueError("--at thiếu múi giờ")
    store = TrustStore.load(trust) if trust else None
    roots = (*store.roots, *store.tsa_roots) if store else ()
    return Means(
        at=at,
        pin=pin.lower(),
        roots=tuple(map(x509.load_der_x509_certificate, roots)) if store else None,
        lists=tuple(map(x509.load_der_x509_crl, store.crls)) if store else (),
        files={str(path): path.read_bytes() for path in originals},
    )
