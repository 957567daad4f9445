"""The gate for bytes from outside: looked at in a child process, judged by the rules of intake, then frozen."""

from __future__ import annotations

from django.conf import settings

from vanthu.documents.operations import NewFile, refuse_secret, store_file
from vanthu.documents.rules.intake import MediaType, UploadFacts, sniff, unmet_for_upload
from vanthu.documents.rules.kinds import FileRole, FileStage
from vanthu.foundation.operation import steps
from vanthu.kernel.errors import refuse_if
from vanthu.renditions.inspection import PdfFacts, inspect_pdf

HEAD = 4096


@steps(
    "looks at bytes and freezes them in the store; the act that refers to them is recorded by its own operation"
)
def admit_upload(
    *,
    name: str,
    declared_type: str,
    data: bytes,
    role: FileRole = FileRole.MAIN,
    stage: FileStage = FileStage.RECEIVED,
) -> NewFile:
    """Admit an uploaded file. Refuses: `documents.file.*`, `documents.secret`; nothing is stored then."""
    limit = settings.VANTHU_UPLOAD_LIMIT
    pdf: PdfFacts | None = None
    if 0 < len(data) <= limit and sniff(data) is MediaType.PDF:
        pdf = inspect_pdf(data)
    facts = UploadFacts(name=name, declared_type=declared_type, size=len(data), head=data[:HEAD], pdf=pdf)
    refuse_if(unmet_for_upload(facts, attachment=role is FileRole.ATTACHMENT, limit=limit))
    if pdf is not None:
        refuse_secret(pdf.text_first_page)
    return store_file(
        data,
        name=name[-200:],
        media_type=sniff(data).value,
        role=role,
        stage=stage,
        page_count=pdf.pages if pdf else 0,
    )
