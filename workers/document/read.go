package document

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"hoso/pipeline"
	"hoso/workers/reader"
)

// Readers read pages in processes of their own; reader.Pool is the real one.
type Readers interface {
	Open(ctx context.Context, job reader.Job) (reader.Summary, error)
	Read(ctx context.Context, job reader.Job, leaf pipeline.Leaf, carrier string) (pipeline.Page, error)
	Carry(ctx context.Context, job reader.Job, page int, carrier string) (pipeline.Image, error)
	Light(ctx context.Context, job reader.Job, known pipeline.Page, streams string) (pipeline.Light, error)
	Size() int
}

// Checkpoints keep the results of pages of an original, numbered as there, so that a
// reading which was cut off goes on where it was, and other papers of the same original
// need not read them again.
type Checkpoints interface {
	Load(ctx context.Context, leaf pipeline.Leaf) (pipeline.Page, error) // fs.ErrNotExist if there is none
	Save(ctx context.Context, leaf pipeline.Leaf, p pipeline.Page) error
}

// Reading is one reading of the original that lies in Folder. What lies in the folder is
// numbered as in the paper.
type Reading struct {
	Folder      Folder
	Leaves      []pipeline.Leaf // the pages of the paper; none for all of the original
	Readers     Readers
	Lane        pipeline.Lane
	Checkpoints Checkpoints           // may be nil
	Progress    func(done, total int) // may be nil; called from several goroutines
}

func (r Reading) job() reader.Job {
	return reader.Job{Path: r.Folder.Original(), Scratch: r.Folder.Slices(), Lane: r.Lane}
}

// Open says what the original is.
func (r Reading) Open(ctx context.Context) (reader.Summary, error) {
	return r.Readers.Open(ctx, r.job())
}

// Pages reads all pages, as many at once as there are readers, and puts them down
// in the folder. It stops at the first error that is not one page's own.
func (r Reading) Pages(ctx context.Context, total int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan int)
	var (
		workers sync.WaitGroup
		mu      sync.Mutex
		done    int
	)
	for range min(r.Readers.Size(), total) {
		workers.Go(func() {
			for number := range next {
				if err := r.page(ctx, number); err != nil {
					stop(err)
					return
				}
				mu.Lock()
				done++
				if r.Progress != nil {
					r.Progress(done, total)
				}
				mu.Unlock()
			}
		})
	}
	for number := 1; number <= total && ctx.Err() == nil; number++ {
		select {
		case next <- number:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return r.anything(total)
}

// anything refuses a file of which no page could be taken: a record of nothing but
// empty pages would pretend to be a copy.
func (r Reading) anything(total int) error {
	var first pipeline.Reason
	for number := 1; number <= total; number++ {
		p, err := r.Folder.Page(number)
		if err != nil || !missing(p) {
			return err
		}
		if number == 1 {
			first = p.Reason
		}
	}
	return pipeline.Refuse(pipeline.Reason{
		Code: "no-page-readable", English: "no page of the file could be taken; page 1: " + first.English,
		Vietnamese: "Không lấy được trang nào từ tệp này (tệp hỏng hoặc bất thường). Hãy quét lại giấy tờ và gửi tệp mới.",
	}, nil)
}

func (r Reading) page(ctx context.Context, number int) error {
	leaf := pipeline.LeafOf(r.Leaves, number)
	if r.Checkpoints != nil {
		p, err := r.Checkpoints.Load(ctx, leaf)
		if err == nil {
			return r.Folder.SavePage(numbered(p, number))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("looking up page %d: %w", number, err)
		}
	}
	p, err := r.Readers.Read(ctx, r.job(), leaf, r.Folder.Carrier(number))
	if err != nil {
		return fmt.Errorf("reading page %d: %w", number, err)
	}
	if err := r.Folder.SavePage(numbered(p, number)); err != nil {
		return err
	}
	if r.Checkpoints == nil {
		return nil
	}
	return r.Checkpoints.Save(ctx, leaf, p)
}

// numbered gives a page of an original as one of a paper.
func numbered(p pipeline.Page, number int) pipeline.Page {
	p.Number, p.Reason = number, p.Reason.OnPage(number)
	return p
}

// inOriginal gives a page of the paper as it is numbered in the original, for readers.
func (r Reading) inOriginal(p pipeline.Page) pipeline.Page {
	p.Number = pipeline.LeafOf(r.Leaves, p.Number).Page
	return p
}

// Carry puts down again the image stream of a page that lost it, and makes sure it
// is the one that was read.
func (r Reading) Carry(ctx context.Context, p pipeline.Page) error {
	have, err := r.Folder.carried(p)
	if err != nil || have {
		return err
	}
	if missing(p) {
		_, err := reader.Missing(p.Number, p.Reason, r.Folder.Carrier(p.Number))
		return err
	}
	image, err := r.Readers.Carry(ctx, r.job(), r.inOriginal(p).Number, r.Folder.Carrier(p.Number))
	if err != nil {
		return fmt.Errorf("taking the image of page %d: %w", p.Number, err)
	}
	if image.Digest != p.Image.Digest {
		return fmt.Errorf("taking the image of page %d: got %v, read was %v", p.Number, image.Digest, p.Image.Digest)
	}
	return nil
}

// missing reports whether an empty page stands for p.
func missing(p pipeline.Page) bool {
	return p.Outcome == pipeline.PageFailed && !p.Image.Source && p.Image.Width <= missingWidth
}

// missingWidth is the width of the empty image that stands for a missing page.
const missingWidth = 8
