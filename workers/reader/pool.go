package reader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"hoso/pipeline"
)

// Options are the knobs of a Pool.
type Options struct {
	Command  []string      // runs Serve: this binary and the name of its hidden command
	Settings Settings      // told to every child
	Children int           // how many at once; one for each core
	Patience time.Duration // processor time of one page, after which its child is killed
	Recycle  int           // pages after which a child is replaced, since native code leaks
	Log      *slog.Logger
}

// Pool keeps children at work. It is safe for many callers.
type Pool struct {
	opt   Options
	turns *turns

	mu   sync.Mutex
	idle []*process
}

// Job is a file to read and the folder for what comes out of it.
type Job struct {
	Path    string
	Scratch string
	Lane    pipeline.Lane
}

// NewPool prepares a pool; children are started when they are needed.
func NewPool(opt Options) *Pool {
	return &Pool{opt: opt, turns: newTurns(opt.Children)}
}

// Close ends the idle children; callers must have come back.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.stop()
	}
	p.idle = nil
}

// Size is the number of pages that can be in work at once.
func (p *Pool) Size() int { return p.opt.Children }

// Open says what the file of a job is. A file that kills two children is refused.
func (p *Pool) Open(ctx context.Context, job Job) (Summary, error) {
	r, err := p.twice(ctx, job, request{Op: opOpen})
	if dead, ok := errors.AsType[*crash](err); ok {
		return Summary{}, pipeline.Refuse(breaksReaders(dead), dead)
	}
	return r.Summary, err
}

// Read puts the image stream of a page of the original down as carrier and gives what was
// read, turned as the leaf says. The page's number is that in the original. A page that
// cannot be read is no error: it comes back with its outcome and reason.
func (p *Pool) Read(ctx context.Context, job Job, leaf pipeline.Leaf, carrier string) (pipeline.Page, error) {
	page := leaf.Page
	q := request{Op: opRead, Page: page, Turn: leaf.Turn, Carrier: carrier}
	r, err := p.twice(ctx, job, q)
	if dead, ok := errors.AsType[*crash](err); ok {
		p.opt.Log.LogAttrs(ctx, slog.LevelWarn, "page set aside", slog.Int("page", page), slog.String("error", dead.Error()))
		return p.withoutWords(ctx, job, q, setAside(dead, page))
	}
	if refusal, ok := pipeline.AsRefusal(err); ok && refusal.Reason.Page > 0 {
		return Missing(page, refusal.Reason, carrier)
	}
	return r.Page, err
}

// withoutWords carries the image of a page whose words could not be read; where not
// even that is possible an empty page stands in its place.
func (p *Pool) withoutWords(ctx context.Context, job Job, q request, why pipeline.Reason) (pipeline.Page, error) {
	q.Op = opCarry
	r, err := p.once(ctx, job, q)
	var dead *crash
	_, refused := pipeline.AsRefusal(err)
	if errors.As(err, &dead) || refused {
		return Missing(q.Page, lost(why), q.Carrier)
	}
	if err != nil {
		return pipeline.Page{}, err
	}
	r.Page.Outcome, r.Page.Reason, r.Page.Attempts = pipeline.PageFailed, why, attempts
	if why.Code == string(reasonSlow) {
		r.Page.Outcome = pipeline.PageTimedOut
	}
	return r.Page, nil
}

// Carry puts the image stream of a page down again, without reading it, and gives
// its description.
func (p *Pool) Carry(ctx context.Context, job Job, page int, carrier string) (pipeline.Image, error) {
	r, err := p.twice(ctx, job, request{Op: opCarry, Page: page, Carrier: carrier})
	return r.Page.Image, err
}

// attempts is how often a page or a file may kill its reader.
const attempts = 2

// twice asks until an answer comes, at most attempts times: what killed a reader or
// took too long may have had bad luck. The second reader does not look for codes, so that
// their decoder, which is a stranger's code too, costs no page its words.
func (p *Pool) twice(ctx context.Context, job Job, q request) (r reply, err error) {
	for try := 1; try <= attempts; try++ {
		q.Plain = try > 1
		r, err = p.once(ctx, job, q)
		if _, dead := errors.AsType[*crash](err); !dead && !slow(err) {
			r.Page.Attempts = try
			return r, err
		}
	}
	return r, err
}

func slow(err error) bool {
	refusal, ok := pipeline.AsRefusal(err)
	return ok && refusal.Reason.Code == string(reasonDrawn)
}

// patience is the processor time that a request may take. Taking an image alone, perhaps for the
// third time, needs less than reading it.
func (p *Pool) patience(q request) time.Duration {
	if q.Op == opCarry {
		return p.opt.Patience * 3 / 4
	}
	return p.opt.Patience
}

// once asks one child, which is put back if it lives and is not too old.
func (p *Pool) once(ctx context.Context, job Job, q request) (reply, error) {
	if err := p.turns.take(ctx, job.Lane); err != nil {
		return reply{}, err
	}
	defer p.turns.give()
	c, err := p.child(job)
	if err != nil {
		return reply{}, err
	}
	q.Path, q.Scratch = job.Path, job.Scratch
	r, err := c.ask(ctx, q, limits{p.patience(q), p.opt.Settings.Memory})
	if err != nil {
		_ = c.pipe.Close() // its writer is dead
		return reply{}, err
	}
	if r.Lacking != "" {
		c.stop() // it may be about to end by itself
	} else {
		p.putBack(c)
	}
	switch {
	case r.Refused != nil:
		return reply{}, pipeline.Refuse(*r.Refused, nil)
	case r.Lacking != "":
		return reply{}, &pipeline.Unavailable{What: r.Lacking, Err: errors.New(r.Error)}
	case r.Error != "":
		return reply{}, fmt.Errorf("reading: %s", r.Error)
	}
	return r, nil
}

func (p *Pool) child(job Job) (*process, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		last := len(p.idle) - 1
		c := p.idle[last]
		p.idle = p.idle[:last]
		select {
		case <-c.gone: // died while idle
			_ = c.pipe.Close() // its writer is dead
		default:
			return c, nil
		}
	}
	if _, err := os.Stat(job.Path); err != nil {
		return nil, fmt.Errorf("finding the original: %w", err)
	}
	c, err := start(p.opt.Command, p.opt.Settings)
	if err != nil {
		return nil, &pipeline.Unavailable{What: partReader, Err: err}
	}
	return c, nil
}

// putBack keeps a child for the next request, but not one that is old or swollen: what
// it holds already counts against the next page, and against the program that takes
// the page out of its file.
func (p *Pool) putBack(c *process) {
	const swollen = 3 // of this part of the memory it may have
	if c.served >= p.opt.Recycle || TreeMemory(c.cmd.Process.Pid) > p.opt.Settings.Memory/swollen {
		c.stop()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, c)
}
