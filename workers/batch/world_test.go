package batch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
	"hoso/pipeline/shelf"
	"hoso/storage/register/sheet"
	"hoso/workers"
	"hoso/workers/batch"
)

// world is a shelf on disk, and a service and a ledger in memory that check every promise
// of the engine at every call.
type world struct {
	t    *testing.T
	root string
	zero time.Time // of the clock that files go by
	from time.Time // of the clock of the test
	mu   sync.Mutex

	// The service.
	papers map[pipeline.PaperID]*paper
	known  map[string]pipeline.PaperID // by dossier and digest
	serial int
	slots  int // how many papers are worked off from one look at the balance to the next; 0 all
	mostly int // the most papers that were open

	// The ledger.
	shelf   pipeline.Shelf
	runs    []pipeline.Run
	rows    map[string]pipeline.ShelfFile
	order   []string
	formers []pipeline.ShelfFile
	calls   map[string]int
	empty   pipeline.EmptyFolders

	before func(call string) error          // of every call of a port; may be nil
	midway func(h workers.Handed, read int) // while a body is read; may be nil
	after  func(call string) error          // once a call is done and before it is answered; may be nil
	bad    []string                         // promises broken
}

// paper is a received paper.
type paper struct {
	workers.Handed
	receipt pipeline.Receipt
	parts   []pipeline.Digest
	open    bool
	times   int // it was handed in
}

const number = "H42.15-221011-0001"

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{
		t: t, root: t.TempDir(), zero: time.Date(2026, 3, 5, 22, 0, 0, 0, time.UTC), from: time.Now(),
		papers: map[pipeline.PaperID]*paper{}, known: map[string]pipeline.PaperID{},
		rows: map[string]pipeline.ShelfFile{}, calls: map[string]int{},
	}
}

// now is the time by which files are dated: it moves as that of the test does.
func (w *world) now() time.Time { return w.zero.Add(time.Since(w.from)) }

// engine is one that is about to work through the shelf.
func (w *world) engine(change func(*batch.Engine)) *batch.Engine {
	e := &batch.Engine{
		Desk: desk{w}, Ledger: ledger{w}, Tables: tables, Root: w.root, Host: "may", Label: "dem", By: "hoso",
		Mapping: shelf.Default(), Now: w.now,
	}
	e.Deafen()
	if change != nil {
		change(e)
	}
	return e
}

// run works through the shelf and wants it to end so.
func (w *world) run(how pipeline.RunEnd, change func(*batch.Engine)) pipeline.Run {
	w.t.Helper()
	run, err := w.engine(change).Run(w.t.Context())
	if err != nil || run.How != how {
		w.t.Fatalf("the run ended %q, %v; want %q", run.How, err, how)
	}
	w.check()
	return run
}

// check fails if any promise was broken.
func (w *world) check() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range w.bad {
		w.t.Error(b)
	}
	w.bad = nil
}

func (w *world) breach(format string, args ...any) {
	w.bad = append(w.bad, fmt.Sprintf(format, args...))
}

// put writes a file as it was a day ago.
func (w *world) put(name, content string) {
	w.t.Helper()
	w.putAt(name, content, w.now().Add(-24*time.Hour))
}

func (w *world) putAt(name, content string, changed time.Time) {
	w.t.Helper()
	file := filepath.Join(w.root, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644), os.Chtimes(file, changed, changed)); err != nil {
		w.t.Fatal(err)
	}
}

// pdf is the content of a small PDF that says something.
func pdf(says string) string { return "%PDF-1.7\n% " + says + "\n%%EOF\n" }

// jpg is that of a JPEG.
func jpg(says string) string { return "\xFF\xD8\xFF\xDA" + says + "\xFF\xD9" }

// lies reports whether a file lies there.
func (w *world) lies(name string) bool {
	_, err := os.Lstat(filepath.Join(w.root, name))
	return err == nil
}

// states gives where every file stands.
func (w *world) states() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := map[string]string{}
	for path, f := range w.rows {
		all[path] = string(f.State)
		if !f.Reason.IsZero() {
			all[path] += " " + f.Reason.Code
		}
		if f.After != "" {
			all[path] += " " + f.After
		}
		for _, r := range f.Remarks {
			all[path] += " +" + r.Code
		}
	}
	return all
}

