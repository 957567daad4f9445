"""Append an update to a PDF, and nothing that the update does not need."""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class IncrementWriter(IncrementalPdfFileWriter):
    """Writes an incremental update over a file in memory; the file's bytes remain the prefix.

    The metadata (Info, XMP) stay as the document declares them: a signature does not change what they
    describe, PDF/A wants the two to agree, and reading them anew costs more than the rest of an update.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(BytesIO(pdf), strict=False)
        self._pdf = pdf

    def _update_meta(self) -> None:
        pass

    def _write_header(self, stream: Any) -> None:
        stream.write(self._pdf)
