package batch

import (
	"context"
	"reflect"
	"slices"

	"hoso/pipeline"
)

// book is what is known of the files of a shelf, and what of it the ledger is yet to be
// told. One goroutine writes it.
type book struct {
	rows   map[string]*pipeline.ShelfFile // by path as text, see pipeline.PathText
	first  map[pipeline.PaperID]string    // of each paper a file that became it
	counts map[pipeline.FileState]int
	walk   int // the newest

	untold []string
	marked map[string]bool // those in untold
}

func newBook() *book {
	return &book{
		rows: map[string]*pipeline.ShelfFile{}, first: map[pipeline.PaperID]string{},
		counts: map[pipeline.FileState]int{}, marked: map[string]bool{},
	}
}

// put writes a row; the ledger is told by nobody.
func (b *book) put(f pipeline.ShelfFile) {
	if old := b.rows[f.Path]; old != nil {
		b.counts[old.State]--
		*old = f
	} else {
		b.rows[f.Path] = &f
	}
	b.counts[f.State]++
	b.walk = max(b.walk, f.Walk)
	if f.Paper != "" && b.first[f.Paper] == "" {
		b.first[f.Paper] = f.Path
	}
}

// write writes a row of which the ledger is to be told, if anything in it is new.
func (b *book) write(f pipeline.ShelfFile) {
	if old := b.rows[f.Path]; old != nil && same(*old, f) {
		return
	}
	b.put(f)
	if !b.marked[f.Path] {
		b.marked[f.Path] = true
		b.untold = append(b.untold, f.Path)
	}
}

// same reports whether two rows say the same.
func same(a, b pipeline.ShelfFile) bool {
	if !a.Changed.Equal(b.Changed) || !a.Taken.Equal(b.Taken) || !slices.Equal(a.Remarks, b.Remarks) {
		return false
	}
	a.Changed, a.Taken, a.Remarks = b.Changed, b.Taken, b.Remarks
	return reflect.DeepEqual(a, b)
}

// mostTicks is how many rows the ledger takes at once.
const mostTicks = 1000

// tell tells the ledger what it does not know yet.
func (b *book) tell(ctx context.Context, tick func(context.Context, []pipeline.ShelfFile) error) error {
	for len(b.untold) > 0 {
		n := min(len(b.untold), mostTicks)
		files := make([]pipeline.ShelfFile, 0, n)
		for _, path := range b.untold[:n] {
			files = append(files, *b.rows[path])
		}
		if err := tick(ctx, files); err != nil {
			return err
		}
		for _, path := range b.untold[:n] {
			delete(b.marked, path)
		}
		b.untold = b.untold[n:]
	}
	b.untold = nil
	return nil
}

// received gives the row of a file whose paper has a receipt for just these bytes, as far
// as one can tell without reading them; nil if there is none.
func (b *book) received(p part) *pipeline.ShelfFile {
	f := b.rows[pipeline.PathText(p.path)]
	if f == nil || f.State != pipeline.FileReceived || f.Size != p.size || !f.Changed.Equal(p.changed) {
		return nil
	}
	return f
}
