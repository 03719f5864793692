package workers_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/storage/catalog"
	"hoso/testdata/judge"
	"hoso/workers"
	"hoso/workers/document"
)

// wrapping is a world that wraps what comes signed, signs to B-LTA, and asks the authority
// that strangers' certificates are of as well.
func wrapping(t *testing.T) (*world, *signtest.Authority) {
	t.Helper()
	w, a := abroad(t)
	id := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.Subject.CommonName = "UBND xã Thử" })
	w.steps.Signing = workers.Signing{
		Identity:    func(context.Context) (sign.Identity, error) { return id, nil },
		Timestamper: a.Stamper(), Level: "B-LTA",
	}
	w.wrap(true)
	return w, a
}

// wrap sets whether signed files are wrapped.
func (w *world) wrap(on bool) {
	w.t.Helper()
	rules, err := policy.Parse([]byte(map[bool]string{true: "- signatures: {wrap: true}", false: ""}[on]))
	if err != nil {
		w.t.Fatal(err)
	}
	w.steps.Policy, w.office.Policy = rules, rules
}

// given is an artifact as it is delivered.
func (w *world) given(id pipeline.PaperID, what workers.Artifact) []byte {
	w.t.Helper()
	b, err := w.open(id, what)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func onDisk(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// strangersAgree asks programs that are not ours about a wrapper: it is PDF/A-3, says what
// the pages say, carries the file byte for byte, and both signatures hold.
func strangersAgree(t *testing.T, wrapper, inner []byte, a *signtest.Authority) {
	t.Helper()
	path := onDisk(t, wrapper)
	for _, level := range []string{"3u", "3b"} {
		if v := judge.PDFA(t, level, path); !v.Compliant {
			t.Errorf("veraPDF %s: %+v", level, v)
		}
	}
	if said := judge.QPDF(t, path); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	if text := judge.PDFToText(t, path); strings.Count(text, "Mã hồ sơ") != 2 {
		t.Errorf("its text is %q", text)
	}
	out := filepath.Join(t.TempDir(), "inner.pdf")
	if said, err := exec.CommandContext(t.Context(), "pdfdetach", "-save", "1", "-o", out, path).CombinedOutput(); err != nil {
		t.Fatalf("pdfdetach: %v: %s", err, said)
	}
	got, err := os.ReadFile(out) //nolint:gosec // the test's own
	if err != nil || !bytes.Equal(got, inner) {
		t.Errorf("pdfdetach takes out %d bytes, want the %d that came: %v", len(got), len(inner), err)
	}
	for name, file := range map[string]string{"inner": out, "outer": path} {
		if found := judge.PDFSig(t, file); len(found) == 0 || !found[0].Valid {
			t.Errorf("pdfsig of the %s file: %+v", name, found)
		}
		if found := judge.PyHanko(t, file, a.RootFile(t)); len(found) == 0 || !found[0].Intact || !found[0].Valid {
			t.Errorf("pyHanko of the %s file: %+v", name, found)
		}
		if found := judge.DSS(t, file, a.RootFile(t)); len(found) == 0 || !found[0].Intact || !found[0].Valid {
			t.Errorf("DSS of the %s file: %+v", name, found)
		}
	}
}

// TestASignedFileIsWrapped: the file stays what it is, and the record shows it, carries it
// and is signed like any other, in every version, after renewal and after a rebuild.
func TestASignedFileIsWrapped(t *testing.T) {
	t.Parallel()
	w, a := wrapping(t)
	file, _ := signedBy(t, a)
	p := w.arrive(file)
	if p.State != pipeline.Filed || p.Wraps != p.Original || p.Record == p.Original || p.Sealed.Level != "B-LTA" || p.Sealed.Signer != "UBND xã Thử" {
		t.Fatalf("a signed file is %s, %s; its record wraps %s: %+v", p.State, p.Reason.English, p.Wraps, p.Sealed)
	}
	if got := w.given(p.ID, workers.Original); !bytes.Equal(got, file) {
		t.Error("the original was changed")
	}
	strangersAgree(t, w.given(p.ID, workers.Record), file, a)
	w.wrapped(p.ID, 1)

	if _, err := w.office.CorrectWords(t.Context(), p.ID, p.Gen, secondWord("hồ", "hộ"), "cb1"); err != nil {
		t.Fatal(err)
	}
	p = w.work(p.ID, 20)
	w.wrapped(p.ID, 2)
	if p.Former[0].Wraps != p.Original || p.Former[0].Record == p.Record {
		t.Errorf("the former version is %+v", p.Former[0])
	}

	later := a.Clock().AddDate(7, 9, 0)
	a.Travel(t, later)
	w.steps.Signing.Timestamper = a.StamperOf(a.TimestampAuthority(t, later.AddDate(5, 0, 0)))
	due := w.due(later.AddDate(0, 6, 0))
	if len(due) != 1 || due[0].ID != p.ID {
		t.Fatalf("due: %+v", due)
	}
	if err := w.steps.Renew(t.Context(), due[0].ID, due[0].Gen); err != nil {
		t.Fatal(err)
	}
	w.office.Trust.Now = later
	w.wrapped(p.ID, 2)
	if renewed := w.paper(p.ID); len(renewed.Grown) != 1 || renewed.Wraps != p.Original {
		t.Errorf("renewed: %+v", renewed)
	}
	strangersFindItSound(t, w.given(p.ID, workers.Record))
	back := w.restored(p.ID)
	if back.Wraps != p.Original || len(back.Former) != 1 || back.Former[0].Wraps != p.Original || back.Arrival.Verdict != "valid" {
		t.Errorf("rebuilt: %+v", back)
	}
}

func strangersFindItSound(t *testing.T, wrapper []byte) {
	t.Helper()
	path := onDisk(t, wrapper)
	if v := judge.PDFA(t, "3u", path); !v.Compliant {
		t.Errorf("veraPDF: %+v", v)
	}
}

// wrapped holds the record of a paper against everything that is claimed of it, and its
// access copy.
func (w *world) wrapped(id pipeline.PaperID, versions int) {
	w.t.Helper()
	p := w.paper(id)
	if p.State != pipeline.Filed || p.Wraps != p.Original || len(p.Editions()) != versions || !p.Renewable() {
		w.t.Errorf("%s in %d versions, wraps %s", p.State, len(p.Editions()), p.Wraps)
	}
	v, err := w.office.Verify(w.t.Context(), id)
	if err != nil || !v.Good {
		w.t.Errorf("verified: %+v, %v", v.Checks, err)
	}
	names := ""
	for _, c := range v.Checks {
		names += c.Name + " "
	}
	if !strings.Contains(names, "structure attachment signature inner") {
		w.t.Errorf("checked: %s", names)
	}
	if in := v.Inner; in == nil || in.Digest != p.Original || len(in.Report.Signatures) != 1 || in.Report.Signatures[0].Signer != "Nguyễn Văn Thử" {
		w.t.Errorf("of the signatures of who issued it is told %+v", in)
	}
	if err := w.steps.Lighten(w.t.Context(), id); err != nil {
		w.t.Errorf("access copy: %v", err)
	}
	first := p.Record
	if len(p.Grown) > 0 { // an access copy outlives renewals
		first = p.Grown[0].Digest
	}
	light := w.given(id, workers.Light)
	if !bytes.Contains(light, []byte("urn:sha256:"+first.String())) || bytes.Contains(light, []byte("EmbeddedFile")) {
		w.t.Error("the access copy does not name the record, or carries the file, too")
	}
}

// TestAWrapperCutOffAnywhere fails every call of the bucket in turn: the record is made
// once, and is whole.
func TestAWrapperCutOffAnywhere(t *testing.T) {
	t.Parallel()
	for at := 1; ; at++ {
		w, a := wrapping(t)
		file, _ := signedBy(t, a)
		r, err := w.tryReceive("H42.15-221011-0001", string(file))
		if err != nil {
			t.Fatal(err)
		}
		w.bucket.calls, w.bucket.failAt, w.bucket.after = 0, at, at%2 == 0
		p := w.work(r.ID, 20)
		calls := w.bucket.calls
		w.bucket.failAt = 0
		if p.State != pipeline.Filed || p.Wraps != p.Original || w.happened(r.ID, "signed") != 1 || !w.verify(r.ID) {
			t.Fatalf("cut at call %d: %s, wraps %s, signed %d times", at, p.State, p.Wraps, w.happened(r.ID, "signed"))
		}
		if calls < at {
			return
		}
	}
}

// TestAWrapperOfAChangedFile tells what is wrong with the file in it, and holds itself.
func TestAWrapperOfAChangedFile(t *testing.T) {
	t.Parallel()
	w, a := wrapping(t)
	rules, err := policy.Parse([]byte("- signatures: {wrap: true, changed: keep}"))
	if err != nil {
		t.Fatal(err)
	}
	w.steps.Policy = rules
	file, _ := signedBy(t, a)
	p := w.arrive(changed(file))
	if p.State != pipeline.Filed || p.Wraps != p.Original || p.Arrival.Verdict != "changed" {
		t.Fatalf("%s, wraps %s: %+v", p.State, p.Wraps, p.Arrival)
	}
	v, err := w.office.Verify(t.Context(), p.ID)
	if err != nil || !v.Good || v.File.Report.Verdict != sign.Valid || v.Inner == nil || v.Inner.Report.Verdict != sign.Changed {
		t.Fatalf("verified: %+v, %v", v, err)
	}
	at := slices.IndexFunc(v.Checks, func(c workers.Check) bool { return c.Name == "inner" })
	if at < 0 || v.Checks[at].Passed || !strings.Contains(v.Checks[at].Say, "Tệp gốc đính kèm: Tệp đã bị thay đổi sau khi ký") {
		t.Errorf("it is told as %+v", v.Checks)
	}
}

// TestAccessCopyOfAWrapper shows what the record shows: the agency signed that one, whoever
// signed the file in it.
func TestAccessCopyOfAWrapper(t *testing.T) {
	t.Parallel()
	w, a := wrapping(t)
	w.looks()
	file, _ := signedBy(t, a)
	p := w.arrive(file)
	if p.Sealed.Shown == nil || p.Sealed.Shown.Page != 1 {
		t.Fatalf("the record is %s and shows %+v", p.State, p.Sealed.Shown)
	}
	if err := w.steps.Lighten(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	w.showsTheSame(p.ID)
}

// TestWrappingBeginsAndEnds with the policy: a paper that is read again gets the record
// that is wanted now, and its former one stays.
func TestWrappingBeginsAndEnds(t *testing.T) {
	t.Parallel()
	w, a := wrapping(t)
	w.wrap(false)
	file, _ := signedBy(t, a)
	p := w.arrive(file)
	if p.Record != p.Original || !p.Wraps.IsZero() {
		t.Fatalf("not to be wrapped, its record is %s", p.Record)
	}
	w.wrap(true)
	w.reread(p.ID)
	w.wrapped(p.ID, 2)
	if first := w.paper(p.ID).Former[0]; first.Record != p.Original || !first.Wraps.IsZero() {
		t.Errorf("the former version is %+v", first)
	}
	w.wrap(false)
	if _, err := w.office.Reread(t.Context(), p.ID, "cb1"); err != nil {
		t.Fatal(err)
	}
	if v, err := w.office.Verify(t.Context(), p.ID); err != nil || !v.Good || !slices.ContainsFunc(v.Checks, func(c workers.Check) bool { return c.Name == "attachment" }) {
		t.Errorf("while it is read again: %+v, %v", v.Checks, err)
	}
	w.work(p.ID, 20)
	if p = w.paper(p.ID); p.State != pipeline.Filed || p.Record != p.Original || !p.Wraps.IsZero() || p.Renewable() || !w.verify(p.ID) {
		t.Errorf("wrapped no more: %s, record %s, wraps %s", p.State, p.Record, p.Wraps)
	}
}

func (w *world) reread(id pipeline.PaperID) {
	w.t.Helper()
	w.clock = w.clock.Add(time.Hour)
	if _, err := w.office.Reread(w.t.Context(), id, "cb1"); err != nil {
		w.t.Fatal(err)
	}
	w.work(id, 20)
}

// TestAWrapperOfAnotherFileIsFound at the gate and by whoever verifies later.
func TestAWrapperOfAnotherFileIsFound(t *testing.T) {
	t.Parallel()
	w, a := wrapping(t)
	first, _ := signedBy(t, a)
	second, _ := signedBy(t, a)
	p, other := w.arrive(first), w.arrive(second)
	record := onDisk(t, w.given(p.ID, workers.Record))
	images := []pipeline.Digest{pipeline.Sum(gray(1)), pipeline.Sum(gray(2))}
	for name, c := range map[string]struct {
		wraps pipeline.Digest
		want  error
	}{"its own": {p.Original, nil}, "another": {other.Original, document.ErrGate}, "none": {pipeline.Digest{}, document.ErrGate}} {
		claim := document.Claim{Images: images, Trust: w.office.Trust, Signed: true, Wraps: c.wraps}
		if err := document.Check(t.Context(), record, claim); !errors.Is(err, c.want) {
			t.Errorf("held against the digest of %s: %v, want %v", name, err, c.want)
		}
	}
	p.Record, p.RecSize = other.Record, other.RecSize
	if _, err := w.catalog.Commit(t.Context(), catalog.Move{Paper: p, Event: pipeline.Event{What: "mixed up", Actor: "test"}}); err != nil {
		t.Fatal(err)
	}
	v, err := w.office.Verify(t.Context(), p.ID)
	if err != nil || v.Good {
		t.Fatalf("a record that carries another file is good: %+v, %v", v.Checks, err)
	}
	for _, c := range v.Checks {
		if c.Passed == (c.Name == "attachment") {
			t.Errorf("%s: passed %t", c.Name, c.Passed)
		}
	}
}
