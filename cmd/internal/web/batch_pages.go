package web

import (
	"cmp"
	"context"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// batchBody is a batch as pages show it.
type batchBody struct {
	pipeline.Shelf

	Balance pipeline.ShelfBalance
	Bar     []barPart
	Now     standing // of its newest run
	Part    bool     // its numbers are those of the papers that who asks may see, and none are of files
	Failed  bool     // its numbers could not be had
	Settle  bool     // who asks may settle papers
	Whole   bool     // who asks may see all of it, with the names of its files
}

// Asks reports whether there is something of a batch that a person must see to.
func (b batchBody) Asks() bool {
	return b.Balance.Waiting+b.Balance.Held+b.Balance.Refused+b.Balance.Rejected > 0
}

// Taken is how many files have become papers.
func (b batchBody) Taken() int64 {
	return b.Balance.Filed + b.Balance.Waiting + b.Balance.Rejected + b.Balance.Open
}

// Percent is how much of a batch is done with, as far as hoso is concerned.
func (b batchBody) Percent() int {
	if b.Balance.Found == 0 {
		return 0
	}
	return int(100 * (b.Balance.Found - b.Balance.ToDo - b.Balance.Open) / b.Balance.Found)
}

// barPart is a piece of a bar that is barWide wide.
type barPart struct {
	Tone     string
	Label    string
	Count    int64
	At, Wide int64
}

const barWide = 1000

// balanceBar shows what the files of a batch became. A piece that is there can be seen.
func balanceBar(b pipeline.ShelfBalance) []barPart {
	all := []barPart{
		{Tone: "good", Label: "đã lưu", Count: b.Filed},
		{Tone: "work", Label: "đang xử lý", Count: b.Open},
		{Tone: "wait", Label: "chờ cán bộ", Count: b.Waiting},
		{Tone: "bad", Label: "từ chối, không nhận, giữ lại", Count: b.Rejected + b.Refused + b.Held},
		{Tone: "skipped", Label: "bỏ qua", Count: b.Ignored},
		{Tone: "todo", Label: "chưa nhận", Count: b.ToDo},
	}
	all = slices.DeleteFunc(all, func(p barPart) bool { return p.Count <= 0 })
	total, at := int64(0), int64(0)
	for _, p := range all {
		total += p.Count
	}
	for i := range all {
		all[i].At, all[i].Wide = at, max(6, all[i].Count*barWide/total)
		at += all[i].Wide
	}
	return all
}

// shelf gives the batch that the address names.
func (s *Site) shelf(v *visit) (pipeline.Shelf, error) {
	label := v.r.PathValue("label")
	clean, err := pipeline.ParseBatch(label)
	if err != nil || s.Ledger == nil || clean != label || label == "" {
		return pipeline.Shelf{}, fs.ErrNotExist
	}
	return s.Ledger.Shelf(v.r.Context(), label)
}

// shelved reports whether a label is that of a batch with a page: papers that were handed
// in one by one may have a label, too. No page is hidden by its loss.
func (s *Site) shelved(ctx context.Context, label string) bool {
	if s.Ledger == nil || label == "" {
		return false
	}
	_, err := s.Ledger.Shelf(ctx, label)
	return err == nil
}

// batchRow tells how a batch stands. A batch whose numbers cannot be had is shown without,
// and so is one of which somebody may know a part: to count that takes a while.
func (s *Site) batchRow(v *visit, shelf pipeline.Shelf) batchBody {
	who := v.session.Who
	body := batchBody{Shelf: shelf, Now: sayRun(shelf.Run, s.Now()), Settle: gate.May(who, gate.Settle, gate.Thing{})}
	if body.Part = !gate.May(who, gate.Look, s.allOf(v.r.Context(), who, shelf)); body.Part {
		return body
	}
	b, err := s.Ledger.ShelfBalance(v.r.Context(), shelf.Label)
	body.counted(b, err)
	return body
}

// batchOf does the same, and counts the part.
func (s *Site) batchOf(v *visit, shelf pipeline.Shelf) batchBody {
	body := s.batchRow(v, shelf)
	if !body.Part {
		return body
	}
	r, err := s.roll(v.r.Context(), shelf.Label)
	if err != nil {
		body.counted(pipeline.ShelfBalance{}, err)
		return body
	}
	body.counted(r.part(func(e entry) bool {
		return gate.May(v.session.Who, gate.Look, gate.Thing{Unit: e.Unit, Sender: e.Sender})
	}), nil)
	return body
}

func (b *batchBody) counted(all pipeline.ShelfBalance, err error) {
	if err != nil {
		b.Failed = true
		return
	}
	b.Balance, b.Bar = all, balanceBar(all)
}

// batchesPage lists the batches, the newest first.
func (s *Site) batchesPage(v *visit) error {
	if s.Ledger == nil {
		return fs.ErrNotExist
	}
	shelves, err := s.Ledger.Shelves(v.r.Context())
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, "", "batches"); err != nil {
		return err
	}
	slices.SortStableFunc(shelves, func(a, b pipeline.Shelf) int {
		return cmp.Or(b.Opened.Compare(a.Opened), cmp.Compare(a.Label, b.Label))
	})
	const shown = 100
	more := max(0, len(shelves)-shown)
	all := make([]batchBody, 0, min(len(shelves), shown))
	for _, shelf := range shelves[:len(shelves)-more] {
		all = append(all, s.batchRow(v, shelf))
	}
	s.render(v, http.StatusOK, "batches", "Lô số hóa", struct {
		All  []batchBody
		More int
	}{all, more})
	return nil
}

