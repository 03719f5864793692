package cms

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha256" // the hashes that Draft and Message name
	_ "crypto/sha512" // the hashes that Draft and Message name
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// ErrAlgorithm is returned for a digest or signature algorithm that is unknown or
// too weak to be believed (SHA-1 among them).
var ErrAlgorithm = errors.New("algorithm not accepted")

const (
	oidSHA256 = "2.16.840.1.101.3.4.2.1"
	oidSHA384 = "2.16.840.1.101.3.4.2.2"
	oidSHA512 = "2.16.840.1.101.3.4.2.3"

	oidRSA       = "1.2.840.113549.1.1.1"
	oidPSS       = "1.2.840.113549.1.1.10"
	oidRSASHA256 = "1.2.840.113549.1.1.11"
	oidRSASHA384 = "1.2.840.113549.1.1.12"
	oidRSASHA512 = "1.2.840.113549.1.1.13"

	oidECDSASHA256 = "1.2.840.10045.4.3.2"
	oidECDSASHA384 = "1.2.840.10045.4.3.3"
	oidECDSASHA512 = "1.2.840.10045.4.3.4"
)

// accepted is a hash that is believed, with the dotted identifiers of itself and of
// the signatures made with it.
type accepted struct {
	hash               crypto.Hash
	digest, rsa, ecdsa string
}

func acceptedHashes() []accepted {
	return []accepted{
		{crypto.SHA256, oidSHA256, oidRSASHA256, oidECDSASHA256},
		{crypto.SHA384, oidSHA384, oidRSASHA384, oidECDSASHA384},
		{crypto.SHA512, oidSHA512, oidRSASHA512, oidECDSASHA512},
	}
}

func acceptedHash(h crypto.Hash) (accepted, error) {
	for _, a := range acceptedHashes() {
		if a.hash == h {
			return a, nil
		}
	}
	return accepted{}, fmt.Errorf("digest algorithm %s: %w", h, ErrAlgorithm)
}

// HashOf gives the hash that a dotted identifier names.
func HashOf(oid string) (crypto.Hash, error) {
	for _, a := range acceptedHashes() {
		if a.digest == oid {
			return a.hash, nil
		}
	}
	return 0, fmt.Errorf("digest algorithm %s: %w", oid, ErrAlgorithm)
}

// HashOID gives the dotted identifier of SHA-256, SHA-384 or SHA-512.
func HashOID(h crypto.Hash) (string, error) {
	a, err := acceptedHash(h)
	return a.digest, err
}

// DefaultHash is the hash that fits the strength of a public key.
func DefaultHash(pub crypto.PublicKey) crypto.Hash {
	if k, ok := pub.(*ecdsa.PublicKey); ok {
		switch bits := k.Curve.Params().BitSize; {
		case bits > 384:
			return crypto.SHA512
		case bits > 256:
			return crypto.SHA384
		}
	}
	return crypto.SHA256
}

// Sum hashes b with h, which must be one that HashOID knows.
func Sum(h crypto.Hash, b []byte) []byte {
	state := h.New()
	state.Write(b)
	return state.Sum(nil)
}

// checkKey refuses a public key that is too weak to be believed, or too large to be
// worth the work.
func checkKey(pub crypto.PublicKey) error {
	switch key := pub.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 2048 || bits > 16384 {
			return fmt.Errorf("RSA key of %d bits: %w", bits, ErrAlgorithm)
		}
	case *ecdsa.PublicKey:
		if bits := key.Curve.Params().BitSize; bits < 256 {
			return fmt.Errorf("ECDSA key of %d bits: %w", bits, ErrAlgorithm)
		}
	default:
		return fmt.Errorf("key of type %T: %w", pub, ErrAlgorithm)
	}
	return nil
}

// signatureOID names the signature algorithm of a key with a hash.
func signatureOID(pub crypto.PublicKey, h crypto.Hash) (string, error) {
	a, err := acceptedHash(h)
	if err != nil {
		return "", err
	}
	switch pub.(type) {
	case *rsa.PublicKey:
		return a.rsa, nil
	case *ecdsa.PublicKey:
		return a.ecdsa, nil
	}
	return "", fmt.Errorf("key of type %T: %w", pub, ErrAlgorithm)
}

// algorithm is an AlgorithmIdentifier as found.
type algorithm struct {
	oid    string
	params []byte // DER, nil when absent
}

func readAlgorithm(in *cryptobyte.String, out *algorithm) bool {
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return false
	}
	oid, ok := ReadOID(&seq)
	if !ok {
		return false
	}
	out.oid, out.params = oid, nil
	if !seq.Empty() {
		out.params = []byte(seq)
	}
	return true
}

// verify checks a signature value over digest, made with the digest algorithm h.
func (a algorithm) verify(pub crypto.PublicKey, h crypto.Hash, digest, value []byte) error {
	if err := checkKey(pub); err != nil {
		return err
	}
	switch key := pub.(type) {
	case *rsa.PublicKey:
		return a.verifyRSA(key, h, digest, value)
	case *ecdsa.PublicKey:
		want, err := signatureOID(key, h)
		if err != nil {
			return err
		}
		if a.oid != want {
			return fmt.Errorf("signature algorithm %s with an ECDSA key: %w", a.oid, ErrAlgorithm)
		}
		if !ecdsa.VerifyASN1(key, digest, value) {
			return ErrSignature
		}
		return nil
	}
	return fmt.Errorf("key of type %T: %w", pub, ErrAlgorithm)
}

func (a algorithm) verifyRSA(key *rsa.PublicKey, h crypto.Hash, digest, value []byte) error {
	var err error
	switch a.oid {
	case oidPSS:
		err = rsa.VerifyPSS(key, h, digest, value, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: h})
	default:
		want, oidErr := signatureOID(key, h)
		if oidErr != nil {
			return oidErr
		}
		if a.oid != oidRSA && a.oid != want {
			return fmt.Errorf("signature algorithm %s with an RSA key: %w", a.oid, ErrAlgorithm)
		}
		err = rsa.VerifyPKCS1v15(key, h, digest, value)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return nil
}
