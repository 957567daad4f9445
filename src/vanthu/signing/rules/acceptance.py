"""What the records clerk may do with an incoming file, given the verdict on its signatures.

Norm: NĐ30 Đ.5.1 (M7: both signatures), NĐ30 Đ.21.2b (returned to the sender); decisions D21 and D40.
"""

from enum import StrEnum

from vanthu.signing.rules.verdicts import SOUND, FileVerdict, Verdict


class Acceptance(StrEnum):
    """Cách xử lý tệp đến theo kết quả kiểm tra chữ ký số."""

    OK = "ok"
    NEEDS_CONSENT = "needs-consent"
    REFERENCE_ONLY = "reference-only"
    MUST_REFUSE = "must-refuse"


MUST_REFUSE = frozenset(
    {
        Verdict.INVALID_INTEGRITY,
        Verdict.INVALID_CHAIN,
        Verdict.REVOKED,
        Verdict.EXPIRED_AT_SIGNING,
        Verdict.WRONG_SUBJECT,
    }
)
"""D40's closed list: no role may override these."""

NEEDS_CONSENT = frozenset(
    {
        Verdict.INDETERMINATE,
        Verdict.MODIFIED_AFTER,
        Verdict.VALID_NO_TSA,
        # D40's list of refusals is closed, so an old SHA-1 signature is not refused by software;
        # neither is it simply good: a person reads the reason and answers for it.
        Verdict.WEAK_ALGORITHM,
        # INTACT means that nobody has judged the chain; it can't pass as valid without a person.
        Verdict.INTACT,
    }
)
"""May be accepted with a reason and the consent of the head of records (R4)."""

BOTH_KINDS = frozenset({"personal", "agency"})


def acceptance(verdict: FileVerdict) -> Acceptance:
    """Say how a file with this verdict may be received; the strictest answer wins.

    An unreadable file shows no signature, so it counts as an unsigned one: a forger who breaks a file
    gains nothing over one who strips its signatures.

    Norm: NĐ30 Đ.5.1, NĐ30 Đ.21.2b
    """
    found = {verdict.verdict} | {finding.verdict for finding in verdict.signatures}
    if found & MUST_REFUSE:
        return Acceptance.MUST_REFUSE
    if verdict.verdict in {Verdict.UNSIGNED, Verdict.UNREADABLE} or not has_both_signatures(verdict):
        return Acceptance.REFERENCE_ONLY
    if found & NEEDS_CONSENT:
        return Acceptance.NEEDS_CONSENT
    return Acceptance.OK


def has_both_signatures(verdict: FileVerdict) -> bool:
    """Tell whether a personal and an agency signature are there, neither of them to be refused (M7)."""
    kinds = {finding.kind for finding in verdict.signatures if finding.verdict not in MUST_REFUSE}
    return kinds >= BOTH_KINDS


def is_sound(verdict: Verdict) -> bool:
    """Tell whether `vanthu verify` ends with success for this verdict (D21)."""
    return verdict in SOUND
