"""Judge what a desk agent brings back: the file as it was handed out, plus exactly one signature.

Norm: decision D23; TT41/2017 Đ.6. The agent is a stranger's program: nothing of what it says is believed,
and its file is opened in a child process with limits only.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import pypdfium2
from asn1crypto import x509
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis.commons import compare_dicts
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from vanthu.foundation import sandbox
from vanthu.kernel.errors import DomainError
from vanthu.signing.field_text import FIELD_NAMES
from vanthu.signing.rules.desk_agent import ROLES, Method
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.signing.rules.sentences import REASON_TEXT
from vanthu.signing.rules.verdicts import SOUND, SignatureFinding
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation import verify_pdf, warm_up
from vanthu.signing.validation.allowed import Review
from vanthu.signing.validation.checks import identity_of
from vanthu.signing.validation.comparison import ChangedAfterSigning

__all__ = ["Brought", "UploadRefused", "UploadTerms", "judge_isolated", "judge_upload", "warm_up"]

_INSET: Final = 3.0  # points: touching a line of text is not covering it
# The signer's office and name stand around the place for the signature (NĐ30 PL I). Points: left, below, right, above.
_AROUND: Final = (120.0, 60.0, 120.0, 90.0)
_AGENTS_OWN_INFO: Final = frozenset({"/ModDate", "/Producer", "/Creator"})

Rect = tuple[float, float, float, float]


class UploadRefused(DomainError):
    """The file is not taken and nothing has changed; codes begin with `signing.upload.`."""


@dataclass(frozen=True, slots=True)
class UploadTerms:
    """What a brought file must be in order to be taken (điều kiện nhận tệp đã ký)."""

    method: Method
    served: bytes = field(repr=False)
    """The very bytes that the agent was given."""
    certificate: bytes = field(repr=False)
    """DER of the certificate registered for whoever asked to sign."""
    owner: str
    """Whom that certificate belongs to, in words."""
    place: tuple[float, ...] = ()
    """(page, x0, y0, x1, y1) where the signature is expected, page -1 for the last; words around it may be touched."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A signature that may be taken."""

    field: str
    kind: SignatureKind
    signer: str
    serial: str


@dataclass(frozen=True, slots=True)
class _NewSignature:
    field: Any
    embedded: EmbeddedPdfSignature


def judge_isolated(
    uploaded: bytes, terms: UploadTerms, *, trust: TrustStore | None, at: datetime, seconds: float = 30
) -> Brought:
    """Judge a brought file in a child process with limits; what kills the child is unreadable.

    Refuses: `UploadRefused`, each code of `judge_upload`.
    """
    arguments = {"uploaded": uploaded, "terms": terms, "trust": trust, "at": at}
    try:
        answer: Brought = sandbox.run(
            "vanthu.signing.validation.uploads:judge_upload",
            arguments,
            seconds=seconds,
            memory_mb=1024,
            held=("trust",),
        )
    except (sandbox.TimedOut, sandbox.Crashed) as error:
        raise UploadRefused("signing.upload.unreadable") from error
    return answer


def judge_upload(uploaded: bytes, terms: UploadTerms, *, trust: TrustStore | None, at: datetime) -> Brought:
    """Say which signature a brought file adds, or refuse it.

    Refuses (`signing.upload.…`): other-file, incomplete, unreadable, not-signed, several-signatures, changed,
    number-changed, covers-text, locks-file, wrong-certificate, wrong-role, not-sound.
    """
    _require_same_beginning(uploaded, terms.served)
    try:
        served, brought = _open(terms.served), _open(uploaded)
        new = _only_new_signature(served, brought)
        _require_open_end(new, terms.method)
        _require_unlocked(brought, new)
        _require_nothing_else(served, brought)
        _require_free_place(uploaded, brought, new, terms)
        certificate = new.embedded.signer_cert
    except UploadRefused:
        raise
    except Exception as error:  # parsers raise anything on hostile input (signing.md §3)
        raise UploadRefused("signing.upload.unreadable") from error
    _require_certificate(certificate, terms)
    return _sound(uploaded, new.embedded.field_name, terms, trust=trust, at=at)


def _require_same_beginning(uploaded: bytes, served: bytes) -> None:
    if not uploaded.startswith(served):
        raise UploadRefused(
            "signing.upload.incomplete" if served.startswith(uploaded) else "signing.upload.other-file"
        )
    if uploaded == served:
        raise UploadRefused("signing.upload.not-signed")
    if not uploaded.rstrip(b"\r\n\t \x00").endswith(b"%%EOF"):
        raise UploadRefused("signing.upload.incomplete")


