package sign_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// large is a PDF whose one stream is so many zero bytes, which take no memory.
type large struct {
	head, tail []byte
	zeros      int64
}

func newLarge(zeros int64) *large {
	w := newWriter("1.7")
	w.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
	w.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	w.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>")
	w.offsets[4] = w.Len()
	fmt.Fprintf(w, "4 0 obj\n<< /Length %d >>\nstream\n", zeros)
	l := &large{head: bytes.Clone(w.Bytes()), zeros: zeros}
	w.Reset()
	w.WriteString("\nendstream\nendobj\n")
	start := int64(len(l.head)) + zeros + int64(w.Len())
	fmt.Fprintf(w, "xref\n0 5\n0000000000 65535 f \n")
	for n := 1; n < 5; n++ {
		fmt.Fprintf(w, "%010d 00000 n \n", w.offsets[n])
	}
	fmt.Fprintf(w, "trailer\n<< /Size 5 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", fileID, start)
	l.tail = w.Bytes()
	return l
}

func (l *large) size() int64 { return int64(len(l.head)+len(l.tail)) + l.zeros }

// ReadAt reads from wherever the offset lies.
func (l *large) ReadAt(b []byte, offset int64) (int, error) {
	clear(b)
	for i, part := range [][]byte{l.head, l.tail} {
		at := int64(i) * (int64(len(l.head)) + l.zeros)
		if from := max(offset, at); from < at+int64(len(part)) && from < offset+int64(len(b)) {
			copy(b[from-offset:], part[from-at:])
		}
	}
	if left := l.size() - offset; left < int64(len(b)) {
		return int(max(left, 0)), io.EOF
	}
	return len(b), nil
}

// appended keeps what is written behind a file, not the file.
type appended struct {
	*large
	written int64
	more    []byte
}

// Write keeps only what lies behind the file.
func (a *appended) Write(b []byte) (int, error) {
	if behind := a.written + int64(len(b)) - a.size(); behind > 0 {
		a.more = append(a.more, b[max(0, int64(len(b))-behind):]...)
	}
	a.written += int64(len(b))
	return len(b), nil
}

// ReadAt reads the file and what was appended to it.
func (a *appended) ReadAt(b []byte, offset int64) (int, error) {
	n, err := a.large.ReadAt(b, offset)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	m := copy(b[n:], a.more[max(0, offset-a.size()):])
	if n+m < len(b) {
		return n + m, io.EOF
	}
	return n + m, nil
}

// TestMemoryDoesNotGrowWithTheFile counts every byte allocated while a file of a gigabyte
// is signed, extended and verified. It does not run beside other tests.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) { //nolint:paralleltest // it counts allocations
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	in := newLarge(1 << 30)
	out := &appended{large: in}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	lap := func(what string) {
		t.Logf("%s: %s", what, time.Since(began).Round(time.Millisecond))
		began = time.Now()
	}
	s, err := sign.Sign(context.Background(), in, in.size(), out, sign.Request{Identity: id, Timestamper: a.Stamper(), Time: now})
	if err != nil {
		t.Fatal(err)
	}
	lap("sign")
	evidence, err := sign.Collect(context.Background(), out, s.Size, trusting(a))
	if err != nil {
		t.Fatal(err)
	}
	lap("collect")
	further := &appended{large: in}
	x, err := sign.Extend(context.Background(), out, s.Size, further, sign.Extension{Evidence: evidence, Timestamper: a.Stamper()})
	if err != nil {
		t.Fatal(err)
	}
	lap("extend")
	report, err := sign.Verify(context.Background(), further, x.Size, sign.Trust{Roots: a.Roots(), Now: now})
	if err != nil || report.Verdict != sign.Valid || report.Signatures[0].Level != "B-LTA" {
		t.Fatalf("report %+v, error %v", report, err)
	}
	lap("verify")
	runtime.ReadMemStats(&after)
	spent := after.TotalAlloc - before.TotalAlloc
	t.Logf("%d bytes were allocated for a file of %d", spent, x.Size)
	if spent > 8<<20 {
		t.Errorf("%d bytes were allocated for a file of %d", spent, x.Size)
	}
}
