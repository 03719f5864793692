package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// Ledger is the ledger of shelves: trees of folders that are digitized under one label
// each. Errors are fs.ErrNotExist, pipeline.ErrStale for what another run than the living
// one does, ErrShelfTaken, ErrRunLives and ErrShelfFile.
type Ledger interface {
	ShelfKeeper
	ShelfRunner
	ShelfReader
}

// ShelfKeeper knows which shelves there are.
type ShelfKeeper interface {
	OpenShelf(ctx context.Context, s pipeline.Shelf) (pipeline.Shelf, error)
	Shelf(ctx context.Context, label string) (pipeline.Shelf, error)
	Shelves(ctx context.Context) ([]pipeline.Shelf, error)
	Runs(ctx context.Context, label string) ([]pipeline.Run, error)
}

// ShelfRunner writes down what a run does.
type ShelfRunner interface {
	BeginRun(ctx context.Context, label string, until, now time.Time, patience time.Duration) (pipeline.Run, error)
	BeatRun(ctx context.Context, label string, n int, now time.Time) error
	EndRun(ctx context.Context, label string, n int, how pipeline.RunEnd, now time.Time) error
	TickFiles(ctx context.Context, label string, n int, files []pipeline.ShelfFile) error
	Walked(ctx context.Context, label string, n int, w pipeline.Walk, now time.Time) (gone int, err error)
}

// ShelfReader reads a shelf, a page at a time: next is where to go on, 0 at the end.
type ShelfReader interface {
	EmptyFolders(ctx context.Context, label string) (pipeline.EmptyFolders, error)
	ShelfBalance(ctx context.Context, label string) (pipeline.ShelfBalance, error)
	ShelfFiles(ctx context.Context, label string, states []pipeline.FileState, after int64, limit int) (files []pipeline.ShelfFile, next int64, err error)
	ShelfPapers(ctx context.Context, label string, states []pipeline.State, after int64, limit int) (papers []pipeline.Paper, next int64, err error)
}

const (
	// largestTick is how many bytes a thousand files may take.
	largestTick = 8 << 20
	// usualPage and largestPage are how many rows a page of a shelf has.
	usualPage   = 200
	largestPage = 1000
)

func batchTable() []route {
	const on = gate.Active
	return []route{
		{"GET", "/api/v1/batches", gate.Deliver, api, on, (*Site).apiBatches},
		{"POST", "/api/v1/batches", gate.Deliver, api, on, (*Site).apiOpenBatch},
		{"GET", "/api/v1/batches/{label}", gate.Deliver, api, on, (*Site).apiBatch},
		{"POST", "/api/v1/batches/{label}/runs", gate.Deliver, api, on, (*Site).apiBeginRun},
		{"POST", "/api/v1/batches/{label}/runs/{n}/beat", gate.Deliver, api, on, (*Site).apiBeatRun},
		{"POST", "/api/v1/batches/{label}/runs/{n}/end", gate.Deliver, api, on, (*Site).apiEndRun},
		{"POST", "/api/v1/batches/{label}/runs/{n}/files", gate.Deliver, upload, on, (*Site).apiTickFiles},
		{"POST", "/api/v1/batches/{label}/runs/{n}/walk", gate.Deliver, upload, on, (*Site).apiWalked},
		{"GET", "/api/v1/batches/{label}/files", gate.Deliver, api, on, (*Site).apiShelfFiles},
		{"GET", "/api/v1/batches/{label}/balance", gate.Deliver, api, on, (*Site).apiShelfBalance},
		{"GET", "/api/v1/batches/{label}/papers", gate.Deliver, api, on, (*Site).apiShelfPapers},
	}
}

// mayShelf reports whether a shelf is any of who's business: they deal with papers of all
// units, or have opened it themselves.
func (v *visit) mayShelf(s pipeline.Shelf) bool {
	return gate.May(v.session.Who, v.route.act, gate.Thing{Unit: noUnit, Sender: s.By})
}

// noUnit is the unit of what has papers of any: it is no unit's.
const noUnit = "-"

// batch gives the shelf that the address names. One of somebody else's does not exist for
// those who deal with one unit only.
func (s *Site) batch(v *visit) (pipeline.Shelf, error) {
	label, err := pipeline.ParseBatch(v.r.PathValue("label"))
	if err != nil || label == "" || s.Ledger == nil {
		return pipeline.Shelf{}, fs.ErrNotExist
	}
	shelf, err := s.Ledger.Shelf(v.r.Context(), label)
	if err != nil {
		return pipeline.Shelf{}, err
	}
	if !v.mayShelf(shelf) {
		return pipeline.Shelf{}, fs.ErrNotExist
	}
	return shelf, nil
}

