"""Base64, both ways. Text is read as it comes, piece by piece: line breaks are passed over, anything else that does not
belong there is refused.

The text is decoded as it stands; only when that fails is it looked at for what may stand in it beside base64.
"""

from __future__ import annotations

import binascii
import re

import pybase64

from vanthu.edxml.message import Unreadable

_SPACE = b" \t\r\n"
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_LONGEST_REFERENCE = 12


def encoded(data: bytes) -> bytes:
    """On one line."""
    return pybase64.b64encode(data)


def decoded(text: bytes | memoryview) -> bytes:
    """Whole groups of four of the alphabet, nothing else. Raises `binascii.Error`."""
    return pybase64.b64decode(text, validate=True)


class Base64Decoder:
    """`feed` gives the bytes that are complete so far; `has_breaks` when white space stood in the text."""

    def __init__(self) -> None:
        self.has_breaks = False
        self._rest = b""
        self._is_padded = False

    @property
    def missing(self) -> int:
        """How many characters would complete the group of four that is begun."""
        return -len(self._rest) % 4

    def feed(self, text: bytes) -> bytes:
        """Raises `Unreadable`."""
        if self._rest:
            text = self._rest + text
        held = b""
        if self.has_breaks:
            text, held = self._cleaned(text)
        try:
            data = self._decoded(text)
        except binascii.Error as error:
            before = text
            text, held = self._cleaned(text + held)
            if text == before:
                raise Unreadable("attachment-base64", str(error)) from error
            data = self._decoded_again(text)
        self._rest = text[len(text) & ~3 :] + held
        return data

    def finish(self) -> None:
        """Raises `Unreadable` when a group of four is cut short."""
        if self._rest and any(self._cleaned(self._rest)):
            raise Unreadable("attachment-base64", "cut short")

    def _decoded_again(self, text: bytes) -> bytes:
        try:
            return self._decoded(text)
        except binascii.Error as error:
            raise Unreadable("attachment-base64", str(error)) from error

    def _decoded(self, text: bytes) -> bytes:
        if len(text) < 4:
            return b""
        if self._is_padded:
            raise Unreadable("attachment-base64", "text after the padding")
        whole = text if len(text) % 4 == 0 else memoryview(text)[: len(text) & ~3]
        data = decoded(whole)
        self._is_padded = whole[-1:] == b"="
        return data

    def _cleaned(self, text: bytes) -> tuple[bytes, bytes]:
        """Without white space and with character references resolved; a reference that is cut is held back."""
        held = b""
        if b"&" in text:
            cut = text.rfind(b"&")
            if b";" not in text[cut:] and len(text) - cut < _LONGEST_REFERENCE:
                text, held = text[:cut], text[cut:]
            text = _REFERENCE.sub(_resolved, text)
        clean = text.translate(None, _SPACE)
        self.has_breaks = self.has_breaks or len(clean) < len(text)
        return clean, held


def _resolved(reference: re.Match[bytes]) -> bytes:
    hexadecimal, decimal = reference.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return bytes((number,)) if number < 0x80 else reference.group()
