package workers_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"hoso/pipeline"
	"hoso/workers"
	"hoso/workers/reader"
)

// drawer draws pages of a thousand bytes, and counts them.
type drawer struct{ drawn int }

func (d *drawer) Picture(_ context.Context, job reader.Job, known pipeline.Page, _ reader.Side, file string) error {
	if _, err := os.Stat(job.Path); err != nil {
		return err
	}
	d.drawn++
	return os.WriteFile(file, fmt.Appendf(nil, "%-1000d", known.Number), 0o600)
}

// slow draws when it is let.
type slow struct{ let chan struct{} }

func (s slow) Picture(_ context.Context, _ reader.Job, _ pipeline.Page, _ reader.Side, file string) error {
	<-s.let
	return os.WriteFile(file, []byte("page"), 0o600)
}

// TestCrowdBeforeAPage: sixteen wait for a page, the next is told to come again.
func TestCrowdBeforeAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paper := w.work(w.receive("H42.15-221011-0001").ID, 20)
	s := slow{make(chan struct{})}
	pictures, err := workers.NewPictures(workers.Pictures{Objects: w.bucket, Readers: s, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan error)
	for range 17 {
		go func() {
			_, err := pictures.Whole(t.Context(), paper, 1)
			answers <- err
		}()
	}
	if _, away := errors.AsType[*pipeline.Unavailable](<-answers); !away {
		t.Error("nobody is told to come again")
	}
	close(s.let)
	for range 16 {
		if err := <-answers; err != nil {
			t.Errorf("who waited gets %v", err)
		}
	}
}

// TestPictures: a page is drawn once, as long as there is room to keep it.
func TestPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.work(w.receive("H42.15-221011-0001").ID, 20)
	other, err := w.tryReceive("H42.15-221011-0002", "other pages")
	if err != nil {
		t.Fatal(err)
	}
	w.steps.Readers = &readers{text: "trang khác"}
	second := w.work(other.ID, 20)
	d := &drawer{}
	pictures, err := workers.NewPictures(workers.Pictures{Objects: w.bucket, Readers: d, Dir: t.TempDir(), Limit: 2500})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		paper pipeline.Paper
		page  int
		drawn int
	}{{first, 1, 1}, {first, 1, 1}, {first, 2, 2}, {second, 1, 3}, {second, 1, 3}, {first, 1, 4}} {
		p, err := pictures.Page(t.Context(), c.paper, c.page)
		if err != nil || len(p.JPEG) != 1000 || p.Width != 100 || p.Height != 140 || d.drawn != c.drawn {
			t.Errorf("%d: %d bytes of %dx%d after %d drawn, %v; want %d drawn", i, len(p.JPEG), p.Width, p.Height, d.drawn, err, c.drawn)
		}
	}
	if _, err := pictures.Whole(t.Context(), first, 1); err != nil || d.drawn != 5 {
		t.Errorf("a page in another size: %d drawn, %v; want 5", d.drawn, err)
	}
	part := first
	part.Leaves, part.Pages, part.Of = []pipeline.Leaf{{Page: 1}}, 1, 2
	for range 2 {
		if p, err := pictures.Sheet(t.Context(), part, 2); err != nil || len(p.JPEG) != 1000 || d.drawn != 6 {
			t.Errorf("a page that the paper leaves out: %d bytes, %d drawn, %v", len(p.JPEG), d.drawn, err)
		}
	}
	if _, err := pictures.Sheet(t.Context(), part, 3); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a page that the original does not have: %v", err)
	}
	for _, page := range []int{0, 3} {
		if _, err := pictures.Page(t.Context(), first, page); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("page %d: %v", page, err)
		}
	}
	if _, err := pictures.Page(t.Context(), pipeline.Paper{Pages: 2}, 1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a page of a paper that was not read: %v", err)
	}
}
