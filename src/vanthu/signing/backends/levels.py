"""Raise the level of a signed file: put in what proves its signatures, and a time stamp over all of it.

Everything is one incremental update, so the file as it was remains the exact prefix (decision D20). The first update
proves the signatures; a renewal proves the last document time stamp, then stamps the whole anew.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError, extract_certificate_info
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath

from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.timestamps import TimestampSource
from vanthu.signing.backends.writer import IncrementWriter
from vanthu.signing.rules.levels import Level, level_of
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation.longterm import stamp_holds_until, status_of_chain, with_material
from vanthu.signing.waiting import wait_for

_RESERVED: Final = 32 * 1024
"""Hexadecimal digits left for a document time stamp: 16 KiB of token."""

Chain = list[x509.Certificate]


@dataclass(frozen=True, slots=True)
class Raised:
    """A file with more proof in it (bản lưu trữ dài hạn)."""

    pdf: bytes = field(repr=False)
    level: Level
    protected_until: datetime
    """Until when the file proves its signatures by itself."""


@dataclass(frozen=True, slots=True)
class _Link:
    """One certificate that must be proved: a signer's or a stamp's, and the moment it was used."""

    signed_data: cms.SignedData
    moment: datetime
    is_stamp: bool
    name: str


@dataclass(slots=True)
class _Proofs:
    """What goes into the file's store."""

    paths: list[ValidationPath] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)


def raise_level(
    pdf: bytes, *, target: Level, trust: TrustStore, timestamps: TimestampSource, now: datetime
) -> Raised:
    """Bring a file to B-LT or B-LTA; a signature without a stamp is caught up by one over the whole file.

    Refuses: `signing.rendition.no-proof` (a chain or a revocation answer is missing), `signing.file.cannot-sign`,
    and what the source of time stamps refuses; then nothing has changed.
    """
    signatures = _signatures(pdf)
    if not signatures:
        raise SigningFailed("signing.file.cannot-sign", why="the file has no signature")
    stamps = [_made_at(item.signed_data) for item in signatures if _is_stamp(item)]
    unstamped = any(not _is_stamp(item) and not _tokens(item) for item in signatures)
    # A signature without a stamp of its own is proved by the first stamp over the file: perhaps the one to come.
    proved_at = min(stamps, default=now)
    return _update(
        pdf,
        links=[link for item in signatures for link in _links(item, proved_at)],
        with_stamp=target is Level.B_LTA or (unstamped and not stamps),
        trust=trust,
        timestamps=timestamps,
        now=now,
    )


def renew(pdf: bytes, *, trust: TrustStore, timestamps: TimestampSource, now: datetime) -> Raised:
    """Prove the newest document time stamp while it still can be proved, and put a new one over everything.

    Refuses: as `raise_level`.
    """
    stamps = [item for item in _signatures(pdf) if _is_stamp(item)]
    if not stamps:
        return raise_level(pdf, target=Level.B_LTA, trust=trust, timestamps=timestamps, now=now)
    links = list(_links(stamps[-1], now))
    return _update(pdf, links=links, with_stamp=True, trust=trust, timestamps=timestamps, now=now)


def protection_of(pdf: bytes, *, trust: TrustStore, now: datetime) -> Raised:
    """Say what level a file has, and until when it proves its signatures by itself; `pdf` is returned as it is.

    Refuses: `signing.rendition.no-proof`.
    """
    signatures = _signatures(pdf)
    reader = signatures[0].reader if signatures else PdfFileReader(BytesIO(pdf), strict=False)
    stamps = [item for item in signatures if _is_stamp(item)]
    others = [item for item in signatures if not _is_stamp(item)]
    level = level_of(
        stamped=all(_tokens(item) for item in others),
        has_material="/DSS" in reader.root,
        sealed_by_stamp=bool(stamps),
    )
    store = with_material(trust, reader)
    return Raised(pdf, level, _protected_until(stamps, others, store, now))


def _protected_until(
    stamps: Sequence[EmbeddedPdfSignature],
    others: Sequence[EmbeddedPdfSignature],
    trust: TrustStore,
    now: datetime,
) -> datetime:
    if stamps:
        return _holds_until(next(_links(stamps[-1], now)), trust)
    ends = []
    for item in others:
        link, *tokens = _links(item, now)
        ends.append(
            _holds_until(tokens[0], trust)
            if tokens
            else extract_certificate_info(link.signed_data).signer_cert.not_valid_after
        )
    return min(ends, default=now)


