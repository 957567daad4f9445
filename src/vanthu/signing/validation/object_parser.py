"""A parser for the plain majority of PDF objects: one pass over bytes, the same objects as pyHanko's parser makes.

It knows no more than it is sure of. Comments, doubled keys, odd numbers, deep nesting: for everything else it
says nothing, and pyHanko's own parser reads the object from its beginning and refuses it in its own words.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    Reference,
    StreamObject,
)
from pyhanko.pdf_utils.misc import PdfReadError

_WINDOW: Final = 4096  # bytes
_LONGEST_TOKEN: Final = 32  # of numbers and references: pyHanko looks 20 bytes ahead for a reference
_REFERENCE_REACH: Final = 20
_DEEPEST: Final = 50
_BLANK: Final = rb"[ \n\r\t\f\x00]"
_END: Final = rb"(?=[ \n\r\t\f\x00()<>\[\]{}/%])"
_HEADER: Final = re.compile(rb"(\d{1,10}) (\d{1,5}) obj" + _BLANK + rb"*(?=<<|\[)")
_FOOTER: Final = re.compile(_BLANK + rb"*endobj" + _BLANK + rb"*[^ \n\r\t\f\x00%]")
_NUMBERS: Final = re.compile(rb"\[[0-9.\- \t\r\n\[\]]*")
_BRACKET: Final = re.compile(rb"[\[\]]")
_TOKEN: Final = re.compile(
    _BLANK
    + rb"*(?:/(?P<name>[^ \n\r\t\f\x00()<>\[\]{}/%]*)"
    + _END
    + rb"|(?P<reference>(?P<id>\d+)[ \t\r\n]+(?P<generation>\d+)[ \t\r\n]+R)(?=[^a-zA-Z])"
    + rb"|(?P<number>-?\d+(?:\.\d+)?)"
    + _END
    + rb"|\((?P<plain>[^()\\]*)\)|(?P<open><<|\[)|(?P<close>>>|\])|(?P<text>[(<])|(?P<word>true|false|null)"
    + _END
    + rb")"
)


class NumberArray(ArrayObject):
    """An array of numbers and of such arrays: nothing in it refers to anything, so nobody has to look into it.

    Its numbers are shared with other arrays; unlike elsewhere they do not say in which object they stand.
    """


class _Unsure(Exception):
    """Not for us."""


class _Frame:
    """A dictionary or an array that is still open."""

    __slots__ = ("items", "key", "members")

    def __init__(self, *, is_dictionary: bool) -> None:
        self.members: dict[NameObject, Any] | None = {} if is_dictionary else None
        self.items: list[Any] = []
        self.key: NameObject | None = None

    def add(self, value: Any) -> None:
        members, key = self.members, self.key
        if members is None:
            self.items.append(value)
        elif key is None or key in members:
            raise _Unsure
        else:
            members[key] = value
            self.key = None


def read_indirect_object(stream: Any, place: Reference, position: int) -> Any | None:
    """Read the dictionary, stream or array that stands at a position as object `place`; None when unsure.

    Raises what pyHanko's parser raises on a stream without an end.
    """
    stream.seek(position)
    header = _HEADER.match(stream.read(64))
    if header is None or (int(header[1]), int(header[2])) != (place.idnum, place.generation):
        return None
    try:
        value = _Parser(stream, position + header.end(), place).read()
    except (_Unsure, ValueError, ArithmeticError, PdfReadError):
        return None
    return value if _FOOTER.match(stream.read(64)) else None


class _Parser:
    def __init__(self, stream: Any, start: int, place: Reference) -> None:
        self._stream = stream
        self._place = place
        self._handler = place.get_pdf_handler()
        self._frames: list[_Frame] = []
        self._move(start)

    def _move(self, start: int) -> None:
        self._base, self._position = start, 0
        self._stream.seek(start)
        self._window: bytes = self._stream.read(_WINDOW)

    def read(self) -> Any:
        """Read on until the outermost container is closed."""
        frames = self._frames
        while True:
            match = self._token()
            kind = match.lastgroup or ""
            self._position = match.end()
            if kind == "name":
                frame = frames[-1]
                if frame.key is None and frame.members is not None:
                    frame.key = generic._decode_name(match["name"])
                    continue
            elif kind == "open":
                self._open(match)
                continue
            value = self._close(match["close"]) if kind == "close" else _READERS[kind](self, match)
            value.container_ref = self._place
            if not frames:
                return value
            frames[-1].add(value)

    def _token(self) -> re.Match[bytes]:
        position, window = self._position, self._window
        if len(window) - position < _LONGEST_TOKEN and len(window) == _WINDOW:
            self._move(self._base + position)
            position, window = 0, self._window
        match = _TOKEN.match(window, position)
        if match is None and position:
            self._move(self._base + position)
            match = _TOKEN.match(self._window)
        if match is None:
            raise _Unsure
        return match

    def _open(self, match: re.Match[bytes]) -> None:
        if len(self._frames) == _DEEPEST:
            raise _Unsure
        if match["open"] == b"<<":
            self._frames.append(_Frame(is_dictionary=True))
            return
        start = match.end() - 1
        numbers = _NUMBERS.match(self._window, start)
        array, length = _number_array(numbers[0] if numbers else b"", self._place)
        if array is None or not self._frames:
            self._frames.append(_Frame(is_dictionary=False))
            return
        self._position = start + length
        self._frames[-1].add(array)

    def _close(self, bracket: bytes) -> Any:
        frame = self._frames.pop()
        if frame.members is None:
            if bracket != b"]":
                raise _Unsure
            return ArrayObject(frame.items)
        if bracket != b">>" or frame.key is not None:
            raise _Unsure
        if self._frames:
            return DictionaryObject(frame.members)
        self._stream.seek(self._base + self._position)
        payload = generic._maybe_read_stream_payload(self._stream, frame.members, self._handler)
        if payload is None:
            return DictionaryObject(frame.members)
        return StreamObject(frame.members, encoded_data=payload)

    def name(self, match: re.Match[bytes]) -> Any:
        return generic._decode_name(match["name"])

    def reference(self, match: re.Match[bytes]) -> Any:
        number, generation = int(match["id"]), int(match["generation"])
        if not number or len(match["reference"]) >= _REFERENCE_REACH:
            raise _Unsure
        return IndirectObject(number, generation, self._handler)

    def number(self, match: re.Match[bytes]) -> Any:
        text = match["number"]
        return FloatObject(text.decode("ascii")) if b"." in text else NumberObject(text)

    def word(self, match: re.Match[bytes]) -> Any:
        return NullObject() if match["word"] == b"null" else BooleanObject(match["word"] == b"true")

    def plain(self, match: re.Match[bytes]) -> Any:
        """A string in parentheses with nothing in it that needs thought."""
        return generic.pdf_string(match["plain"])

    def text(self, match: re.Match[bytes]) -> Any:
        """A string is read by pyHanko; afterwards we go on behind it."""
        self._stream.seek(self._base + match.end() - 1)
        if match["text"] == b"(":
            value = generic.read_string_from_stream(self._stream)
        else:
            value = generic.read_hex_string_from_stream(self._stream)
        end = self._stream.tell()
        if end - self._base < len(self._window):
            self._position = end - self._base
        else:
            self._move(end)
        return value


_READERS: Final[dict[str, Callable[[_Parser, re.Match[bytes]], Any]]] = {
    "name": _Parser.name,
    "reference": _Parser.reference,
    "number": _Parser.number,
    "word": _Parser.word,
    "plain": _Parser.plain,
    "text": _Parser.text,
}


@lru_cache(maxsize=8192)
def number_of(token: bytes) -> Any:
    """The object of a number; the same ones come again and again, and nobody changes them."""
    return FloatObject(token.decode("ascii")) if b"." in token else NumberObject(token)


def _number_array(run: bytes, place: Reference) -> tuple[NumberArray | None, int]:
    """The array of numbers at the start of the run and its length; none when it does not end within the run."""
    length = _closing(run)
    stack: list[NumberArray] = []
    for token in run[:length].replace(b"[", b" [ ").replace(b"]", b" ] ").split():
        if token == b"[":
            stack.append(NumberArray())
        elif token == b"]":
            value = stack.pop()
            if not value:
                break  # nobody knows what an empty array will hold
            value.container_ref = place
            if not stack:
                return value, length
            stack[-1].append(value)
        else:
            stack[-1].append(number_of(token))
    return None, 0


def _closing(run: bytes) -> int:
    """Where the array at the start of the run ends; 0 when it does not."""
    first = run.find(b"]") + 1
    if run.find(b"[", 1, first) < 0:
        return first
    depth = 0
    for match in _BRACKET.finditer(run):
        depth += 1 if match[0] == b"[" else -1
        if not depth:
            return match.end()
    return 0
