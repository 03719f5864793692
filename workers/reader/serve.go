package reader

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"hoso/pipeline"
	"hoso/pipeline/intake"
	"hoso/pipeline/intake/patience"
	"hoso/pipeline/recognize/tesseract"
	"hoso/workers/reading"
	"hoso/workers/sandbox"
)

// fileLimit bounds any file a child writes: page images and slices of big files.
const fileLimit = 4 << 30

// Serve is the life of a child: it goes behind the wall, then answers requests from
// in on out until in ends. It returns an error only when it cannot go on. That it
// could not even begin, it answers too: no file is to be blamed for it. The recognizer
// is left to the end of the process, which is quicker than taking it down.
func Serve(ctx context.Context, s Settings, in io.Reader, out io.Writer) error {
	replies := json.NewEncoder(out)
	engine, err := begin(s)
	if err != nil {
		return errors.Join(err, replies.Encode(reply{Lacking: "the recognizer", Error: err.Error()}))
	}
	c := &child{
		reader:   reading.New(engine, reading.Options{Patience: s.Page}),
		plain:    reading.New(engine, reading.Options{Patience: s.Page, NoCodes: true}),
		patience: s.Page,
	}
	defer c.forget()
	if err := replies.Encode(reply{Ready: true}); err != nil {
		return fmt.Errorf("answering: %w", err)
	}
	requests := json.NewDecoder(bufio.NewReader(in))
	for {
		var q request
		if err := requests.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		if err := replies.Encode(c.answer(ctx, q)); err != nil {
			return fmt.Errorf("answering: %w", err)
		}
	}
}

// begin goes behind the wall and loads the recognizer's models there.
func begin(s Settings) (*tesseract.Engine, error) {
	limits := sandbox.Limits{Memory: s.Memory, FileSize: fileLimit, CPU: 12 * 3600, Files: 256}
	if err := sandbox.Enter(limits); err != nil {
		return nil, err
	}
	engine, err := tesseract.New(tesseract.Options{Languages: s.Languages, Second: s.Second, Models: s.Models})
	if err != nil {
		return nil, fmt.Errorf("starting the recognizer: %w", err)
	}
	return engine, nil
}

// child keeps the file it worked on last open, since pages are asked for one by one.
type child struct {
	reader   *reading.Reader
	plain    *reading.Reader // without looking for codes
	patience time.Duration   // processor time for taking a page out of its file
	path     string
	info     os.FileInfo // of the file at path when it was opened
	doc      *intake.Document
}

func (c *child) answer(ctx context.Context, q request) reply {
	var r reply
	err := c.open(ctx, q)
	if err == nil {
		switch q.Op {
		case opOpen:
			r.Summary = Summary{Media: c.doc.Media(), Pages: c.doc.Pages(), Files: c.doc.Files(), Signed: c.doc.Signed()}
		case opRead, opCarry:
			r.Page, err = c.page(ctx, q)
		case opLight:
			r.Light, err = c.light(ctx, q)
		case opPicture:
			err = c.picture(ctx, q)
		default:
			err = fmt.Errorf("answering %q: no such request", q.Op)
		}
	}
	if err == nil {
		return r
	}
	r.Lacking = lacking(err, q.Scratch)
	if refusal, ok := pipeline.AsRefusal(err); ok && r.Lacking == "" {
		r.Refused = &refusal.Reason
		return r
	}
	r.Error = err.Error()
	return r
}

// headroom is how many free bytes a work disk must have for a failure to be the
// file's own: programs that run out of room say anything, and leave some behind.
const headroom = 64 << 20

// lacking names the part of the surroundings that err is to be blamed on, if any.
func lacking(err error, scratch string) string {
	if missing, ok := errors.AsType[*pipeline.Unavailable](err); ok {
		return missing.What
	}
	var disk unix.Statfs_t
	full := unix.Statfs(scratch, &disk) == nil && disk.Bavail*uint64(disk.Bsize) < headroom //nolint:gosec // a block has a size
	if full || errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return "the work disk"
	}
	return ""
}

// open opens the file of q unless it is open. A folder that was thrown away may have
// come back under the same name: then what was put down for the earlier file is gone.
func (c *child) open(ctx context.Context, q request) error {
	info, err := os.Stat(q.Path)
	if err != nil {
		return fmt.Errorf("finding the original: %w", err)
	}
	if c.doc != nil && c.path == q.Path && os.SameFile(info, c.info) {
		return nil
	}
	c.forget()
	doc, err := intake.Open(ctx, q.Path, intake.Options{Scratch: q.Scratch})
	if err != nil {
		return err
	}
	c.path, c.info, c.doc = q.Path, info, doc
	return nil
}

// forget closes the open file; what it leaves in the scratch folder goes with the
// folder.
func (c *child) forget() {
	if c.doc != nil {
		_ = c.doc.Close() // only read from
	}
	c.doc, c.path = nil, ""
}

// leaf takes a page out of its file. A page that a program draws for ever is given up
// here, as long as the parent need not kill the whole child for it.
func (c *child) leaf(ctx context.Context, page int) (intake.Leaf, error) {
	within, cancel := patience.Within(ctx, c.patience, patience.Tree(os.Getpid()))
	defer cancel()
	leaf, err := c.doc.Page(within, page)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return leaf, pipeline.Refuse(undrawn(page), err)
	}
	return leaf, err
}

func (c *child) page(ctx context.Context, q request) (pipeline.Page, error) {
	leaf, err := c.leaf(ctx, q.Page)
	if err != nil {
		return pipeline.Page{}, err
	}
	if err := os.WriteFile(q.Carrier, leaf.Carrier, 0o600); err != nil {
		return pipeline.Page{}, fmt.Errorf("putting down page %d: %w", q.Page, err)
	}
	r := c.reader
	if q.Plain {
		r = c.plain
	}
	if quarters, forced := (pipeline.Leaf{Turn: q.Turn}).Forced(); forced {
		leaf, r = leaf.Turned(quarters), r.Upright()
	}
	if q.Op == opCarry {
		return r.Carry(leaf, q.Page), nil
	}
	return r.Read(ctx, leaf, q.Page)
}
