"""The imported part of a trust store: a manifest, the anchors it names, cached revocation data; one folder.

`manifest.json` says who let which authority in, when, for what and by which pin. Only what it names is
believed: a certificate laid into the folder by hand is not.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from vanthu.signing.trust.pins import PURPOSES, Pin, pin_from

FILE: Final = "manifest.json"
VERSION: Final = 1
ROOT, INTERMEDIATE = "root", "intermediate"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Một tổ chức chứng thực trong danh sách tin cậy."""

    sha256: str
    kind: str
    """`root` ends a chain; `intermediate` only helps to build one."""
    name: str
    purposes: tuple[str, ...] = PURPOSES
    agencies: tuple[str, ...] = ()
    """Identity codes (or their beginnings) for whose documents alone it is believed; empty: for all."""
    pin: str = ""
    pin_is_full: bool = False
    source: str = ""
    crl_urls: tuple[str, ...] = ()
    ocsp_urls: tuple[str, ...] = ()
    added_by: str = ""
    added_at: str = ""

    def serves(self, agency_code: str) -> bool:
        """Tell whether documents of that agency may rest on this anchor."""
        return not self.agencies or any(
            agency_code == code or agency_code.startswith(f"{code}.") for code in self.agencies
        )


@dataclass(frozen=True, slots=True)
class Removal:
    """An anchor that was taken out, with the reason; kept so that the store tells its history."""

    sha256: str
    name: str
    reason: str
    removed_by: str
    removed_at: str


@dataclass(frozen=True, slots=True)
class Manifest:
    anchors: tuple[Anchor, ...] = ()
    removals: tuple[Removal, ...] = ()
    pins: tuple[Pin, ...] = ()

    def anchor(self, sha256: str) -> Anchor | None:
        return next((item for item in self.anchors if item.sha256 == sha256), None)

    def with_anchor(self, anchor: Anchor) -> "Manifest":
        others = tuple(item for item in self.anchors if item.sha256 != anchor.sha256)
        return replace(self, anchors=(*others, anchor))

    def without(self, removal: Removal) -> "Manifest":
        left = tuple(item for item in self.anchors if item.sha256 != removal.sha256)
        return replace(self, anchors=left, removals=(*self.removals, removal))


def has_manifest(folder: Path) -> bool:
    return (folder / FILE).is_file()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a store; an empty one where nothing was imported yet."""
    if not has_manifest(folder):
        return Manifest()
    data = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Manifest(
        tuple(_anchor(item) for item in data["anchors"]),
        tuple(Removal(**item) for item in data["removals"]),
        tuple(pin_from(item) for item in data["pins"]),
    )


def _anchor(data: dict[str, Any]) -> Anchor:
    lists = {name: tuple(data[name]) for name in ("purposes", "agencies", "crl_urls", "ocsp_urls")}
    return Anchor(**(data | lists))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest; a reader finds the old one or the new one."""
    content = {"version": VERSION} | asdict(manifest)
    replace_file(folder / FILE, json.dumps(content, ensure_ascii=False, indent=1).encode())


def anchor_path(folder: Path, sha256: str) -> Path:
    return folder / "anchors" / f"{sha256}.cer"


def replace_file(path: Path, content: bytes) -> None:
    """Write a file as a whole, durably."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time, on one host; reading never waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
