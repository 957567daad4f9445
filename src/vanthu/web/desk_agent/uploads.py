"""Read the one file that the agent brings, no further than the limit, only for a token that is known."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _

from vanthu.foundation.refusals import spoken
from vanthu.kernel.errors import Violation
from vanthu.signing.operations.agent import UploadOutcome, accept_upload, refuse_upload
from vanthu.signing.queries import asked_by_token
from vanthu.signing.rules.desk_agent import upload_answer
from vanthu.web.desk_agent.waiting import accepted_words
from vanthu.web.request import PersonRequest

FIELD = "uploadfile"
FORM_AROUND = 64 * 1024
"""Bytes of the multipart form around its file."""
CALLS, PER_SECONDS = 40, 60
"""Calls that one question may make of its two addresses within a minute."""


class _Limited(FileUploadHandler):
    """Stops reading as soon as the file is larger than the limit, whatever the headers have promised."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._left = settings.VANTHU_UPLOAD_LIMIT
        self.is_exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._left -= len(raw_data)
        if self._left < 0:
            self.is_exceeded = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def is_calm(pending_id: int) -> bool:
    """Tell whether this question has not been called too often lately."""
    key = f"desk-agent:{pending_id}"
    cache.add(key, 0, PER_SECONDS)
    try:
        return int(cache.incr(key)) <= CALLS
    except ValueError:  # it lapsed between the two calls
        return True


def taken(request: PersonRequest, pending_id: int, token: str) -> HttpResponse:
    """Judge the brought file and answer as the agent wants it. Refuses: `NotVisible` before the body is read."""
    asked_by_token(pending_id, token)
    if not is_calm(pending_id):  # only those who carry the token are counted: a stranger can't use it up
        return HttpResponse(status=429)

    def refused(code: str) -> JsonResponse:
        return answered(refuse_upload(pending_id=pending_id, token=token, code=code, now=request.now))

    limit = _Limited(request)
    request.upload_handlers = [limit, TemporaryFileUploadHandler(request)]
    if int(request.headers.get("Content-Length") or 0) > settings.VANTHU_UPLOAD_LIMIT + FORM_AROUND:
        return refused("signing.upload.too-large")
    try:
        file = request.FILES.get(FIELD)
    except MultiPartParserError:
        file = None
    if limit.is_exceeded:
        return refused("signing.upload.too-large")
    if file is None:
        return refused("signing.upload.no-file")
    return answered(accept_upload(pending_id=pending_id, token=token, pdf=file.read(), now=request.now))


def answered(outcome: UploadOutcome) -> JsonResponse:
    url = reverse("document", args=[outcome.document_id])
    message = said(outcome.refused) if outcome.refused else accepted_words()
    return JsonResponse(
        upload_answer(
            accepted=outcome.accepted, message=message, file_name=_("Văn bản đã ký") + ".pdf", file_url=url
        )
    )


def said(refusal: Violation) -> str:
    """A refusal as one line for the agent's window."""
    return str(spoken(refusal))
