package workers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/workers/document"
	"hoso/workers/reader"
)

// Pictures draws pages for people to look at, one at a time, since each costs the work of
// a reader; those drawn last are kept on the disk, where they may be lost.
type Pictures struct {
	Objects Blobs
	Readers interface {
		Picture(ctx context.Context, job reader.Job, known pipeline.Page, side reader.Side, file string) error
	}
	Dir   string // of this process alone
	Limit int64  // bytes of pictures in Dir; 0 means 256 MiB

	turn  chan struct{}
	queue chan struct{}
	last  string // whose original lies in Dir
}

// A page is drawn within a second or two. Who would wait behind more than so many, or for
// longer, had better come again.
const (
	mostWaiting = 16
	longestWait = 45 * time.Second
)

// NewPictures draws with readers and keeps in dir, which is emptied.
func NewPictures(p Pictures) (*Pictures, error) {
	if err := ClearScratch(p.Dir); err != nil {
		return nil, err
	}
	p.Limit = cmp.Or(p.Limit, 256<<20)
	p.turn, p.queue = make(chan struct{}, 1), make(chan struct{}, mostWaiting)
	return &p, nil
}

// Picture is a page as a JPEG, and how many pixels the page has of which boxes speak.
type Picture struct {
	JPEG          []byte
	Width, Height int
}

// Page draws a page of a paper that was read; fs.ErrNotExist if there is no such page, and
// an Unavailable if too many ask at once.
func (p *Pictures) Page(ctx context.Context, paper pipeline.Paper, number int) (Picture, error) {
	return p.picture(ctx, paper, number, reader.Fine)
}

// Whole is Page for a screen that shows all of it.
func (p *Pictures) Whole(ctx context.Context, paper pipeline.Paper, number int) (Picture, error) {
	return p.picture(ctx, paper, number, reader.Whole)
}

// Sheet draws a page of a paper's original as it was scanned, for a window that shows all of
// it, whether the paper has that page or leaves it out. Of how many pixels boxes would speak
// is not known.
func (p *Pictures) Sheet(ctx context.Context, paper pipeline.Paper, number int) (Picture, error) {
	if number < 1 || number > paper.Sheets() {
		return Picture{}, fmt.Errorf("drawing page %d of the original: %w", number, errNothing)
	}
	name := filepath.Join(p.Dir, fmt.Sprintf("%.32s-%06d-sheet-", paper.Original, number))
	return p.once(ctx, name, func(ctx context.Context) error {
		return p.put(ctx, paper.Original, pipeline.Page{Number: number}, reader.Whole, name)
	})
}

func (p *Pictures) picture(ctx context.Context, paper pipeline.Paper, number int, side reader.Side) (Picture, error) {
	paper = paper.Shelved()
	if paper.Words.IsZero() || number < 1 || number > paper.Pages {
		return Picture{}, fmt.Errorf("drawing page %d: %w", number, errNothing)
	}
	name := filepath.Join(p.Dir, fmt.Sprintf("%.32s-%06d-%d-", paper.Words, number, side))
	return p.once(ctx, name, func(ctx context.Context) error {
		known, err := p.known(ctx, paper, number)
		if err != nil {
			return err
		}
		known.Number = paper.Leaf(number).Page
		return p.put(ctx, paper.Original, known, side, name)
	})
}

// once gives the picture of that name, which draw makes if it is not there.
func (p *Pictures) once(ctx context.Context, name string, draw func(context.Context) error) (Picture, error) {
	if drawn, err := kept(name); !errors.Is(err, fs.ErrNotExist) {
		return drawn, err
	}
	within, stop := context.WithTimeout(ctx, longestWait)
	defer stop()
	err := p.inTurn(within, func() error {
		if _, err := kept(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		defer p.sweep()
		return draw(within)
	})
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return Picture{}, &pipeline.Unavailable{What: "drawing of pages", Err: err}
	case err != nil:
		return Picture{}, diskTrouble(err)
	}
	return kept(name)
}

// inTurn runs one after another.
func (p *Pictures) inTurn(ctx context.Context, run func() error) error {
	select {
	case p.queue <- struct{}{}:
		defer func() { <-p.queue }()
	default:
		return &pipeline.Unavailable{What: "drawing of pages", Err: errCrowded}
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return fmt.Errorf("waiting to draw a page: %w", ctx.Err())
	}
	return run()
}

