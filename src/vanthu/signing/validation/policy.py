"""What may happen to a file after a signature: other signatures, archive data, number and date; nothing else.

Norm: decision D22; NĐ30 Đ.14–15 (number and date are given after the competent person has signed).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyhanko.pdf_utils.generic import (
    DictionaryObject,
    IndirectObject,
    Reference,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.commons import compare_dicts
from pyhanko.sign.diff_analysis.form_rules_api import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FieldMDPRule,
    FormUpdate,
)

from vanthu.signing.field_text import (
    FIELD_NAMES,
    MAX_TEXT,
    FieldFont,
    FieldGrammarError,
    TextRun,
    default_appearance,
    parse_content,
    read_font,
)

_LTA: Final = ModificationLevel.LTA_UPDATES
_READ_ONLY: Final = 1
_CHANGED_KEYS: Final = frozenset({"/V", "/AP", "/Ff"})
_STREAM_KEYS: Final = frozenset(
    {"/Type", "/Subtype", "/FormType", "/BBox", "/Resources", "/Length", "/Filter", "/DecodeParms"}
)
_TOLERANCE: Final = 0.02  # points: boxes are written with two decimals
_CAP_HEIGHT: Final = 0.66  # of the font size; Vietnamese accents above it are clipped by the box, not spread


class NumberAndDateRule(FieldMDPRule):
    """Lets exactly the two fields of D22 be filled once, by grammar; no renderer is asked."""

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        for name in FIELD_NAMES:
            spec = context.field_specs.get(name)
            if spec is None or spec.field_type != "/Tx" or not (spec.old_field_ref and spec.new_field_ref):
                continue
            if compare_dicts(spec.old_field, spec.new_field, raise_exc=False):
                continue
            try:
                yield from _approved(name, spec, context)
            except (FieldGrammarError, KeyError, AttributeError, IndexError, TypeError, ValueError) as error:
                raise SuspiciousModification(f"Field {name} is not filled by the rules: {error}") from error


def _approved(
    name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
) -> Iterator[tuple[ModificationLevel, FormUpdate]]:
    old, new = spec.old_field, spec.new_field
    assert old is not None
    assert new is not None
    assert spec.new_field_ref is not None
    compare_dicts(old, new, _CHANGED_KEYS)
    if "/V" not in new:
        raise FieldGrammarError("changed without being filled")
    if str(old.get("/V", "")) or int(old.get("/Ff", 0)) & _READ_ONLY:
        raise FieldGrammarError("it was not empty and open when the document was signed")
    if int(new.get("/Ff", 0)) != int(old.get("/Ff", 0)) | _READ_ONLY:
        raise FieldGrammarError("it is not read-only afterwards")
    appearance = _appearance(new, context.old)
    _check_stream(appearance.get_object(), old, new, context.old)
    level = ModificationLevel.FORM_FILLING
    yield level, FormUpdate(updated_ref=appearance.reference, field_name=name)
    for place in spec.expected_contexts():
        yield level, FormUpdate(updated_ref=spec.new_field_ref, field_name=name, context_checked=place)


def _appearance(new: DictionaryObject, signed: HistoricalResolver) -> IndirectObject:
    """The new appearance: one fresh stream, no states, nothing that existed when the document was signed."""
    appearances = new.raw_get("/AP")
    if not isinstance(appearances, DictionaryObject) or set(appearances) != {"/N"}:
        raise FieldGrammarError("the appearance dictionary holds more than one normal appearance")
    reference = appearances.raw_get("/N")
    if not isinstance(reference, IndirectObject) or not signed.is_ref_unassignable(reference.reference):
        raise FieldGrammarError("the appearance is not a new object")
    return reference


def _check_stream(
    stream: Any, old: DictionaryObject, new: DictionaryObject, signed: HistoricalResolver
) -> None:
    if not isinstance(stream, StreamObject) or not set(stream) <= _STREAM_KEYS:
        raise FieldGrammarError("the appearance has entries that the grammar does not know")
    width, height = _field_size(old)
    box = [float(value) for value in stream["/BBox"]]
    if any(abs(a - b) > _TOLERANCE for a, b in zip(box, (0.0, 0.0, width, height), strict=True)):
        raise FieldGrammarError("the appearance is not exactly the field's box")
    run = parse_content(stream.data)
    if (run.font_name, run.size) != default_appearance(str(old["/DA"])):
        raise FieldGrammarError("another font or size than the signed document prescribes")
    font = _signed_font(run.font_name, stream, signed)
    _check_run(run, font, width, height)
    _check_value(new.raw_get("/V"), font.decode(run.codes))


def _field_size(field: DictionaryObject) -> tuple[float, float]:
    x0, y0, x1, y1 = (float(value) for value in field["/Rect"])
    return abs(x1 - x0), abs(y1 - y0)


def _signed_font(name: str, stream: StreamObject, signed: HistoricalResolver) -> FieldFont:
    """The font must be the very object that the signed revision holds under this name."""
    prescribed: Reference = signed.root["/AcroForm"]["/DR"]["/Font"].raw_get(name).reference
    resources = stream.raw_get("/Resources")
    fonts = resources.raw_get("/Font")
    if set(resources) != {"/Font"} or set(fonts) != {name} or fonts.raw_get(name).reference != prescribed:
        raise FieldGrammarError("the appearance uses a font that the signed document does not hold")
    return read_font(signed(prescribed))


def _check_run(run: TextRun, font: FieldFont, width: float, height: float) -> None:
    end = run.x + font.width(run.codes) * run.size / 1000
    if end > width + _TOLERANCE or run.y + _CAP_HEIGHT * run.size > height + _TOLERANCE:
        raise FieldGrammarError("the text leaves the field's box")


def _check_value(value: Any, shown: str) -> None:
    if not isinstance(value, TextStringObject) or not value.strip() or len(value) > MAX_TEXT:
        raise FieldGrammarError("the value is not a short text")
    if str(value) != shown:
        raise FieldGrammarError("what is shown is not the field's value")


class _StrictFormRule(FormUpdatingRule):
    """Keeps the form's fonts as signed: pyHanko lets `/DR` grow, and a viewer may redraw from it."""

    def apply(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        for name in _field_fonts(old):
            if _font_entry(old, name) != _font_entry(new, name):
                raise SuspiciousModification(f"The form's font {name} has been exchanged")
        yield from super().apply(old, new)


def _field_fonts(revision: HistoricalResolver) -> list[str]:
    try:
        return list(revision.root["/AcroForm"]["/DR"]["/Font"])
    except (KeyError, TypeError):
        return []


def _font_entry(revision: HistoricalResolver, name: str) -> Any:
    try:
        entry = revision.root["/AcroForm"]["/DR"]["/Font"].raw_get(name)
    except (KeyError, TypeError):
        return None
    return entry.reference if isinstance(entry, IndirectObject) else entry


# pyHanko's own policy lets any text field be refilled, which is the "replace" shadow attack; ours leaves
# that rule out. Freed objects are tolerated because iText frees some, unless nothing else explains them.
AFTER_SIGNING: Final = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        DocInfoRule().as_qualified(_LTA),
        XrefStreamRule().as_qualified(_LTA),
        ObjectStreamRule().as_qualified(_LTA),
        DSSCompareRule().as_qualified(_LTA),
        MetadataUpdateRule().as_qualified(_LTA),
    ],
    form_rule=_StrictFormRule(
        field_rules=[
            SigFieldCreationRule(allow_new_visible_after_certify=True),
            SigFieldModificationRule(),
            NumberAndDateRule(),
        ]
    ),
    reject_object_freeing=False,
)
