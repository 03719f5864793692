package csc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"

	"hoso/pipeline/sign"
)

// Algorithms by their object identifiers (RFC 8017 appendix C, RFC 5758, RFC 5480).
const (
	oidRSA = "1.2.840.113549.1.1.1"
	oidEC  = "1.2.840.10045.2.1"
)

// algorithm is how to ask for a signature over a hash.
type algorithm struct {
	crypto crypto.Hash
	digest string // identifier of the hash
	sign   string // signAlgo
	hash   string // hashAlgorithmOID; "" if signAlgo says it already (11.10)
}

// credentialInfo is what the service says of a key (11.5).
type credentialInfo struct {
	Key struct {
		Status string   `json:"status"`
		Algo   []string `json:"algo"`
		Len    int      `json:"len"`
		Curve  string   `json:"curve"`
	} `json:"key"`
	Cert struct {
		Status       string   `json:"status"`
		Certificates []string `json:"certificates"`
	} `json:"cert"`
	Auth struct {
		Mode       string       `json:"mode"`
		Expression string       `json:"expression"`
		Objects    []authObject `json:"objects"`
	} `json:"auth"`
	Multisign int `json:"multisign"`
}

// check refuses a key that cannot sign and gives its chain.
func (i *credentialInfo) check() ([]*x509.Certificate, error) {
	if i.Key.Status != "enabled" {
		return nil, refuseDisabled(i.Key.Status)
	}
	if s := i.Cert.Status; s != "" && s != "valid" {
		return nil, refuseCertificate("the service calls it "+s, nil)
	}
	var all []*x509.Certificate
	for _, text := range i.Cert.Certificates {
		der, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, refuseCertificate("it cannot be read", err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, refuseCertificate("it cannot be read", err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, refuseCertificate("the service gives none", nil)
	}
	if err := i.fits(all[0]); err != nil {
		return nil, err
	}
	return sign.Chain(all[0], all[1:]), nil
}

// fits compares the key that the service describes with the certificate's.
func (i *credentialInfo) fits(leaf *x509.Certificate) error {
	switch key := leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		if n := i.Key.Len; n != 0 && n != key.N.BitLen() {
			return refuseMismatch(fmt.Sprintf("a key of %d bits, a certificate of %d", n, key.N.BitLen()))
		}
	case *ecdsa.PublicKey:
		curve := map[string]string{
			"P-256": "1.2.840.10045.3.1.7", "P-384": "1.3.132.0.34", "P-521": "1.3.132.0.35",
		}[key.Params().Name]
		if i.Key.Curve != "" && i.Key.Curve != curve {
			return refuseMismatch("another curve than the certificate's: " + i.Key.Curve)
		}
	}
	_, err := i.algorithm(leaf.PublicKey, crypto.SHA256)
	return err
}

// algorithm chooses among what the key can do. One that names the hash goes first, for
// nothing is left to guess then.
func (i *credentialInfo) algorithm(public crypto.PublicKey, hash crypto.Hash) (algorithm, error) {
	n := map[crypto.Hash]int{crypto.SHA256: 1, crypto.SHA384: 2, crypto.SHA512: 3}[hash]
	if n == 0 {
		return algorithm{}, fmt.Errorf("signing a hash %d: not supported", hash)
	}
	a := algorithm{crypto: hash, digest: fmt.Sprintf("2.16.840.1.101.3.4.2.%d", n)}
	var named, bare string
	switch public.(type) {
	case *rsa.PublicKey:
		named, bare = fmt.Sprintf("1.2.840.113549.1.1.%d", 10+n), oidRSA
	case *ecdsa.PublicKey:
		named, bare = fmt.Sprintf("1.2.840.10045.4.3.%d", 1+n), oidEC
	}
	switch {
	case named != "" && slices.Contains(i.Key.Algo, named):
		a.sign = named
	case bare != "" && slices.Contains(i.Key.Algo, bare):
		a.sign, a.hash = bare, a.digest
	default:
		return a, refuseAlgorithm(fmt.Sprintf("it offers %v for a certificate with %T", i.Key.Algo, public))
	}
	return a, nil
}

// values reads the signatures and checks each: a service that mixes them up, or whose key
// is another than the certificate's, must not go unnoticed.
func (k *Key) values(a algorithm, digests [][]byte, signatures []string) ([][]byte, error) {
	if len(signatures) != len(digests) {
		return nil, unavailable(fmt.Errorf("%d signatures for %d hashes: %w", len(signatures), len(digests), errAnswer))
	}
	var values [][]byte
	for i, text := range signatures {
		value, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, unavailable(fmt.Errorf("reading a signature: %w", err))
		}
		if value = verified(k.Public(), a.crypto, digests[i], value); value == nil {
			return nil, refuseMismatch("a signature that does not belong to the certificate")
		}
		values = append(values, value)
	}
	return values, nil
}

// verified gives a signature that belongs to the key, nil for any other. The
// specification does not say how an elliptic one is written: some services write ASN.1,
// some r and s one after the other.
func verified(public crypto.PublicKey, hash crypto.Hash, digest, value []byte) []byte {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if rsa.VerifyPKCS1v15(key, hash, digest, value) == nil {
			return value
		}
	case *ecdsa.PublicKey:
		if ecdsa.VerifyASN1(key, digest, value) {
			return value
		}
		half := (key.Params().BitSize + 7) / 8
		if len(value) != 2*half {
			return nil
		}
		der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(value[:half]), new(big.Int).SetBytes(value[half:])})
		if err == nil && ecdsa.VerifyASN1(key, digest, der) {
			return der
		}
	}
	return nil
}

func encoded(digests [][]byte) []string {
	var all []string
	for _, d := range digests {
		all = append(all, base64.StdEncoding.EncodeToString(d))
	}
	return all
}
