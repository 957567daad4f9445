"""The closed lists of this context: direction, role and stage of a file, relation."""

from enum import StrEnum


class Direction(StrEnum):
    """Văn bản đi or văn bản đến. Norm: NĐ30 Đ.3.6–7."""

    OUTGOING = "OUTGOING"
    INCOMING = "INCOMING"


class FileRole(StrEnum):
    MAIN = "MAIN"
    ATTACHMENT = "ATTACHMENT"


class FileStage(StrEnum):
    """How far the bytes have come; each stage is a new row, earlier rows stay."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    NUMBERED = "NUMBERED"
    SEALED = "SEALED"
    RECEIVED = "RECEIVED"


class RelationKind(StrEnum):
    ANSWERS = "ANSWERS"
