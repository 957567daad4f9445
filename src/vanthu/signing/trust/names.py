"""Compare distinguished names as RFC 5280 §7.1 demands, never as strings.

Issuers of the first generation write ASCII in PrintableString, those of the second UTF-8; tools differ in
case and spaces. The order of the parts counts: another order is another name.
"""

import unicodedata

from cryptography import x509

NameKey = tuple[frozenset[tuple[str, str]], ...]


def name_key(name: x509.Name) -> NameKey:
    """What two names have in common when they are the same name; hashable."""
    return tuple(
        frozenset((part.oid.dotted_string, _prepared(part.value)) for part in rdn) for rdn in name.rdns
    )


def same_name(one: x509.Name, other: x509.Name) -> bool:
    """Tell whether both name the same subject."""
    return one == other or name_key(one) == name_key(other)


def common_name(name: x509.Name) -> str:
    """The last common name; the last organisation of a name that has none."""
    for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(oid)
        if found:
            return str(found[-1].value)
    return ""


def _prepared(value: str | bytes) -> str:
    # RFC 4518: map to nothing, normalise, fold the case, treat runs of spaces as one.
    if isinstance(value, bytes):
        return value.hex()
    kept = "".join(
        letter for letter in value if unicodedata.category(letter) not in {"Cc", "Cf"} or letter.isspace()
    )
    return " ".join(unicodedata.normalize("NFKC", kept).casefold().split())
