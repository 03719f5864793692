package pkcs11

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/miekg/pkcs11"

	"hoso/pipeline"
)

// signer is a key on the token. It may be used from several goroutines.
type signer struct {
	token  *Token
	key    privateKey
	public crypto.PublicKey // the certificate's
}

// Public gives the certificate's key.
func (k *signer) Public() crypto.PublicKey { return k.public }

// Sign asks the token: PKCS#1 v1.5 for an RSA key, ASN.1 for an elliptic one. A PIN
// that is no longer right is a Refusal; whatever else fails on the token's side is
// *pipeline.Unavailable.
func (k *signer) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if _, pss := opts.(*rsa.PSSOptions); pss {
		return nil, errors.New("signing with RSASSA-PSS: not supported")
	}
	if len(digest) != opts.HashFunc().Size() {
		return nil, fmt.Errorf("signing %d bytes as a hash of %d", len(digest), opts.HashFunc().Size())
	}
	mechanism, input, err := k.input(digest, opts.HashFunc())
	if err != nil {
		return nil, err
	}
	value, err := do(k.token, func(s *session) ([]byte, error) { return s.sign(k.key, mechanism, input) })
	if err != nil {
		return nil, failed(err)
	}
	if mechanism == pkcs11.CKM_ECDSA {
		return ecdsaValue(value)
	}
	return value, nil
}

// input gives mechanism and bytes. The library is asked for the bare operation of the key,
// which all of them have; mechanisms with a hash of their own would be given whole files.
func (k *signer) input(digest []byte, hash crypto.Hash) (uint, []byte, error) {
	switch public := k.public.(type) {
	case *rsa.PublicKey:
		info, err := digestInfo(digest, hash)
		return pkcs11.CKM_RSA_PKCS, info, err
	case *ecdsa.PublicKey:
		// Only the leftmost bits count (FIPS 186-5, 6.4.1); not every token cuts them off.
		return pkcs11.CKM_ECDSA, digest[:min(len(digest), (public.Params().N.BitLen()+7)/8)], nil
	}
	return 0, nil, fmt.Errorf("signing with a key of type %T: not supported", k.public)
}

// digestInfo writes the DER that PKCS#1 v1.5 pads (RFC 8017, 9.2 note 1).
func digestInfo(digest []byte, hash crypto.Hash) ([]byte, error) {
	oid, ok := map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
		crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2},
		crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
	}[hash]
	if !ok {
		return nil, fmt.Errorf("signing a hash %d: not supported", hash)
	}
	type algorithm struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters asn1.RawValue
	}
	return asn1.Marshal(struct {
		Algorithm algorithm
		Digest    []byte
	}{algorithm{oid, asn1.NullRawValue}, digest})
}

// sign runs the operation. A session in which it breaks off may be left in the middle of
// it, so that the link is given up.
func (s *session) sign(k privateKey, mechanism uint, input []byte) ([]byte, error) {
	h, err := s.find(k)
	if err != nil {
		return nil, err
	}
	if err := s.ctx.SignInit(s.handle, []*pkcs11.Mechanism{pkcs11.NewMechanism(mechanism, nil)}, h); err != nil {
		return nil, fmt.Errorf("beginning to sign: %w", err)
	}
	if k.ask {
		if err := s.ctx.Login(s.handle, pkcs11.CKU_CONTEXT_SPECIFIC, s.pin); err != nil {
			return nil, fmt.Errorf("giving the PIN for a signature: %w", err)
		}
	}
	value, err := s.ctx.Sign(s.handle, input)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return value, nil
}

// find looks a key up, once for each link, since handles die with the login.
func (s *session) find(k privateKey) (pkcs11.ObjectHandle, error) {
	name := k.id + "\x00" + k.label
	if h, ok := s.link.keys.Load(name); ok {
		return h.(pkcs11.ObjectHandle), nil //nolint:forcetypeassert // nothing else is put in
	}
	found, err := s.search([]*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY),
		pkcs11.NewAttribute(pkcs11.CKA_ID, []byte(k.id)), pkcs11.NewAttribute(pkcs11.CKA_LABEL, []byte(k.label)),
	})
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, errKeyGone
	}
	s.link.keys.Store(name, found[0])
	return found[0], nil
}

// ecdsaValue turns r and s, of the same length, into ASN.1 (PKCS#11 2.40, 2.3.1).
func ecdsaValue(b []byte) ([]byte, error) {
	if len(b) == 0 || len(b)%2 != 0 {
		return nil, &pipeline.Unavailable{What: what, Err: fmt.Errorf("the token gave %d bytes as an ECDSA signature", len(b))}
	}
	half := len(b) / 2
	return asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(b[:half]), new(big.Int).SetBytes(b[half:])})
}

func verifies(public crypto.PublicKey, digest, value []byte) bool {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, digest, value) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, digest, value)
	}
	return false
}
