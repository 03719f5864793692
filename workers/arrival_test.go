package workers_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/storage/catalog/catalogtest"
	"hoso/workers"
)

// abroad is a world that receives files signed by somebody else, whose authority it
// trusts and asks about revocation.
func abroad(t *testing.T) (*world, *signtest.Authority) {
	t.Helper()
	w := newWorld(t)
	a := signtest.New(t, w.clock)
	w.steps.Readers = &readers{text: "Mã hồ sơ: H42.15-221011-0001", signed: true}
	w.steps.Trust = sign.Trust{Roots: a.Roots(), Status: a.Status()}
	w.office.Trust = w.steps.Trust
	w.steps.Now, w.steps.Program = a.Clock, "hoso test"
	return w, a
}

// plainPDF is a PDF of one page.
func plainPDF(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	stream := gray(7)
	m, err := compose.NewWriter(&b, compose.Meta{Title: "Giấy phép", ID: "abroad", Created: time.Unix(0, 0)})
	if err == nil {
		err = m.AddPage(pipeline.Page{Number: 1, Image: image(stream), Width: 100, Height: 140, WidthPt: 595, HeightPt: 842}, bytes.NewReader(stream))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// signedBy is a PDF with a signature, and the certificate of its signer.
func signedBy(t *testing.T, a *signtest.Authority) ([]byte, *x509.Certificate) {
	t.Helper()
	id := a.Identity(t, signtest.Key(t), nil)
	var b bytes.Buffer
	from := plainPDF(t)
	q := sign.Request{Identity: id, Timestamper: a.Stamper(), Time: a.Clock()}
	if _, err := sign.Sign(t.Context(), bytes.NewReader(from), int64(len(from)), &b, q); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), id.Chain[0]
}

// changed is a signed file with another title appended since.
func changed(file []byte) []byte {
	at := len(file)
	tail := file[bytes.LastIndex(file, []byte("startxref"))+len("startxref"):]
	var before, size int
	_, _ = fmt.Sscan(string(tail), &before)
	_, _ = fmt.Sscan(string(file[bytes.LastIndex(file, []byte("/Size "))+len("/Size "):]), &size)
	object := "2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\n"
	id := file[bytes.LastIndex(file, []byte("/ID")):]
	id = id[:bytes.IndexByte(id, ']')+1]
	return append(slices.Clip(file), fmt.Sprintf("%sxref\n2 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root 1 0 R /Prev %d %s >>\nstartxref\n%d\n%%%%EOF\n",
		object, at, size, before, id, at+len(object))...)
}

// arrive hands in a file and works on it.
func (w *world) arrive(content []byte) pipeline.Paper {
	w.t.Helper()
	r, err := w.tryReceive("H42.15-221011-0001", string(content))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.work(r.ID, 20)
}

// happened counts the events of that name.
func (w *world) happened(id pipeline.PaperID, what string) (n int) {
	w.t.Helper()
	events, err := w.catalog.Events(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range events {
		if e.What == what {
			n++
		}
	}
	return n
}

// TestSignaturesAreJudgedAtReception: what they were worth then stays, whatever becomes of
// the certificate, the catalog and the reading.
func TestSignaturesAreJudgedAtReception(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	file, certificate := signedBy(t, a)
	p := w.arrive(file)
	if p.State != pipeline.Filed || p.Record != pipeline.Sum(file) || p.Record != p.Original {
		t.Fatalf("a signed file is %s, its record %s", p.State, p.Record)
	}
	want := pipeline.Arrival{Verdict: "valid", Signatures: 1, Level: "B-T", Judged: a.Clock(), Program: "hoso test"}
	same := func(when string, got pipeline.Arrival) {
		t.Helper()
		if !got.Judged.Equal(want.Judged) {
			t.Errorf("%s: judged at %v, want %v", when, got.Judged, want.Judged)
		}
		got.Judged = want.Judged
		if got != want {
			t.Errorf("%s: %+v, want %+v", when, got, want)
		}
	}
	same("filed", p.Arrival)
	note, err := w.office.Arrival(t.Context(), p.ID)
	var report sign.Report
	if err == nil {
		err = json.Unmarshal(note.Report, &report)
	}
	if err != nil || note.Original != p.Original || len(report.Signatures) != 1 || report.Signatures[0].Signer != "Nguyễn Văn Thử" {
		t.Fatalf("noted: %+v, %+v, %v", note, report, err)
	}
	same("noted", note.Arrival)
	if n := w.happened(p.ID, "signatures judged"); n != 1 {
		t.Errorf("the history tells %d times that signatures were judged", n)
	}

	a.Revoke(certificate, a.Clock().AddDate(0, -1, 0))
	a.Travel(t, a.Clock().AddDate(3, 0, 0))
	w.steps.Trust.Status = a.Status()
	if _, err := w.office.Reread(t.Context(), p.ID, "cb1"); err != nil {
		t.Fatal(err)
	}
	p = w.work(p.ID, 20)
	same("read again", p.Arrival)
	if p.State != pipeline.Filed || w.happened(p.ID, "signatures judged") != 1 || w.happened(p.ID, "filed anew") != 1 {
		t.Errorf("read again: %s, judged %d times", p.State, w.happened(p.ID, "signatures judged"))
	}
	same("rebuilt", w.restored(p.ID).Arrival)
}

// restored gives a paper out of a catalog that was made from the bucket alone.
func (w *world) restored(id pipeline.PaperID) pipeline.Paper {
	w.t.Helper()
	c := catalogtest.New(w.t)
	if _, err := workers.Rebuild(w.t.Context(), w.bucket, c, func(workers.Rebuilt) {}); err != nil {
		w.t.Fatal(err)
	}
	p, err := c.Paper(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// TestACatalogLostBeforeFilingForgetsNoVerdict: the paper starts again, and what was found
// first counts.
func TestACatalogLostBeforeFilingForgetsNoVerdict(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	file, _ := signedBy(t, a)
	r, err := w.tryReceive("H42.15-221011-0001", string(file))
	if err != nil {
		t.Fatal(err)
	}
	first := w.work(r.ID, 1)
	if first.State != pipeline.Received || first.Arrival.Verdict != "valid" {
		t.Fatalf("after one move: %s, %+v", first.State, first.Arrival)
	}
	c := catalogtest.New(t)
	if _, err := workers.Rebuild(t.Context(), w.bucket, c, func(workers.Rebuilt) {}); err != nil {
		t.Fatal(err)
	}
	w.catalog, w.steps.Papers, w.steps.Known, w.office.Papers = c, c, c, c
	a.Travel(t, a.Clock().AddDate(1, 0, 0))
	if p := w.work(r.ID, 20); p.State != pipeline.Filed || !p.Arrival.Judged.Equal(first.Arrival.Judged) {
		t.Errorf("%s, judged %v, first %v", p.State, p.Arrival.Judged, first.Arrival.Judged)
	}
}

// TestCutOffAnywhereOneVerdictIsRecorded fails every call of the bucket in turn, before and
// after it was carried out.
func TestCutOffAnywhereOneVerdictIsRecorded(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			w, a := abroad(t)
			file, _ := signedBy(t, a)
			r, err := w.tryReceive("H42.15-221011-0001", string(file))
			if err != nil {
				t.Fatal(err)
			}
			w.bucket.calls, w.bucket.failAt, w.bucket.after = 0, at, after
			tick := a.Clock()
			w.steps.Now = func() time.Time { tick = tick.Add(time.Minute); return tick }
			p := w.work(r.ID, 20)
			calls := w.bucket.calls
			w.bucket.failAt = 0
			note, err := w.office.Arrival(t.Context(), r.ID)
			if err != nil || p.State != pipeline.Filed || !p.Arrival.Judged.Equal(note.Arrival.Judged) || w.happened(r.ID, "signatures judged") != 1 {
				t.Fatalf("cut at call %d (after: %t): %s, judged %v, noted %v, told %d times, %v",
					at, after, p.State, p.Arrival.Judged, note.Arrival.Judged, w.happened(r.ID, "signatures judged"), err)
			}
			if calls < at {
				break // nothing was cut any more
			}
		}
	}
}

// rival is a bucket into which somebody else puts a verdict first.
type rival struct {
	*bucket

	note pipeline.ArrivalNote
}

func (r rival) PutOnce(ctx context.Context, key string, body []byte) error {
	if strings.HasPrefix(key, pipeline.ArrivalFolder) {
		first, err := json.Marshal(r.note)
		if err = errors.Join(err, r.bucket.PutOnce(ctx, key, first)); err != nil {
			return err
		}
	}
	return r.bucket.PutOnce(ctx, key, body)
}

// TestOfTwoVerdictsTheFirstCounts: two workers may judge the same paper, one of them after
// its lease has ended.
func TestOfTwoVerdictsTheFirstCounts(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	file, _ := signedBy(t, a)
	first := pipeline.Arrival{Verdict: "valid", Signatures: 1, Level: "B-T", Judged: a.Clock().Add(-time.Second), Program: "another"}
	w.steps.Objects = rival{w.bucket, pipeline.ArrivalNote{Schema: 1, Original: pipeline.Sum(file), Arrival: first, Report: json.RawMessage("{}")}}
	if p := w.arrive(file); p.State != pipeline.Filed || p.Arrival.Program != "another" || !p.Arrival.Judged.Equal(first.Judged) {
		t.Errorf("%s: %+v, want the first verdict", p.State, p.Arrival)
	}
}

// TestNobodyTellsOfRevocationAtReception: the paper is filed, and it is recorded that
// nobody knew.
func TestNobodyTellsOfRevocationAtReception(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	file, _ := signedBy(t, a)
	for _, path := range []string{"ocsp", "ca.crl", "root.crl"} {
		a.Down(path, true)
	}
	p := w.arrive(file)
	if p.State != pipeline.Filed || p.Arrival.Verdict != "valid" || !p.Arrival.Unknown {
		t.Errorf("%s: %+v", p.State, p.Arrival)
	}
}

// bad gives files whose signatures are not in order, by their verdict.
func bad(t *testing.T, a *signtest.Authority) map[string][]byte {
	t.Helper()
	whole, _ := signedBy(t, a)
	flipped := bytes.Clone(whole)
	flipped[bytes.Index(flipped, []byte("/MediaBox"))+11]++
	revoked, certificate := signedBy(t, a)
	a.Revoke(certificate, a.Clock().AddDate(0, -1, 0))
	return map[string][]byte{
		"changed": changed(whole), "invalid": flipped, "revoked": revoked,
		"unsigned": plainPDF(t), "unreadable": []byte("%PDF-1.7 /ByteRange [0 1 2 3]"),
	}
}

// TestWhatIsNotInOrderIsAsked: a person decides, and is told what was found.
func TestWhatIsNotInOrderIsAsked(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	for verdict, file := range bad(t, a) {
		p := w.arrive(file)
		if p.State != pipeline.Confirming || p.Reason.Code != pipeline.ReasonSignatures || p.Arrival.Verdict != verdict {
			t.Errorf("%s: the paper is %s, %q, found %q", verdict, p.State, p.Reason.Code, p.Arrival.Verdict)
			continue
		}
		if s := p.Reason.Vietnamese; !strings.Contains(s, "từ chối") || strings.Contains(s, "Nguyễn") {
			t.Errorf("%s: asked %q", verdict, s)
		}
		if _, err := w.office.SetNumber(t.Context(), p.ID, p.Dossier, "cb1"); err != nil {
			t.Fatal(err)
		}
		if p = w.work(p.ID, 20); p.State != pipeline.Confirming {
			t.Errorf("%s: who says that the number is right has taken the signatures, too", verdict)
			continue
		}
		w.correct(p.ID, pipeline.Edits{Accept: true})
		p = w.work(p.ID, 20)
		if p.State != pipeline.Filed || !p.Accepted || p.Record != pipeline.Sum(file) || w.happened(p.ID, "signatures accepted") != 1 {
			t.Errorf("%s: accepted, it is %s with %s", verdict, p.State, p.Record)
		}
		if back := w.restored(p.ID); !back.Accepted || back.Arrival.Verdict != verdict {
			t.Errorf("%s: a rebuilt catalog says %t, %+v", verdict, back.Accepted, back.Arrival)
		}
	}
}

// TestAnUnknownKindOfSignature is no whole one by somebody unknown: whoever changes a file
// may write any kind into it, so that nobody checks it.
func TestAnUnknownKindOfSignature(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	file, _ := signedBy(t, a)
	file = bytes.Replace(file, []byte("/ETSI.CAdES.detached"), []byte("/ETSI.CAdES.forgotten")[:len("/ETSI.CAdES.detached")], 1)
	p := w.arrive(file)
	if p.State != pipeline.Confirming || p.Arrival.Verdict != "unreadable" {
		t.Fatalf("the paper is %s, found %q", p.State, p.Arrival.Verdict)
	}
	if s := p.Reason.Vietnamese; !strings.Contains(s, "chưa được hỗ trợ kiểm tra") || strings.Contains(s, "toàn vẹn") {
		t.Errorf("asked %q", s)
	}
	w.correct(p.ID, pipeline.Edits{Accept: true})
	w.work(p.ID, 20)
	v, err := w.office.Verify(t.Context(), p.ID)
	if err != nil || v.Good {
		t.Fatalf("verified: %+v, %v", v, err)
	}
	for _, c := range v.Checks {
		if c.Name == "signature" && (strings.Contains(c.Say, "toàn vẹn") || strings.Contains(c.English, "whole")) {
			t.Errorf("it is told as %+v", c)
		}
	}
}

// TestPolicyRejectsWhatIsNotInOrder, and the manifest says what was found.
func TestPolicyRejectsWhatIsNotInOrder(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	rules, err := policy.Parse([]byte("- signatures: {untrusted: reject, changed: reject}\n- unit: H42.15\n  signatures: {revoked: reject, changed: keep}"))
	if err != nil {
		t.Fatal(err)
	}
	w.steps.Policy, w.office.Policy = rules, rules
	files := bad(t, a)
	files["untrusted"], _ = signedBy(t, signtest.New(t, w.clock))
	for verdict, want := range map[string]pipeline.State{"untrusted": pipeline.Rejected, "revoked": pipeline.Rejected, "changed": pipeline.Filed, "invalid": pipeline.Confirming} {
		p := w.arrive(files[verdict])
		if p.State != want || p.Arrival.Verdict != verdict {
			t.Errorf("%s: the paper is %s, want %s; found %q", verdict, p.State, want, p.Arrival.Verdict)
		}
		if want == pipeline.Rejected && (p.Reason.Code != "signatures-refused" || w.restored(p.ID).Arrival.Verdict != verdict) {
			t.Errorf("%s: rejected for %+v", verdict, p.Reason)
		}
	}
}

// TestTheUnitThatAPersonNamesDecides: its rule is asked for once the paper is known to be
// its.
func TestTheUnitThatAPersonNamesDecides(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	rules, err := policy.Parse([]byte("- signatures: {changed: keep}\n- unit: H42.15\n  signatures: {changed: ask}"))
	if err != nil {
		t.Fatal(err)
	}
	w.steps.Policy, w.office.Policy = rules, rules
	w.steps.Readers = &readers{text: "không có mã", signed: true}
	r, err := w.tryReceive("", string(bad(t, a)["changed"]))
	if err != nil {
		t.Fatal(err)
	}
	if p := w.work(r.ID, 20); p.Reason.Code != "number-not-found" || len(p.Asked) > 0 {
		t.Fatalf("asked %+v", p.Questions())
	}
	n, err := pipeline.ParseDossierNumber("H42.15-221011-0001")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.SetNumber(t.Context(), r.ID, n, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p := w.work(r.ID, 20); p.State != pipeline.Confirming || p.Reason.Code != pipeline.ReasonSignatures {
		t.Errorf("the paper is %s: %+v", p.State, p.Reason)
	}
}
