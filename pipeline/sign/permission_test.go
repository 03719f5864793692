package sign_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// certified signs a file whose signature dictionary says what may be changed later. It
// is written as ours are, with further entries in place of a reason.
func certified(t *testing.T, l lab, file []byte, entries string) []byte {
	t.Helper()
	r := l.request
	r.Reason = strings.Repeat("x", len(entries)-len("/Reason ()"))
	r.Identity.Key = nil
	p, err := sign.Prepare(t.Context(), bytes.NewReader(file), int64(len(file)), r)
	if err != nil {
		t.Fatal(err)
	}
	// What is prepared may be written otherwise as long as it is hashed again.
	before := bytes.Replace(p.Before, []byte("/Reason ("+r.Reason+")"), []byte(entries), 1)
	if bytes.Equal(before, p.Before) {
		t.Fatal("no place for the entries")
	}
	return resigned(t, l, file, p, before)
}

const noChanges = "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P %d /V /1.2 >> >>]"

// TestVerifyHoldsPermissions: what a certifying signature permits (ISO 32000-2, 12.8.2.2)
// and what a field locks. A document timestamp is always permitted.
func TestVerifyHoldsPermissions(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	again := l.request
	again.Further = true
	for _, c := range []struct {
		level   int
		verdict sign.Verdict
		code    string
	}{{1, sign.Changed, "forbidden-later"}, {2, sign.Valid, "added-later"}, {3, sign.Valid, "added-later"}} {
		file := certified(t, l, classicPDF(), fmt.Sprintf(noChanges, c.level))
		want(t, file, l.pki, sign.Valid, "revocation-unknown")
		want(t, stamped(t, l, file), l.pki, sign.Valid, "added-later")
		want(t, revise(t, file, map[int]string{4: stream("", evil)}), l.pki, sign.Changed, "changed-later")
		// Another program signs although it must not.
		want(t, forced(t, l, file), l.pki, c.verdict, c.code)
		_, err := sign.Prepare(t.Context(), bytes.NewReader(file), int64(len(file)), again)
		refusal, refused := pipeline.AsRefusal(err)
		if refused != (c.level == 1) || refused && (refusal.Reason.Code != "locked-pdf" || refusal.Reason.Vietnamese == "") {
			t.Errorf("level %d: preparing a further signature: %v", c.level, err)
		}
	}
}

// TestVerifyRemarksOnVisibleSignatures: a later signature is a good one and covers the
// page nevertheless.
func TestVerifyRemarksOnVisibleSignatures(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	out := rewritten(t, l, l.file, func(before []byte) []byte {
		i := bytes.LastIndex(before, []byte("/Rect [0 0 0 0]"))
		return append(append(bytes.Clone(before[:i]), "/Rect [0 0 9 9]"...), before[i+len("/Rect [0 0 0 0]"):]...)
	})
	want(t, out, l.pki, sign.Valid, "visible-later")
}
