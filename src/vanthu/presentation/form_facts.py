"""Read off a PDF the facts that the check of its form needs, in a child process."""

from __future__ import annotations

from vanthu.foundation import sandbox
from vanthu.kernel.errors import DomainError
from vanthu.presentation.rules.form_check import FormFacts

CHILD = "vanthu.presentation.form_reading"
SECONDS = 20.0
MEMORY_MB = 1024


def form_facts_of(pdf: bytes) -> FormFacts:
    """The facts of one document.

    Refuses: presentation.form.cannot-be-read.
    """
    try:
        facts = sandbox.run(f"{CHILD}:read_form", {"pdf": pdf}, seconds=SECONDS, memory_mb=MEMORY_MB)
    except sandbox.SandboxError as error:
        raise DomainError("presentation.form.cannot-be-read", reason=error) from error
    assert isinstance(facts, FormFacts)
    return facts