// call begins a call of a port, with the lock held.
func (w *world) call(ctx context.Context, name string) error {
	w.calls[name]++
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.before == nil {
		return nil
	}
	w.mu.Unlock()
	err := w.before(name)
	w.mu.Lock()
	return err
}

// answer ends it.
func (w *world) answer(name string) error {
	if w.after == nil {
		return nil
	}
	w.mu.Unlock()
	err := w.after(name)
	w.mu.Lock()
	return err
}

// tables reads inventories as the command does.
func tables(name string, data []byte) ([]shelf.Inventory, error) {
	read, err := sheet.Read(name, data)
	if err != nil {
		return nil, err
	}
	var all []shelf.Inventory
	for _, t := range read {
		in := shelf.Inventory{Sheet: t.Name}
		for _, r := range t.Rows {
			in.Rows = append(in.Rows, shelf.Row(r))
		}
		all = append(all, in)
	}
	return all, nil
}

// desk is the service.
type desk struct{ w *world }

func (d desk) Receive(ctx context.Context, h workers.Handed) (pipeline.Receipt, error) {
	w := d.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.call(ctx, "receive"); err != nil {
		return pipeline.Receipt{}, err
	}
	body, err := w.readBody(h)
	if err != nil {
		return pipeline.Receipt{}, fmt.Errorf("reading the body: %w", err)
	}
	if h.Size >= 0 && int64(len(body)) != h.Size || len(body) == 0 {
		return pipeline.Receipt{}, fmt.Errorf("%d bytes came, %d were announced", len(body), h.Size)
	}
	if strings.Contains(string(body), "refuse me") {
		return pipeline.Receipt{}, pipeline.Refuse(pipeline.Reason{Code: "refused", English: "refused", Vietnamese: "Không nhận."}, nil)
	}
	if h.Batch != "dem" || h.Lane != pipeline.Batch || h.Sender != "hoso" || h.FileName != pipeline.SafeName(h.FileName) {
		w.breach("handed in as %+v", h)
	}
	receipt, err := w.enter(h, body)
	if err != nil {
		return pipeline.Receipt{}, err
	}
	if err := w.answer("receive"); err != nil {
		return pipeline.Receipt{}, err
	}
	return receipt, nil
}

// readBody reads in small pieces, without the lock.
func (w *world) readBody(h workers.Handed) ([]byte, error) {
	w.mu.Unlock()
	defer w.mu.Lock()
	var body []byte
	piece := make([]byte, 700)
	for {
		n, err := h.Body.Read(piece)
		body = append(body, piece[:n]...)
		if w.midway != nil {
			w.midway(h, len(body))
		}
		switch {
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return nil, err
		}
	}
}

func (w *world) enter(h workers.Handed, body []byte) (pipeline.Receipt, error) {
	parts, err := digests(body)
	if err != nil {
		return pipeline.Receipt{}, err
	}
	digest := pipeline.Sum(body)
	key := h.Dossier.Key() + " " + digest.String()
	if id, ok := w.known[key]; ok {
		p := w.papers[id]
		p.times++
		r := p.receipt
		r.Again = true
		return r, nil
	}
	w.serial++
	id := pipeline.PaperID(fmt.Sprintf("01M84E0F4CFGDGW2VC87%06d", w.serial))
	h.Body = nil
	p := &paper{Handed: h, parts: parts, open: true, times: 1, receipt: pipeline.Receipt{
		ID: id, Dossier: h.Dossier, State: pipeline.Received, Digest: digest, Size: int64(len(body)), FileName: h.FileName, Received: w.now(),
	}}
	w.papers[id], w.known[key] = p, id
	open := 0
	for _, p := range w.papers {
		if p.open {
			open++
		}
	}
	w.mostly = max(w.mostly, open)
	return p.receipt, nil
}

