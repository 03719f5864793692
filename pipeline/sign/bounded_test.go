package sign_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"hoso/pipeline/sign"
)

// heavy is a small file that unfolds to two object streams of some megabytes each, whose
// objects refer to others by turns, in streams by turns.
func heavy(t *testing.T, count int) []byte {
	t.Helper()
	w := newWriter("1.7")
	w.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
	w.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	w.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>")
	const first = 10
	for i := range 2 {
		var head, inner strings.Builder
		for n := first + i; n < first+count; n += 2 {
			fmt.Fprintf(&head, "%d %d ", n, inner.Len())
			fmt.Fprintf(&inner, "<< /A [%s] >> ", strings.Repeat("9 0 R ", 20))
		}
		w.object(4+i, stream(fmt.Sprintf("/Type /ObjStm /N %d /First %d /Filter /FlateDecode", strings.Count(head.String(), " ")/2, head.Len()),
			deflate(t, head.String()+inner.String())))
	}
	start := w.Len()
	var table bytes.Buffer
	for n := range first + count {
		switch {
		case n >= first:
			table.Write([]byte{2, 0, 0, 0, byte(4 + (n-first)%2)})
		case n >= 1 && n <= 5:
			table.Write([]byte{1, byte(w.offsets[n] >> 24), byte(w.offsets[n] >> 16), byte(w.offsets[n] >> 8), byte(w.offsets[n])})
		default:
			table.Write([]byte{0, 0, 0, 0, 0})
		}
	}
	w.object(6, stream(fmt.Sprintf("/Type /XRef /Size %d /W [1 4 0] /Root 1 0 R /Filter /FlateDecode %s", first+count, fileID), deflate(t, table.String())))
	fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", start)
	return w.Bytes()
}

// TestVerifyIsBounded: what a small file with ten signatures that unfolds to fifty thousand
// objects costs is bounded, good or not. Work is told by what it allocates: that is the same
// on a busy machine.
func TestVerifyIsBounded(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	l := newLab(t)
	l.request.Timestamper, l.request.Further = nil, true
	file := heavy(t, 50_000)
	for range 10 {
		file, _ = signed(t, file, l.request)
	}
	var r sign.Report
	if cost := allocated(func() { r = verified(t, file, l.pki) }); cost > 4<<30 {
		t.Errorf("judging %d bytes allocated %d MB", len(file), cost>>20)
	}
	if len(r.Signatures) != 10 || r.Verdict != sign.Valid && r.Verdict != sign.Changed {
		t.Errorf("%s with %q", r.Verdict, codes(r))
	}
}

// allocated gives the bytes that a piece of work allocates, if nothing else works.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
