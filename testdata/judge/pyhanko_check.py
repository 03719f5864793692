#!/usr/bin/env python3
"""Prints pyHanko's verdict on every signature of a PDF as one JSON line per file.

usage: pyhanko_check.py [--trust ROOT.pem]... FILE...

Offline: what is neither in the file nor among the given roots is not known. The
lack of revocation data alone fails nothing here; DSS judges that.
"""

import argparse
import json
import logging

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


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


def verdict(path, roots):
    try:
        with open(path, "rb") as file:
            reader = PdfFileReader(file, strict=False)
            return {
                "file": path,
                "signatures": [signature(s, roots) for s in reader.embedded_regular_signatures],
            }
    except Exception as e:  # every failure to look is the answer
        return {"file": path, "error": f"{type(e).__name__}: {e}"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trust", action="append", default=[])
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    roots = [load_cert_from_pemder(root) for root in args.trust]
    for path in args.files:
        print(json.dumps(verdict(path, roots), ensure_ascii=False), flush=True)


main()
