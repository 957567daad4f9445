"""The files of a message that came over the line: under the rules of every upload, and nothing secret (D44)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from vanthu.documents.operations import NewFile, store_file
from vanthu.documents.rules.intake import MediaType, secrecy_marks_in
from vanthu.documents.rules.kinds import FileRole, FileStage
from vanthu.edxml.message import Edoc
from vanthu.edxml.reading import Limits, ReadAttachment
from vanthu.exchange.channel import EnvelopeFile
from vanthu.exchange.channels.vxp.mapping_in import Opened
from vanthu.exchange.channels.vxp.settings import line
from vanthu.exchange.rules.inbox import AsideReason
from vanthu.foundation.refusals import spoken
from vanthu.kernel.errors import NotReady, Violation
from vanthu.renditions.operations import admit_upload

SECRET = "documents.secret"  # noqa: S105 - the code of a refusal


@dataclass(frozen=True, slots=True)
class Admission:
    """The files that are in the store now; `reason` and `unmet` say what the clerk must see first."""

    files: tuple[EnvelopeFile, ...] = ()
    page_count: int = 0
    is_secret: bool = False
    reason: AsideReason | None = None
    unmet: tuple[Violation, ...] = ()

    @property
    def has_main(self) -> bool:
        return any(file.role == FileRole.MAIN for file in self.files)

    @property
    def words(self) -> str:
        """What stands against the files, in the words an uploader reads."""
        return " ".join(str(spoken(violation)) for violation in self.unmet)


def limits() -> Limits:
    """What a message may be: the line's limit for the whole, the house's for each file."""
    whole = line()
    file_bytes = settings.VANTHU_UPLOAD_LIMIT
    return (
        Limits(message_bytes=whole.limit, file_bytes=file_bytes) if whole else Limits(file_bytes=file_bytes)
    )


def admit(opened: Opened) -> Admission:
    """Store what may be stored. The document itself is the first PDF, else the first file (edxml.md §2.4)."""
    edoc = opened.reading.edoc
    assert edoc is not None
    if _is_marked(edoc):
        return Admission(is_secret=True)
    rows = _main_first(opened.attachments)
    if not rows:
        return Admission(reason=AsideReason.NO_FILE)
    found = [
        _admit_one(opened, row, FileRole.ATTACHMENT if place else FileRole.MAIN)
        for place, row in enumerate(rows)
    ]
    unmet = [violation for _, violations in found for violation in violations]
    if any(violation.code == SECRET for violation in unmet):
        return Admission(is_secret=True)
    main, main_unmet = found[0]
    reason = AsideReason.MAIN_UNFIT if main_unmet else AsideReason.ANNEX_UNFIT if unmet else None
    files = tuple(_packed(file) for file, _ in found if file is not None)
    return Admission(files, main.page_count if main else 0, reason=reason, unmet=tuple(main_unmet or unmet))


def _is_marked(edoc: Edoc) -> bool:
    """Whether the message itself says that it is secret."""
    return any(secrecy_marks_in(text) for text in (edoc.subject, edoc.content))


def _main_first(rows: tuple[ReadAttachment, ...]) -> list[ReadAttachment]:
    main = next((row for row in rows if row.media_type == MediaType.PDF), rows[0] if rows else None)
    return [] if main is None else [main, *(row for row in rows if row is not main)]


def _admit_one(
    opened: Opened, row: ReadAttachment, role: FileRole
) -> tuple[NewFile | None, tuple[Violation, ...]]:
    """The stored file and what is against it; an annex is kept all the same, for the clerk may still take it."""
    data = opened.content(row)
    try:
        return admit_upload(name=row.name, declared_type="", data=data, role=role), ()
    except NotReady as refusal:
        unmet = refusal.violations
    if role is FileRole.MAIN or any(violation.code == SECRET for violation in unmet):
        return None, unmet
    kept = store_file(
        data,
        name=row.name[-200:],
        media_type=MediaType.UNKNOWN.value,
        role=role,
        stage=FileStage.RECEIVED,
    )
    return kept, unmet


def _packed(file: NewFile) -> EnvelopeFile:
    return EnvelopeFile(file.name, file.media_type, file.size, file.sha256, file.role)
