package tesseract_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"hoso/pipeline/recognize/tesseract"
)

// laden gives a folder with the Vietnamese model, changed so that it seems to have a
// part for the recognizer of Tesseract 3, of no bytes: it reads what it always reads,
// but nothing may be left out for it.
func laden(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/vie.traineddata")
	if err != nil || len(found) == 0 {
		t.Fatalf("no model: %v", err)
	}
	model, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	const count, shapes, network = 4, 3, 17 // bytes of the count; parts
	at := func(part int) []byte { return model[count+8*part : count+8*part+8] }
	first := binary.LittleEndian.Uint64(at(network))
	binary.LittleEndian.PutUint64(at(shapes), first)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "vie.traineddata"), model, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// started makes an engine and gives the processor time that it took.
func started(t *testing.T, opt tesseract.Options) (*tesseract.Engine, time.Duration) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		var r unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_THREAD, &r); err != nil {
			t.Fatal(err)
		}
		return time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	before := used()
	e := engine(t, opt)
	return e, used() - before
}

// What is left out of Tesseract must be of no use to anybody: a page reads the same,
// word for word and box for box, with it and without.
func TestNothingIsMissed(t *testing.T) {
	t.Parallel()
	full, long := started(t, tesseract.Options{Models: laden(t)})
	lean, short := started(t, tesseract.Options{})
	if short > long/2 {
		t.Errorf("a lean engine took %v to start, a full one %v", short, long)
	}
	img, _ := letter(t)
	want, err := read(t.Context(), full, img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(t.Context(), lean, img)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got.Lines) == 0 {
		t.Errorf("the lean engine reads otherwise (-full +lean):\n%s", diff)
	}
}

// What is done sooner in Tesseract's networks must give what they give. Every function
// that stands in for one is compared with it number for number before it is used; with
// a release of Tesseract that fails here, hoso reads as right as ever, but slower.
func TestNetworksRunSwiftly(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{})
	img, _ := letter(t)
	first, err := read(t.Context(), e, img)
	if err != nil {
		t.Fatal(err)
	}
	if !tesseract.Swift() {
		t.Errorf("%s works in another way than is known", e.Name())
	}
	second, err := read(t.Context(), e, img)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the page reads otherwise the second time:\n%s", diff)
	}
}