// run gives the shelf and the number of the run that the address names.
func (s *Site) run(v *visit) (pipeline.Shelf, int, error) {
	shelf, err := s.batch(v)
	if err != nil {
		return pipeline.Shelf{}, 0, err
	}
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 {
		return pipeline.Shelf{}, 0, fs.ErrNotExist
	}
	return shelf, n, nil
}

// ofRun says of a run what other errors say of a paper.
func ofRun(err error) error {
	if !errors.Is(err, pipeline.ErrStale) {
		return err
	}
	return &problem{
		status: http.StatusConflict, code: "stale", cause: err, detail: "the run has ended, or another one has taken its place",
		say: "Lượt chạy này đã kết thúc hoặc một lượt khác đã thay thế. Hãy chạy lại lô này; không giấy tờ nào bị nhận hai lần.",
	}
}

func (s *Site) apiBatches(v *visit) error {
	if s.Ledger == nil {
		return fs.ErrNotExist
	}
	all, err := s.Ledger.Shelves(v.r.Context())
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(one pipeline.Shelf) bool { return !v.mayShelf(one) })
	s.writeJSON(v, http.StatusOK, orEmpty(all))
	return nil
}

func (s *Site) apiOpenBatch(v *visit) error {
	if s.Ledger == nil {
		return fs.ErrNotExist
	}
	var in struct{ Batch, Root, Host string }
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	label, err := pipeline.ParseBatch(in.Batch)
	if err != nil || label == "" {
		return badRequest("batch", pipeline.ErrBatch.Error(), err)
	}
	const longest = 4096
	if in.Root == "" || len(in.Root) > longest || len(in.Host) > 120 {
		return badRequest("root", "root is the folder that is digitized, host the machine that has it", nil)
	}
	shelf, err := s.Ledger.OpenShelf(v.r.Context(), pipeline.Shelf{
		Label: label, Root: in.Root, Host: in.Host, By: v.session.Who.Account, Opened: s.Now(),
	})
	if err == nil && !v.mayShelf(shelf) {
		err = pipeline.ErrShelfTaken
	}
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, shelf)
	return nil
}

func (s *Site) apiBatch(v *visit) error {
	shelf, err := s.batch(v)
	if err != nil {
		return err
	}
	runs, err := s.Ledger.Runs(v.r.Context(), shelf.Label)
	if err != nil {
		return err
	}
	balance, err := s.Ledger.ShelfBalance(v.r.Context(), shelf.Label)
	if err != nil {
		return err
	}
	empty, err := s.emptyFolders(v, shelf)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, struct {
		Shelf   pipeline.Shelf         `json:"shelf"`
		Runs    []pipeline.Run         `json:"runs"`
		Balance pipeline.ShelfBalance  `json:"balance"`
		Empty   *pipeline.EmptyFolders `json:"empty,omitempty"`
	}{shelf, orEmpty(runs), balance, empty})
	return nil
}

// emptyFolders gives the folders of a shelf in which nothing was scanned; nil for who is
// bound to a unit: nobody knows of which unit a folder would be.
func (s *Site) emptyFolders(v *visit, shelf pipeline.Shelf) (*pipeline.EmptyFolders, error) {
	if v.session.Who.Unit != "" {
		return nil, nil //nolint:nilnil // there is nothing to be told, and nothing went wrong
	}
	e, err := s.Ledger.EmptyFolders(v.r.Context(), shelf.Label)
	if err != nil {
		return nil, err
	}
	e.Paths = orEmpty(e.Paths)
	return &e, nil
}

func (s *Site) apiShelfBalance(v *visit) error {
	shelf, err := s.batch(v)
	if err != nil {
		return err
	}
	balance, err := s.Ledger.ShelfBalance(v.r.Context(), shelf.Label)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, balance)
	return nil
}

func (s *Site) apiBeginRun(v *visit) error {
	shelf, err := s.batch(v)
	if err != nil {
		return err
	}
	var in struct {
		Until time.Time
		Alone bool
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	patience := pipeline.RunPatience
	if in.Alone {
		patience = 0
	}
	run, err := s.Ledger.BeginRun(v.r.Context(), shelf.Label, in.Until, s.Now(), patience)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, run)
	return nil
}

func (s *Site) apiBeatRun(v *visit) error {
	shelf, n, err := s.run(v)
	if err != nil {
		return err
	}
	if err := s.Ledger.BeatRun(v.r.Context(), shelf.Label, n, s.Now()); err != nil {
		return ofRun(err)
	}
	s.writeJSON(v, http.StatusOK, struct{}{})
	return nil
}

