"""Build the chain of a certificate from the store's authorities and what came with it; no network, no clock."""

from collections.abc import Iterable, Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from vanthu.signing.trust.importing import is_root, issued_by
from vanthu.signing.trust.store import TrustStore, is_authority

_LONGEST: Final = 8


def chain_to_root(
    certificate: x509.Certificate, store: TrustStore, extra: Iterable[x509.Certificate] = ()
) -> tuple[bytes, ...]:
    """The chain (DER, leaf first, root last) to a root of the store; empty when there is none."""
    roots = [x509.load_der_x509_certificate(item) for item in dict.fromkeys((*store.roots, *store.tsa_roots))]
    helpers = [x509.load_der_x509_certificate(item) for item in store.intermediates]
    helpers += [item for item in extra if is_authority(item) and not is_root(item)]
    found = _climb([certificate], roots, helpers)
    return tuple(item.public_bytes(Encoding.DER) for item in found)


def _climb(
    chain: list[x509.Certificate], roots: Sequence[x509.Certificate], helpers: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    top = chain[-1]
    if top in roots:
        return chain
    for root in roots:
        if issued_by(top, root):
            return [*chain, root]
    if len(chain) >= _LONGEST:
        return []
    for helper in helpers:
        if helper not in chain and issued_by(top, helper):
            found = _climb([*chain, helper], roots, helpers)
            if found:
                return found
    return []
