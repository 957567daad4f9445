"""What the installation remembers of its story: it is played once, and told again from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vanthu.demo.stage import Step
from vanthu.documents.queries import main_bytes, record_of
from vanthu.kernel.errors import NotVisible

FOLDER = "demo"
MEMORY = "cau-chuyen.json"
EXHIBIT = "van-ban-phat-hanh.pdf"


@dataclass(frozen=True, slots=True)
class Played:
    """A story that was played to its end: its lines, and the document whose life it told."""

    city: str
    document_id: int
    sha256: str
    steps: tuple[Step, ...]


def remember(home: Path, city: str, document_id: int, steps: tuple[Step, ...]) -> Played:
    """Write the story down whole; a story that broke off is not remembered."""
    played = Played(city, document_id, record_of(document_id).main_sha256, steps)
    content = {
        "city": city,
        "document_id": document_id,
        "sha256": played.sha256,
        "steps": [step.to_json() for step in steps],
    }
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{MEMORY}.new"
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(folder / MEMORY)
    return played


def recall(home: Path) -> Played | None:
    """The story of this installation; None when none was played to its end in this database."""
    try:
        played = _read(json.loads((home / FOLDER / MEMORY).read_text(encoding="utf-8")))
        return played if record_of(played.document_id).main_sha256 == played.sha256 else None
    except (FileNotFoundError, ValueError, KeyError, TypeError, NotVisible):
        return None


def _read(content: Mapping[str, object]) -> Played:
    steps = content["steps"]
    assert isinstance(steps, list)
    return Played(
        str(content["city"]),
        int(str(content["document_id"])),
        str(content["sha256"]),
        tuple(Step(**step) for step in steps),
    )


def exhibit(home: Path, played: Played) -> Path:
    """Lay the issued document out as a file, byte for byte as it was sent."""
    file = home / FOLDER / EXHIBIT
    data = main_bytes(played.document_id)
    if not file.exists() or file.read_bytes() != data:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return file
