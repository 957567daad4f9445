"""The markup of a message as a tree of plain nodes: expat, with namespaces resolved here and every excess refused.

Namespaces are resolved here because a prefix that is declared nowhere must be told apart on an attribute (in
circulation: read with a warning) and on an element (refused).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from xml.parsers import expat

from vanthu.edxml.limits import Limits
from vanthu.edxml.message import NAMESPACE, Notice, Unreadable, WarningKind

CONTENT_ELEMENT = "ContentTransferEncoded"
ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"

_AT_END = {"no element found", "unclosed token", "unclosed CDATA section", "partial character"}
_JUNK = {"junk after document element", "XML or text declaration not at start of entity"}


# What is written everywhere: known without resolving a prefix where both namespaces are bound as usual.
_PREFIXED = """
edXMLEnvelope edXMLHeader MessageHeader From To OrganId OrganizationInCharge OrganName OrganAdd Email Telephone Fax
Website DocumentId Code CodeNumber CodeNotation PromulgationInfo Place PromulgationDate DocumentType Type TypeDetail
TypeName Subject Content SignerInfo Competence Position FullName DueDate OtherInfo Priority SphereOfPromulgation
TyperNotation PromulgationAmount PageAmount Direction Appendixes Appendix ResponseFor SteeringType ToPlaces StaffInfo
Department Staff Mobile StatusCode Description Timestamp TraceHeaderList TraceHeader Bussiness BussinessDocType
BussinessDocReason Paper edXMLBody edXMLManifest Reference ContentId ContentType AttachmentName ContentTransferEncoded
"""
_BARE = "edXML AttachmentEncoded Attachment ContentId AttachmentName Description ContentType"
_USUAL_NAMES = {name: name for name in _BARE.split()} | {f"edXML:{name}": name for name in _PREFIXED.split()}


class Node:
    """An element: `name` is local for the namespace of QCVN 102 and for none, `{namespace}local` for a foreign one."""

    __slots__ = ("kids", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kids: list[Node] = []
        self.text = ""

    def find(self, name: str) -> Node | None:
        """The first child of that name."""
        for kid in self.kids:
            if kid.name == name:
                return kid
        return None


class Content(Protocol):
    """Takes the base64 text of one attachment. `missing` is how many characters would complete a group of four."""

    @property
    def missing(self) -> int: ...

    def write(self, text: bytes) -> None: ...

    def finish(self) -> None: ...


class Markup:
    """Feeds expat. `open_content(attachment)` is called where the content of an attachment begins.

    `release` must be called in the end: parser and handlers hold each other.
    """

    def __init__(self, limits: Limits, open_content: Callable[[Node], Content]) -> None:
        self.content: Content | None = None
        self.notices: list[Notice] = []
        self.has_namespace = False
        self.unusual: set[str] = set()  # element names that are not written as usual, with their prefix
        self._limits = limits
        self._open_content = open_content
        self._stack: list[Node] = [Node("")]  # what the root is a child of, then every open element
        self._top = self._stack[0]
        self._text: list[str] = []
        self._names: dict[str, str] = {}  # element names as written in this scope, resolved
        self._scopes: list[tuple[int, dict[str, str], dict[str, str]]] = []
        self._scope_depth = 0  # of the innermost element that has declared a namespace
        self._deepest = limits.depth
        self._namespaces: dict[str, str] = {"xml": XML_NAMESPACE}
        self._bytes = self._tags = 0
        self._parser = self._make_parser()

    @property
    def root(self) -> Node | None:
        return self._top.kids[0] if self._top.kids else None

    def release(self) -> None:
        """Let go of everything but the tree."""
        self._parser = self._open_content = None  # type: ignore[assignment]  # nothing is fed from here on

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = True
        if hasattr(parser, "SetReparseDeferralEnabled"):  # what has been fed must have been seen, at once
            parser.SetReparseDeferralEnabled(False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        return parser

    def feed(self, piece: bytes) -> None:
        """Parse a piece of markup. Raises `Unreadable`."""
        self._bytes += len(piece)
        self._tags += piece.count(b"<")
        if self._bytes > self._limits.markup_bytes:
            raise Unreadable("too-large", "markup")
        if self._tags > 2 * self._limits.elements:
            raise Unreadable("too-many", "elements")
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError as error:
            raise self._refusal(error, piece) from error

    def finish(self) -> Node:
        """The end of the message: the root element. Raises `Unreadable`."""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._refusal(error, b"") from error
        if self.root is None:
            raise Unreadable("truncated", "empty")
        return self.root

    def _start(self, qname: str, attributes: dict[str, str]) -> None:
        stack = self._stack
        if attributes:
            self._take_attributes(qname, attributes)
        name = self._names.get(qname) or self._resolve(qname)
        node = Node(name)
        stack[-1].kids.append(node)
        stack.append(node)
        if self._text:
            self._text.clear()
        if len(stack) > self._deepest:
            raise Unreadable("too-deep", qname)
        if name == CONTENT_ELEMENT or self.content is not None:
            self._start_content(stack)

    def _start_content(self, stack: list[Node]) -> None:
        if self.content is not None:
            raise Unreadable("attachment-base64", "an element inside")
        if len(stack) < 3 or stack[-2].name != "Attachment" or stack[-3].name != "AttachmentEncoded":
            return
        if sum(kid.name == CONTENT_ELEMENT for kid in stack[-2].kids) > 1:
            raise Unreadable("attachment-base64", "two contents in one attachment")
        self.content = self._open_content(stack[-2])
        self._parser.CharacterDataHandler = self._content_text

    def _content_text(self, text: str) -> None:
        if self.content is None:
            return
        try:
            self.content.write(text.encode("ascii"))
        except UnicodeEncodeError as error:
            raise Unreadable("attachment-base64", text[:20]) from error

    def _end(self, qname: str) -> None:
        stack, text = self._stack, self._text
        node = stack.pop()
        if text:
            if not node.kids:
                node.text = "".join(text)
            text.clear()
        if len(stack) <= self._scope_depth:
            self._leave_scope()
        if self.content is not None and node.name == CONTENT_ELEMENT:
            self.content.finish()
            self.content = None
            self._parser.CharacterDataHandler = text.append

    def _leave_scope(self) -> None:
        if self._scopes:
            self._scope_depth, self._namespaces, self._names = self._scopes.pop()

    def _take_attributes(self, qname: str, attributes: dict[str, str]) -> None:
        declared = {name[6:]: value for name, value in attributes.items() if f"{name}:"[:6] == "xmlns:"}
        if any(self._namespaces.get(prefix) != value for prefix, value in declared.items()):
            self._scopes.append((self._scope_depth, self._namespaces, self._names))
            self._scope_depth = len(self._stack)
            self._namespaces = {**self._namespaces, **declared}
            is_usual = self._namespaces.get("") == self._namespaces.get("edXML", NAMESPACE) == NAMESPACE
            self._names = dict(_USUAL_NAMES) if is_usual and "edXML" in self._namespaces else {}
            self.has_namespace = self.has_namespace or is_usual
        for name, value in attributes.items():
            if f"{name}:"[:6] == "xmlns:":
                continue
            prefix, colon, _ = name.rpartition(":")
            if colon and prefix not in self._namespaces:
                self.notices.append(
                    Notice(WarningKind.UNBOUND_ATTRIBUTE_PREFIX, qname, f'{name}="{value}"'[:200])
                )
            elif not colon and not self._is_known_attribute(qname, name):
                self.notices.append(Notice(WarningKind.FOREIGN_ATTRIBUTE, qname, f'{name}="{value}"'[:200]))

    def _is_known_attribute(self, qname: str, name: str) -> bool:
        if name == "version" and qname.endswith("edXMLManifest"):
            return True
        return qname.endswith("Signature") or any(node.name.endswith("Signature") for node in self._stack)

    def _resolve(self, qname: str) -> str:
        prefix, colon, local = qname.rpartition(":")
        namespace = self._namespaces.get(prefix)
        if colon and not namespace:
            raise Unreadable("unbound-prefix", qname)
        self.has_namespace = self.has_namespace or namespace == NAMESPACE
        name = local if not namespace or namespace == NAMESPACE else f"{{{namespace}}}{local}"
        self._names[qname] = name
        self.unusual.add(qname)
        return name

    def _doctype(self, *_: object) -> None:
        raise Unreadable("doctype")

    def _declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            raise Unreadable("not-xml", f"XML {version[:10]}")
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise Unreadable("encoding", encoding[:40])

    def _refusal(self, error: expat.ExpatError, piece: bytes) -> Unreadable:
        what = expat.ErrorString(error.code) or "not well-formed"
        detail = f"line {error.lineno}, column {error.offset}: {what}"
        if not piece and what in _AT_END | {"not well-formed (invalid token)"}:
            return Unreadable("truncated", detail)
        if what in _JUNK or self.root is None:
            return Unreadable("junk", detail)
        try:
            piece.decode()
        except UnicodeDecodeError:
            return Unreadable("encoding", detail)
        return Unreadable("not-xml", detail)
