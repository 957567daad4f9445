"""What a person asks for when he writes a draft."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.documents.rules.kinds import Concern
from vanthu.kernel.actor import Urgency


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """What a draft says and to whom. `recipients` are agency codes of the directory.

    `concern`: the issued document that this one revokes or replaces (NĐ30 Đ.18.3–4).
    """

    type_code: str
    subject: str
    paragraphs: tuple[str, ...]
    recipients: tuple[str, ...]
    signer_post_id: int
    bases: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    answers_id: int | None = None
    concern: Concern | None = None
    version: int | None = None
