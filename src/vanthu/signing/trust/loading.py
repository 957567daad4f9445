"""Load an imported trust store once, until something in its folder changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from vanthu.signing.trust.manifest import FILE, ROOT, has_manifest, read_manifest
from vanthu.signing.trust.store import TrustStore, TrustStoreError

PARTS = (FILE, "crl", "ocsp")
Stamp = tuple[int, ...]


def load_store(folder: Path, agency_code: str = "") -> TrustStore:
    """The store in a folder, as its manifest has it. Refuses: nothing imported (`TrustStoreError`)."""
    if not has_manifest(folder):
        raise TrustStoreError(f"Danh sách tin cậy chưa có chứng thư gốc nào được nhập: {folder}")
    return _load(folder, agency_code, _stamp(folder))


def installation_store(*, trust: Path, pki: Path, is_demo: bool, agency_code: str = "") -> TrustStore:
    """The store of an installation: what was imported, joined in a demonstration by the demonstration's own.

    Outside the demonstration its root is never believed, whatever lies in the folders.
    Refuses: nothing to believe yet (`TrustStoreError`).
    """
    if not is_demo:
        return load_store(trust, agency_code)
    demonstration = TrustStore.load(pki / "trust")
    return demonstration.joined(load_store(trust, agency_code)) if has_roots(trust) else demonstration


def has_roots(folder: Path) -> bool:
    """Tell whether anything was imported that may end a chain."""
    return any(anchor.kind == ROOT for anchor in read_manifest(folder).anchors)


def _stamp(folder: Path) -> Stamp:
    # Every file is replaced by renaming, which dates its folder anew.
    return tuple((folder / part).stat().st_mtime_ns if (folder / part).exists() else 0 for part in PARTS)


@lru_cache(maxsize=16)
def _load(folder: Path, agency_code: str, stamp: Stamp) -> TrustStore:
    return TrustStore.load_imported(folder, agency_code=agency_code)
