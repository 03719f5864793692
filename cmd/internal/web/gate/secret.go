package gate

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The cost of one guess: argon2id, version 1.3, with 19 MiB of memory, two passes
// and one lane, which is the first choice of OWASP's password storage advice and
// costs about 30 ms here. The parameters are part of every stored hash, so that they
// can be raised later without locking anybody out.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
)

// freshMark is the "data" parameter of a hash whose secret its owner did not choose.
const freshMark = "ZnJlc2g"

// The bounds of a secret, in characters. Length is what protects; there are no rules
// about kinds of characters, which only make people write secrets down.
const (
	MinSecret = 10
	MaxSecret = 200
)

// ErrSecret is returned for a secret nobody should have.
var ErrSecret = errors.New("unsuitable secret")

var errHash = errors.New("not an argon2id hash")

// Hash gives the PHC string of a secret: $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
// Equal secrets typed on different keyboards (NFC, NFD) are equal here.
func Hash(secret string) string { return phc(secret, "") }

// hashFresh marks the secret as one to be changed at the first login.
func hashFresh(secret string) string { return phc(secret, ",data="+freshMark) }

func phc(secret, extra string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // crypto/rand never returns an error; it ends the program instead
	key := argon2.IDKey([]byte(norm.NFC.String(secret)), salt, passes, memoryKiB, lanes, hashBytes)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d%s$%s$%s",
		argon2.Version, memoryKiB, passes, lanes, extra, enc.EncodeToString(salt), enc.EncodeToString(key))
}

// Matches reports in constant time whether stored is the hash of secret. A hash that
// cannot be read matches nothing.
func Matches(stored, secret string) bool {
	h, err := parseHash(stored)
	if err != nil {
		return false
	}
	key := argon2.IDKey([]byte(norm.NFC.String(secret)), h.salt, h.passes, h.memory, h.lanes, hashBytes)
	return subtle.ConstantTimeCompare(key, h.key) == 1
}

func isFresh(stored string) bool { return strings.Contains(stored, ",data="+freshMark+"$") }

type parsedHash struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

func parseHash(s string) (parsedHash, error) {
	var h parsedHash
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v=19" {
		return h, errHash
	}
	err := h.readCosts(parts[3])
	if err != nil {
		return h, err
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return h, fmt.Errorf("reading salt: %w", errHash)
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(h.key) != hashBytes {
		return h, fmt.Errorf("reading key: %w", errHash)
	}
	return h, nil
}

// readCosts reads m=19456,t=2,p=1. A hash comes from our own catalog, yet a bad row
// must not eat the machine.
func (h *parsedHash) readCosts(s string) error {
	costs, _, _ := strings.Cut(s, ",data=")
	if _, err := fmt.Sscanf(costs, "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return fmt.Errorf("reading costs: %w", errHash)
	}
	if h.memory > 1<<20 || h.passes < 1 || h.passes > 64 || h.lanes < 1 {
		return fmt.Errorf("reading costs: out of bounds: %w", errHash)
	}
	return nil
}

// checkSecret applies the rules to a secret that a person chose.
func checkSecret(account, secret string) error {
	n := utf8.RuneCountInString(secret)
	switch {
	case !utf8.ValidString(secret), n < MinSecret, n > MaxSecret:
		return fmt.Errorf("counting %d characters: %w", n, ErrSecret)
	case strings.Contains(strings.ToLower(secret), account):
		return fmt.Errorf("finding the account's name in it: %w", ErrSecret)
	case strings.Count(secret, secret[:1]) == len(secret):
		return fmt.Errorf("finding one character only: %w", ErrSecret)
	}
	return nil
}

// crockford is base 32 without the letters that are misread.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

// newSecret makes 100 random bits in four groups that can be read out over a desk.
func newSecret() string {
	raw := make([]byte, 20)
	_, _ = rand.Read(raw)
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(crockford[c%32])
	}
	return b.String()
}

// newToken makes a session token of 256 random bits.
func newToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}
