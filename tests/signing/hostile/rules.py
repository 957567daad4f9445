"""One switch for each rule: what the verifier would say without it, to show that the rule decides."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import DictionaryObject, NullObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.sign.validation.utils import extract_message_digest
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from vanthu.signing import validation
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.validation import (
    allowed,
    checks,
    comparison,
    content,
    embedded,
    fields,
    foreign,
    readings,
    signature,
)

Patch = pytest.MonkeyPatch
Switch = Callable[[Patch], None]
Signature = embedded.PdfSignature
Review = allowed.Review


def _nothing(*_: object, **__: object) -> Any:
    return None


def _digest(patch: Patch) -> None:
    """Believe that the content is the one that was signed, wherever the byte range points."""
    patch.setattr(
        EmbeddedPdfSignature, "compute_digest", lambda self, *_: extract_message_digest(self.signer_info)
    )
    patch.setattr(Signature, "_fills_gap", lambda *_: True)
    patch.setattr(embedded, "_is_sound_range", lambda *_: True)
    patch.setattr(Signature, "end", property(lambda self: len(self.reader.stream.getvalue())))

    async def imprint(*_: object, **__: object) -> dict[str, Any]:
        return stamp_status

    stamp_status = _good_stamp()
    patch.setattr("pyhanko.sign.validation.generic_cms.validate_tst_signed_data", imprint)


def _good_stamp() -> dict[str, Any]:
    from tests.signing.hostile.material import NOW, signer

    return {
        "intact": True,
        "valid": True,
        "signing_cert": signer("tsa", "Dịch vụ dấu thời gian thử").certificate,
        "timestamp": NOW,
        "md_algorithm": "sha256",
        "pkcs7_signature_mechanism": "rsassa_pkcs1v15",
        "trust_problem_indic": None,
        "validation_path": None,
        "revocation_details": None,
        "error_time_horizon": None,
        "validation_time": NOW,
        "qualification_result": None,
    }


def _sound_range(patch: Patch) -> None:
    patch.setattr(embedded, "_is_sound_range", lambda *_: True)
    patch.setattr(Signature, "_fills_gap", lambda *_: True)  # it counts on a sound range


def _value(patch: Patch) -> None:
    patch.setattr(foreign.LenientAttributeOrder, "validate_signature", _nothing)


def _comparison(patch: Patch) -> None:
    """Let everything through that no rule of `allowed` looks at."""
    patch.setattr(comparison.Comparison, "_compare", _nothing)
    patch.setattr(allowed, "_differs", lambda *_: False)


def _meaning(patch: Patch) -> None:
    """The library's own analysis of differences: object numbers and bookkeeping instead of meaning."""

    def evaluate(self: Signature, _: object) -> Any:
        return DEFAULT_DIFF_POLICY.review_file(
            self.reader, self.signed_revision, self.fieldmdp, self.docmdp_level
        )

    def guarded(self: Signature, policy: object) -> Any:
        try:
            return evaluate(self, policy)
        except Exception as error:
            return embedded.SuspiciousModification(str(error))

    patch.setattr(Signature, "evaluate_modifications", guarded)


def _signed_document(patch: Patch) -> None:
    patch.setattr(Signature, "evaluate_signature_coverage", EmbeddedPdfSignature.evaluate_signature_coverage)


def _strict(patch: Patch) -> None:
    def opened(data: bytes) -> PdfFileReader:
        return PdfFileReader(BytesIO(data), strict=True)

    def enforced(self: Signature, *rest: Any) -> None:
        self._enforce_hybrid_xref_policy()
        original(self, *rest)

    original = Signature.compute_integrity_info
    patch.setattr(validation, "open_pdf", opened)
    patch.setattr(Signature, "compute_integrity_info", enforced)


def _no_boundary(patch: Patch) -> None:
    """An odd signature ends the check of the whole file, as it does in the library."""

    async def judge_field(reader: PdfFileReader, name: str, field: DictionaryObject, court: Any) -> Any:
        found = Signature(reader, field, name)
        return await signature.judge(found, court), validation._seen(found)

    patch.setattr(validation, "_judge_field", judge_field)


