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

// TestVerifyTellsAnnotations: the evil annotation and the sneaky signature (Mladenov et
// al., Breaking the Specification, 2021) against certified files. Level 3 permits
// annotations, and a file that shows one more than was signed is changed here all the
// same; a visible signature is judged as one and remarked on, or forbidden by level 1.
func TestVerifyTellsAnnotations(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for level, verdict := range map[int]sign.Verdict{1: sign.Changed, 2: sign.Valid, 3: sign.Valid} {
		file := certified(t, l, classicPDF(), fmt.Sprintf(noChanges, level))
		page := strings.Replace(newest(t, file, 3), " 0 R]", " 0 R 90 0 R]", 1) + ">>"
		for kind, annotation := range map[string]string{
			"free text": "<< /Type /Annot /Subtype /FreeText /Contents (evil) /DA (/F 9 Tf) /Rect [0 0 500 500] >>",
			"redaction": "<< /Type /Annot /Subtype /Redact /Rect [0 0 500 500] /IC [1 1 1] >>",
			"stamp":     "<< /Type /Annot /Subtype /Stamp /Rect [0 0 500 500] /AP << /N 91 0 R >> >>",
		} {
			r := verified(t, revise(t, file, map[int]string{3: page, 90: annotation, 91: stream("/Type /XObject /Subtype /Form /BBox [0 0 500 500]", evil)}), l.pki)
			if r.Verdict != sign.Changed {
				t.Errorf("level %d, %s: %s with %q", level, kind, r.Verdict, codes(r))
			}
		}
		sneaky := forcedAs(t, l, file, shown)
		want(t, sneaky, l.pki, verdict, "visible-later")
	}
}

// shown gives the field of a prepared signature a place on the page.
func shown(before []byte) []byte {
	i := bytes.LastIndex(before, []byte("/Rect [0 0 0 0]"))
	return append(append(bytes.Clone(before[:i]), "/Rect [0 0 9 9]"...), before[i+len("/Rect [0 0 0 0]"):]...)
}

// TestVerifyRemarksOnVisibleSignatures: a later signature is a good one and covers the
// page nevertheless.
func TestVerifyRemarksOnVisibleSignatures(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	out := rewritten(t, l, l.file, shown)
	want(t, out, l.pki, sign.Valid, "visible-later")
}
