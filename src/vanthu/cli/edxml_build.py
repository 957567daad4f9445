"""The making of `vanthu edxml build`: description and files to a message that has been read back."""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vanthu.cli.edxml import Refusal
from vanthu.edxml.described import Undescribed
from vanthu.edxml.describing import FileToSend, message_from
from vanthu.edxml.limits import Limits
from vanthu.edxml.message import Edoc, StatusReport, Unreadable
from vanthu.edxml.words import refusal_sentence
from vanthu.edxml.writing import Attachment, Unwritable, check_written, write_edoc, write_status

HANOI = timedelta(hours=7)
NOT_BUILT = "Chưa tạo gói tin: {why}. Sửa bản mô tả rồi chạy lại."
UNWRITABLE = {
    "character": "{element} có ký tự XML không chứa được",
    "required": "{element} còn thiếu",
    "receiver-twice": "một nơi nhận ghi hai lần",
    "attachment-twice": "hai tệp cùng mã nội dung",
    "attachment-changed": "tệp {element} thay đổi trong khi ghi",
}


def write_described(values: Any, folder: Path, out: Path, now: datetime) -> str:
    """Write the message beside `out`, read it back, put it in place; its SHA-256 (hex)."""
    local = (now + HANOI).replace(tzinfo=None, microsecond=0)
    try:
        message, files = message_from(values, now=local)
        attachments = [_attachment(item, folder, message) for item in files]
        return _write(message, attachments, out)
    except Undescribed as trouble:
        raise Refusal(NOT_BUILT.format(why=f"{trouble.key} {trouble.reason}")) from trouble
    except Unwritable as trouble:
        why = UNWRITABLE[trouble.reason].format(element=trouble.element)
        raise Refusal(NOT_BUILT.format(why=why)) from trouble
    except Unreadable as trouble:
        raise Refusal(f"Chưa tạo gói tin: đọc lại không được. {refusal_sentence(trouble)}") from trouble
    except OSError as error:
        raise Refusal(f"Chưa tạo gói tin: không đọc, ghi được «{error.filename}».") from error


def _attachment(item: FileToSend, folder: Path, message: Edoc | StatusReport) -> Attachment:
    path = folder / item.file
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    document_id = message.document_id if isinstance(message, Edoc) else ""
    name = item.name or path.name
    # From what it belongs to and what it is, so that the same description gives the same bytes.
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"edxml:{document_id}:{name}:{sha256}")
    return Attachment(
        content_id=item.content_id or str(identity),
        name=name,
        content=lambda: path.open("rb"),
        description=item.description or name,
        sha256=sha256,
    )


def _write(message: Edoc | StatusReport, attachments: list[Attachment], out: Path) -> str:
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w+b") as stream:
            if isinstance(message, Edoc):
                write_edoc(message, attachments, stream)
            else:
                write_status(message, stream)
            stream.seek(0)
            size = beside.stat().st_size
            limits = Limits(
                message_bytes=size, file_bytes=size * 1000, zip_ratio=2000, attachments=len(attachments)
            )
            sha256 = check_written(stream, [item.sha256 for item in attachments], limits)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return sha256
