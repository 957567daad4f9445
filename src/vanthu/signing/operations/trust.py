"""Keep the trust store: let authorities in by their pins, take them out with a reason. Norm: TT41/2017 Đ.8 (M29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography import x509
from django.conf import settings

from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.signing.rules.register_policy import may_keep_trust
from vanthu.signing.trust.bundle import Unreadable, read_certificates
from vanthu.signing.trust.importing import Candidate, examine
from vanthu.signing.trust.manifest import (
    Manifest,
    Removal,
    anchor_path,
    locked,
    read_manifest,
    replace_file,
    write_manifest,
)
from vanthu.signing.trust.pins import FULL, PURPOSES, Pin, packaged_pins

STORE = ObjectRef.of("signing.trust-store", "")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did with one authority."""

    sha256: str
    name: str
    kind: str
    is_new: bool
    pin_is_full: bool
    pin: str


@operation("signing.trust.import")
def import_anchors(
    *,
    actor: Actor,
    contents: Mapping[str, bytes],
    purposes: Sequence[str] = (),
    agencies: Sequence[str] = (),
    now: datetime,
) -> tuple[Imported, ...]:
    """Let the authorities of published files into the trust store; all of them or none. What is known is left alone.

    `contents` maps file names to bytes. `purposes` and `agencies` narrow what the pin allows.
    Refuses: `signing.trust.unreadable`, `….pin-mismatch`, `….not-pinned`, `….not-authority`, `….no-root`,
    `….demonstration`, `….forged`, `….no-purpose`; each certificate that is refused is named.
    """
    may_keep_trust(actor).or_refuse()
    _refuse_purposes(purposes)
    folder = Path(settings.VANTHU_TRUST)
    certificates = [item for name, data in contents.items() for item in _read(name, data)]
    with locked(folder):
        manifest = read_manifest(folder)
        candidates, violations = examine(
            list(dict.fromkeys(certificates)), pins=_known_pins(manifest), trusted=_trusted(folder, manifest)
        )
        refuse_if(violations)
        report = [_imported(item, manifest) for item in candidates]
        new = [
            _let_in(item, purposes, agencies, actor, now)
            for item in candidates
            if manifest.anchor(item.anchor.sha256) is None
        ]
        if not new:
            nothing_changed()
            return tuple(report)
        record(STORE, agency_id=None, anchors=[item.anchor.sha256 for item in new])
        for item in new:
            replace_file(anchor_path(folder, item.anchor.sha256), item.der)
            manifest = manifest.with_anchor(item.anchor)
        write_manifest(folder, manifest)
    return tuple(report)


def _known_pins(manifest: Manifest) -> tuple[Pin, ...]:
    """The operator's own pins and the packaged ones."""
    return (*manifest.pins, *packaged_pins())


def _refuse_purposes(purposes: Sequence[str]) -> None:
    refuse_if(
        Violation("signing.trust.no-purpose", (("purpose", name),))
        for name in purposes
        if name not in PURPOSES
    )


def _read(name: str, data: bytes) -> tuple[x509.Certificate, ...]:
    try:
        return read_certificates(data)
    except Unreadable as error:
        raise NotReady([Violation("signing.trust.unreadable", (("file", name),))]) from error


def _trusted(folder: Path, manifest: Manifest) -> list[x509.Certificate]:
    paths = [anchor_path(folder, anchor.sha256) for anchor in manifest.anchors]
    return [x509.load_der_x509_certificate(path.read_bytes()) for path in paths]


def _let_in(
    item: Candidate, purposes: Sequence[str], agencies: Sequence[str], actor: Actor, now: datetime
) -> Candidate:
    allowed = tuple(name for name in item.anchor.purposes if not purposes or name in purposes)
    anchor = replace(
        item.anchor, purposes=allowed, agencies=tuple(agencies), added_by=actor.name, added_at=now.isoformat()
    )
    return replace(item, anchor=anchor)


def _imported(item: Candidate, manifest: Manifest) -> Imported:
    anchor = item.anchor
    is_new = manifest.anchor(anchor.sha256) is None
    return Imported(anchor.sha256, anchor.name, anchor.kind, is_new, anchor.pin_is_full, anchor.pin)


@operation("signing.trust.remove")
def remove_anchor(*, actor: Actor, sha256: str, reason: str, now: datetime) -> str:
    """Take an authority out; signatures that rest on it are no longer believed. Its name is returned.

    Refuses: `signing.trust.not-there`, `….no-reason`.
    """
    may_keep_trust(actor).or_refuse()
    refuse_if([] if reason.strip() else [Violation("signing.trust.no-reason")])
    folder, wanted = Path(settings.VANTHU_TRUST), _plain_fingerprint(sha256)
    with locked(folder):
        manifest = read_manifest(folder)
        anchor = manifest.anchor(wanted)
        if anchor is None:
            raise NotReady([Violation("signing.trust.not-there", (("sha256", sha256),))])
        record(STORE, agency_id=None, anchor=wanted, reason=reason.strip()[:300])
        removal = Removal(wanted, anchor.name, reason.strip()[:300], actor.name, now.isoformat())
        write_manifest(folder, manifest.without(removal))
        anchor_path(folder, wanted).unlink(missing_ok=True)
    return anchor.name


@operation("signing.trust.pin")
def pin_anchor(
    *,
    actor: Actor,
    sha256: str,
    name: str,
    source: str,
    crl_urls: Sequence[str] = (),
    ocsp_urls: Sequence[str] = (),
    now: datetime,
) -> Pin:
    """Pin an authority by its full fingerprint; an abbreviated pin that let it in becomes a full one.

    Refuses: `signing.trust.bad-fingerprint`, `….pin-incomplete`.
    """
    may_keep_trust(actor).or_refuse()
    pin = _new_pin(sha256, name, source, tuple(crl_urls), tuple(ocsp_urls))
    folder = Path(settings.VANTHU_TRUST)
    with locked(folder):
        manifest = read_manifest(folder)
        if pin in manifest.pins:
            nothing_changed()
            return pin
        record(STORE, agency_id=None, pin=pin.starts, source=pin.source)
        others = tuple(item for item in manifest.pins if item.starts != pin.starts)
        anchors = tuple(
            replace(
                item,
                pin=pin.shown,
                pin_is_full=True,
                source=pin.source,
                crl_urls=pin.crl_urls or item.crl_urls,
                ocsp_urls=pin.ocsp_urls or item.ocsp_urls,
            )
            if item.sha256 == pin.starts
            else item
            for item in manifest.anchors
        )
        write_manifest(folder, replace(manifest, pins=(*others, pin), anchors=anchors))
    return pin


def _new_pin(
    sha256: str, name: str, source: str, crl_urls: tuple[str, ...], ocsp_urls: tuple[str, ...]
) -> Pin:
    whole = _plain_fingerprint(sha256)
    if len(whole) != FULL or not set(whole) <= set("0123456789ABCDEF"):
        raise NotReady([Violation("signing.trust.bad-fingerprint", (("sha256", sha256),))])
    refuse_if([] if name.strip() and source.strip() else [Violation("signing.trust.pin-incomplete")])
    return Pin(
        key=f"operator-{whole[:12].lower()}",
        name=name.strip(),
        authority="",
        starts=whole,
        ends="",
        source=source.strip(),
        crl_urls=crl_urls,
        ocsp_urls=ocsp_urls,
    )


def _plain_fingerprint(text: str) -> str:
    """A fingerprint as people write it: with colons, spaces, in either case."""
    return text.replace(":", "").replace(" ", "").upper()
