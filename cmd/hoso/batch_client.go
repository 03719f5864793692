package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"hoso/pipeline"
	"hoso/workers"
)

// shelfLedger is the ledger of shelves as a service keeps it.
type shelfLedger struct {
	c     *client
	alone bool // nobody else on this machine goes through the shelf
}

// Open gives the shelf of a label, a new one if there is none.
func (l shelfLedger) Open(ctx context.Context, s pipeline.Shelf) (kept pipeline.Shelf, err error) {
	return kept, conflict(l.c.post(ctx, "/batches", s, &kept))
}

// Begin begins a run.
func (l shelfLedger) Begin(ctx context.Context, label string, until time.Time) (run pipeline.Run, err error) {
	return run, conflict(l.c.post(ctx, batchPath(label)+"/runs", struct {
		Until time.Time `json:"until,omitzero"`
		Alone bool      `json:"alone,omitzero"`
	}{until, l.alone}, &run))
}

// Beat says that a run lives.
func (l shelfLedger) Beat(ctx context.Context, label string, run int) error {
	return l.of(label, run).tell(ctx, "beat", nil, nil)
}

// End ends a run.
func (l shelfLedger) End(ctx context.Context, label string, run int, how pipeline.RunEnd) error {
	return l.of(label, run).tell(ctx, "end", map[string]any{"how": how}, nil)
}

// Files gives rows of the ledger.
func (l shelfLedger) Files(ctx context.Context, label string, after int64) ([]pipeline.ShelfFile, int64, error) {
	var page struct {
		Files []pipeline.ShelfFile `json:"files"`
		Next  int64                `json:"next"`
	}
	err := l.c.get(ctx, batchPath(label)+"/files?limit=1000&after="+strconv.FormatInt(after, 10), &page)
	return page.Files, page.Next, err
}

// Tick writes what became of files.
func (l shelfLedger) Tick(ctx context.Context, label string, run int, files []pipeline.ShelfFile) error {
	return l.of(label, run).tell(ctx, "files", map[string]any{"files": files}, nil)
}

// Walked says that a walk came to its end.
func (l shelfLedger) Walked(ctx context.Context, label string, run int, w pipeline.Walk) (int, error) {
	var reply struct {
		Gone int `json:"gone"`
	}
	err := l.of(label, run).tell(ctx, "walk", w, &reply)
	return reply.Gone, err
}

// Balance gives the totals of a shelf.
func (l shelfLedger) Balance(ctx context.Context, label string) (b pipeline.ShelfBalance, err error) {
	return b, l.c.get(ctx, batchPath(label)+"/balance", &b)
}

// runAt is a run as the service keeps it.
type runAt struct {
	c    *client
	path string
}

func (l shelfLedger) of(label string, run int) runAt {
	return runAt{l.c, batchPath(label) + "/runs/" + strconv.Itoa(run) + "/"}
}

// tell tells the service something of a run.
func (r runAt) tell(ctx context.Context, what string, body, reply any) error {
	if body == nil {
		body = struct{}{}
	}
	if reply == nil {
		reply = &struct{}{}
	}
	return conflict(r.c.post(ctx, r.path+what, body, reply))
}

func batchPath(label string) string { return "/batches/" + url.PathEscape(label) }

// conflict turns a conflict about a shelf into the error that it is.
func conflict(err error) error {
	var p problem
	if !errors.As(err, &p) {
		return err
	}
	switch p.Code {
	case "run-lives":
		return pipeline.ErrRunLives // which says all that the answer does
	case "batch-taken":
		return pipeline.ErrShelfTaken
	}
	return err
}

// shelfDesk hands papers in to a service.
type shelfDesk struct{ c *client }

// Receive hands a paper in.
func (d shelfDesk) Receive(ctx context.Context, h workers.Handed) (r pipeline.Receipt, err error) {
	header := http.Header{
		"Content-Type":   {"application/octet-stream"},
		"Hoso-File-Name": {url.PathEscape(h.FileName)},
		"Hoso-Dossier":   {h.Dossier.String()},
		"Hoso-Kind":      {string(h.Kind)},
		"Hoso-Lane":      {string(h.Lane)},
		"Hoso-Batch":     {h.Batch},
	}
	if h.Collate != "" {
		header.Set("Hoso-Collate", string(h.Collate))
	}
	if len(h.Known) > 0 {
		fields, err := json.Marshal(h.Known)
		if err != nil {
			return r, fmt.Errorf("writing fields: %w", err)
		}
		header.Set("Hoso-Fields", url.PathEscape(string(fields)))
	}
	if h.Size >= 0 {
		header.Set("Content-Length", strconv.FormatInt(h.Size, 10))
	}
	return r, d.c.send(ctx, "/papers", h.Body, header, &r)
}
