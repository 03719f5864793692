package batch_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers/batch"
)

// folder makes a folder in which nothing lies.
func (w *world) folder(name string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Join(w.root, name), 0o755); err != nil {
		w.t.Fatal(err)
	}
}

// lacks fails unless the ledger knows these folders of dossiers in which nothing was scanned.
func (w *world) lacks(more int, folders ...string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if diff := cmp.Diff(pipeline.EmptyFolders{Paths: append([]string{}, folders...), More: more}, w.empty); diff != "" {
		w.t.Errorf("empty folders (-want +got):\n%s", diff)
	}
}

// TestEmptyFolders tells of folders of dossiers in which nothing was scanned, until
// something is.
func TestEmptyFolders(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		const box = "Hộp 01/H42.15-221011-"
		w.put(box+"0001/Đơn.pdf", pdf("một"))
		w.put(box+"0002 Trần Thị B/Thumbs.db", "x")
		w.folder(box + "0003\xff/Thành phần")
		w.put(box+"0010/hỏng.docx", "held")
		w.folder("Hộp 02")
		w.run(pipeline.RunDone, nil)
		w.lacks(0, box+"0002 Trần Thị B", pipeline.PathText(box+"0003\xff"))

		// As many files as before, and another folder is empty.
		w.put(box+"0003\xff/Thành phần/Đơn.pdf", pdf("ba"))
		if err := os.Remove(filepath.Join(w.root, box+"0002 Trần Thị B/Thumbs.db")); err != nil {
			t.Fatal(err)
		}
		w.run(pipeline.RunDone, nil)
		w.lacks(0, box+"0002 Trần Thị B")
	})
}

// TestEmptiedFolders tells nothing of folders of which the scans were put away.
func TestEmptiedFolders(t *testing.T) {
	t.Parallel()
	for how, after := range map[string]string{
		"moved": "after: {do: move}", "deleted": "after: {do: delete}", "taken by a person": "",
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			inTime(t, func(t *testing.T, w *world) {
				t.Helper()
				w.put(number+"/Kết quả/Giấy.pdf", pdf("một"))
				w.folder("H42.15-221011-0002")
				m, err := shelf.Parse([]byte(after))
				if err != nil {
					t.Fatal(err)
				}
				w.run(pipeline.RunDone, func(e *batch.Engine) { e.Mapping = m })
				if err := os.Remove(filepath.Join(w.root, number, "Kết quả/Giấy.pdf")); (after == "") != (err == nil) {
					t.Fatal(err)
				}
				w.run(pipeline.RunDone, func(e *batch.Engine) { e.Mapping = m })
				w.lacks(0, "H42.15-221011-0002")
			})
		})
	}
}

// TestManyEmptyFolders names the first thousand.
func TestManyEmptyFolders(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		for i := range pipeline.MostEmpty + 7 {
			w.folder("H42.15-221011-" + time.Time{}.Add(time.Duration(i)*time.Second).Format("150405"))
		}
		run, err := w.engine(nil).Run(t.Context())
		if err != nil || run.Found != 0 {
			t.Fatal(run, err)
		}
		if n := len(w.empty.Paths); n != pipeline.MostEmpty || w.empty.More != 7 {
			t.Errorf("%d folders are named, and %d more", n, w.empty.More)
		}
	})
}