// liveBody is a batch with all that changes while one looks.
type liveBody struct {
	batchBody

	Runs   []runRow
	Pace   pace
	Ends   string // when what is left will be done
	Late   bool   // that is after the hour at which the run stops
	Living bool
	Queue  int   // things that who asks must see to; not counted while the batch is worked on
	Empty  int64 // folders of dossiers without scans, as far as who asks may know
	Next   int   // milliseconds until a page asks again
}

// runRow is a going through a batch.
type runRow struct {
	pipeline.Run

	Now standing
}

const (
	shownRuns = 60
	askSoon   = 2000 // milliseconds
	askLater  = 15000
)

func (s *Site) batchPage(v *visit) error { return s.showBatch(v, "layout") }

// batchLive is the part of the page that changes.
func (s *Site) batchLive(v *visit) error { return s.showBatch(v, "batch-live") }

func (s *Site) showBatch(v *visit, block string) error {
	shelf, err := s.shelf(v)
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, "", "batch "+shelf.Label); err != nil {
		return err
	}
	body, err := s.live(v, shelf)
	if err != nil {
		return err
	}
	if block == "layout" {
		s.render(v, http.StatusOK, "batch", "Lô "+shelf.Label, body)
		return nil
	}
	html, err := s.draw("batch", block, s.fragment(v, body))
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = v.w.Write(html) // the reader may have gone
	return nil
}

// fragment is the view for a part of a page, which shows nothing of what stands around it.
func (s *Site) fragment(v *visit, body any) view {
	return view{Who: v.session.Who, Token: formToken(v.token), Body: body}
}

func (s *Site) live(v *visit, shelf pipeline.Shelf) (liveBody, error) {
	ctx := v.r.Context()
	body := liveBody{batchBody: s.batchOf(v, shelf), Living: living(shelf.Run, s.Now()), Next: askLater}
	body.Whole = s.whole(ctx, v.session.Who, shelf)
	empty, err := s.emptyFolders(v, shelf)
	if err != nil {
		return body, err
	}
	if empty != nil {
		body.Empty = int64(empty.Count())
	}
	runs, err := s.Ledger.Runs(ctx, shelf.Label)
	if err != nil {
		return body, err
	}
	slices.SortFunc(runs, func(a, b pipeline.Run) int { return b.N - a.N })
	for _, r := range runs[:min(len(runs), shownRuns)] {
		body.Runs = append(body.Runs, runRow{r, sayRun(r, s.Now())})
	}
	if body.Living || body.Balance.Open > 0 {
		body.Next = askSoon
		if body.Part { // how fast all of it goes is told to those who are told of all
			return body, nil
		}
		return body, s.estimate(ctx, &body)
	}
	if body.Settle {
		q, err := s.exceptions(v, shelf)
		if err != nil {
			return body, err
		}
		body.Queue = len(q.of(""))
	}
	return body, nil
}

// estimate says how fast a batch at work goes and when it will be done.
func (s *Site) estimate(ctx context.Context, body *liveBody) error {
	run := body.Run
	r, err := s.roll(ctx, body.Label)
	if err != nil {
		return err
	}
	if body.Pace = r.pace(run, body.Balance, s.Now()); body.Pace.Left > 0 {
		end := s.Now().Add(body.Pace.Left)
		body.Ends = sayMoment(end, s.Now())
		body.Late = body.Living && !run.Until.IsZero() && end.After(run.Until) && body.Balance.ToDo > 0
	}
	return nil
}

// whole reports whether somebody may see everything of a batch, with the names of its
// files, whose papers nobody may know yet: those of the unit whose account opened it.
func (s *Site) whole(ctx context.Context, who gate.Identity, shelf pipeline.Shelf) bool {
	return gate.May(who, gate.Settle, s.allOf(ctx, who, shelf))
}

// allOf is the whole of a batch, with its files and the papers of all units.
func (s *Site) allOf(ctx context.Context, who gate.Identity, shelf pipeline.Shelf) gate.Thing {
	it := gate.Thing{Sender: shelf.By}
	if who.Unit != "" {
		it.Unit, _ = s.Gate.Unit(ctx, shelf.By) // an account that is gone has no unit
	}
	if it == (gate.Thing{}) {
		it.Sender = gate.Local().Account
	}
	return it
}

// runPatience is how long a run may be silent before it counts as lost.
const runPatience = 2 * time.Minute

func living(r pipeline.Run, now time.Time) bool {
	return r.N > 0 && r.Ended.IsZero() && now.Sub(r.Beat) < runPatience
}
