package batch_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers/batch"
)

// tif is the content of a TIFF of as many pages that says something.
func tif(says string, pages int) string {
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v) // never fails
		}
	}
	head := 8 + len(says)
	put([]byte("II*\x00"), uint32(head), []byte(says))
	const directory = 2 + 3*12 + 4
	for page := range pages {
		next := uint32(head + (page+1)*directory)
		if page == pages-1 {
			next = 0
		}
		put(uint16(3), uint16(256), uint16(3), uint32(1), uint32(1)) // one pixel wide
		put(uint16(273), uint16(4), uint32(1), uint32(8), uint16(279), uint16(4), uint32(1), uint32(1), next)
	}
	return b.String()
}

// TestStacks takes TIFFs of many pages for papers of their own, and those of one page for
// pages, in a run as in its preview, and stays with it.
func TestStacks(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/tap-001.tif", tif("một", 12))
		w.put(number+"/tap-004.tif", tif("hai", 1))
		w.put(number+"/tap-007.tif", tif("ba", 2))
		w.put(number+"/Khai sinh 1.tif", tif("trang một", 1))
		w.put(number+"/Khai sinh 2.tif", tif("trang hai", 1))
		w.put(number+"/Đơn 1.tif", "no TIFF at all")
		w.put(number+"/Đơn 2.tif", tif("cụt", 3)[:60])
		w.put(number+"/Giấy mặt trước.tif", tif("các mặt trước", 4))
		w.put(number+"/Giấy mặt sau.tif", tif("các mặt sau", 4))
		papers := []int{1, 1, 1, 2, 2, 2}
		p, err := w.engine(nil).Preview(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var planned []int
		for _, one := range p.Papers {
			planned = append(planned, len(one.Files))
		}
		slices.Sort(planned)
		if diff := cmp.Diff(papers, planned); diff != "" {
			t.Errorf("files of the papers of the preview (-want +got):\n%s", diff)
		}
		w.run(pipeline.RunDone, nil)
		if diff := cmp.Diff(papers, w.made()); diff != "" {
			t.Errorf("files of the papers (-want +got):\n%s", diff)
		}
		for _, p := range w.papers {
			if (p.Collate != "") != (p.FileName == "Giấy mặt trước.zip") {
				t.Errorf("%s is to be collated: %q", p.FileName, p.Collate)
			}
		}
		received := w.calls["receive"]
		w.run(pipeline.RunDone, nil)
		w.put(number+"/tap-010.tif", tif("bốn", 1)) // a document, as those before
		w.run(pipeline.RunDone, nil)
		if got := w.calls["receive"] - received; got != 1 {
			t.Errorf("%d papers were handed in for one new file", got)
		}
		if diff := cmp.Diff(append([]int{1}, papers...), w.made()); diff != "" {
			t.Errorf("files of the papers after one more (-want +got):\n%s", diff)
		}
		w.check()
	})
}

// made gives of how many files each paper was made, in order.
func (w *world) made() []int {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []int
	for _, p := range w.papers {
		all = append(all, len(p.parts))
	}
	slices.Sort(all)
	return all
}

// TestStacksReceivedAsPages leaves alone what was received together before anybody looked,
// and takes what comes to it since for what it is.
func TestStacksReceivedAsPages(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		for _, name := range []string{"/tap-001.tif", "/tap-004.tif", "/tap-007.tif"} {
			w.put(number+name, tif(name, 3))
		}
		joined := func(e *batch.Engine) { e.Mapping = folders(t) }
		w.run(pipeline.RunDone, joined)
		if diff := cmp.Diff([]int{3}, w.made()); diff != "" {
			t.Fatalf("files of the papers of before (-want +got):\n%s", diff)
		}
		w.run(pipeline.RunDone, nil)
		if diff := cmp.Diff([]int{3}, w.made()); diff != "" {
			t.Errorf("files of the papers (-want +got):\n%s", diff)
		}
		w.put(number+"/tap-010.tif", tif("mới", 3))
		w.run(pipeline.RunDone, nil)
		if diff := cmp.Diff([]int{1, 3}, w.made()); diff != "" {
			t.Errorf("files of the papers after one more (-want +got):\n%s", diff)
		}
	})
}

// folders is a mapping that joins the images of a folder.
func folders(t *testing.T) *shelf.Mapping {
	t.Helper()
	m, err := shelf.Parse([]byte("pages: {join: folder}"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestStackThatIsLocked waits for a look into a file before it takes others for its pages.
func TestStackThatIsLocked(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/tap-001.tif", tif("một", 3))
		w.put(number+"/tap-002.tif", tif("hai", 1))
		f, err := os.Open(filepath.Join(w.root, number, "tap-001.tif"))
		if err == nil {
			err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		}
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			<-time.After(20 * time.Minute)
			if n := len(w.made()); n != 0 {
				t.Errorf("%d papers were made while one file was locked", n)
			}
			_ = f.Close() // nothing is written
		}()
		w.run(pipeline.RunDone, nil)
		if diff := cmp.Diff([]int{1, 1}, w.made()); diff != "" {
			t.Errorf("files of the papers (-want +got):\n%s", diff)
		}
	})
}