var errCrowded = errors.New("too many wait for a page")

// kept gives what was drawn before, and makes it the last to be thrown away.
func kept(name string) (Picture, error) {
	found, err := filepath.Glob(name + "*")
	if err != nil || len(found) == 0 {
		return Picture{}, errors.Join(err, fs.ErrNotExist)
	}
	var d Picture
	if _, err := fmt.Sscanf(found[0][len(name):], "%dx%d.jpg", &d.Width, &d.Height); err != nil {
		return Picture{}, fmt.Errorf("reading the name of a picture: %w", err)
	}
	if d.JPEG, err = os.ReadFile(found[0]); err != nil {
		return Picture{}, err
	}
	now := time.Now()
	_ = os.Chtimes(found[0], now, now) // thrown away sooner is as well
	return d, nil
}

// put draws a page of an original, of which known was read, and keeps it under a name.
func (p *Pictures) put(ctx context.Context, original pipeline.Digest, known pipeline.Page, side reader.Side, name string) error {
	folder, err := p.open(ctx, original)
	if err != nil {
		return err
	}
	drawing := filepath.Join(p.Dir, "drawing")
	job := reader.Job{Path: folder.Original(), Scratch: folder.Slices(), Lane: pipeline.Desk}
	if err := p.Readers.Picture(ctx, job, known, side, drawing); err != nil {
		return err
	}
	return os.Rename(drawing, fmt.Sprintf("%s%dx%d.jpg", name, known.Width, known.Height))
}

// open gives the folder with an original in it, and throws the one before away: pages are
// looked at one after another.
func (p *Pictures) open(ctx context.Context, original pipeline.Digest) (document.Folder, error) {
	name := original.String()
	if p.last != name && p.last != "" {
		if err := document.Discard(p.Dir, p.last); err != nil {
			return document.Folder{}, err
		}
	}
	p.last = name
	folder, err := document.Create(p.Dir, name)
	if err != nil {
		return document.Folder{}, err
	}
	if _, err := os.Stat(folder.Original()); !errors.Is(err, fs.ErrNotExist) {
		return folder, err
	}
	return folder, fetch(ctx, p.Objects, original, folder.Original())
}

// known gives what was read of a page.
func (p *Pictures) known(ctx context.Context, paper pipeline.Paper, number int) (pipeline.Page, error) {
	body, _, err := p.Objects.Get(ctx, paper.Words)
	if err != nil {
		return pipeline.Page{}, fmt.Errorf("fetching words: %w", err)
	}
	defer body.Close() //nolint:errcheck // only read from
	for page, err := range document.ReadWords(body) {
		if err != nil || page.Number == number {
			page.Lines = nil // a reader need not hear of them
			return page, err
		}
	}
	return pipeline.Page{}, fmt.Errorf("drawing page %d: %w", number, errNothing)
}

// sweep throws away what was not looked at for longest, until the rest fits.
func (p *Pictures) sweep() {
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		return
	}
	var files []fs.FileInfo
	total := int64(0)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !e.IsDir() {
			files, total = append(files, info), total+info.Size()
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, f := range files {
		if total <= p.Limit {
			return
		}
		if os.Remove(filepath.Join(p.Dir, f.Name())) == nil {
			total -= f.Size()
		}
	}
}

// fetch copies an object to a file; the file appears only when it is whole and its
// digest is right.
func fetch(ctx context.Context, objects Blobs, d pipeline.Digest, path string) error {
	body, _, err := objects.Get(ctx, d)
	if err != nil {
		return fmt.Errorf("fetching an object: %w", err)
	}
	defer body.Close()                     //nolint:errcheck // only read from
	file, err := os.Create(path + ".part") //nolint:gosec // in our own work folder
	if err != nil {
		return diskTrouble(err)
	}
	_, err = io.Copy(diskWriter{file}, body)
	if err = errors.Join(err, file.Close()); err != nil {
		return diskTrouble(fmt.Errorf("fetching an object: %w", err))
	}
	return os.Rename(path+".part", path)
}
