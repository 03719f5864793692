// Package objects is the idea of an object store: immutable bytes named by their
// digest, beside a few small objects that are written once under a key.
//
// What is stored here outlives everything else. The queue can be lost, the catalog
// can be rebuilt from here, but a blob that is gone or altered is a citizen's paper
// that is gone or altered. Hence three rules which every store keeps, and which the
// contract suite in objectstest checks: a write that has returned is durable; bytes
// that do not have the digest they are named by neither go in nor come out without
// an error; and what is written once is never overwritten.
package objects

import (
	"errors"
	"fmt"
	"strings"
)

// ErrMismatch says that bytes do not have the digest or the length they are known
// by: the sender's are refused, or the stored ones are damaged.
var ErrMismatch = errors.New("bytes do not match their digest")

// ErrKey is returned for a key that no store takes.
var ErrKey = errors.New("not a usable object key")

// MaxSize is the largest object in bytes. Larger ones would need S3's multipart
// upload, in which no server checks a digest of the whole and most ignore the
// condition that keeps objects from being overwritten.
const MaxSize = 5 << 30

// CheckKey refuses keys that would mean different things to different stores: a key
// is a path of plain segments in ASCII letters, digits, '.', '-' and '_'.
func CheckKey(key string) error {
	if key == "" || len(key) > 512 {
		return fmt.Errorf("checking key of %d bytes: %w", len(key), ErrKey)
	}
	for segment := range strings.SplitSeq(key, "/") {
		if strings.Trim(segment, ".") == "" || strings.ContainsFunc(segment, unusual) {
			return fmt.Errorf("checking key %.80q: %w", key, ErrKey)
		}
	}
	return nil
}

// CheckPrefix is CheckKey for the beginning of a key, which may also be empty or
// end in a slash.
func CheckPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	return CheckKey(strings.TrimSuffix(prefix, "/"))
}

func unusual(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	}
	return r != '.' && r != '-' && r != '_'
}

// Ability is something a server can do or cannot, with one sentence for people on
// what that means here. Code is stable and for programs.
type Ability struct {
	Code       string `json:"code"` // such as "conditional-put"
	Present    bool   `json:"present"`
	English    string `json:"english"`
	Vietnamese string `json:"vietnamese"`
}

// Abilities is what a look at a server found.
type Abilities struct {
	ConditionalPut Ability `json:"conditional_put"` // refuses to overwrite when asked to
	Checksum       Ability `json:"checksum"`        // refuses bytes that do not have the digest sent along
	Versioning     Ability `json:"versioning"`      // keeps what was overwritten or deleted
	ObjectLock     Ability `json:"object_lock"`     // refuses to delete what must be retained
}

// All lists the abilities, most important first.
func (a Abilities) All() []Ability {
	return []Ability{a.ConditionalPut, a.Checksum, a.Versioning, a.ObjectLock}
}
