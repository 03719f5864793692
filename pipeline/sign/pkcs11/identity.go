package pkcs11

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"strings"

	"hoso/pipeline/sign"
)

// Identities gives every certificate on the token that has its private key there. The
// chain is made of the certificates on the token. A certificate whose key is another is
// left out; if nothing else is there it is a Refusal, and so is a token without keys.
func (t *Token) Identities() ([]sign.Identity, error) {
	pairs, err := t.pairs()
	if err != nil {
		return nil, err
	}
	var all []sign.Identity
	for _, p := range pairs {
		if p.belongs {
			all = append(all, p.identity)
		}
	}
	if len(all) == 0 && len(pairs) > 0 {
		return nil, refuseMismatch()
	}
	if len(all) == 0 {
		return nil, refuseNoKey("")
	}
	return all, nil
}

// Identity gives one: by the label of key or certificate, the hexadecimal CKA_ID, or the
// hexadecimal SHA-256 of the certificate; "" if there is exactly one.
func (t *Token) Identity(name string) (sign.Identity, error) {
	pairs, err := t.pairs()
	if err != nil {
		return sign.Identity{}, err
	}
	var named []pair
	for _, p := range pairs {
		if p.named(name) {
			named = append(named, p)
		}
	}
	// Beside a good certificate of that name, one that does not fit is a leftover.
	good := slices.DeleteFunc(slices.Clone(named), func(p pair) bool { return !p.belongs })
	switch {
	case len(named) == 0:
		return sign.Identity{}, refuseNoKey(name)
	case len(good) == 0:
		return sign.Identity{}, refuseMismatch()
	case len(good) > 1:
		return sign.Identity{}, refuseWhich(choices(good))
	}
	return good[0].identity, nil
}

// pair is a certificate with the private key that lies beside it.
type pair struct {
	key      privateKey
	cert     certificate
	identity sign.Identity
	belongs  bool // the key is the certificate's
}

func (p pair) named(name string) bool {
	hexed := strings.ToLower(strings.ReplaceAll(name, ":", ""))
	sum := sha256.Sum256(p.cert.x509.Raw)
	return name == "" || name == p.key.label || name == p.cert.label ||
		hexed == hex.EncodeToString([]byte(p.key.id)) || hexed == hex.EncodeToString(sum[:])
}

// choices names identities without naming people.
func choices(pairs []pair) string {
	var all []string
	for _, p := range pairs {
		sum := sha256.Sum256(p.cert.x509.Raw)
		all = append(all, hex.EncodeToString(sum[:])+" (CKA_ID "+hex.EncodeToString([]byte(p.key.id))+")")
	}
	return strings.Join(all, ", ")
}

// read finds the certificates that have a key on the token.
func (t *Token) read(s *session) ([]pair, error) {
	certs, err := s.certificates()
	if err != nil {
		return nil, err
	}
	keys, err := s.privateKeys()
	if err != nil {
		return nil, err
	}
	var pairs []pair
	for _, c := range certs {
		if k := keyOf(c, keys); k != nil {
			pairs = append(pairs, pair{key: *k, cert: c, belongs: k.public == nil || same(k.public, c.x509.PublicKey)})
		}
	}
	for i := range pairs {
		pairs[i].identity = t.identity(pairs[i], certs)
	}
	return pairs, nil
}

// pairs reads the token. Where it does not tell the public half of a key, a signature
// shows whether certificate and key belong together.
func (t *Token) pairs() ([]pair, error) {
	pairs, err := do(t, t.read)
	if err != nil {
		return nil, err
	}
	for i, p := range pairs {
		if p.key.public == nil {
			if pairs[i].belongs, err = proven(p.identity.Key); err != nil {
				return nil, err
			}
		}
	}
	return pairs, nil
}

func (t *Token) identity(p pair, certs []certificate) sign.Identity {
	var others []*x509.Certificate
	for _, c := range certs {
		others = append(others, c.x509)
	}
	return sign.Identity{
		Key:   &signer{token: t, key: p.key, public: p.cert.x509.PublicKey},
		Chain: sign.Chain(p.cert.x509, others),
		Demo:  sign.IsDemo(p.cert.x509),
	}
}

// keyOf finds a certificate's key: the same public key, else the same ID (PKCS#11 2.40,
// 4.6.3: CKA_ID holds certificate and key together).
func keyOf(c certificate, keys []privateKey) *privateKey {
	for i, k := range keys {
		if k.public != nil && same(k.public, c.x509.PublicKey) {
			return &keys[i]
		}
	}
	for i, k := range keys {
		if k.id != "" && k.id == c.id {
			return &keys[i]
		}
	}
	return nil
}

func same(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(x crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// proven has a key sign something and checks it against its public half.
func proven(key crypto.Signer) (bool, error) {
	sum := sha256.Sum256([]byte("hoso: does this key belong to its certificate?"))
	value, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return false, err
	}
	return verifies(key.Public(), sum[:], value), nil
}
