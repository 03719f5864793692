package workers_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/workers"
)

// check finds a check of a verdict.
func check(v workers.Verdict, name string) (c workers.Check, ok bool) {
	for _, c := range v.Checks {
		if c.Name == name {
			return c, true
		}
	}
	return c, false
}

func (w *world) verdict(id pipeline.PaperID) workers.Verdict {
	w.t.Helper()
	v, err := w.office.Verify(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// TestGrownRecordsAreHeld: what a record was before it was renewed must be in the store
// and be the beginning of the record, also once that is a former one.
func TestGrownRecordsAreHeld(t *testing.T) {
	t.Parallel()
	w, a := lasting(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 8)
	if _, told := check(w.verdict(p.ID), "grown"); told {
		t.Error("a record that was never renewed has earlier forms")
	}
	later := a.Clock().AddDate(7, 9, 0)
	a.Travel(t, later)
	w.steps.Signing.Timestamper = a.StamperOf(a.TimestampAuthority(t, later.AddDate(5, 0, 0)))
	w.office.Trust.Now = later
	if err := w.steps.Renew(t.Context(), p.ID, p.Gen); err != nil {
		t.Fatal(err)
	}
	v := w.verdict(p.ID)
	if c, told := check(v, "grown"); !told || !c.Passed || !v.Good || !strings.Contains(c.English, "still its beginning (1 in all)") {
		t.Errorf("after the renewal: %+v", v.Checks)
	}
	if v.File == nil || v.File.Report.Verdict != sign.Valid || len(v.File.Report.Signatures) != 3 || v.File.PDFA != "2u" || v.File.Pages != 2 {
		t.Errorf("the file is told as %+v", v.File)
	}
	former := p.Record
	renewed, err := w.catalog.Paper(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.bucket.Delete(t.Context(), pipeline.BlobKey(former)); err != nil {
		t.Fatal(err)
	}
	v = w.verdict(renewed.ID)
	if c, told := check(v, "grown"); !told || c.Passed || v.Good || !strings.Contains(c.Say, "1 bản bị mất") {
		t.Errorf("with the earlier form lost: %+v", v.Checks)
	}
}

// TestGrownMustBeTheBeginning: an earlier form that the store still has, but that the
// record does not begin with, is told.
func TestGrownMustBeTheBeginning(t *testing.T) {
	t.Parallel()
	w, _ := lasting(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 8)
	w.office.Papers = grownFrom{w.office.Papers, pipeline.Stored{Digest: p.Original, Size: p.Size}}
	if c, told := check(w.verdict(p.ID), "grown"); !told || c.Passed {
		t.Errorf("told: %v, %+v", told, c)
	}
	w.office.Papers = grownFrom{w.office.Papers, pipeline.Stored{Digest: p.Record, Size: p.RecSize}}
	if c, told := check(w.verdict(p.ID), "grown"); !told || !c.Passed {
		t.Errorf("the record itself as its beginning: %v, %+v", told, c)
	}
}

// grownFrom says of every paper that its record was something else before.
type grownFrom struct {
	workers.Papers

	before pipeline.Stored
}

func (g grownFrom) Paper(ctx context.Context, id pipeline.PaperID) (pipeline.Paper, error) {
	p, err := g.Papers.Paper(ctx, id)
	p.Grown = []pipeline.Stored{g.before}
	return p, err
}

// TestJudgeKeepsNothing: a file is judged with all that can be told of it and is gone
// afterwards, also when it is too large or its sender leaves.
func TestJudgeKeepsNothing(t *testing.T) {
	t.Parallel()
	w, a := lasting(t)
	w.office.Trust = sign.Trust{Roots: a.Roots(), Now: a.Clock(), Status: a.Status()}
	plain := signtest.Plain("GIAY PHEP")
	file := a.Signed(t, plain, a.Identity(t, signtest.Key(t), nil), a.Stamper())
	v, err := w.office.Judge(t.Context(), bytes.NewReader(file))
	if err != nil || v.File.Report.Verdict != sign.Valid || v.File.Digest != pipeline.Sum(file) || v.File.Size != int64(len(file)) || !v.File.Unfit.IsZero() {
		t.Errorf("judged as %+v, %v", v.File, err)
	}
	for code, unfit := range map[string][]byte{
		"empty-file": nil, "not-a-pdf": []byte("\xff\xd8\xff\xe0 JFIF"), "pdf-preamble": append([]byte("MZ...\n"), file...),
		"cut-off": file[:len(file)-4000], "damaged-pdf": []byte("%PDF-1.7\nnothing\nstartxref\n9\n%%EOF\n"),
	} {
		v, err := w.office.Judge(t.Context(), bytes.NewReader(unfit))
		if err != nil || v.Good || v.File.Unfit.Code != code {
			t.Errorf("%s: %+v, %v", code, v.File, err)
			continue
		}
		if c, _ := check(v, "signature"); c.Passed || c.Say != v.File.Unfit.Vietnamese {
			t.Errorf("%s: %+v", code, v.Checks)
		}
	}
	w.office.MaxSize = int64(len(file) - 1)
	if _, err := w.office.Judge(t.Context(), bytes.NewReader(file)); !isRefusal(err, "too-big") {
		t.Errorf("too large: %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := w.office.Judge(gone, bytes.NewReader(plain)); !errors.Is(err, context.Canceled) {
		t.Errorf("the sender has left: %v", err)
	}
	if left, err := os.ReadDir(w.office.Spool); err != nil || len(left) != 0 {
		t.Errorf("left in the spool: %v, %v", left, err)
	}
}

func isRefusal(err error, code string) bool {
	r, ok := pipeline.AsRefusal(err)
	return ok && r.Reason.Code == code
}

// TestWhatCameInGoodFaithStaysGood: that nobody knows the signers of a file by now does not
// make the archive's copy of it bad; what was wrong when it came does.
func TestWhatCameInGoodFaithStaysGood(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	file, _ := signedBy(t, a)
	known := w.arrive(file)
	w.office.Trust.Roots = x509.NewCertPool() // of today: the root is gone
	v := w.verdict(known.ID)
	if c, ok := check(v, "signature"); !v.Good || !ok || c.Passed || !c.Aside || v.File.Report.Verdict != sign.Untrusted {
		t.Errorf("%+v", v)
	}
	w.rules("- signatures: {changed: keep}")
	spoiled := w.arrive(changed(file))
	v = w.verdict(spoiled.ID)
	if c, ok := check(v, "signature"); spoiled.State != pipeline.Filed || v.Good || !ok || c.Passed || c.Aside {
		t.Errorf("%s: %+v", spoiled.State, v)
	}
}
