"""`vanthu edxml …`: look at edXML messages, check them, make them; needs no settings, no database and no network."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from vanthu.edxml.limits import Limits
from vanthu.edxml.message import Unreadable
from vanthu.edxml.reading import Reading, read
from vanthu.edxml.showing import as_json, as_lines, refusal_as_json
from vanthu.edxml.words import notice_sentence, refusal_sentence

READ, NOTICED, REFUSED = 0, 1, 2
MEGABYTE = 1_000_000

NO_FILE = "Chưa đọc «{file}»: {why}. Kiểm tra lại đường dẫn."
CLEAN = "{file}: đúng quy cách."

_MAX_MB = click.option(
    "--max-mb",
    default=525,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="Từ chối gói tin lớn hơn, tính bằng MB (một triệu byte).",
)
_FILES = click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))


@click.group()
def command() -> None:
    """Đọc, kiểm tra và tạo gói tin edXML (QCVN 102:2016)."""


@command.command()
@_FILES
@click.option("--json", "is_json", is_flag=True, help="In mỗi tệp một dòng JSON.")
@_MAX_MB
def show(files: tuple[Path, ...], is_json: bool, max_mb: int) -> None:
    """In nội dung gói tin. Mã thoát: 0 – đọc được; 2 – có tệp bị từ chối."""
    codes = [_show_one(file, _limits(max_mb), is_json=is_json) for file in files]
    raise SystemExit(max(codes))


@command.command()
@_FILES
@_MAX_MB
def check(files: tuple[Path, ...], max_mb: int) -> None:
    """Đối chiếu gói tin với quy cách. Mã thoát: 0 – đúng; 1 – đọc được, có lưu ý; 2 – có tệp bị từ chối."""
    codes = [_check_one(file, _limits(max_mb)) for file in files]
    raise SystemExit(max(codes))


@command.command()
@click.argument("description", type=click.Path(path_type=Path))
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, help="Tệp .edxml sẽ ghi.")
def build(description: Path, out: Path) -> None:
    """Tạo gói tin từ bản mô tả JSON hoặc TOML; đường dẫn tệp đính kèm tính từ thư mục của bản mô tả."""
    # Making needs modules that showing does not; the command starts faster without them.
    from vanthu.cli.edxml_build import write_described

    now = datetime.now(UTC)
    sha256 = write_described(_described(description), description.parent, out, now)
    click.echo(f"Đã ghi {out}, SHA-256 {sha256}.")


def _limits(max_mb: int) -> Limits:
    """Looking at a file stores nothing, so one attachment may be as large as its message."""
    return Limits(message_bytes=max_mb * MEGABYTE, file_bytes=max_mb * MEGABYTE)


def _read(file: Path, limits: Limits) -> Reading:
    with file.open("rb") as stream:
        if file.stat().st_size > limits.message_bytes:
            raise Unreadable("too-large", "message")
        return read(stream, limits=limits)


def _show_one(file: Path, limits: Limits, *, is_json: bool) -> int:
    try:
        reading = _read(file, limits)
    except Unreadable as refusal:
        if is_json:
            _say(json.dumps(refusal_as_json(refusal), ensure_ascii=False))
        click.echo(_printable(f"{file}: {refusal_sentence(refusal)}"), err=True)
        return REFUSED
    except OSError as error:
        return _cannot_open(file, error, is_json=is_json)
    if is_json:
        _say(json.dumps(as_json(reading), ensure_ascii=False))
    else:
        first, *rest = as_lines(reading)
        for line in (f"{file}: {first}", *rest):
            _say(line)
    return READ


def _check_one(file: Path, limits: Limits) -> int:
    try:
        reading = _read(file, limits)
    except Unreadable as refusal:
        _say(f"{file}: {refusal_sentence(refusal)}")
        return REFUSED
    except OSError as error:
        return _cannot_open(file, error, is_json=False)
    if not reading.warnings:
        _say(CLEAN.format(file=file))
        return READ
    for notice in reading.warnings:
        _say(f"{file}: {notice_sentence(notice)} [{notice.kind.value}]")
    return NOTICED


def _cannot_open(file: Path, error: OSError, *, is_json: bool) -> int:
    sentence = NO_FILE.format(file=file, why=_why(error))
    if is_json:
        _say(json.dumps({"error": {"code": "file", "detail": str(file), "message": sentence, "from": None}}))
    click.echo(sentence, err=True)
    return REFUSED


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "không có tệp này"
    if isinstance(error, IsADirectoryError):
        return "đây là thư mục"
    return "không có quyền đọc" if isinstance(error, PermissionError) else "lỗi đọc tệp"


def _described(description: Path) -> Any:
    try:
        text = description.read_text(encoding="utf-8-sig")
        return tomllib.loads(text) if description.suffix.lower() == ".toml" else json.loads(text)
    except OSError as error:
        raise Refusal(NO_FILE.format(file=description, why=_why(error))) from error
    except ValueError as error:
        raise Refusal(
            f"Chưa tạo gói tin: «{description}» không phải JSON hoặc TOML đúng ({error})."
        ) from error


def _say(line: str) -> None:
    click.echo(_printable(line))


def _printable(line: str) -> str:
    """A name in a file may hold orders to the terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)


class Refusal(click.ClickException):
    """Nothing has been made; ends with 2 and one sentence."""

    exit_code = REFUSED

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)
