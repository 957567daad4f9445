"""`vanthu verify`: judge the signatures of PDF files; needs no settings, no database and no network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from vanthu.signing.rules.acceptance import is_sound
from vanthu.signing.rules.sentences import KIND_TEXT, REASON_TEXT, VERDICT_TEXT, axis_sentences
from vanthu.signing.rules.verdicts import FileVerdict, SignatureFinding
from vanthu.signing.validation import TrustStore, TrustStoreError, verify_isolated

SOUND, UNSOUND, COULD_NOT_RUN = 0, 1, 2

HELP = (
    "Kiểm tra chữ ký số của tệp PDF. Mã thoát: 0 – hợp lệ hoặc nguyên vẹn; 1 – kết luận khác; "
    "2 – không kiểm tra được. Nhiều tệp: lấy mã nặng nhất. Thư mục: mọi tệp .pdf bên trong."
)
NO_INSTANT = (
    "Chưa kiểm tra: --at «{text}» không phải thời điểm ISO 8601 có múi giờ, như 2026-03-02T09:00:00+07:00."
)
NO_FILE = "Chưa kiểm tra «{file}»: không mở được tệp ({why}). Kiểm tra lại đường dẫn."
NO_PDF = "Chưa kiểm tra «{file}»: thư mục không có tệp .pdf nào."
NO_TRUST = "Chưa kiểm tra tệp nào: {why}."


@click.command("verify", help=HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--trust",
    "trust_dir",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Thư mục chứng thư gốc, trung gian và danh sách thu hồi (PEM hoặc DER).",
)
@click.option(
    "--at", "at_text", metavar="TIME", help="Thời điểm kiểm tra (ISO 8601, có múi giờ); mặc định: bây giờ."
)
@click.option("--json", "as_json", is_flag=True, help="In mỗi tệp một dòng JSON.")
@click.option(
    "--compare",
    "pictures",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Vẽ vào thư mục này từng trang của bản đã ký và bản hiện có, khi tệp bị sửa đổi sau ký.",
)
@click.pass_context
def command(
    context: click.Context,
    files: tuple[Path, ...],
    trust_dir: Path | None,
    at_text: str | None,
    as_json: bool,
    pictures: Path | None,
) -> None:
    """Judge each file in a child process and end with the worst exit code."""
    at = _instant(at_text)
    try:
        trust = TrustStore.load(trust_dir) if trust_dir is not None else None
    except (TrustStoreError, OSError) as error:
        raise _Refusal(NO_TRUST.format(why=error)) from error
    codes = [
        _verify_one(file, trust, at, as_json=as_json, pictures=pictures)
        for named in files
        for file in _files_of(named)
    ]
    context.exit(max(codes, default=COULD_NOT_RUN))


def _files_of(named: Path) -> list[Path]:
    if not named.is_dir():
        return [named]
    found = sorted(file for file in named.rglob("*") if file.suffix.lower() == ".pdf" and file.is_file())
    if not found:
        click.echo(NO_PDF.format(file=named), err=True)
    return found


def _verify_one(
    file: Path, trust: TrustStore | None, at: datetime, *, as_json: bool, pictures: Path | None
) -> int:
    try:
        data = file.read_bytes()
    except OSError as error:
        click.echo(NO_FILE.format(file=file, why=_why(error)), err=True)
        return COULD_NOT_RUN
    verdict = verify_isolated(data, trust=trust, at=at, name=str(file))
    if as_json:
        click.echo(_printable(json.dumps(verdict.to_json(), ensure_ascii=False)))
    else:
        click.echo("\n".join(_printable(line) for line in _lines(verdict)))
    if pictures is not None:
        # Drawing needs a library that judging does not; the command starts faster without it.
        from vanthu.cli.compare import write_pictures

        write_pictures(file, data, verdict, pictures)
    return SOUND if is_sound(verdict.verdict) else UNSOUND


def _printable(line: str) -> str:
    """A name in a file may hold halves of characters, or orders to the terminal."""
    whole = line.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in whole)


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "không có tệp này"
    return "không có quyền đọc" if isinstance(error, PermissionError) else "lỗi đọc tệp"


def _lines(verdict: FileVerdict) -> Iterable[str]:
    yield f"{verdict.file}: {verdict.verdict.value} – {VERDICT_TEXT[verdict.verdict]}"
    if not verdict.signatures:
        yield from (f"    {REASON_TEXT.get(code, code)}" for code in verdict.reasons)
    for finding in verdict.signatures:
        yield f"  {KIND_TEXT[finding.kind]} ({finding.field}) – {_signer(finding)}"
        yield f"    {finding.verdict.value} – {VERDICT_TEXT[finding.verdict]}"
        yield from (f"    {sentence}" for sentence in axis_sentences(finding))


def _signer(finding: SignatureFinding) -> str:
    signer = finding.signer
    known = [signer.name or "không rõ người ký"]
    if signer.organisation and signer.organisation != signer.name:
        known.append(signer.organisation)
    known += [f"{prefix}:{value}" for prefix, value in signer.ids.items()]
    return ", ".join(known)


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Refusal(NO_INSTANT.format(text=text)) from error
    if instant.tzinfo is None:
        raise _Refusal(NO_INSTANT.format(text=text))
    return instant


class _Refusal(click.ClickException):
    """Nothing has been checked; ends with 2."""

    exit_code = COULD_NOT_RUN
