"""PDF/A rules about what stands on pages: colours, transparency, images, annotations, forms, actions, signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Stream

from vanthu.renditions.pdfa.file_rules import channels
from vanthu.renditions.pdfa.parts import Parts, is_empty, listed

RGB, CMYK, GRAY = {"rg", "RG"}, {"k", "K"}, {"g", "G"}
SPACES = {"/DeviceRGB": 3, "/DeviceCMYK": 4, "/DeviceGray": 1}
BLEND_MODES = {
    *("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge"),
    *("/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation"),
    *("/Color", "/Luminosity"),
}
KNOWN = (
    "b B b* B* BDC BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l m M MP n q Q re RG rg ri "
    "s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
)
OPERATORS = {*KNOWN.split(), "INLINE IMAGE"}
FORBIDDEN_ANNOTATIONS = {"/3D", "/Sound", "/Screen", "/Movie"}
FORBIDDEN_ACTIONS = {
    *("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition"),
    *("/Trans", "/GoTo3DView", "/JavaScript"),
}
NAMED_ACTIONS = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
INVISIBLE, HIDDEN, PRINT, NO_VIEW, TOGGLE = 1, 2, 4, 32, 256


def known_operators(parts: Parts) -> Iterator[str]:
    for where, used in parts.operators.items():
        unknown = used - OPERATORS
        if unknown:
            yield f"{where} {min(unknown)}"


def device_colours(parts: Parts) -> Iterator[str]:
    """Device colours mean something only through an output intent with their channels; grey fits any."""
    intent = channels(parts)
    for where, used in parts.operators.items():
        if (used & RGB and intent != 3) or (used & CMYK and intent != 4) or (used & GRAY and not intent):
            yield where
    for where, each in parts.dictionaries:
        space = str(each.get("/ColorSpace", "")) if not isinstance(each.get("/ColorSpace"), Array) else ""
        if space in SPACES and (not intent or SPACES[space] not in {1, intent}):
            yield f"{where} {space}"


def images(parts: Parts) -> Iterator[str]:
    for where, stream in parts.streams:
        if stream.get("/Subtype") == Name.Image and (
            "/Alternates" in stream or "/OPI" in stream or bool(stream.get("/Interpolate", False))
        ):
            yield where


def forms_without_tricks(parts: Parts) -> Iterator[str]:
    """No PostScript, nothing shown from another file."""
    for where, stream in parts.streams:
        kind = stream.get("/Subtype")
        if kind == Name("/PS") or (kind == Name.Form and {"/OPI", "/Ref", "/PS"} & set(stream.keys())):
            yield where


def graphics_states(parts: Parts) -> Iterator[str]:
    for where, each in parts.dictionaries:
        if each.get("/Type") == Name.ExtGState or "/BM" in each or "/TR2" in each:
            if "/TR" in each or "/HTP" in each or each.get("/TR2", Name.Default) != Name.Default:
                yield where
            if any(str(mode) not in BLEND_MODES for mode in listed(each.get("/BM"))):
                yield f"{where} {each.get('/BM')}"


def transparency(parts: Parts) -> Iterator[str]:
    """What shines through needs a colour space to be mixed in: the page's group or the output intent gives it."""
    if channels(parts):
        return
    for number, page in enumerate(parts.pdf.pages, start=1):
        group = page.obj.get("/Group")
        if _is_transparent(parts) and (group is None or "/CS" not in group):
            yield f"page {number}"


def _is_transparent(parts: Parts) -> bool:
    return any(
        isinstance(each.get("/SMask"), Stream)
        or float(each.get("/ca", 1)) < 1
        or float(each.get("/CA", 1)) < 1
        or each.get("/S") == Name.Transparency
        for _, each in parts.dictionaries
    )


def annotation_kinds(parts: Parts) -> Iterator[str]:
    for where, each in parts.annotations:
        if str(each.get("/Subtype")) in FORBIDDEN_ANNOTATIONS:
            yield where


def annotation_flags(parts: Parts) -> Iterator[str]:
    """What the screen shows is printed, and nothing is hidden."""
    for where, each in parts.annotations:
        flags = int(each.get("/F", 0))
        if each.get("/Subtype") == Name.Popup:
            continue
        if not flags & PRINT or flags & (INVISIBLE | HIDDEN | NO_VIEW | TOGGLE):
            yield where


def annotation_appearances(parts: Parts) -> Iterator[str]:
    for where, each in parts.annotations:
        if each.get("/Subtype") in {Name.Popup, Name.Link} or is_empty(
            each.get("/Rect", Array([0, 0, 0, 0]))
        ):
            continue
        looks = each.get("/AP")
        if not isinstance(looks, Dictionary) or set(looks.keys()) != {"/N"} or not _is_drawn(each):
            yield where


def _is_drawn(annotation: Dictionary) -> bool:
    """A button has a picture for each of its states, everything else has one."""
    return isinstance(annotation.AP.N, Stream) or annotation.get("/FT") == Name.Btn


def forms(parts: Parts) -> Iterator[str]:
    form = parts.pdf.Root.get("/AcroForm", Dictionary())
    if bool(form.get("/NeedAppearances", False)):
        yield "/NeedAppearances"
    if "/XFA" in form:
        yield "/XFA"
    for where, each in parts.dictionaries:
        acts = {"/A", "/AA"} if each.get("/Subtype") == Name.Widget else {"/AA"}
        if (each.get("/Subtype") == Name.Widget or "/FT" in each) and acts & set(each.keys()):
            yield where


def actions(parts: Parts) -> Iterator[str]:
    """Nothing starts, plays or runs."""
    for where, each in parts.dictionaries:
        kind = str(each.get("/S", ""))
        if "/JS" in each or kind in FORBIDDEN_ACTIONS:
            yield where
        if kind == "/Named" and str(each.get("/N")) not in NAMED_ACTIONS:
            yield where
    for number, page in enumerate(parts.pdf.pages, start=1):
        if "/AA" in page.obj or "/PresSteps" in page.obj:
            yield f"page {number}"


def signatures(parts: Parts) -> Iterator[str]:
    """A signature covers everything up to its end but its own value, which is DER."""
    for where, each in parts.dictionaries:
        if "/ByteRange" not in each or "/Contents" not in each:
            continue
        start, before, after, rest = (int(number) for number in each.ByteRange)
        hole = parts.data[before:after]
        whole = start == 0 and re.fullmatch(rb"<[0-9A-Fa-f]+>", hole) is not None
        if not whole or after + rest > len(parts.data) or bytes(each.Contents)[:1] != b"\x30":
            yield where