// digests gives those of the files of a paper.
func digests(body []byte) ([]pipeline.Digest, error) {
	if !bundle.Is(body) {
		return []pipeline.Digest{pipeline.Sum(body)}, nil
	}
	members, err := bundle.Members(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, err
	}
	var all []pipeline.Digest
	for _, m := range members {
		r, err := m.Open()
		if err != nil {
			return nil, err
		}
		d, _, err := pipeline.SumReader(r)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// ledger is the ledger. What it says and is told goes through JSON, as over the line.
type ledger struct{ w *world }

const patience = time.Minute

var errLives = errors.New("another run lives")

func (l ledger) begin(ctx context.Context, name string) (func(), error) {
	l.w.mu.Lock()
	if err := l.w.call(ctx, name); err != nil {
		l.w.mu.Unlock()
		return nil, err
	}
	return l.w.mu.Unlock, nil
}

func (l ledger) Open(ctx context.Context, s pipeline.Shelf) (pipeline.Shelf, error) {
	end, err := l.begin(ctx, "open")
	if err != nil {
		return pipeline.Shelf{}, err
	}
	defer end()
	if l.w.shelf.Label == "" {
		l.w.shelf = s
	}
	if l.w.shelf.Root != s.Root {
		return pipeline.Shelf{}, errors.New("another folder")
	}
	open := l.w.shelf
	if n := len(l.w.runs); n > 0 {
		open.Run = l.w.runs[n-1]
	}
	return open, l.w.answer("open")
}

func (l ledger) Begin(ctx context.Context, _ string, until time.Time) (pipeline.Run, error) {
	end, err := l.begin(ctx, "begin")
	if err != nil {
		return pipeline.Run{}, err
	}
	defer end()
	w := l.w
	next := pipeline.Run{N: len(w.runs) + 1, Began: w.now(), Beat: w.now(), Until: until}
	if n := len(w.runs); n > 0 {
		last := &w.runs[n-1]
		if last.How == "" && w.now().Sub(last.Beat) < patience {
			return pipeline.Run{}, errLives
		}
		if last.How == "" {
			last.How = pipeline.RunLost
		}
		next.Walk, next.Found = last.Walk, last.Found
	}
	w.runs = append(w.runs, next)
	return next, w.answer("begin")
}

// living gives the run if it is the living one.
func (l ledger) living(n int) (*pipeline.Run, error) {
	if n != len(l.w.runs) || l.w.runs[n-1].How != "" {
		return nil, pipeline.ErrStale
	}
	return &l.w.runs[n-1], nil
}

func (l ledger) Beat(ctx context.Context, _ string, n int) error {
	end, err := l.begin(ctx, "beat")
	if err != nil {
		return err
	}
	defer end()
	run, err := l.living(n)
	if err == nil {
		run.Beat = l.w.now()
	}
	return err
}

func (l ledger) End(ctx context.Context, _ string, n int, how pipeline.RunEnd) error {
	end, err := l.begin(ctx, "end")
	if err != nil {
		return err
	}
	defer end()
	run, err := l.living(n)
	if err == nil {
		run.How, run.Ended = how, l.w.now()
	}
	return err
}

func (l ledger) Balance(ctx context.Context, _ string) (pipeline.ShelfBalance, error) {
	end, err := l.begin(ctx, "balance")
	if err != nil {
		return pipeline.ShelfBalance{}, err
	}
	defer end()
	var b pipeline.ShelfBalance
	done := 0
	for _, id := range slices.Sorted(maps.Keys(l.w.papers)) {
		p := l.w.papers[id]
		b.Papers.Received++
		if p.open && (l.w.slots == 0 || done < l.w.slots) {
			p.open = false
			done++
		}
		if p.open {
			b.Papers.Open++
		} else {
			b.Papers.Filed++
		}
	}
	return b, l.w.answer("balance")
}

func (l ledger) Files(ctx context.Context, _ string, after int64) ([]pipeline.ShelfFile, int64, error) {
	end, err := l.begin(ctx, "files")
	if err != nil {
		return nil, 0, err
	}
	defer end()
	const page = 1000
	var all []pipeline.ShelfFile
	for _, path := range l.w.order[min(int(after), len(l.w.order)):min(int(after)+page, len(l.w.order))] {
		all = append(all, overTheLine(l.w.t, l.w.rows[path]))
	}
	next := after + page
	if int(next) >= len(l.w.order) {
		next = 0
	}
	return all, next, l.w.answer("files")
}

func (l ledger) Tick(ctx context.Context, _ string, n int, files []pipeline.ShelfFile) error {
	end, err := l.begin(ctx, "tick")
	if err != nil {
		return err
	}
	defer end()
	if _, err := l.living(n); err != nil {
		return err
	}
	if len(files) > 1000 || len(files) == 0 {
		l.w.breach("%d files ticked at once", len(files))
	}
	for _, f := range files {
		l.tick(overTheLine(l.w.t, f))
	}
	return l.w.answer("tick")
}

// tick is what the catalog does of a file.
func (l ledger) tick(f pipeline.ShelfFile) {
	w := l.w
	had, known := w.rows[f.Path]
	if !known {
		w.order = append(w.order, f.Path)
	}
	if f.State == pipeline.FileReceived {
		p := w.papers[f.Paper]
		switch {
		case p == nil || f.Part < 1 || f.Part > len(p.parts) || f.Parts != len(p.parts):
			w.breach("%s: received as part %d of %d of paper %q, which is not there", f.Path, f.Part, f.Parts, f.Paper)
		case p.parts[f.Part-1] != f.Digest:
			w.breach("%s: received with a digest that the service did not get", f.Path)
		}
	}
	if f.After != "" && (had.State != pipeline.FileReceived || had.Digest != f.Digest) {
		w.breach("%s: %s before the ledger knew of its receipt", f.Path, f.After)
	}
	if had.State != pipeline.FileReceived {
		w.rows[f.Path] = f
		return
	}
	anew := !f.Digest.IsZero() && f.Digest != had.Digest
	if anew || f.State == pipeline.FileReceived && f.Paper != had.Paper {
		w.formers = append(w.formers, had)
		w.rows[f.Path] = f
		return
	}
	kept := had
	kept.Walk = max(had.Walk, f.Walk)
	if f.After != "" {
		kept.After = f.After
	}
	if !f.Digest.IsZero() {
		kept.Size, kept.Changed = f.Size, f.Changed
	}
	if f.State == pipeline.FileReceived {
		kept.Remarks, kept.Part, kept.Parts = f.Remarks, f.Part, f.Parts
	}
	w.rows[f.Path] = kept
}

func (l ledger) Walked(ctx context.Context, _ string, n int, walk pipeline.Walk) (int, error) {
	end, err := l.begin(ctx, "walked")
	if err != nil {
		return 0, err
	}
	defer end()
	run, err := l.living(n)
	if err != nil {
		return 0, err
	}
	if walk.N < run.Walk {
		l.w.breach("walk %d ends after walk %d", walk.N, run.Walk)
	}
	gone := 0
	for path, f := range l.w.rows {
		if f.Walk >= walk.N || f.State == pipeline.FileReceived || f.State == pipeline.FileGone {
			continue
		}
		if info, err := os.Lstat(filepath.Join(l.w.root, pipeline.PathName(path))); err == nil && !info.IsDir() {
			l.w.breach("%s: gone although it lies there", path)
		}
		f.State = pipeline.FileGone
		l.w.rows[path] = f
		gone++
	}
	run.Walk, run.Found = walk.N, walk.Found
	l.w.empty = walk.Empty
	return gone, l.w.answer("walked")
}

// overTheLine gives what comes out at the other end.
func overTheLine(t *testing.T, f pipeline.ShelfFile) pipeline.ShelfFile {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var out pipeline.ShelfFile
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// content gives all files below the root by their bytes.
func (w *world) content() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(w.root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(name)
		all[strings.TrimPrefix(name, w.root+"/")] = string(b)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// once wants each of the contents to be in exactly one paper, and every paper to be of
// some of them.
func (w *world) once(contents ...string) {
	w.t.Helper()
	seen := map[pipeline.Digest]int{}
	for _, p := range w.papers {
		for _, d := range p.parts {
			seen[d]++
		}
	}
	for _, c := range contents {
		if d := pipeline.Sum([]byte(c)); seen[d] != 1 {
			w.t.Errorf("%q is in %d papers", c, seen[d])
		} else {
			delete(seen, d)
		}
	}
	if len(seen) > 0 {
		w.t.Errorf("%d papers more than there are files", len(seen))
	}
}

// away is what a part says that does not answer.
func away(part string) error {
	return &pipeline.Unavailable{What: part, Err: errors.New("no answer")}
}
