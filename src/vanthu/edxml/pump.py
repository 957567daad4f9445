"""From the stream to markup and contents: base64 text goes past the XML parser, straight to the decoder.

Exactness does not hang on this shortcut. It is taken only where the parser itself has just opened the content element,
and ends at the next `<`; CDATA, comments and whatever else stands in a content goes through the parser.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from vanthu.edxml.digests import Digests
from vanthu.edxml.limits import Limits
from vanthu.edxml.markup import Markup
from vanthu.edxml.message import Unreadable

CHUNK = 512 * 1024

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")

_CONTENT_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?ContentTransferEncoded(?=[\s/>])")


class Pump:
    """Reads the stream once. After `run`: `size` in bytes, `has_mark` when it began with a byte order mark.

    With `known`, the SHA-256 of the message (hex), it is not computed.
    """

    def __init__(
        self, stream: BinaryIO, markup: Markup, digests: Digests, limits: Limits, known: str = ""
    ) -> None:
        self.size = 0
        self.has_mark = False
        self._stream, self._markup, self._limits = stream, markup, limits
        self._digests = digests
        self._message = digests.new()
        self._known = known
        self._buffer = b""
        self._is_whole = False

    @property
    def sha256(self) -> str:
        return self._known or self._digests.hexdigest(self._message)

    def run(self) -> None:
        """Feed everything. Raises `Unreadable`."""
        self._begin()
        goes_on = True
        while goes_on:
            goes_on = self._take_markup() if self._markup.content is None else self._take_content()

    def _begin(self) -> None:
        while len(self._buffer) < 4 and self._more():
            pass
        if self._buffer[:2] in WIDE_MARKS:
            raise Unreadable("encoding", "UTF-16")
        if self._buffer.startswith(BYTE_ORDER_MARK):
            self.has_mark = True
            self._buffer = self._buffer[3:]

    def _more(self, size: int = CHUNK) -> bool:
        """Append `size` bytes of the stream to the buffer; False at its end. Raises `Unreadable` beyond the cap.

        Contents are read so that pieces end with whole groups of base64, which then need not be put together.
        """
        chunk = self._stream.read(size)
        if not chunk:
            self._is_whole = True
            return False
        self.size += len(chunk)
        if self.size > self._limits.message_bytes:
            raise Unreadable("too-large", "message")
        if not self._known:
            self._digests.update(self._message, chunk)
        self._buffer = self._buffer + chunk if self._buffer else chunk
        return True

    def _take_markup(self) -> bool:
        """Feed markup up to where a content begins; False when nothing is left."""
        buffer = self._buffer
        found = _CONTENT_TAG.search(buffer)
        if found is not None:
            end = buffer.find(b">", found.end())
            if end >= 0:
                self._feed(end + 1)
                return True
        elif buffer and not self._is_whole:
            # A tag is fed whole, so that what it opens is known before anything behind it is fed.
            start = buffer.rfind(b"<")
            cut = start if start > buffer.rfind(b">") else len(buffer)
            if cut:
                self._feed(cut)
        self._check_open_tag()
        if self._more():
            return True
        if self._buffer:
            self._feed(len(self._buffer))
        return False

    def _check_open_tag(self) -> None:
        if len(self._buffer) > self._limits.markup_bytes:
            raise Unreadable("too-large", "markup")

    def _feed(self, end: int) -> None:
        piece, self._buffer = self._buffer[:end], self._buffer[end:]
        self._markup.feed(piece)

    def _take_content(self) -> bool:
        """Give the runs of text to the decoder and what is between them to the parser; False when nothing is left."""
        content = self._markup.content
        while content is not None and content is self._markup.content:
            buffer = self._buffer
            end = buffer.find(b"<")
            run, self._buffer = (buffer, b"") if end < 0 else (buffer[:end], buffer[end:])
            if run:
                content.write(run)
            if end >= 0:
                self._pass_by()
            elif not self._more(content.missing or CHUNK):
                return False
        return True

    def _pass_by(self) -> None:
        """Something other than text: the end tag, or what the parser must see to the end of."""
        while len(self._buffer) < 2 and self._more():
            pass
        if self._buffer[:2] == b"</":
            self._feed_to_bracket()
        else:
            self._feed_slowly()

    def _feed_to_bracket(self) -> None:
        while b">" not in self._buffer:
            self._check_open_tag()
            if not self._more():
                break
        end = self._buffer.find(b">")
        self._feed(end + 1 if end >= 0 else len(self._buffer))

    def _feed_slowly(self) -> None:
        """Everything through the parser until this content is closed."""
        content = self._markup.content
        while self._markup.content is content:
            end = self._buffer.find(b">")
            self._feed(end + 1 if end >= 0 else len(self._buffer))
            if not self._buffer and not self._more():
                return
