"""Who signed a file, and by which authorities: the chain of each signature, taken out in a child process.

Nothing is judged here; the chains say whom to ask about revocation. Norm: TT41/2017 Đ.8–9
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.foundation import sandbox
from vanthu.signing.trust.chains import chain_to_root
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation.embedded import PdfSignature
from vanthu.signing.validation.fields import signature_fields


@dataclass(frozen=True, slots=True)
class SignerChain:
    """The chain of one signature's certificate."""

    field: str
    certificates: tuple[bytes, ...]
    """DER, leaf first, root last."""


def signer_chains_isolated(
    data: bytes, *, trust: TrustStore, seconds: float = 20, memory_mb: int = 1024
) -> tuple[SignerChain, ...]:
    """The chains of a foreign file's signatures that lead to a root of the store; none of a file that can't be read."""
    arguments = {"data": data, "trust": trust}
    try:
        found = sandbox.run(
            "vanthu.signing.validation.chains:signer_chains", arguments, seconds=seconds, memory_mb=memory_mb
        )
    except sandbox.SandboxError:
        return ()
    return tuple(SignerChain(name, tuple(chain)) for name, chain in found)


def signer_chains(data: bytes, trust: TrustStore) -> list[tuple[str, list[bytes]]]:
    """The same in this process, as plain data; a signature that can't be taken apart is left out."""
    reader = PdfFileReader(BytesIO(data), strict=False)
    found = []
    for name, field in signature_fields(reader):
        chain = _chain(reader, name, field, trust)
        if chain:
            found.append((str(name), list(chain)))
    return found


def _chain(reader: PdfFileReader, name: str, field: Any, trust: TrustStore) -> tuple[bytes, ...]:
    try:
        return _climb(PdfSignature(reader, field, name), trust)
    except Exception:  # parsers raise anything on hostile input (signing.md §3)
        return ()


def _climb(signature: Any, trust: TrustStore) -> tuple[bytes, ...]:
    leaf = x509.load_der_x509_certificate(signature.signer_cert.dump())
    beside = [x509.load_der_x509_certificate(item.dump()) for item in signature.other_embedded_certs]
    return chain_to_root(leaf, trust, beside)
