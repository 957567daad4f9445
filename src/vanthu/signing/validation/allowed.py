"""What may differ between the signed version of a document and the present one, and at which level.

Later signatures in fields of their own, the filling of an empty signature field, archive data (DSS, document
time stamps), the metadata stream, number and date (D22). Nothing else: what no rule names has to be alike.

Norm: decision D22; NĐ30 Đ.14–15 (number and date are given after the competent person has signed).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel

from vanthu.signing.field_text import FIELD_NAMES, FieldGrammarError
from vanthu.signing.validation.comparison import (
    ChangedAfterSigning,
    Comparison,
    entry,
    raw,
    require_same_encryption,
)
from vanthu.signing.validation.number_and_date import check_number_or_date

ARCHIVE_KEYS: Final = frozenset({"/DSS", "/Metadata", "/Extensions", "/Version", "/MarkInfo"})
"""Of the catalog: not drawn, or drawn by nobody. The metadata of a document are no part of its picture."""
PAGE_KEYS: Final = frozenset({"/Annots", "/Kids", "/Tabs", "/StructParents", "/LastModified"})
"""Of pages and page tree nodes: judged by a rule here, or bookkeeping of the writing program."""
FORM_KEYS: Final = frozenset({"/Fields", "/SigFlags", "/DR", "/DA", "/Q", "/NeedAppearances"})
FILLED_KEYS: Final = frozenset({"/V", "/AP", "/AS", "/F", "/Ff", "/DA", "/Q", "/M", "/Type", "/MK"})
"""Of an empty signature field that is being signed. `/Rect` and actions are not among them."""
ACTING_KEYS: Final = frozenset({"/A", "/AA", "/AF", "/OC", "/Popup", "/RV"})
"""Of a signature field: what makes it act, or come and go; such a field may not be added or signed later."""
_HIDING: Final = 1 | 2 | 32  # invisible, hidden, no view
_NOTHING_DRAWN: Final = frozenset({b"q", b"Q", b"BMC", b"EMC", b"/Tx"})
_MAX_KIDS: Final = 20_000
_MAX_DEPTH: Final = 60

_LTA: Final = ModificationLevel.LTA_UPDATES
_FORM: Final = ModificationLevel.FORM_FILLING

_Field = tuple[Any, DictionaryObject]
"""A field as stored in its list, and resolved."""


class Review:
    """One comparison with all its rules; `level` grows as changes of a higher level are met."""

    def __init__(
        self,
        signed: PdfFileReader,
        present: PdfFileReader,
        *,
        is_locked: Callable[[str], bool] = lambda _: False,
        certified: bool = False,
        may_add_visible: bool = True,
    ) -> None:
        self.sides = Comparison(signed, present)
        self.level = _LTA
        self._is_locked = is_locked
        self._may_add_visible = may_add_visible or not certified
        self._own_widgets: set[tuple[int, int]] = set()
        self._being_signed: set[str] = set()

    def run(self) -> ModificationLevel:
        """Return the highest level of what has changed; raises ChangedAfterSigning."""
        sides = self.sides
        old, new = sides.signed.root, sides.present.root
        sides.settle(_root(sides.signed), _root(sides.present))
        require_same_encryption(sides)
        self._archive(old, new)
        self._form(sides.old(raw(old, "/AcroForm")), sides.new(raw(new, "/AcroForm")))
        self._pages(raw(old, "/Pages"), raw(new, "/Pages"), depth=0)
        self._structure(raw(old, "/StructTreeRoot"), raw(new, "/StructTreeRoot"))
        judged = ARCHIVE_KEYS | {"/AcroForm", "/Pages", "/StructTreeRoot"}
        sides.require_entries(old, new, "/Root", but=judged)
        sides.run()
        return self.level

    def _archive(self, old: DictionaryObject, new: DictionaryObject) -> None:
        """Archive data may come, go and be rewritten, dangling references included: nobody draws them."""
        if "/Metadata" in old and not isinstance(self.sides.new(raw(new, "/Metadata")), StreamObject):
            raise ChangedAfterSigning("/Metadata was taken away")

    # --- the form -------------------------------------------------------------------------------------

    def _form(self, old: Any, new: Any) -> None:
        old = old if isinstance(old, DictionaryObject) else DictionaryObject()
        if not isinstance(new, DictionaryObject):
            if old:
                raise ChangedAfterSigning("/AcroForm was taken away")
            return
        self.sides.require_entries(old, new, "/AcroForm", but=FORM_KEYS)
        self._form_defaults(old, new)
        self._fields(raw(old, "/Fields"), raw(new, "/Fields"), "", None, depth=0)

    def _form_defaults(self, old: DictionaryObject, new: DictionaryObject) -> None:
        """Fonts may be added, none exchanged; nothing may make a reader draw the fields anew."""
        for key in ("/DA", "/Q"):
            if key in old:
                self.sides.require(raw(old, key), raw(new, key), f"/AcroForm{key}")
        redrawn = _is_true(self.sides.old(raw(old, "/NeedAppearances")))
        if _is_true(self.sides.new(raw(new, "/NeedAppearances"))) and not redrawn:
            raise ChangedAfterSigning("/NeedAppearances: readers would draw the fields anew")
        old_resources = self.sides.old(raw(old, "/DR"))
        new_resources = self.sides.new(raw(new, "/DR"))
        if redrawn:
            # Readers draw these fields themselves: a font that was missing must not turn up.
            self.sides.require(old_resources, new_resources, "/DR")
        elif isinstance(old_resources, DictionaryObject):
            self._grown(old_resources, new_resources, "/DR", deeper=True)

    def _grown(self, old: DictionaryObject, new: Any, where: str, *, deeper: bool) -> None:
        if not isinstance(new, DictionaryObject):
            raise ChangedAfterSigning(f"{where} was taken away")
        for key in old:
            inner = self.sides.old(raw(old, key))
            if deeper and isinstance(inner, DictionaryObject) and not isinstance(inner, StreamObject):
                self._grown(inner, self.sides.new(raw(new, key)), f"{where}{key}", deeper=False)
            else:
                self.sides.require(raw(old, key), raw(new, key), f"{where}{key}")

    def _fields(self, old: Any, new: Any, above: str, kind: Any, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ChangedAfterSigning("fields nest too deep")
        before = self._named(self.sides.old(old), self.sides.old, above)
        after = self._named(self.sides.new(new), self.sides.new, above)
        for name in before:
            if name not in after:
                raise ChangedAfterSigning(f"field {name} was taken away")
        for name, (stored, field) in after.items():
            if name in before:
                self._field(name, before[name], (stored, field), kind, depth)
            else:
                self._new_field(name, field, stored, kind)

    def _named(self, array: Any, resolve: Callable[[Any], Any], above: str) -> Mapping[str, _Field]:
        """Fields by full name; widgets without a name, and names given twice, by their place."""
        named: dict[str, _Field] = {}
        if not isinstance(array, ArrayObject) or len(array) > _MAX_KIDS:
            return named
        for index in range(len(array)):
            stored = array.raw_get(index)
            field = resolve(stored)
            if not isinstance(field, DictionaryObject):
                continue
            part = str(field["/T"]) if "/T" in field else f"#{index}"
            name = f"{above}.{part}" if above else part
            if name in named:
                name = f"{name}#{index}"
            named[name] = (stored, field)
        return named

    def _field(self, name: str, before: _Field, after: _Field, kind: Any, depth: int) -> None:
        (old_stored, old), (new_stored, new) = before, after
        if not self.sides.settle(old_stored, new_stored):
            return
        kind = entry(old, "/FT", kind)
        judged = {"/Kids"}
        if kind == "/Sig":
            judged |= self._signature_field(name, old, new)
        elif kind == "/Tx" and name in FIELD_NAMES and _differs(old, new):
            judged |= self._number_or_date(name, old, new)
        self.sides.require_entries(old, new, name, but=judged)
        self._fields(raw(old, "/Kids"), raw(new, "/Kids"), name, kind, depth + 1)

    def _signature_field(self, name: str, old: DictionaryObject, new: DictionaryObject) -> set[str]:
        """An empty field may be signed, once; some programs tidy the flags of signed ones."""
        self._require_still_shown(name, old, new)
        value = self.sides.new(raw(new, "/V"))
        if "/T" not in old and name.rpartition(".")[0] in self._being_signed:
            return set(FILLED_KEYS) - {"/V"}  # the widget of a field that is being signed
        if "/V" in old or not _holds_signature(name, new, value):
            return {"/F", "/Ff"}
        self._require_new_value(name, raw(new, "/V"))
        self._note_signing(name, new, value)
        self._being_signed.add(name)
        return set(FILLED_KEYS) | (set(new) - set(old) - ACTING_KEYS)

    def _require_still_shown(self, name: str, old: DictionaryObject, new: DictionaryObject) -> None:
        if (_number(entry(old, "/F")) ^ _number(entry(new, "/F"))) & _HIDING:
            raise ChangedAfterSigning(f"field {name} was hidden or shown")

    def _require_new_value(self, name: str, stored: Any) -> None:
        if isinstance(stored, IndirectObject) and not self.sides.is_new(stored.reference):
            raise ChangedAfterSigning(f"field {name} takes an older object for its signature")

    def _note_signing(self, name: str, field: DictionaryObject, value: Any) -> None:
        is_stamp = entry(value, "/Type") == "/DocTimeStamp" or entry(value, "/SubFilter") == "/ETSI.RFC3161"
        if is_stamp and not _is_visible(field):
            return
        if self._is_locked(name):
            raise ChangedAfterSigning(f"field {name} is locked by the signature")
        self.level = max(self.level, _FORM)

    def _number_or_date(self, name: str, old: DictionaryObject, new: DictionaryObject) -> set[str]:
        """D22, by its grammar."""
        if self._is_locked(name):
            raise ChangedAfterSigning(f"field {name} is locked by the signature")
        try:
            changed = check_number_or_date(old, new, self.sides.signed)
        except (FieldGrammarError, KeyError, AttributeError, IndexError, TypeError, ValueError) as error:
            raise ChangedAfterSigning(f"field {name} is not filled by the rules: {error}") from error
        self.level = max(self.level, _FORM)
        return set(changed)

    def _new_field(self, name: str, field: DictionaryObject, stored: Any, kind: Any) -> None:
        """Only signature fields may be added: signed ones, or empty ones that show nothing."""
        if entry(field, "/FT", kind) != "/Sig":
            raise ChangedAfterSigning(f"field {name} was added")
        widgets = [(stored, field), *self._widgets_of(field)]
        for place, widget in widgets:
            if set(widget) & ACTING_KEYS:
                raise ChangedAfterSigning(f"field {name} was added with an action")
            if isinstance(place, IndirectObject):
                self._own_widgets.add((place.idnum, place.generation))
        visible = any(_is_visible(widget) for _, widget in widgets)
        if visible and not self._may_add_visible:
            raise ChangedAfterSigning(f"field {name} shows something after certification")
        value = self.sides.new(raw(field, "/V"))
        if _holds_signature(name, field, value):
            self._require_new_value(name, raw(field, "/V"))
            self._note_signing(name, field if not visible else _first_visible(widgets), value)
        elif any(self._draws(widget) for _, widget in widgets):
            raise ChangedAfterSigning(f"field {name} shows something without being signed")

    def _widgets_of(self, field: DictionaryObject) -> Iterator[_Field]:
        kids = self.sides.new(raw(field, "/Kids"))
        for index in range(min(len(kids), _MAX_KIDS) if isinstance(kids, ArrayObject) else 0):
            stored = kids.raw_get(index)
            widget = self.sides.new(stored)
            if not isinstance(widget, DictionaryObject) or "/T" in widget or "/Kids" in widget:
                raise ChangedAfterSigning("a signature field was added with fields below it")
            yield stored, widget

    def _draws(self, widget: DictionaryObject) -> bool:
        picture = self.sides.new(raw(widget, "/AP"))
        if not _is_visible(widget) or not isinstance(picture, DictionaryObject):
            return False
        stream = self.sides.new(raw(picture, "/N"))
        if not isinstance(stream, StreamObject):
            return "/N" in picture
        return not set(stream.data.split()) <= _NOTHING_DRAWN

    # --- pages and what lies on them ------------------------------------------------------------------

    def _pages(self, old_stored: Any, new_stored: Any, depth: int) -> None:
        if not self.sides.settle(old_stored, new_stored):
            return
        old, new = self.sides.old(old_stored), self.sides.new(new_stored)
        if not (isinstance(old, DictionaryObject) and isinstance(new, DictionaryObject)):
            raise ChangedAfterSigning("/Pages")
        if depth > _MAX_DEPTH:
            raise ChangedAfterSigning("pages nest too deep")
        self.sides.require_entries(old, new, "page", but=PAGE_KEYS)
        if "/Kids" in old or "/Kids" in new:
            self._page_kids(old, new, depth)
        else:
            self._annotations(raw(old, "/Annots"), raw(new, "/Annots"))

    def _page_kids(self, old: DictionaryObject, new: DictionaryObject, depth: int) -> None:
        old_kids, new_kids = self.sides.old(raw(old, "/Kids")), self.sides.new(raw(new, "/Kids"))
        if not (isinstance(old_kids, ArrayObject) and isinstance(new_kids, ArrayObject)):
            raise ChangedAfterSigning("/Kids")
        if len(old_kids) != len(new_kids):
            raise ChangedAfterSigning("pages were added or taken away")
        for index in range(len(old_kids)):
            self._pages(old_kids.raw_get(index), new_kids.raw_get(index), depth + 1)

    def _annotations(self, old_stored: Any, new_stored: Any) -> None:
        """All that lay on the page still does, in its order; only added signature fields come in."""
        old, new = self.sides.old(old_stored), self.sides.new(new_stored)
        earlier = [old.raw_get(index) for index in range(len(old))] if isinstance(old, ArrayObject) else []
        later = [new.raw_get(index) for index in range(len(new))] if isinstance(new, ArrayObject) else []
        kept = [item for item in later if not self._is_own_widget(item)]
        if len(kept) != len(earlier):
            raise ChangedAfterSigning("annotations were added or taken away")
        for before, after in zip(earlier, kept, strict=True):
            self.sides.require(before, after, "annotation")

    def _is_own_widget(self, item: Any) -> bool:
        return isinstance(item, IndirectObject) and (item.idnum, item.generation) in self._own_widgets

    # --- the structure tree ---------------------------------------------------------------------------

    def _structure(self, old_stored: Any, new_stored: Any) -> None:
        """Elements may be added for added signature fields; what read-aloud text there was stays."""
        old, new = self.sides.old(old_stored), self.sides.new(new_stored)
        if not isinstance(old, DictionaryObject) or not isinstance(new, DictionaryObject):
            self.sides.require(old_stored, new_stored, "/StructTreeRoot")
            return
        if self.sides.settle(old_stored, new_stored):
            index_keys = {"/ParentTree", "/ParentTreeNextKey", "/IDTree"}
            self.sides.require_entries(old, new, "/StructTreeRoot", but={"/K", *index_keys})
            self._elements(raw(old, "/K"), raw(new, "/K"), depth=0)

    def _elements(self, old_stored: Any, new_stored: Any, depth: int) -> None:
        old, new = self._listed(old_stored, self.sides.old), self._listed(new_stored, self.sides.new)
        if depth > _MAX_DEPTH:
            raise ChangedAfterSigning("the structure nests too deep")
        kept = (
            [item for item in new if not self._is_element_of_own_field(item)] if len(new) > len(old) else new
        )
        if len(kept) != len(old):
            raise ChangedAfterSigning("the structure tree has grown or shrunk")
        for before, after in zip(old, kept, strict=True):
            self._element(before, after, depth)

    def _element(self, old_stored: Any, new_stored: Any, depth: int) -> None:
        old, new = self.sides.old(old_stored), self.sides.new(new_stored)
        if not (isinstance(old, DictionaryObject) and isinstance(new, DictionaryObject)):
            self.sides.require(old_stored, new_stored, "/StructTreeRoot")
        elif self.sides.settle(old_stored, new_stored):
            self.sides.require_entries(old, new, "/StructTreeRoot", but={"/K"})
            self._elements(raw(old, "/K"), raw(new, "/K"), depth + 1)

    def _listed(self, stored: Any, resolve: Callable[[Any], Any]) -> list[Any]:
        value = resolve(stored)
        if isinstance(value, ArrayObject):
            return [value.raw_get(index) for index in range(len(value))]
        return [stored] if isinstance(value, DictionaryObject) else [value]

    def _is_element_of_own_field(self, stored: Any) -> bool:
        element = self.sides.new(stored)
        if not isinstance(element, DictionaryObject) or set(element) & {"/ActualText", "/Alt", "/E"}:
            return False
        leaves = self._listed(raw(element, "/K"), self.sides.new)
        holders = [self.sides.new(leaf) for leaf in leaves]
        return bool(holders) and all(
            isinstance(holder, DictionaryObject) and self._is_own_widget(raw(holder, "/Obj"))
            for holder in holders
        )


def _root(reader: PdfFileReader) -> IndirectObject:
    reference = reader.root_ref
    return IndirectObject(reference.idnum, reference.generation, reader)


def _differs(old: DictionaryObject, new: DictionaryObject) -> bool:
    return set(old) != set(new) or any(old.raw_get(key) != new.raw_get(key) for key in old)


def _is_true(value: Any) -> bool:
    return bool(getattr(value, "value", False))


def _number(value: Any) -> int:
    return int(value) if isinstance(value, (int, float)) else 0


def _holds_signature(name: str, field: DictionaryObject, value: Any) -> bool:
    """A value that is no signature is what is left where one was torn out."""
    signed = isinstance(value, DictionaryObject) and {"/ByteRange", "/Contents"} <= set(value)
    if "/V" in field and not signed:
        raise ChangedAfterSigning(f"field {name} has lost its signature")
    return signed


def _is_visible(widget: DictionaryObject) -> bool:
    try:
        x0, y0, x1, y1 = (float(value.get_object()) for value in entry(widget, "/Rect", ()))
    except (TypeError, ValueError):
        return False
    return x0 != x1 and y0 != y1


def _first_visible(widgets: list[_Field]) -> DictionaryObject:
    return next(widget for _, widget in widgets if _is_visible(widget))
