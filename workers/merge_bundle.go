package workers

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
)

// mostPages is how many pages a file may have.
const mostPages = 5000

// bundleInto writes the originals of papers into out, each once, and gives how many pages
// stand before those of each paper's original. The files of what is a bundle itself are
// put in one by one. The same papers give the same bytes.
func (o *Office) bundleInto(ctx context.Context, out io.Writer, papers []pipeline.Paper) ([]int, error) {
	dir, err := os.MkdirTemp(o.Spool, "merging-*")
	if err != nil {
		return nil, spoolError(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover is cleared at the next start
	w, err := bundle.NewWriter(diskWriter{out})
	if err != nil {
		return nil, spoolError(err)
	}
	at, total, bytes := map[pipeline.Digest]int{}, 0, int64(0)
	before := make([]int, len(papers))
	for i, p := range papers {
		if _, there := at[p.Original]; !there {
			if total+p.Sheets() > mostPages || bytes+p.Size > o.limit() {
				return nil, mergeWrong("the papers together are too large", fmt.Sprintf("Các giấy tờ ghép lại lớn quá mức cho phép (%d trang, %d MB).", mostPages, o.limit()>>20))
			}
			at[p.Original] = total
			total, bytes = total+p.Sheets(), bytes+p.Size
			if err := o.addOriginal(ctx, w, p, filepath.Join(dir, "original")); err != nil {
				return nil, err
			}
		}
		before[i] = at[p.Original]
	}
	if err := w.Close(); err != nil {
		return nil, spoolError(err)
	}
	return before, nil
}

// addOriginal puts the file or the files of a paper's original into a bundle, by way of a
// file at path.
func (o *Office) addOriginal(ctx context.Context, w *bundle.Writer, p pipeline.Paper, path string) error {
	if err := fetch(ctx, o.Objects, p.Original, path); err != nil {
		return err
	}
	file, err := os.Open(path) //nolint:gosec // in our own folder
	if err != nil {
		return spoolError(err)
	}
	defer file.Close() //nolint:errcheck // only read from
	if p.Media != bundle.Media {
		if err := w.Add(endingOf(p), file); err != nil {
			return spoolError(err)
		}
		return nil
	}
	members, err := bundle.Members(file, p.Size)
	if err != nil {
		return fmt.Errorf("merging: %w", err)
	}
	for _, m := range members {
		if err := addMember(w, m); err != nil {
			return spoolError(err)
		}
	}
	return nil
}

func addMember(w *bundle.Writer, m bundle.Member) error {
	from, err := m.Open()
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read from
	return w.Add(strings.TrimPrefix(filepath.Ext(m.Name()), "."), from)
}

// endingOf is how the name of a file of the paper's media type ends.
func endingOf(p pipeline.Paper) string {
	switch p.Media {
	case "application/pdf":
		return "pdf"
	case "image/jpeg":
		return "jpg"
	case "image/png":
		return "png"
	case "image/tiff":
		return "tif"
	}
	return "bin"
}
