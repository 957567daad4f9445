"""The closed lists of this context: direction, role and stage of a file, relation."""

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Văn bản đi or văn bản đến. Norm: NĐ30 Đ.3.6–7."""

    OUTGOING = "OUTGOING"
    INCOMING = "INCOMING"


class FileRole(StrEnum):
    MAIN = "MAIN"
    ATTACHMENT = "ATTACHMENT"
    ENCLOSURE = "ENCLOSURE"  # kèm yêu cầu thu hồi, cập nhật của nơi gửi: beside the document, no part of it


class FileStage(StrEnum):
    """How far the bytes have come; each stage is a new row, earlier rows stay."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    NUMBERED = "NUMBERED"
    SEALED = "SEALED"
    RECEIVED = "RECEIVED"


class RelationKind(StrEnum):
    ANSWERS = "ANSWERS"  # trả lời
    REVOKES = "REVOKES"  # thông báo thu hồi
    REPLACES = "REPLACES"  # thay thế


ENDING = (RelationKind.REVOKES, RelationKind.REPLACES)
"""What takes the force of another document away. Norm: NĐ30 Đ.18.3–4."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Văn bản bị thu hồi hoặc bị thay thế: which document, and what becomes of it."""

    kind: RelationKind
    document_id: int
