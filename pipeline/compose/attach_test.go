package compose_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/testdata/judge"
)

// carrying is metadata of a record that carries these bytes.
func carrying(file []byte) compose.Meta {
	m := meta()
	m.Attached = compose.Attachment{
		Name: "Giấy phép số 12/GP.pdf", Digest: pipeline.Sum(file), Size: int64(len(file)),
		Received: time.Date(2026, 11, 23, 21, 15, 7, 0, time.UTC),
	}
	return m
}

// wrap makes a record of a sheet with a file in it.
func wrap(t *testing.T, m compose.Meta, file []byte) ([]byte, error) {
	t.Helper()
	var out bytes.Buffer
	w, err := compose.NewWriter(&out, m)
	if err != nil {
		t.Fatal(err)
	}
	s := letters(t)
	if err := w.AddPage(s.page, bytes.NewReader(s.data)); err != nil {
		t.Fatal(err)
	}
	if err := w.Attach(bytes.NewReader(file)); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// letters is a sheet with words on it.
func letters(t *testing.T) sheet {
	t.Helper()
	s := colorSheet(t, 400, 600)
	s.page.Lines = words("Giấy phép xây dựng")
	return s
}

// TestARecordThatCarriesAFile is PDF/A-3 to strangers, who take the file out of it as it
// was, find the words over the page, and are told what this is.
func TestARecordThatCarriesAFile(t *testing.T) {
	t.Parallel()
	inner := makeRecord(t, meta(), letters(t))
	b, err := wrap(t, carrying(inner), inner)
	if err != nil {
		t.Fatal(err)
	}
	path := save(t, b)
	for _, level := range []string{"3u", "3b"} {
		if v := judge.PDFA(t, level, path); !v.Compliant {
			t.Errorf("veraPDF %s: %+v", level, v)
		}
	}
	if said := judge.QPDF(t, path); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	if got := judge.PDFToText(t, path); !strings.Contains(got, "Giấy phép") {
		t.Errorf("its text is %q", got)
	}
	for name, got := range takenOut(t, path) {
		if !bytes.Equal(got, inner) {
			t.Errorf("%s takes %d bytes out, want the %d that were put in", name, len(got), len(inner))
		}
	}
	list, err := exec.CommandContext(t.Context(), "qpdf", "--list-attachments", "--verbose", path).Output()
	if err != nil || !bytes.Contains(list, []byte("application/pdf")) || !bytes.Contains(list, []byte("Giấy phép số 12-GP.pdf")) || !bytes.Contains(list, []byte(pipeline.Sum(inner).String())) {
		t.Errorf("qpdf lists %s, %v", list, err)
	}
	facts, err := compose.Inspect(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil || facts.Err() != nil || facts.PDFA != "3u" || len(facts.Attached) != 1 {
		t.Fatalf("inspected: %+v, %v, %v", facts, facts.Err(), err)
	}
	want := compose.Attached{Name: "Giấy phép số 12-GP.pdf", Relationship: "Source", Media: "application/pdf", At: int64(bytes.Index(b, inner)), Size: int64(len(inner)), Digest: pipeline.Sum(inner)}
	if facts.Attached[0] != want {
		t.Errorf("found %+v, want %+v", facts.Attached[0], want)
	}
	if err := compose.Second(t.Context(), bytes.NewReader(b), 1); err != nil {
		t.Errorf("pdfcpu: %v", err)
	}
	if !bytes.Contains(b, []byte("urn:sha256:"+pipeline.Sum(inner).String())) || !bytes.Contains(b, []byte("wrapper of a signed file")) {
		t.Error("the metadata do not say what it is")
	}
	again, err := wrap(t, carrying(inner), inner)
	if err != nil || !bytes.Equal(again, b) {
		t.Errorf("made again it is another file, %v", err)
	}
}

// takenOut gives what programs that are not ours find attached to a file.
func takenOut(t *testing.T, path string) map[string][]byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	detach := exec.CommandContext(t.Context(), "pdfdetach", "-save", "1", "-o", out, path)
	if said, err := detach.CombinedOutput(); err != nil {
		t.Fatalf("pdfdetach: %v: %s", err, said)
	}
	poppler, err := os.ReadFile(out) //nolint:gosec // the test's own
	if err != nil {
		t.Fatal(err)
	}
	qpdf, err := exec.CommandContext(t.Context(), "qpdf", "--show-attachment=tep-da-ky-so.pdf", path).Output()
	if err != nil {
		t.Fatalf("qpdf: %v", err)
	}
	return map[string][]byte{"pdfdetach": poppler, "qpdf": qpdf}
}

// TestOneFileAttachedManyTimes is not read over and over: whoever names the same gigabytes
// sixteen times would else keep a program busy for minutes.
func TestOneFileAttachedManyTimes(t *testing.T) {
	t.Parallel()
	inner := makeRecord(t, meta(), letters(t))
	b, err := wrap(t, carrying(inner), inner)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte(" /AF [")) + len(" /AF [")
	end := at + bytes.Index(b[at:], []byte(" /PageMode /UseAttachments"))
	ref := b[at : at+bytes.IndexByte(b[at:], ']')]
	many := append(bytes.Join([][]byte{ref, ref, ref}, []byte(" ")), ']')
	copy(b[at:end], append(many, bytes.Repeat([]byte(" "), end-at-len(many))...))
	facts, err := compose.Inspect(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil || len(facts.Attached) == 0 || len(facts.Attached)*len(inner) > len(b) || facts.Err() == nil || !strings.Contains(facts.Err().Error(), "larger than the file") {
		t.Errorf("inspected: %d attached, %v, %v", len(facts.Attached), facts.Err(), err)
	}
}

// TestAttachmentsAreHeldToTheirDescription, and a record that names one has one.
func TestAttachmentsAreHeldToTheirDescription(t *testing.T) {
	t.Parallel()
	file := []byte("%PDF-1.7 signed")
	for name, other := range map[string][]byte{"shorter": file[:9], "longer": append(bytes.Clone(file), 'x'), "other": []byte("%PDF-1.7 forged")} {
		if _, err := wrap(t, carrying(file), other); !errors.Is(err, compose.ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := wrap(t, meta(), file); err == nil {
		t.Error("a file is attached that nobody named")
	}
	w, err := compose.NewWriter(io.Discard, carrying(file))
	if err != nil {
		t.Fatal(err)
	}
	s := letters(t)
	if err := w.AddPage(s.page, bytes.NewReader(s.data)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err == nil {
		t.Error("a record without the file that it names is finished")
	}
	huge := carrying(file)
	huge.Attached.Size = compose.MaxAttached + 1
	if _, err := wrap(t, huge, file); !errors.Is(err, compose.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

// TestAnotherFileInARecordIsFound, also where its bytes or its relationship were changed.
func TestAnotherFileInARecordIsFound(t *testing.T) {
	t.Parallel()
	file := []byte("%PDF-1.7 signed")
	b, err := wrap(t, carrying(file), file)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.Replace(b, file, []byte("%PDF-1.7 forged"), 1)
	facts, err := compose.Inspect(t.Context(), bytes.NewReader(forged), int64(len(forged)))
	if err != nil || len(facts.Attached) != 1 || facts.Attached[0].Digest == pipeline.Sum(file) {
		t.Errorf("forged: %+v, %v", facts.Attached, err)
	}
	loose := bytes.Replace(b, []byte("/AF ["), []byte("/XX ["), 1)
	facts, err = compose.Inspect(t.Context(), bytes.NewReader(loose), int64(len(loose)))
	if err != nil || facts.Err() == nil || len(facts.Attached) != 0 {
		t.Errorf("associated with nothing: %+v, %v", facts, err)
	}
}

// zeros are as many bytes as are asked for.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestALargeAttachmentTakesNoMemory streams it.
func TestALargeAttachmentTakesNoMemory(t *testing.T) { //nolint:paralleltest // it measures
	const size = 256 << 20
	digest, _, err := pipeline.SumReader(io.LimitReader(zeros{}, size))
	if err != nil {
		t.Fatal(err)
	}
	m := meta()
	m.Attached = compose.Attachment{Name: "a.pdf", Digest: digest, Size: size}
	w, err := compose.NewWriter(io.Discard, m)
	if err != nil {
		t.Fatal(err)
	}
	s := letters(t)
	if err := w.AddPage(s.page, bytes.NewReader(s.data)); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = w.Attach(io.LimitReader(zeros{}, size))
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err != nil || took > 4<<20 {
		t.Errorf("attaching %d MB allocates %d bytes, %v", size>>20, took, err)
	}
	if err := errors.Join(w.Close(), context.Cause(t.Context())); err != nil {
		t.Error(err)
	}
}