def _no_file_boundary(patch: Patch) -> None:
    def refuse(*_: object, **__: object) -> Any:
        raise ValueError("the exception goes on")

    patch.setattr(validation, "unreadable", refuse)


def _nothing_is_mended(patch: Patch) -> None:
    def refuse(_: bytes) -> Any:
        raise ValueError("the references are broken")

    patch.setattr(validation, "rebuilt", refuse)


def _library_fields(patch: Patch) -> None:
    def walk(reader: PdfFileReader) -> list[tuple[str, DictionaryObject]]:
        found = enumerate_sig_fields(reader, filled_status=True)
        return [(str(name), field.get_object()) for name, _, field in found]

    patch.setattr(validation, "signature_fields", walk)


def _library_gap(patch: Patch) -> None:
    def exact(self: Signature, data: bytes) -> bool:
        gap = data[int(self.byte_range[1]) : int(self.byte_range[2])]
        return bool(re.fullmatch(rb"<[0-9a-f]*>", gap)) and len(gap) == len(self.pkcs7_content) * 2 + 2

    patch.setattr(Signature, "_fills_gap", exact)


def _old_formats(patch: Patch) -> None:
    patch.setattr(foreign.OldSignature, "holds", lambda _: True)
    patch.setattr(content.Grounds, "add", _add_unless("algorithm.weak"))
    patch.setattr(
        signature, "worst", lambda verdicts: max([Verdict.INTACT, *verdicts], key=list(Verdict).index)
    )


def _add_unless(left_out: str) -> Callable[..., None]:
    original = content.Grounds.add

    def add(self: Any, verdict: Verdict, reason: str) -> None:
        if reason != left_out:
            original(self, verdict, reason)

    return add


def _without_reason(reason: str) -> Switch:
    def switch(patch: Patch) -> None:
        patch.setattr(content.Grounds, "add", _add_unless(reason))

    return switch


def _no_certificate_needed(patch: Patch) -> None:
    patch.setattr(
        signature,
        "judge_without_certificate",
        lambda found: content.broken(found.field_name, Verdict.INTACT, ""),
    )


def _types_as_written(patch: Patch) -> None:
    patch.setattr(Signature, "sig_object_type", EmbeddedPdfSignature.sig_object_type)


def _bad_token_harms(patch: Patch) -> None:
    patch.setattr(signature, "SignatureValidationError", KeyboardInterrupt)


def _any_element(patch: Patch) -> None:
    def is_extra(self: Review, stored: Any) -> bool:
        return isinstance(self.sides.new(stored), DictionaryObject) and self.sides.is_new(stored.reference)

    patch.setattr(Review, "_is_element_of_own_field", is_extra)


def _own_axis(patch: Patch) -> None:
    """An exception of the comparison spoils the signature instead of one axis of it."""

    def evaluate(self: Signature, _: object) -> Any:
        if self.coverage is SignatureCoverageLevel.ENTIRE_FILE:
            return DiffResult(ModificationLevel.NONE, set())
        signed = self._signed_version(self.reader.stream.getvalue())
        assert signed is not None
        return DiffResult(Review(signed, self.reader).run(), set())

    patch.setattr(Signature, "evaluate_modifications", evaluate)


def _recursive(patch: Patch) -> None:
    def descend(self: comparison.Comparison, value: Any, where: str) -> None:
        raise RecursionError(where)

    patch.setattr(comparison.Comparison, "_descend", descend)
    patch.setattr(comparison.Comparison, "_compare_values", descend)


def _font_turns_up(patch: Patch) -> None:
    """Judge the form as if it were not drawn by the reader, before the signature or after it."""
    patch.setattr(allowed, "_is_true", lambda _: False)


def _set(target: object, name: str, value: object) -> Switch:
    return lambda patch: patch.setattr(target, name, value)


