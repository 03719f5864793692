// Package tsa speaks RFC 3161 from both sides: the client that asks an authority when
// a digest existed, and a small authority for demonstrations and tests.
//
// A token is worth only what its verification shows, so the client verifies a reply
// against its own question before anyone sees it, and Open does the same for a token
// found in a file.
package tsa

import (
	"crypto"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"hoso/pipeline/sign/internal/cms"
)

const (
	mediaQuery = "application/timestamp-query"
	mediaReply = "application/timestamp-reply"
)

// The failure bits of PKIFailureInfo (RFC 3161, 2.4.2).
const (
	badAlg              = 0
	badRequest          = 2
	badDataFormat       = 5
	unacceptedPolicy    = 15
	unacceptedExtension = 16
	systemFailure       = 25
)

// query is a TimeStampReq.
type query struct {
	hash    crypto.Hash
	imprint []byte
	policy  string // "" for any
	nonce   *big.Int
	certReq bool
}

func (q query) encode() ([]byte, error) {
	oid, err := cms.HashOID(q.hash)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		addImprint(b, oid, q.imprint)
		if q.nonce != nil {
			b.AddASN1BigInt(q.nonce)
		}
		if q.certReq {
			b.AddASN1Boolean(true)
		}
	})
	return b.Bytes()
}

func addImprint(b *cryptobyte.Builder, oid string, imprint []byte) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			cms.AddOID(b, oid)
			b.AddASN1NULL() // what most authorities send and expect
		})
		b.AddASN1OctetString(imprint)
	})
}

// readImprint gives the algorithm's dotted name and the hash value.
func readImprint(in *cryptobyte.String) (string, []byte, bool) {
	var seq, alg, value cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&alg, cbasn1.SEQUENCE) {
		return "", nil, false
	}
	oid, ok := cms.ReadOID(&alg)
	ok = ok && seq.ReadASN1(&value, cbasn1.OCTET_STRING) && seq.Empty()
	return oid, value, ok
}