def _holds_until(link: _Link, trust: TrustStore) -> datetime:
    digest = link.signed_data["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    return stamp_holds_until(_leaf_first(_path(link, trust)), digest)


def _update(
    pdf: bytes,
    *,
    links: Iterable[_Link],
    with_stamp: bool,
    trust: TrustStore,
    timestamps: TimestampSource,
    now: datetime,
) -> Raised:
    store = with_material(trust, PdfFileReader(BytesIO(pdf), strict=False))
    proofs = _collect(links, store)
    out = BytesIO()
    try:
        writer = IncrementWriter(pdf)
        _put_in(writer, proofs, store)
        if with_stamp:
            stamper = PdfTimeStamper(timestamps.stamper_at(now))
            wait_for(stamper.async_timestamp_pdf(writer, "sha256", bytes_reserved=_RESERVED, output=out))
        else:
            writer.write(out)
    except (PdfError, SigningError, ValueError, KeyError, OSError) as error:
        raise SigningFailed("signing.file.cannot-sign", why=str(error)[:200]) from error
    return protection_of(out.getvalue(), trust=trust, now=now)


def _put_in(writer: IncrementalPdfFileWriter, proofs: _Proofs, store: TrustStore) -> None:
    material = store.material(sorted(proofs.digests)).values()
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        paths=proofs.paths,
        crls=[crl.CertificateList.load(item) for item in material if item in store.crls],
        ocsps=[ocsp.OCSPResponse.load(item) for item in material if item in store.ocsps],
    )


def _collect(links: Iterable[_Link], trust: TrustStore) -> _Proofs:
    proofs = _Proofs()
    for link in links:
        path = _path(link, trust)
        state = status_of_chain(_leaf_first(path), trust, link.moment)
        if state.state == "unknown" or (state.revoked_at is not None and state.revoked_at <= link.moment):
            raise SigningFailed("signing.rendition.no-proof", field=link.name)
        proofs.paths.append(path)
        proofs.digests |= set(state.used)
    return proofs


def _path(link: _Link, trust: TrustStore) -> ValidationPath:
    found = extract_certificate_info(link.signed_data)
    roots = trust.tsa_roots if link.is_stamp else trust.roots
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(item) for item in roots],
        other_certs=[x509.Certificate.load(item) for item in trust.intermediates],
        moment=link.moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    validator = CertificateValidator(found.signer_cert, found.other_certs, context)
    try:
        path: ValidationPath = wait_for(validator.async_validate_usage(set()))
    except (PathBuildingError, PathValidationError) as error:
        raise SigningFailed("signing.rendition.no-proof", field=link.name) from error
    return path


def _leaf_first(path: ValidationPath) -> Chain:
    return list(reversed(list(path.iter_certs(include_root=True))))


def _signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    """The signatures and document time stamps in the order in which they were made. Refuses: `signing.file.cannot-sign`."""
    try:
        return list(PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures)
    except Exception as error:  # the parser raises anything on a damaged file
        raise SigningFailed("signing.file.cannot-sign", why=str(error)[:200]) from error


def _is_stamp(signature: EmbeddedPdfSignature) -> bool:
    return bool(signature.sig_object.get("/SubFilter") == "/ETSI.RFC3161")


def _tokens(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return list(extract_tst_data_iter(signature.signer_info, signed=False))


def _links(signature: EmbeddedPdfSignature, proved_at: datetime) -> Iterator[_Link]:
    """The signature itself first, then its stamps; without one, what counts is when it is proved otherwise."""
    if _is_stamp(signature):
        yield _Link(signature.signed_data, _made_at(signature.signed_data), True, signature.field_name)
        return
    tokens = _tokens(signature)
    moment = _made_at(tokens[0]) if tokens else proved_at
    yield _Link(signature.signed_data, moment, False, signature.field_name)
    for token in tokens:
        yield _Link(token, _made_at(token), True, signature.field_name)


def _made_at(token: cms.SignedData) -> datetime:
    info: Any = token["encap_content_info"]["content"].parsed
    moment: datetime = info["gen_time"].native
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
