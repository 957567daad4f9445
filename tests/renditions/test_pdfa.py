"""Each rule of PDF/A is seen when it is broken, and only then."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.renditions.samples import DECISION, LETTER
from vanthu.presentation.letters import LetterContent, render_letter
from vanthu.renditions.pdfa import pdfa_findings
from vanthu.renditions.pdfa.checks import CHECKS

Harm = Callable[[pikepdf.Pdf], None]


def harmed(harm: Harm) -> bytes:
    with pikepdf.open(BytesIO(render_letter(LETTER).pdf)) as document:
        harm(document)
        out = BytesIO()
        document.save(out, fix_metadata_version=False)
    return out.getvalue()


def page_of(document: pikepdf.Pdf) -> pikepdf.Object:
    return document.pages[0].obj


def add_content(document: pikepdf.Pdf, content: bytes) -> None:
    document.pages[0].contents_add(document.make_stream(content))


def set_claim(document: pikepdf.Pdf, part: str, level: str) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False) as packet:
        packet["pdfaid:part"], packet["pdfaid:conformance"] = part, level


def annotate(document: pikepdf.Pdf, **entries: object) -> None:
    look = document.make_stream(b"")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    values = {"Subtype": Name.Square, "Rect": Array([0, 0, 9, 9]), "F": 4, "AP": Dictionary(N=look)} | entries
    page_of(document).Annots.append(document.make_indirect(Dictionary(values_of(values))))


def values_of(entries: dict[str, object]) -> dict[str, object]:
    return {f"/{name}": value for name, value in entries.items() if value is not None}


def an_image(document: pikepdf.Pdf, **entries: object) -> None:
    image = document.make_stream(b"\x00")
    values = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
    for name, value in (values | {"ColorSpace": Name.DeviceGray} | entries).items():
        image[f"/{name}"] = value
    page_of(document).Resources.XObject = Dictionary(Bild=image)


def a_form(document: pikepdf.Pdf, **entries: object) -> None:
    form = document.make_stream(b"")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    for name, value in entries.items():
        form[f"/{name}"] = value
    page_of(document).Resources.XObject = Dictionary(Form=form)


def without_intent(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents


def a_state(document: pikepdf.Pdf, **entries: object) -> None:
    page_of(document).Resources.ExtGState = Dictionary(
        G=document.make_indirect(Dictionary(values_of({"Type": Name.ExtGState} | entries)))
    )


def a_font(document: pikepdf.Pdf, **entries: object) -> None:
    values = {"Type": Name.Font, "Subtype": Name.TrueType, "BaseFont": Name("/Times-Roman")} | entries
    page_of(document).Resources.Font["/Neu"] = document.make_indirect(Dictionary(values_of(values)))


def descendant(document: pikepdf.Pdf) -> pikepdf.Object:
    return document.Root.AcroForm.DR.Font["/VanthuSerif"].DescendantFonts[0]


def doubled_widths(document: pikepdf.Pdf) -> None:
    """The trap of signing.md: widths in units of 2048 where thousandths are meant."""
    table = descendant(document).W
    for place in range(1, len(table), 2):
        table[place] = Array([float(width) * 2.048 for width in table[place]])


def an_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["so-lieu.xlsx"] = b"not a PDF"


def a_signature(document: pikepdf.Pdf, byte_range: list[int], contents: bytes) -> None:
    document.Root.Sig = document.make_indirect(
        Dictionary(Type=Name.Sig, ByteRange=Array(byte_range), Contents=String(contents))
    )


HARMS: dict[str, Harm] = {
    "file.permissions": lambda d: setattr(d.Root, "Perms", Dictionary(Foreign=1)),
    "file.lengths": lambda d: setattr(d.Root, "Long", String("x" * 40_000)),
    "page.size": lambda d: setattr(page_of(d), "MediaBox", Array([0, 0, 20_000, 842])),
    "stream.external": lambda d: a_form(d, F=String("elsewhere.bin")),
    "content.operators": lambda d: add_content(d, b"q 1 0 0 1 0 0 cm zauber Q"),
    "colour.intent": without_intent,
    "colour.device": lambda d: add_content(d, b"q 1 0 0 0 k 0 0 m 9 9 l f Q"),
    "graphics.state": lambda d: a_state(d, BM=Name("/Erfunden")),
    "graphics.transparency": lambda d: (without_intent(d), a_state(d, ca=0.5)),
    "image.tricks": lambda d: an_image(d, Interpolate=True),
    "form.tricks": lambda d: a_form(d, Ref=Dictionary(F=String("other.pdf"))),
    "font.composite": lambda d: delattr(descendant(d), "CIDToGIDMap"),
    "font.embedded": a_font,
    "font.widths": doubled_widths,
    "annotation.kind": lambda d: annotate(d, Subtype=Name.Movie),
    "annotation.flags": lambda d: annotate(d, F=None),
    "annotation.appearance": lambda d: annotate(d, AP=None),
    "form.fields": lambda d: setattr(d.Root.AcroForm, "NeedAppearances", True),
    "signature.range": lambda d: a_signature(d, [0, 10, 20, 30], b"\x30\x00"),
    "action.forbidden": lambda d: setattr(
        d.Root, "OpenAction", Dictionary(S=Name.JavaScript, JS=String("1"))
    ),
    "metadata.packet": lambda d: setattr(d.Root.Metadata, "Subtype", Name.Text),
    "metadata.claim": lambda d: set_claim(d, "1", "B"),
    "file.attachments": an_attachment,
    "file.layers": lambda d: setattr(d.Root, "OCProperties", Dictionary(D=Dictionary(AS=Array([])))),
    "file.catalog": lambda d: setattr(d.Root, "Requirements", Array([])),
}


@pytest.mark.parametrize("content", [LETTER, DECISION], ids=["letter", "decision"])
def test_what_we_print_breaks_no_rule(content: LetterContent) -> None:
    assert pdfa_findings(render_letter(content).pdf) == ()


@pytest.mark.parametrize("code", HARMS)
def test_a_broken_rule_is_named(code: str) -> None:
    assert code in {finding.code for finding in pdfa_findings(harmed(HARMS[code]))}


def test_saving_alone_breaks_nothing() -> None:
    """Else the harms above would prove nothing."""
    assert pdfa_findings(harmed(lambda _: None)) == ()


@pytest.mark.parametrize(
    "harm",
    [
        lambda d: annotate(d, F=4 + 2),
        lambda d: setattr(d.Root.AcroForm.Fields[0], "A", Dictionary(S=Name.URI)),
        lambda d: a_state(d, TR=Name.Identity),
        lambda d: an_image(d, ColorSpace=Name.DeviceCMYK),
        lambda d: setattr(page_of(d), "AA", Dictionary()),
        lambda d: setattr(d.Root, "Act", Dictionary(S=Name.Named, N=Name("/Print"))),
        lambda d: setattr(d.Root.AcroForm, "XFA", String("")),
        lambda d: setattr(descendant(d), "FontDescriptor", Dictionary()),
    ],
    ids=["hidden", "widget-action", "transfer", "cmyk-image", "page-action", "print", "xfa", "no-program"],
)
def test_other_ways_to_break_a_rule_are_seen(harm: Harm) -> None:
    assert pdfa_findings(harmed(harm)) != ()


def raw(old: bytes, new: bytes) -> bytes:
    pdf = render_letter(LETTER).pdf
    assert old in pdf
    return pdf.replace(old, new, 1)


def encrypted() -> bytes:
    with pikepdf.open(BytesIO(render_letter(LETTER).pdf)) as document:
        out = BytesIO()
        document.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    return out.getvalue()


RAW: dict[str, Callable[[], bytes]] = {
    "file.header": lambda: b"\n" + render_letter(LETTER).pdf,
    "file.bytes-after-end": lambda: render_letter(LETTER).pdf + b"trailing words",
    "file.id": lambda: raw(b"/ID [", b"/XD ["),
    "stream.filter": lambda: raw(b"/Filter /FlateDecode", b"/Filter /LZWDecode  "),
    "file.encrypted": encrypted,
    "file.unreadable": lambda: b"%PDF-1.7\nnothing",
}


@pytest.mark.parametrize("code", RAW)
def test_a_file_that_is_built_wrongly_is_named(code: str) -> None:
    assert code in {finding.code for finding in pdfa_findings(RAW[code]())}


def test_every_rule_has_a_file_that_breaks_it() -> None:
    assert {check.code for check in CHECKS} == (set(HARMS) | set(RAW)) - {"file.unreadable"}
