"""Say what pyHanko thinks of every signature in a PDF: one JSON object per line.

Arguments: a PEM file with the trusted root, then PDF files. Revocation is not asked
for, because test certificates have no servers behind them.
"""
import json
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def judge(path, root):
    with open(path, "rb") as f:
        reader = PdfFileReader(f)
        for signature in reader.embedded_regular_signatures:
            context = ValidationContext(trust_roots=[root], allow_fetching=False)
            status = validate_pdf_signature(signature, context, ts_validation_context=context)
            stamp = status.timestamp_validity
            yield {
                "field": signature.field_name,
                "bottom_line": status.bottom_line,
                "intact": status.intact,
                "valid": status.valid,
                "trusted": status.trusted,
                "coverage": status.coverage.name,
                "modification": status.modification_level.name if status.modification_level else "",
                "digest": signature.md_algorithm,
                "stamped": bool(stamp and stamp.intact and stamp.valid and stamp.trusted),
                "filter": signature.sig_object.get("/SubFilter"),
                "signing_time": any(a["type"].native == "signing_time" for a in signature.signer_info["signed_attrs"]),
            }


root = load_cert_from_pemder(sys.argv[1])
for path in sys.argv[2:]:
    for row in judge(path, root):
        print(json.dumps(row))
