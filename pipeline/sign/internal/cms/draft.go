package cms

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Draft is a SignedData that lacks only its signature value.
type Draft struct {
	ContentType  string              // Data or TSTInfo
	Content      []byte              // nil for a detached signature
	Certificates []*x509.Certificate // carried along; may be empty
	Signer       *x509.Certificate
	Hash         crypto.Hash
	Attributes   []byte // DER of the signed attributes as a SET OF, the bytes that are signed
}

// NewDraft writes the signed attributes for a content of the given type and digest:
// content-type, message-digest, signing-certificate-v2 with the issuer and serial
// number, and the algorithm protection of RFC 6211. There is no signing-time: PAdES
// forbids it (ETSI EN 319 142-1, 6.3).
func NewDraft(signer *x509.Certificate, h crypto.Hash, contentType string, digest []byte) (*Draft, error) {
	hashOID, err := HashOID(h)
	if err != nil {
		return nil, err
	}
	if err := checkKey(signer.PublicKey); err != nil {
		return nil, err
	}
	if len(digest) != h.Size() {
		return nil, fmt.Errorf("digest of %d bytes for a hash of %d: %w", len(digest), h.Size(), ErrAlgorithm)
	}
	signature, err := signatureAlgorithm(signer.PublicKey, h)
	if err != nil {
		return nil, err
	}
	essCert, err := essCertificate(signer)
	if err != nil {
		return nil, err
	}
	var set [][]byte
	for _, a := range []struct {
		oid   string
		value func(*cryptobyte.Builder)
	}{
		{ContentType, func(b *cryptobyte.Builder) { AddOID(b, contentType) }},
		{MessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest) }},
		{SigningCertV2, func(b *cryptobyte.Builder) { b.AddBytes(essCert) }},
		{AlgorithmProtection, protection(hashOID, signature)},
	} {
		der, err := attribute(a.oid, a.value)
		if err != nil {
			return nil, err
		}
		set = append(set, der)
	}
	slices.SortFunc(set, bytes.Compare)
	attributes, err := wrap(cbasn1.SET, bytes.Join(set, nil))
	if err != nil {
		return nil, err
	}
	return &Draft{ContentType: contentType, Signer: signer, Hash: h, Attributes: attributes}, nil
}

// Digest is what the key must sign.
func (d *Draft) Digest() []byte { return Sum(d.Hash, d.Attributes) }

// Check tells whether value is the signer's signature of the draft.
func (d *Draft) Check(value []byte) error {
	oid, err := signatureOID(d.Signer.PublicKey, d.Hash)
	if err != nil {
		return err
	}
	return algorithm{oid: oid}.verify(d.Signer.PublicKey, d.Hash, d.Digest(), value)
}

// Assemble gives the DER of the ContentInfo with the signature value in it. A token,
// if any, becomes the signature timestamp (RFC 3161, appendix A).
func (d *Draft) Assemble(value, token []byte) ([]byte, error) {
	signer, err := d.signerInfo(value, token)
	if err != nil {
		return nil, err
	}
	hashOID, err := HashOID(d.Hash)
	if err != nil {
		return nil, err
	}
	version := int64(1)
	if d.ContentType != Data {
		version = 3
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		AddOID(b, SignedData)
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(version)
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { addHash(b, hashOID) })
				b.AddASN1(cbasn1.SEQUENCE, d.addContent)
				d.addCertificates(b)
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(signer) })
			})
		})
	})
	return finish(&b)
}

func (d *Draft) addContent(b *cryptobyte.Builder) {
	AddOID(b, d.ContentType)
	if d.Content != nil {
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(d.Content) })
	}
}

func (d *Draft) addCertificates(b *cryptobyte.Builder) {
	if len(d.Certificates) == 0 {
		return
	}
	var set [][]byte
	for _, c := range d.Certificates {
		set = append(set, c.Raw)
	}
	slices.SortFunc(set, bytes.Compare) // DER orders the elements of a SET OF
	set = slices.CompactFunc(set, bytes.Equal)
	b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(set, nil)) })
}

func (d *Draft) signerInfo(value, token []byte) ([]byte, error) {
	hashOID, err := HashOID(d.Hash)
	if err != nil {
		return nil, err
	}
	signature, err := signatureAlgorithm(d.Signer.PublicKey, d.Hash)
	if err != nil {
		return nil, err
	}
	var unsigned []byte
	if token != nil {
		unsigned, err = attribute(TimestampToken, func(b *cryptobyte.Builder) { b.AddBytes(token) })
		if err != nil {
			return nil, err
		}
	}
	retagged := append([]byte(nil), d.Attributes...)
	retagged[0] = byte(explicit(0))
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		addIssuerSerial(b, d.Signer)
		addHash(b, hashOID)
		b.AddBytes(retagged)
		signature(b)
		b.AddASN1OctetString(value)
		if unsigned != nil {
			b.AddASN1(explicit(1), func(b *cryptobyte.Builder) { b.AddBytes(unsigned) })
		}
	})
	return finish(&b)
}

// essCertificate is SigningCertificateV2 (RFC 5035, 3) with SHA-256, its default.
func essCertificate(c *x509.Certificate) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString(Sum(crypto.SHA256, c.Raw))
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(explicit(4), func(b *cryptobyte.Builder) { b.AddBytes(c.RawIssuer) })
					})
					b.AddASN1BigInt(c.SerialNumber)
				})
			})
		})
	})
	return finish(&b)
}

func protection(hashOID string, signature func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addHash(b, hashOID)
			var inner cryptobyte.Builder
			signature(&inner)
			der, err := inner.Bytes()
			if err != nil {
				b.SetError(err)
				return
			}
			der[0] = byte(explicit(1)) // [1] IMPLICIT in place of SEQUENCE
			b.AddBytes(der)
		})
	}
}

func signatureAlgorithm(pub crypto.PublicKey, h crypto.Hash) (func(*cryptobyte.Builder), error) {
	oid, err := signatureOID(pub, h)
	if err != nil {
		return nil, err
	}
	_, null := pub.(*rsa.PublicKey) // RFC 4055 wants NULL parameters, RFC 5758 none
	return func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			AddOID(b, oid)
			if null {
				b.AddASN1NULL()
			}
		})
	}, nil
}

func addHash(b *cryptobyte.Builder, oid string) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { AddOID(b, oid) })
}

func addIssuerSerial(b *cryptobyte.Builder, c *x509.Certificate) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(c.RawIssuer)
		b.AddASN1BigInt(c.SerialNumber)
	})
}

func attribute(oid string, value func(*cryptobyte.Builder)) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		AddOID(b, oid)
		b.AddASN1(cbasn1.SET, value)
	})
	return finish(&b)
}

func wrap(tag cbasn1.Tag, body []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(body) })
	return finish(&b)
}

func explicit(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }

func finish(b *cryptobyte.Builder) ([]byte, error) {
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding CMS: %w", err)
	}
	return der, nil
}
