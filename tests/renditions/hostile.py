"""PDF files that mean harm, made on the spot."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def simple(pages: int = 1) -> pikepdf.Pdf:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return document


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = BytesIO()
    document.save(out, **options)  # type: ignore[arg-type]
    document.close()
    return out.getvalue()


def encrypted(*, user: str) -> bytes:
    return saved(simple(), encryption=pikepdf.Encryption(owner="owner", user=user))


def with_opening_script() -> bytes:
    document = simple()
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    return saved(document)


def with_script_hidden_in_an_object_stream() -> bytes:
    document = simple()
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.pages[0].obj.AA = Dictionary(O=document.make_indirect(Dictionary(Deep=Array([Array([action])]))))
    return saved(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def with_script_buried_deep() -> bytes:
    document = simple()
    thing: pikepdf.Object = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    for _ in range(60):
        thing = Array([thing])
    document.Root.Buried = thing
    return saved(document)


def with_launch() -> bytes:
    document = simple()
    document.Root.OpenAction = Dictionary(S=Name.Launch, F=String("calc.exe"))
    return saved(document)


def with_attachment() -> bytes:
    document = simple()
    document.attachments["edoc.xml"] = b"<?xml version='1.0'?><edXML/>"
    return saved(document)


def page_bomb() -> bytes:
    """Forms that draw forms that draw forms: a thousand million fills on one page."""
    document = simple()
    inner = document.make_stream(b"0 0 500 500 re f " * 50)
    for _ in range(7):
        form = inner
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 600, 850])
        inner = document.make_stream(b"/F Do " * 20)
        inner.Resources = Dictionary(XObject=Dictionary(F=form))
    page = document.pages[0].obj
    page.Contents = document.make_stream(inner.read_bytes())
    page.Resources = inner.Resources
    return saved(document)


def image_bomb() -> bytes:
    """A few kilobytes that unpack to four gigabytes of picture."""
    import zlib

    document = simple()
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    twice = zlib.compress(packed, 9)
    image = document.make_stream(twice)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height, image.BitsPerComponent = 65_000, 65_000, 8
    image.ColorSpace = Name.DeviceRGB
    image.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    page = document.pages[0].obj
    page.Resources = Dictionary(XObject=Dictionary(I=image))
    page.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return saved(document)