func (s *Site) apiEndRun(v *visit) error {
	shelf, n, err := s.run(v)
	if err != nil {
		return err
	}
	var in struct{ How pipeline.RunEnd }
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	if !slices.Contains([]pipeline.RunEnd{pipeline.RunDone, pipeline.RunUntil, pipeline.RunStopped}, in.How) {
		return badRequest("how", "how is done, until or stopped", nil)
	}
	if err := s.Ledger.EndRun(v.r.Context(), shelf.Label, n, in.How, s.Now()); err != nil {
		return ofRun(err)
	}
	s.writeJSON(v, http.StatusOK, struct{}{})
	return nil
}

// apiTickFiles writes down what a run found, up to a thousand files at a time.
func (s *Site) apiTickFiles(v *visit) error {
	shelf, n, err := s.run(v)
	if err != nil {
		return err
	}
	var in struct{ Files []pipeline.ShelfFile }
	if err := s.readTold(v, &in); err != nil {
		return err
	}
	if err := s.Ledger.TickFiles(v.r.Context(), shelf.Label, n, in.Files); err != nil {
		return ofRun(err)
	}
	s.writeJSON(v, http.StatusOK, struct{}{})
	return nil
}

// readTold reads what a run has to tell, which may be longer than other bodies.
func (s *Site) readTold(v *visit, value any) error {
	body := http.MaxBytesReader(v.w, v.r.Body, largestTick)
	data, err := io.ReadAll(&uplink{body: body, ctl: http.NewResponseController(v.w), patience: s.patience})
	if err != nil {
		return cutLine(err)
	}
	// The answer has its own time: the upload may have used up what there was.
	_ = http.NewResponseController(v.w).SetWriteDeadline(time.Now().Add(writeDeadline))
	if err := json.Unmarshal(data, value); err != nil {
		return badRequest("json", "the body is not the JSON that is asked for", err)
	}
	return nil
}

func (s *Site) apiWalked(v *visit) error {
	shelf, n, err := s.run(v)
	if err != nil {
		return err
	}
	var in pipeline.Walk
	if err := s.readTold(v, &in); err != nil {
		return err
	}
	if in.N < 1 || in.Found < 0 {
		return badRequest("walk", "walk counts from 1, found from 0", nil)
	}
	gone, err := s.Ledger.Walked(v.r.Context(), shelf.Label, n, in, s.Now())
	if err != nil {
		return ofRun(err)
	}
	s.writeJSON(v, http.StatusOK, struct {
		Gone int `json:"gone"`
	}{gone})
	return nil
}

// page is what part of a shelf is asked for.
type shelfPage[S ~string] struct {
	states []S
	after  int64
	limit  int
}

// readPage reads state (as often as there are states), after and limit.
func readPage[S ~string](q url.Values, known []S) (shelfPage[S], error) {
	page := shelfPage[S]{limit: usualPage}
	for _, text := range q["state"] {
		if text == "" {
			continue
		}
		if !slices.Contains(known, S(text)) || len(page.states) == len(known) {
			return page, badRequest("state", "state is none of those that there are", nil)
		}
		page.states = append(page.states, S(text))
	}
	var err error
	if text := q.Get("after"); text != "" {
		if page.after, err = strconv.ParseInt(text, 10, 64); err != nil || page.after < 0 {
			return page, badRequest("after", "after is the next of the page before", err)
		}
	}
	if text := q.Get("limit"); text != "" {
		if page.limit, err = strconv.Atoi(text); err != nil || page.limit < 1 {
			return page, badRequest("limit", "limit is 1 to 1000", err)
		}
		page.limit = min(page.limit, largestPage)
	}
	return page, nil
}

func (s *Site) apiShelfFiles(v *visit) error {
	shelf, err := s.batch(v)
	if err != nil {
		return err
	}
	page, err := readPage(v.r.URL.Query(), pipeline.FileStates())
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, "", "files of batch "+shelf.Label); err != nil {
		return err
	}
	files, next, err := s.Ledger.ShelfFiles(v.r.Context(), shelf.Label, page.states, page.after, page.limit)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, struct {
		Files []pipeline.ShelfFile `json:"files"`
		Next  int64                `json:"next"`
	}{orEmpty(files), next})
	return nil
}

func (s *Site) apiShelfPapers(v *visit) error {
	shelf, err := s.batch(v)
	if err != nil {
		return err
	}
	page, err := readPage(v.r.URL.Query(), pipeline.States())
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, "", "papers of batch "+shelf.Label); err != nil {
		return err
	}
	papers, next, err := s.Ledger.ShelfPapers(v.r.Context(), shelf.Label, page.states, page.after, page.limit)
	if err != nil {
		return err
	}
	// Others may have handed in papers with this label.
	papers = slices.DeleteFunc(papers, func(p pipeline.Paper) bool { return !gate.May(v.session.Who, v.route.act, thing(p)) })
	s.writeJSON(v, http.StatusOK, struct {
		Papers []pipeline.Paper `json:"papers"`
		Next   int64            `json:"next"`
	}{orEmpty(papers), next})
	return nil
}
