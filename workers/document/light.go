package document

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
)

// Lightened is what came of the comparison of an access copy with its record.
type Lightened struct {
	pipeline.Stored
	Pages   int   // of the copy
	Words   int   // that were compared
	Patched int   // words shown by a piece of the scan
	Differ  []int // pages with places that differ, from 1
}

// Lighten builds the access copy (bản xem nhanh) of all pages of its parts at path;
// meta.Copy names the record. Pages are made from the originals, which must have the
// very images that were read. As many pages are in work at once as there are readers.
func Lighten(ctx context.Context, path string, meta compose.Meta, parts ...Part) (Lightened, error) {
	out, err := os.Create(path) //nolint:gosec // a path of our own folder, or the one the user named
	if err != nil {
		return Lightened{}, fmt.Errorf("making an access copy: %w", err)
	}
	buffered := bufio.NewWriterSize(out, 1<<20)
	var l Lightened
	err = l.all(ctx, buffered, meta, parts)
	if err = errors.Join(err, buffered.Flush(), out.Close()); err != nil {
		return Lightened{}, fmt.Errorf("making an access copy: %w", err)
	}
	l.Stored, err = Describe(path, PDFMedia)
	return l, err
}

// CopyOf names a record of ours at path, and takes what its signatures show on page 1 for
// a copy to show, too.
func CopyOf(ctx context.Context, path string, record pipeline.Digest) (compose.CopyOf, error) {
	in, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return compose.CopyOf{}, fmt.Errorf("opening a record: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read from
	info, err := in.Stat()
	if err != nil {
		return compose.CopyOf{}, fmt.Errorf("opening a record: %w", err)
	}
	c := compose.CopyOf{Record: record}
	if c.Signed, err = sign.HasSignature(ctx, in, info.Size()); err != nil || !c.Signed {
		return c, err
	}
	c.Marks, err = sign.Marks(in, info.Size(), 1)
	return c, err
}

func (l *Lightened) all(ctx context.Context, out *bufio.Writer, meta compose.Meta, parts []Part) error {
	w, err := compose.NewWriter(out, meta)
	if err != nil {
		return err
	}
	for _, part := range parts {
		for first := 1; first <= part.Pages; first += part.Readers.Size() {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			last := min(first+part.Readers.Size()-1, part.Pages)
			made, err := part.lights(ctx, first, last)
			if err != nil {
				return err
			}
			for i, one := range made {
				if err := l.add(w, part, first+i, one); err != nil {
					return err
				}
			}
		}
	}
	return w.Close()
}

// lights makes some pages side by side, and puts their streams down in the folder.
func (p Part) lights(ctx context.Context, first, last int) ([]pipeline.Light, error) {
	made := make([]pipeline.Light, last-first+1)
	failed := make([]error, len(made))
	var workers sync.WaitGroup
	for i := range made {
		workers.Go(func() { made[i], failed[i] = p.light(ctx, first+i) })
	}
	workers.Wait()
	return made, errors.Join(failed...)
}

func (p Part) light(ctx context.Context, number int) (pipeline.Light, error) {
	page, err := p.Folder.Page(number)
	if err != nil {
		return pipeline.Light{}, err
	}
	if missing(page) { // the record has an empty page there, too
		if err := os.WriteFile(p.Folder.streams(number), nil, 0o600); err != nil {
			return pipeline.Light{}, fmt.Errorf("putting down page %d: %w", number, err)
		}
		return pipeline.Light{}, nil
	}
	return p.Readers.Light(ctx, p.job(), p.inOriginal(page), p.Folder.streams(number))
}

// add puts a page into the copy and lets go of its streams.
func (l *Lightened) add(w *compose.Writer, part Part, number int, one pipeline.Light) error {
	page, err := part.Folder.Page(number)
	if err != nil {
		return err
	}
	l.Pages++
	page.Number = l.Pages
	l.Words, l.Patched = l.Words+one.Words, l.Patched+one.Patched
	if len(one.Differs) > 0 {
		l.Differ = append(l.Differ, page.Number)
	}
	streams, err := os.Open(part.Folder.streams(number))
	if err != nil {
		return fmt.Errorf("opening the access copy of page %d: %w", number, err)
	}
	defer os.Remove(streams.Name()) //nolint:errcheck // goes with its folder
	defer streams.Close()           //nolint:errcheck // only read from
	return w.AddLight(page, one, streams)
}