def _open(pdf: bytes) -> PdfFileReader:
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    if reader.encrypted:
        raise UploadRefused("signing.upload.unreadable")
    return reader


def _only_new_signature(served: PdfFileReader, brought: PdfFileReader) -> _NewSignature:
    before = {str(name): value for name, value, _ in enumerate_sig_fields(served)}
    after = {str(name): (value, place) for name, value, place in enumerate_sig_fields(brought)}
    new = [name for name, (value, _) in after.items() if value is not None and before.get(name) is None]
    if not new:
        raise UploadRefused("signing.upload.not-signed")
    if len(new) > 1:
        raise UploadRefused("signing.upload.several-signatures")
    if after.keys() - before.keys() - set(new) or before.keys() - after.keys():
        raise UploadRefused("signing.upload.changed")
    place = after[new[0]][1]
    if not isinstance(place.get_object().raw_get("/V"), IndirectObject):
        raise UploadRefused("signing.upload.unreadable")
    embedded = EmbeddedPdfSignature(brought, place, new[0])
    if embedded.sig_object_type == "/DocTimeStamp":
        raise UploadRefused("signing.upload.not-signed")
    if embedded.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
        raise UploadRefused("signing.upload.changed")
    return _NewSignature(place.get_object(), embedded)


def _require_nothing_else(served: PdfFileReader, brought: PdfFileReader) -> None:
    """Everything a reader reaches is as it was served but one signature field; number and date count as locked."""
    if _number_and_date(served) != _number_and_date(brought):
        raise UploadRefused("signing.upload.number-changed")
    try:
        Review(served, brought, is_locked=lambda name: name in FIELD_NAMES).run()
    except ChangedAfterSigning as error:
        raise UploadRefused("signing.upload.changed") from error
    if not compare_dicts(_info(served), _info(brought), _AGENTS_OWN_INFO, raise_exc=False):
        raise UploadRefused("signing.upload.changed")


def _info(reader: PdfFileReader) -> DictionaryObject:
    info = _at(reader.trailer_view, "/Info", None)
    return info if isinstance(info, DictionaryObject) else DictionaryObject()


def _number_and_date(reader: PdfFileReader) -> dict[str, tuple[str, ...]]:
    """Value, place and picture of our two fields, in a form that two readers agree on."""
    return {
        name: tuple(_spelled(_at(node, key, None)) for key in ("/V", "/Rect", "/AP", "/Ff", "/F", "/DA"))
        for name, node in _text_fields(reader)
    }


def _text_fields(reader: PdfFileReader) -> Iterator[tuple[str, Any]]:
    for item in _at(_at(reader.root, "/AcroForm", {}), "/Fields", ()):
        node = item.get_object()
        if str(_at(node, "/T", "")) in FIELD_NAMES:
            yield str(node["/T"]), node


def _at(node: Any, key: str, otherwise: Any) -> Any:
    """An entry of a dictionary, followed to the object it refers to; the library's `get` follows nothing."""
    return node[key] if key in node else otherwise  # noqa: SIM401


def _spelled(value: Any) -> str:
    if isinstance(value, DictionaryObject) and "/N" in value:
        return f"{value['/N'].data!r}"
    return repr(value)


def _widgets(node: Any) -> list[Any]:
    kids = [kid.get_object() for kid in _at(node, "/Kids", ())]
    return [node, *kids]


def _require_free_place(
    uploaded: bytes, brought: PdfFileReader, new: _NewSignature, terms: UploadTerms
) -> None:
    """The appearance stands where nothing else is; beside earlier signatures `verify_pdf` judges the seal's place."""
    shown = [(page, rect) for page, rect in _places(brought, new.field) if rect[0] < rect[2]]
    for _name, node in _text_fields(brought):
        for page, rect in _places(brought, node):
            if any(page == other and _meet(_inset(seal), rect) for other, seal in shown):
                raise UploadRefused("signing.upload.number-changed")
    is_first = not list(enumerate_sig_fields(_open(terms.served), filled_status=True))
    if is_first and _hides_text(uploaded, shown, terms.place):
        raise UploadRefused("signing.upload.covers-text")