SWITCHES: Mapping[str, Switch] = {
    "digest": _digest,
    "value": _value,
    "gap": _set(Signature, "_fills_gap", lambda *_: True),
    "sound-range": _sound_range,
    "gap-is-read-as-written": _library_gap,
    "comparison": _comparison,
    "meaning-not-bookkeeping": _meaning,
    "signed-bytes-are-a-document": _signed_document,
    "not-strict": _strict,
    "boundary-of-the-signature": _no_boundary,
    "boundary-of-the-file": _no_file_boundary,
    "own-walk-of-fields": _library_fields,
    "page-widgets": _set(fields, "_page_widgets", lambda _: ()),
    "direct-value": _set(embedded, "with_reference", lambda _, field: field),
    "names-of-algorithms": _set(signature, "understand_algorithms", _nothing),
    "names-without-sizes": _set(readings, "_ONE_SIZE", frozenset()),
    "order-of-attributes": _set(signature, "LenientAttributeOrder", DefaultSignatureValidator),
    "weak-algorithms": _without_reason("algorithm.weak"),
    "old-formats": _old_formats,
    "certificate-needed": _no_certificate_needed,
    "empty-password": _set(validation, "_opens_without_password", lambda _: False),
    "a-stamp-by-its-format": _types_as_written,
    "a-bad-token-does-not-harm": _bad_token_harms,
    "a-broken-token-is-named": _without_reason("time.timestamp-broken"),
    "structure-may-grow": _set(Review, "_is_element_of_own_field", lambda *_: False),
    "structure-only-of-fields": _any_element,
    "bytes-after-the-end": _set(validation, "has_bytes_after_end", lambda *_: False),
    "empty-lines-are-nothing": _set(
        validation, "has_bytes_after_end", lambda data, seen: max(item.end for item in seen) < len(data)
    ),
    "annotations-stay": _set(Review, "_annotations", _nothing),
    "fields-are-not-redrawn": _set(allowed, "_is_true", lambda _: False),
    "fonts-of-the-form-stay": _set(Review, "_grown", _nothing),
    "visible-after-certifying": lambda patch: patch.setattr(
        Review, "__init__", _always_visible(Review.__init__)
    ),
    "permissions": _set(Signature, "docmdp_level", None),
    "empty-fields-show-nothing": _set(Review, "_draws", lambda *_: False),
    "archive-keys": _set(allowed, "ARCHIVE_KEYS", frozenset()),
    "locks": _set(Signature, "fieldmdp", None),
    "signatures-are-new-objects": _set(Review, "_require_new_value", _nothing),
    "signatures-are-not-torn-out": _set(allowed, "_holds_signature", lambda _, __, value: bool(value)),
    "covers": _set(validation, "covered_revisions", lambda *_: set()),
    "new-fields": _set(allowed, "ACTING_KEYS", frozenset({"/T"})),
    "pages-stay": _set(Review, "_page_kids", _nothing),
    "fields-stay": _set(Review, "_fields", _nothing),
    "acting-fields": _set(allowed, "ACTING_KEYS", frozenset()),
    "places-of-forms": _set(checks, "_is_more_than_a_label", bool),
    "no-font-turns-up": _font_turns_up,
    "explicit-stack": _recursive,
    "own-axis": _own_axis,
    "signatures-are-never-encrypted": _set(
        comparison, "raw", lambda holder, key: holder.raw_get(key) if key in holder else NullObject()
    ),
    "the-key-stays": _set(allowed, "require_same_encryption", _nothing),
    "range-in-an-object-of-its-own": _set(embedded, "_at_hand", lambda value: value),
    "mended": _nothing_is_mended,
    "mended-is-believed-less": _set(validation, "_as_rebuilt", lambda finding: finding),
    "only-what-holds-is-mended": _set(validation, "_holds", lambda _: True),
    "bytes-before-the-start": _set(validation, "_preceded", lambda verdict, _: verdict),
    "nothing-is-unsigned": _set(validation, "worst", lambda verdicts: max([Verdict.INTACT, *verdicts])),
}


def _always_visible(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Review, *sides: Any, **named: Any) -> None:
        original(self, *sides, **(named | {"may_add_visible": True}))

    return init
