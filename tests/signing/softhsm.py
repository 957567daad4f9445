"""A token of SoftHSM2 with the person's key in it; one for the whole session, because the module reads its place once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.util.x509 import decode_x509_certificate

from vanthu.signing.backends.pkcs11 import TokenKey

if TYPE_CHECKING:
    from tests.signing.conftest import Pki

PIN = "731946"
LABEL = "ky-duyet"
LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


@pytest.fixture(scope="session")
def token_key(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenKey]:
    library = next((path for path in LIBRARIES if Path(path).exists()), None)
    if library is None or shutil.which("softhsm2-util") is None:
        pytest.skip("no SoftHSM2 here: run scripts/system-packages")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n", encoding="ascii"
    )
    # The module reads this when it is loaded; later is too late.
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    key = TokenKey(library, "vanthu-thu", LABEL, PIN)
    _fill_token(key, pki, folder)
    yield key
    os.environ.pop("SOFTHSM2_CONF", None)


def _fill_token(key: TokenKey, pki: Pki, folder: Path) -> None:
    private, certificate, _ = pkcs12.load_key_and_certificates(
        pki.person.data, pki.person.passphrase.encode()
    )
    assert private is not None
    assert certificate is not None
    file = folder / "key.pem"
    file.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    _softhsm("--init-token", "--free", "--label", key.token_label, "--so-pin", "84629173", "--pin", PIN)
    _softhsm("--import", str(file), "--token", key.token_label, "--label", LABEL, "--id", "01", "--pin", PIN)
    file.unlink()
    token = pkcs11.lib(key.library).get_token(token_label=key.token_label)
    with token.open(rw=True, user_pin=PIN) as session:
        attributes = decode_x509_certificate(pki.person.certificate)
        attributes[pkcs11.Attribute.TOKEN] = True
        attributes[pkcs11.Attribute.LABEL] = LABEL
        session.create_object(attributes)


def _softhsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
