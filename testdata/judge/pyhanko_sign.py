#!/usr/bin/env python3
"""Signs PDF files with pyHanko, so that what others write can be verified.

usage: pyhanko_sign.py < JOBS        one JSON object per line:

  {"in": "a.pdf", "out": "b.pdf", "key": "k.pem", "certs": ["leaf.pem", "ca.pem"],
   "trust": "root.pem", "tsa": "http://…/tsa" or "", "level": "B" | "T" | "LT" | "LTA",
   "adobe": false, "certify": 0, "field": "Signature1", "box": [10, 10, 200, 60] or null,
   "lock": "All" | "Include" | "Exclude" | "", "locked": ["name"], "pss": false,
   "hash": "sha256"}

Prints {} or {"error": …} for each. Authorities are asked over HTTP at the addresses in
the certificates.
"""

import asyncio
import json
import logging
import sys

from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore


async def sign(job):
    certs = list(load_certs_from_pemder(job["certs"]))
    roots = list(load_certs_from_pemder([job["trust"]]))
    registry = SimpleCertificateStore()
    registry.register_multiple(certs)
    signer = signers.SimpleSigner(
        signing_cert=certs[0],
        signing_key=load_private_key_from_pemder(job["key"], None),
        cert_registry=registry,
        prefer_pss=job.get("pss", False),
    )
    level = job.get("level", "B")
    context = ValidationContext(
        trust_roots=roots, other_certs=certs, allow_fetching=level in ("LT", "LTA")
    )
    certify = job.get("certify", 0)
    adobe = job.get("adobe", False)
    meta = signers.PdfSignatureMetadata(
        field_name=job["field"],
        md_algorithm=job.get("hash", "sha256"),
        subfilter=(
            fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED if adobe else fields.SigSeedSubFilter.PADES
        ),
        certify=certify > 0,
        docmdp_permissions=fields.MDPPerm(certify or 2),
        embed_validation_info=level in ("LT", "LTA"),
        use_pades_lta=level == "LTA",
        validation_context=context,
        reason="Ký thử bằng chương trình khác",
    )
    lock = job.get("lock", "")
    spec = fields.SigFieldSpec(
        sig_field_name=job["field"],
        box=tuple(job["box"]) if job.get("box") else None,
        field_mdp_spec=(
            fields.FieldMDPSpec(fields.FieldMDPAction("/" + lock), job.get("locked") or None)
            if lock
            else None
        ),
    )
    stamper = timestamps.HTTPTimeStamper(job["tsa"]) if job.get("tsa") else None
    with open(job["in"], "rb") as source, open(job["out"], "w+b") as target:
        writer = IncrementalPdfFileWriter(source)
        signer_of_pdf = signers.PdfSigner(
            meta, signer, timestamper=stamper, new_field_spec=None if job.get("existing") else spec
        )
        await signer_of_pdf.async_sign_pdf(writer, output=target)


def main():
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        try:
            asyncio.run(sign(json.loads(line)))
            print("{}", flush=True)
        except Exception as e:  # every failure to sign is the answer
            print(json.dumps({"error": f"{type(e).__name__}: {e}"}), flush=True)


main()
