"""Base64 as it comes, piece by piece: line breaks are passed over, anything else that does not belong there is refused."""

from __future__ import annotations

import binascii

from vanthu.edxml.message import Unreadable

_SPACE = b" \t\r\n"


class Base64Decoder:
    """`feed` gives the bytes that are complete so far; `has_breaks` when white space stood in the text."""

    def __init__(self) -> None:
        self.has_breaks = False
        self._rest = b""
        self._is_padded = False

    def feed(self, text: bytes) -> bytes:
        """Raises `Unreadable`."""
        if b"\n" in text or b"\r" in text or b" " in text or b"\t" in text:
            self.has_breaks = True
            text = text.translate(None, _SPACE)
        if self._rest:
            text = self._rest + text
        whole = len(text) & ~3
        self._rest = text[whole:]
        return self._decode(text[:whole] if self._rest else text)

    def finish(self) -> None:
        """Raises `Unreadable` when a group of four is cut short."""
        if self._rest:
            raise Unreadable("attachment-base64", "cut short")

    def _decode(self, text: bytes) -> bytes:
        if not text:
            return b""
        if self._is_padded:
            raise Unreadable("attachment-base64", "text after the padding")
        self._is_padded = text.endswith(b"=")
        try:
            return binascii.a2b_base64(text, strict_mode=True)
        except binascii.Error as error:
            raise Unreadable("attachment-base64", str(error)) from error