def _places(reader: PdfFileReader, node: Any) -> Iterator[tuple[int, Rect]]:
    """(page, rectangle) of each widget of a field."""
    wanted = {_id_of(widget) for widget in _widgets(node)}
    for index in range(int(reader.root["/Pages"]["/Count"])):
        page = reader.find_page_for_modification(index)[0].get_object()
        for raw in _at(page, "/Annots", ()):
            widget = raw.get_object()
            if _id_of(widget) in wanted:
                x0, y0, x1, y1 = (float(value) for value in _at(widget, "/Rect", (0, 0, 0, 0)))
                yield index, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _id_of(node: Any) -> object:
    """What tells one object of a file from another: its number, or the object itself when it has none."""
    reference = getattr(node, "container_ref", None)
    return getattr(reference, "idnum", None) or id(node)


def _inset(rect: Rect) -> Rect:
    return rect[0] + _INSET, rect[1] + _INSET, rect[2] - _INSET, rect[3] - _INSET


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _hides_text(pdf: bytes, shown: Sequence[tuple[int, Rect]], place: tuple[float, ...]) -> bool:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return any(_hides(document, page, _inset(rect), place) for page, rect in shown)
    finally:
        document.close()


def _hides(document: Any, page: int, rect: Rect, place: tuple[float, ...]) -> bool:
    """Whether letters lie below that are neither the signer's office nor the name around the expected place."""
    sheet = document[page]
    text = sheet.get_textpage()
    try:
        hidden = _letters(text, rect)
        if hidden and place and int(place[0]) % len(document) == page:
            left, below, right, above = _AROUND
            x0, y0, x1, y1 = place[1:]
            hidden -= _letters(text, _common(rect, (x0 - left, y0 - below, x1 + right, y1 + above)))
        return hidden > 0
    finally:
        text.close()
        sheet.close()


def _common(one: Rect, other: Rect) -> Rect:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _letters(text: Any, rect: Rect) -> int:
    if rect[0] >= rect[2] or rect[1] >= rect[3]:
        return 0
    return len("".join(text.get_text_bounded(*rect).split()))


def _require_open_end(new: _NewSignature, method: Method) -> None:
    """A certification forbids what must follow; a leader's lock would close number and date before they are given."""
    if new.embedded.docmdp_level is not None:
        raise UploadRefused("signing.upload.locks-file")
    lock = new.embedded.fieldmdp
    if method is Method.APPROVED and lock is not None and any(lock.is_locked(name) for name in FIELD_NAMES):
        raise UploadRefused("signing.upload.locks-file")


def _require_unlocked(brought: PdfFileReader, new: _NewSignature) -> None:
    """A sender's seal may lock its file: a signature after it would make the seal look broken."""
    name = new.embedded.field_name
    locks = [item.fieldmdp for item in brought.embedded_signatures if item.field_name != name]
    if any(lock is not None and lock.is_locked(name) for lock in locks):
        raise UploadRefused("signing.upload.sealed-shut")


def _require_certificate(certificate: x509.Certificate, terms: UploadTerms) -> None:
    if certificate.dump() != terms.certificate:
        signer = identity_of(certificate)
        raise UploadRefused(
            "signing.upload.wrong-certificate",
            signer=(signer.name or signer.organisation or signer.serial)[:120],
            owner=terms.owner,
        )


def _sound(
    uploaded: bytes, field_name: str, terms: UploadTerms, *, trust: TrustStore | None, at: datetime
) -> Brought:
    """Judge the new signature as `vanthu verify` does, and that it has not hurt an earlier one."""
    verdict = verify_pdf(uploaded, trust=trust, at=at)
    findings = {finding.field: finding for finding in verdict.signatures}
    for name, earlier in findings.items():
        if name != field_name:
            _require_unhurt(earlier)
    finding = findings.get(field_name)
    if finding is None:
        raise UploadRefused("signing.upload.unreadable")
    if finding.verdict not in SOUND:
        reasons = [REASON_TEXT.get(code, code) for code in finding.reasons]
        raise UploadRefused("signing.upload.not-sound", why=" ".join(reasons) or finding.verdict)
    if finding.kind not in set(ROLES[terms.method]):
        raise UploadRefused("signing.upload.wrong-role")
    return Brought(field_name, SignatureKind(finding.kind), finding.signer.name, finding.signer.serial)


def _require_unhurt(finding: SignatureFinding) -> None:
    if "modification.covers-text" in finding.reasons:
        raise UploadRefused("signing.upload.covers-text")
    if finding.modification == "other" or "modification.disallowed" in finding.reasons:
        raise UploadRefused("signing.upload.changed")
