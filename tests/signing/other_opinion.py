"""What pyHanko's own engine of EN 319 102-1 says of a file, in a process that knows nothing of the product.

Reads a pickled (pdf, roots, crls, moment) from standard input and prints one word for each signature.
"""

import asyncio
import pickle
import sys
from datetime import datetime
from io import BytesIO

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    CRLContainer,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager


async def opinions(pdf: bytes, roots: list[bytes], crls: list[bytes], moment: datetime) -> list[str]:
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(
                    trust_roots=[x509.Certificate.load(root) for root in roots]
                ),
                revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=LocalKnowledge(
                known_crls=[CRLContainer(crl.CertificateList.load(item)) for item in crls]
            ),
        )
    )
    timing = ValidationTimingInfo(moment, best_signature_time=moment, point_in_time_validation=False)
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    found = [
        await ades_lta_validation(signature, pdf_validation_spec=spec, timing_info=timing)
        for signature in reader.embedded_regular_signatures
    ]
    return [result.ades_subindic.name for result in found]


if __name__ == "__main__":
    sys.stdout.write(" ".join(asyncio.run(opinions(*pickle.load(sys.stdin.buffer)))))
