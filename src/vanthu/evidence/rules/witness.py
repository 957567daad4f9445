"""The witness file: heads seen one after another, kept where nobody of the installation can write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from vanthu.evidence.rules.growth import LogRewritten
from vanthu.evidence.rules.merkle import is_consistent
from vanthu.evidence.rules.notes import BadNote, Head, PublicKey, read_head, read_note
from vanthu.kernel.refs import canonical_json


class BadWitness(ValueError):
    """The file is no witness file; the message is the number of the line."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One head that the witness has seen: its note, the key that signed it, the way from the head before."""

    note: str
    key: str
    path: tuple[str, ...]

    def line(self) -> str:
        return canonical_json({"key": self.key, "note": self.note, "path": list(self.path)}) + "\n"

    def head(self) -> Head:
        return read_head(read_note(self.note))


def read_witness(text: str) -> list[Seen]:
    """Every line of the file. Refuses: `BadWitness` for a line that is spelled otherwise, or does not follow."""
    seen: list[Seen] = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        try:
            values = json.loads(line)
            item = Seen(values["note"], values["key"], tuple(values["path"]))
            head = item.head()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadWitness(number) from error
        if item.line() != line or (seen and not follows(seen[-1].head(), head, item.path)):
            raise BadWitness(number)
        seen.append(item)
    return seen


def follows(old: Head, new: Head, path: Sequence[str]) -> bool:
    """Whether the newer head's tree begins with the older one's."""
    try:
        hashes = [bytes.fromhex(item) for item in path]
    except ValueError:
        return False
    return old.origin == new.origin and is_consistent(old.size, new.size, old.root, new.root, hashes)


def require_follows(last: Seen | None, new: Seen, keys: Sequence[PublicKey]) -> None:
    """Refuses: `LogRewritten` when the log is not the one that the witness has seen."""
    signer = next((key for key in keys if key.fingerprint == new.key), None)
    try:
        head = new.head()
        signed = signer is not None and read_note(new.note).is_signed_by(signer)
    except BadNote:
        signed = False
    if not signed:
        raise LogRewritten("chữ ký của đầu cây mới nhất không đúng")
    if last is None:
        return
    if last.key not in {key.fingerprint for key in keys}:
        raise LogRewritten("khóa nhật ký khác với khóa mà nhân chứng đã thấy")
    if not follows(last.head(), head, new.path):
        raise LogRewritten(f"cây hiện tại không nối tiếp đầu cây {last.head().size} mà nhân chứng đã thấy")
