package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Digest is the SHA-256 of some bytes, and the name under which they are stored.
// The zero Digest means "none".
type Digest [sha256.Size]byte

// ErrDigest is returned for text that is not 64 lower-case hexadecimal digits.
var ErrDigest = errors.New("not a SHA-256 digest")

// Sum returns the digest of b.
func Sum(b []byte) Digest { return sha256.Sum256(b) }

// SumReader reads r to its end and returns the digest and the number of bytes.
func SumReader(r io.Reader) (Digest, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return Digest{}, n, fmt.Errorf("hashing: %w", err)
	}
	return DigestOf(h), n, nil
}

// DigestOf returns the digest that h, a SHA-256 hash, has reached.
func DigestOf(h hash.Hash) Digest { return Digest(h.Sum(nil)) }

// ParseDigest reads 64 lower-case hexadecimal digits.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if len(s) != 2*len(d) {
		return Digest{}, fmt.Errorf("reading digest %.80q: %w", s, ErrDigest)
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return Digest{}, fmt.Errorf("reading digest %.80q: %w", s, ErrDigest)
		}
	}
	if _, err := hex.Decode(d[:], []byte(s)); err != nil {
		return Digest{}, fmt.Errorf("reading digest %.80q: %w", s, err)
	}
	return d, nil
}

// String gives 64 lower-case hexadecimal digits, or "" for the zero Digest.
func (d Digest) String() string {
	if d.IsZero() {
		return ""
	}
	return hex.EncodeToString(d[:])
}

// IsZero reports whether d means "none".
func (d Digest) IsZero() bool { return d == Digest{} }

// MarshalText gives the form of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText takes the form of String; empty text is the zero Digest.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Digest{}
		return nil
	}
	parsed, err := ParseDigest(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
