"""Judge many mutants in one child process of the sandbox: the fork costs more than the judging."""

from datetime import datetime
from typing import Any

from vanthu.foundation import sandbox
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation import verify_isolated, verify_pdf

SECONDS = 20.0
MEMORY_MB = 1024


def judge_all_job(files: list[bytes], trust: TrustStore | None, at: datetime) -> list[dict[str, Any]]:
    """Runs in the child; an exception that gets out of the verifier ends the whole batch."""
    return [verify_pdf(data, trust=trust, at=at).to_json() for data in files]


def judge_all(files: list[bytes], trust: TrustStore | None, at: datetime) -> list[FileVerdict]:
    """The verdicts of a batch; if the child has not come through, of each file by itself."""
    job = {"files": files, "trust": trust, "at": at}
    path = f"{__name__}:judge_all_job"
    try:
        answers = sandbox.run(path, job, seconds=SECONDS, memory_mb=MEMORY_MB)
    except sandbox.SandboxError:
        return [verify_isolated(data, trust=trust, at=at, seconds=SECONDS) for data in files]
    return [FileVerdict.from_json(answer) for answer in answers]
