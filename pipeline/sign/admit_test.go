package sign_test

import (
	"crypto"
	"crypto/sha256"
	"testing"

	"hoso/pipeline/sign"
)

// TestOnlySignaturesOfContentAreAsked: whoever holds a key is not talked into signing
// something else, such as a bare digest of a contract.
func TestOnlySignaturesOfContentAreAsked(t *testing.T) {
	t.Parallel()
	attribute := func(oid, value string) string {
		return "\x30" + string([]byte{byte(len(oid) + len(value) + 2)}) + oid + "\x31" + string([]byte{byte(len(value))}) + value
	}
	set := func(s string) string { return "\x31" + string([]byte{byte(len(s))}) + s }
	kind := attribute("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03", "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
	content := sha256.Sum256([]byte("x"))
	digest := attribute("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04", "\x04\x20"+string(content[:]))
	short := attribute("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04", "\x04\x03abc")
	good := set(kind + digest)
	want := sha256.Sum256([]byte(good))
	if got, err := sign.Asked([]byte(good), crypto.SHA256); err != nil || string(got) != string(want[:]) {
		t.Errorf("good attributes: %x, %v", got, err)
	}
	for name, bad := range map[string]string{
		"nothing": "", "bare bytes": "hello", "no digest": set(kind), "no type": set(digest), "two digests": set(kind + digest + digest),
		"short digest": set(kind + short), "a tail": good + "x", "cut": good[:len(good)-1], "a sequence": "\x30" + good[1:],
	} {
		if got, err := sign.Asked([]byte(bad), crypto.SHA256); err == nil {
			t.Errorf("%s: asked to sign %x", name, got)
		}
	}
	if _, err := sign.Asked([]byte(good), crypto.SHA384); err == nil {
		t.Error("a digest of another length than the hash's is asked for")
	}
}
