#!/usr/bin/env python3
"""Prints pyHanko's verdict on every signature of a PDF as one JSON line per file.

usage: pyhanko_check.py [--at TIME] [--crl LIST.crl]... [--trust ROOT.pem]... FILE...
       pyhanko_check.py --serve    one JSON request per line on standard input:
                                   {"file": …, "trust": [ROOT.pem], "at": TIME, "lists": [LIST.crl]}

Offline: what is neither in the file nor among the given roots is not known. Without
--at, the lack of revocation data alone fails nothing; DSS judges that. With --at,
the algorithm for long-term signatures (ETSI EN 319 102-1, 5.6) is run as if it were
that moment, and the lack of revocation data fails; the lists are those that could
be fetched then.
"""

import argparse
import asyncio
import datetime
import json
import logging
import sys

from asn1crypto.crl import CertificateList
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    CRLContainer,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager


def timestamp(status):
    if status is None:
        return None
    return {
        "time": status.timestamp.isoformat(),
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
    }


def signature(sig, roots):
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(sig, context, ts_validation_context=context)
    subfilter = sig.sig_object["/SubFilter"]
    return {
        "field": sig.field_name,
        "pades": subfilter == SigSeedSubFilter.PADES.value,
        "signer": status.signing_cert.subject.human_friendly,
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "coverage": status.coverage.name,
        "modification": status.modification_level.name if status.modification_level else "",
        "bottom_line": status.bottom_line,
        "timestamp": timestamp(status.timestamp_validity),
    }


def long_term(sig, roots, lists, at):
    trust = SimpleTrustManager.build(trust_roots=roots)
    certificates = CertValidationPolicySpec(trust, CertRevTrustPolicy(REQUIRE_REVINFO))
    gathering = RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
        certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
    )
    result = asyncio.run(
        ades_lta_validation(
            sig,
            PdfSignatureValidationSpec(
                SignatureValidationSpec(
                    certificates, gathering, local_knowledge=LocalKnowledge(known_crls=lists)
                )
            ),
            timing_info=ValidationTimingInfo(at, at, point_in_time_validation=False),
        )
    )
    best = getattr(result, "best_signature_time", None)
    return {
        "ades": str(getattr(result.ades_subindic, "name", result.ades_subindic)),
        "best": best.isoformat() if best else "",
        "why": result.failure_msg or "",
    }


def verdict(path, roots, lists, at):
    try:
        with open(path, "rb") as file:
            reader = PdfFileReader(file, strict=False)
            signatures = []
            for s in reader.embedded_regular_signatures:
                said = signature(s, roots)
                if at:
                    said |= long_term(s, roots, lists, at)
                signatures.append(said)
            return {"file": path, "signatures": signatures}
    except Exception as e:  # every failure to look is the answer
        return {"file": path, "error": f"{type(e).__name__}: {e}"}


def load(lists):
    out = []
    for path in lists:
        with open(path, "rb") as file:
            out.append(CRLContainer(CertificateList.load(file.read())))
    return out


def tell(path, trust, lists, at):
    roots = [load_cert_from_pemder(root) for root in trust]
    print(json.dumps(verdict(path, roots, load(lists), at), ensure_ascii=False), flush=True)


def serve():
    for line in sys.stdin:
        ask = json.loads(line)
        at = ask.get("at")
        tell(
            ask["file"],
            ask.get("trust", []),
            ask.get("lists", []),
            datetime.datetime.fromisoformat(at) if at else None,
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trust", action="append", default=[])
    parser.add_argument("--crl", action="append", default=[])
    parser.add_argument("--at", type=datetime.datetime.fromisoformat)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if args.serve:
        serve()
    for path in args.files:
        tell(path, args.trust, args.crl, args.at)


main()
