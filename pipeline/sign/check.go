package sign

import (
	"crypto"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/cms"
)

// Check tells whether value is the signature that was prepared for, by the key of the
// certificate. Any other value is a Refusal.
func (p *Prepared) Check(value []byte) error {
	chain, err := p.certificates()
	if err != nil {
		return err
	}
	d := &cms.Draft{ContentType: cms.Data, Signer: chain[0], Hash: p.Hash, Attributes: p.Attributes}
	if err := d.Check(value); err != nil {
		return pipeline.Refuse(pipeline.Reason{
			Code: "wrong-value", English: "the value is not this certificate's signature of this paper",
			Vietnamese: "Giá trị chữ ký không khớp với chứng thư số hoặc với giấy tờ này. Hãy ký lại.",
		}, err)
	}
	return nil
}

var errAttributes = errors.New("not the signed attributes of a signature")

// Asked is the digest that a key is asked to sign, found by whoever holds the key from
// the signed attributes (CMS, RFC 5652, 5.4) instead of being believed. It errs unless
// the attributes are those of a signature over content: a content type and the digest of
// the content, each once.
func Asked(attributes []byte, h crypto.Hash) ([]byte, error) {
	if !h.Available() {
		return nil, fmt.Errorf("reading signed attributes: unknown hash %d", h)
	}
	found := map[string]int{}
	in, set := cryptobyte.String(attributes), cryptobyte.String(nil)
	if !in.ReadASN1(&set, cbasn1.SET) || !in.Empty() {
		return nil, fmt.Errorf("reading signed attributes: %w", errAttributes)
	}
	for !set.Empty() {
		kind, value, err := attribute(&set)
		if err != nil {
			return nil, err
		}
		found[kind]++
		var digest cryptobyte.String
		if kind == cms.MessageDigest && (!value.ReadASN1(&digest, cbasn1.OCTET_STRING) || len(digest) != h.Size()) {
			return nil, fmt.Errorf("reading the digest in signed attributes: %w", errAttributes)
		}
	}
	if found[cms.MessageDigest] != 1 || found[cms.ContentType] != 1 {
		return nil, fmt.Errorf("reading signed attributes: %d digests, %d content types: %w", found[cms.MessageDigest], found[cms.ContentType], errAttributes)
	}
	return cms.Sum(h, attributes), nil
}

func attribute(set *cryptobyte.String) (kind string, value cryptobyte.String, err error) {
	var one, values cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !set.ReadASN1(&one, cbasn1.SEQUENCE) || !one.ReadASN1ObjectIdentifier(&oid) ||
		!one.ReadASN1(&values, cbasn1.SET) || !one.Empty() {
		return "", nil, fmt.Errorf("reading a signed attribute: %w", errAttributes)
	}
	return oid.String(), values, nil
}
