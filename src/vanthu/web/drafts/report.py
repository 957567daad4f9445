"""The report of the form check (kiểm tra thể thức) on the current file of a draft."""

from __future__ import annotations

from django.core.cache import cache

from vanthu.documents.queries import main_bytes, record_of
from vanthu.presentation.form_facts import form_facts_of
from vanthu.presentation.rules.form_check import findings

KEPT_SECONDS = 3600


def report_on(document_id: int) -> list[dict[str, str]]:
    """Every departure from Annex I as {rule, clause, message}; equal bytes are read once an hour.

    Refuses: `presentation.form.cannot-be-read`.
    """
    key = f"form-report:{record_of(document_id).main_sha256}"
    known: list[dict[str, str]] | None = cache.get(key)
    if known is None:
        known = [
            {"rule": row.rule, "clause": row.clause, "message": row.message}
            for row in findings(form_facts_of(main_bytes(document_id)))
        ]
        cache.set(key, known, KEPT_SECONDS)
    return known
