package pkcs11

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/miekg/pkcs11"
)

// object is a certificate, a public or a private key on the token.
type object struct {
	handle    pkcs11.ObjectHandle
	label, id string // CKA_LABEL, and the bytes of CKA_ID
}

// certificate is one with its place.
type certificate struct {
	object
	x509 *x509.Certificate
}

// privateKey is a key that can be asked for signatures.
type privateKey struct {
	object
	public crypto.PublicKey // nil if the token does not tell
	ask    bool             // it wants the PIN for each signature (CKA_ALWAYS_AUTHENTICATE)
}

// objects lists what is on the token of a class, with label and ID.
func (s *session) objects(class uint, more ...*pkcs11.Attribute) ([]object, error) {
	handles, err := s.search(append(more, pkcs11.NewAttribute(pkcs11.CKA_CLASS, class)))
	if err != nil {
		return nil, err
	}
	var all []object
	for _, h := range handles {
		label, err := s.attribute(h, pkcs11.CKA_LABEL)
		if err != nil {
			return nil, err
		}
		id, err := s.attribute(h, pkcs11.CKA_ID)
		if err != nil {
			return nil, err
		}
		all = append(all, object{h, string(label), string(id)})
	}
	return all, nil
}

func (s *session) search(template []*pkcs11.Attribute) ([]pkcs11.ObjectHandle, error) {
	if err := s.ctx.FindObjectsInit(s.handle, template); err != nil {
		return nil, fmt.Errorf("searching the token: %w", err)
	}
	var found []pkcs11.ObjectHandle
	for {
		some, _, err := s.ctx.FindObjects(s.handle, 64)
		if err != nil {
			_ = s.ctx.FindObjectsFinal(s.handle) // the error above says more
			return nil, fmt.Errorf("searching the token: %w", err)
		}
		if len(some) == 0 {
			break
		}
		found = append(found, some...)
	}
	if err := s.ctx.FindObjectsFinal(s.handle); err != nil {
		return nil, fmt.Errorf("searching the token: %w", err)
	}
	return found, nil
}

// attribute gives an attribute's value; nil if the object has none, or keeps it to itself.
func (s *session) attribute(h pkcs11.ObjectHandle, kind uint) ([]byte, error) {
	got, err := s.ctx.GetAttributeValue(s.handle, h, []*pkcs11.Attribute{pkcs11.NewAttribute(kind, nil)})
	if is(err, pkcs11.CKR_ATTRIBUTE_TYPE_INVALID, pkcs11.CKR_ATTRIBUTE_SENSITIVE) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading an attribute: %w", err)
	}
	return got[0].Value, nil
}

// certificates lists the X.509 certificates that can be read.
func (s *session) certificates() ([]certificate, error) {
	all, err := s.objects(pkcs11.CKO_CERTIFICATE, pkcs11.NewAttribute(pkcs11.CKA_CERTIFICATE_TYPE, pkcs11.CKC_X_509))
	if err != nil {
		return nil, err
	}
	var read []certificate
	for _, o := range all {
		der, err := s.attribute(o.handle, pkcs11.CKA_VALUE)
		if err != nil {
			return nil, err
		}
		if c, err := x509.ParseCertificate(der); err == nil { // others cannot be signed with
			read = append(read, certificate{o, c})
		}
	}
	return read, nil
}

// privateKeys lists the private keys, each with its public half where the token tells it.
func (s *session) privateKeys() ([]privateKey, error) {
	all, err := s.objects(pkcs11.CKO_PRIVATE_KEY)
	if err != nil {
		return nil, err
	}
	halves, err := s.objects(pkcs11.CKO_PUBLIC_KEY)
	if err != nil {
		return nil, err
	}
	var keys []privateKey
	for _, o := range all {
		k := privateKey{object: o}
		if k.public, err = s.public(o.handle); err != nil {
			return nil, err
		}
		for _, half := range halves {
			if k.public != nil || half.id != o.id {
				continue
			}
			if k.public, err = s.public(half.handle); err != nil {
				return nil, err
			}
		}
		ask, err := s.attribute(o.handle, pkcs11.CKA_ALWAYS_AUTHENTICATE)
		if err != nil {
			return nil, err
		}
		k.ask = bytes.ContainsFunc(ask, func(r rune) bool { return r != 0 })
		keys = append(keys, k)
	}
	return keys, nil
}

// public reads the public key out of a key object: modulus and exponent of an RSA key,
// of the private one too; the point of an elliptic one, mostly of the public one alone.
func (s *session) public(h pkcs11.ObjectHandle) (crypto.PublicKey, error) {
	kind, err := s.attribute(h, pkcs11.CKA_KEY_TYPE)
	if err != nil {
		return nil, err
	}
	first, second, read := uint(pkcs11.CKA_MODULUS), uint(pkcs11.CKA_PUBLIC_EXPONENT), rsaKey
	switch number(kind) {
	case pkcs11.CKK_RSA:
	case pkcs11.CKK_EC:
		first, second, read = pkcs11.CKA_EC_PARAMS, pkcs11.CKA_EC_POINT, ecKey
	default:
		return nil, nil
	}
	a, err := s.attribute(h, first)
	if err != nil {
		return nil, err
	}
	b, err := s.attribute(h, second)
	if err != nil {
		return nil, err
	}
	return read(a, b), nil
}

// number reads a CK_ULONG, which has the size and order of this machine's words.
func number(b []byte) uint64 {
	if len(b) != 8 {
		return 1<<64 - 1
	}
	return binary.NativeEndian.Uint64(b)
}

func rsaKey(modulus, exponent []byte) crypto.PublicKey {
	e := new(big.Int).SetBytes(exponent)
	if len(modulus) == 0 || e.Sign() == 0 || e.BitLen() > 31 {
		return nil
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(e.Int64())}
}

// ecKey reads a named curve and a point, which stands in an OCTET STRING (PKCS#11 2.40,
// 2.3.3), with some makers bare.
func ecKey(params, point []byte) crypto.PublicKey {
	var name asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(params, &name); err != nil {
		return nil
	}
	curve := map[string]elliptic.Curve{
		"1.2.840.10045.3.1.7": elliptic.P256(), "1.3.132.0.34": elliptic.P384(), "1.3.132.0.35": elliptic.P521(),
	}[name.String()]
	if curve == nil {
		return nil
	}
	var inner []byte
	if rest, err := asn1.Unmarshal(point, &inner); err == nil && len(rest) == 0 {
		point = inner
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil
	}
	return key
}
