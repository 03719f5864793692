package web

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// workBody is a paper of a batch on the table: its pages, what is asked, and what can be
// done.
type workBody struct {
	shown

	Label     string
	Why       string // the trouble that is worked off, "" for all
	Trouble   trouble
	Known     bool // the paper is among what must be seen to
	Questions []string
	Form      reviewForm // of the number and what else is doubtful
	Crop      string     // picture of the field in focus
	Tiles     []tile
	Dropped   []tile // pages of the original that the paper leaves out
	At        int    // place in the queue, from 1; 0 for none
	Of        int    // papers in the queue
	Prev      string
	Next      string
	NextImage string // the first picture of the next one, to be there when it opens
	Folder    string // below the root of the batch
	Mates     []mate
	Arrange   bool // its pages can be put in order
	Notice    string
	Flash     flash
}

// tile is a page on the table.
type tile struct {
	Number  int // of the paper, from 1; of the original for one that is left out
	Picture string
	Say     string // what is to be known of it
	Tone    tone
}

// mate is a paper that may belong together with another.
type mate struct {
	ID      pipeline.PaperID
	Gen     int64
	Name    string
	Number  string
	Pages   int
	State   pipeline.State
	Self    bool // the paper itself, at its place among the others
	Same    bool // of the same dossier
	Picture string
}

// workPage shows a paper with its pages.
func (s *Site) workPage(v *visit) error {
	return s.showWork(v, http.StatusOK, v.r.URL.Query().Get("why"), nil)
}

// showWork shows a paper on the table; refused is why what was asked was not done.
func (s *Site) showWork(v *visit, status int, why string, refused *problem) error {
	shelf, err := s.shelf(v)
	if err != nil {
		return err
	}
	p, err := s.inBatch(v, shelf)
	if err != nil {
		return err
	}
	if err := s.note(v, "viewed", p.ID, "batch"); err != nil {
		return err
	}
	body := workBody{shown: p, Label: shelf.Label, Flash: s.flash(v), Trouble: troubles(keyOf(p.Paper)), Form: s.workForm(p)}
	if refused != nil {
		body.Notice = refused.say
		body.Form.AskAnyway = body.Form.AskAnyway || doubtsUnit(refused)
	}
	_, body.Form.Sure = doubtedUnit(p.Paper)
	q, err := s.exceptions(v, shelf)
	if err != nil {
		return err
	}
	body.place(q, why)
	for _, r := range p.Questions() {
		body.Questions = append(body.Questions, r.Vietnamese)
	}
	for _, row := range body.Form.Rows {
		if row.Focus {
			body.Crop = row.Crop
		}
	}
	s.spread(v, &body)
	r, err := s.roll(v.r.Context(), shelf.Label)
	if err != nil {
		return err
	}
	body.Folder = r.folder(p.ID, p.Parted, s.whole(v.r.Context(), v.session.Who, shelf))
	if body.Mates, err = s.mates(v, r, p); err != nil {
		return err
	}
	s.render(v, status, "work", p.FileName, body)
	return nil
}

// place finds the paper in the queue, and those before and behind it.
func (b *workBody) place(q queue, why string) {
	all := q.papers(why)
	at := slices.IndexFunc(all, func(e exception) bool { return e.ID == b.ID })
	if at < 0 { // not of this trouble: it may be of another
		why, all = "", q.papers("")
		at = slices.IndexFunc(all, func(e exception) bool { return e.ID == b.ID })
	}
	b.Why, b.Of, b.At = why, len(all), at+1
	if at < 0 {
		if len(all) > 0 {
			b.Next = workAddress(b.Label, all[0].ID, why)
		}
		return
	}
	b.Known, b.Trouble = true, all[at].Trouble()
	if at > 0 {
		b.Prev = workAddress(b.Label, all[at-1].ID, why)
	}
	if at+1 < len(all) {
		next := all[at+1]
		b.Next = workAddress(b.Label, next.ID, why)
		if next.Picture {
			b.NextImage = pageAddress(next.ID, 1)
		}
	}
}

// Spots reports whether some field stands at a place that can be shown closely.
func (b workBody) Spots() bool {
	return slices.ContainsFunc(b.Form.Rows, func(r fieldRow) bool { return strings.Contains(r.Crop, "&box=") })
}

// Stack reports whether a person is asked if the paper is several.
func (b workBody) Stack() bool {
	return b.State == pipeline.Filed && len(b.Pieces) > 1 || b.State == pipeline.Confirming && b.unreadSheet()
}

// unreadSheet reports whether a person is asked where the papers begin, as a separator sheet
// could not be read.
func (b workBody) unreadSheet() bool {
	return slices.ContainsFunc(b.Paper.Questions(), func(r pipeline.Reason) bool { return r.Code == pipeline.ReasonSheetUnreadable })
}

// Start is the page to look at first.
func (b workBody) Start() int {
	if b.Reason.Page > 0 && b.unreadSheet() {
		return b.Reason.Page
	}
	for _, row := range b.Form.Rows {
		if field, has := pipeline.FieldOf(b.Fields, row.Name); has && row.Focus && field.Page > 0 {
			return field.Page
		}
	}
	return max(1, b.Reason.Page)
}

// Heads are the pages at which papers of a stack seem to begin, without the first.
func (b workBody) Heads() map[int]bool {
	heads := map[int]bool{}
	for i, piece := range b.Pieces {
		if i > 0 {
			heads[piece.From] = true
		}
	}
	return heads
}

// workForm is the form of the number and of what is doubtful, which the paper waits for.
func (s *Site) workForm(p shown) reviewForm {
	f := s.form(p)
	f.Rows = slices.DeleteFunc(f.Rows, func(r fieldRow) bool {
		return r.Why == "" && r.Name != pipeline.FieldDossier
	})
	if len(f.Rows) > 0 && p.State == pipeline.Confirming {
		for i := range f.Rows {
			f.Rows[i].Focus = i == 0
		}
	}
	return f
}

func pageAddress(id pipeline.PaperID, number int) string {
	return "/papers/" + string(id) + "/pages/" + strconv.Itoa(number)
}

// mostTiles bounds the pages on a table.
const mostTiles = 1000

// spread lays out the pages of a paper.
func (s *Site) spread(v *visit, body *workBody) {
	p := body.Shelved()
	if !body.Drawn() || p.Pages > mostTiles {
		return
	}
	// While a paper is read anew it is its former record that is shown.
	body.Arrange = body.State != pipeline.Rejected && !body.Signed && !body.Words.IsZero() && len(body.AllLeaves()) == p.Pages
	for n := 1; n <= p.Pages; n++ {
		body.Tiles = append(body.Tiles, tile{Number: n, Picture: pageAddress(p.ID, n)})
	}
	s.label(v, p.ID, body.Tiles)
	out, err := s.leftOut(v, body.Paper)
	if err != nil { // what is there can be worked on all the same
		return
	}
	for _, n := range out[:min(len(out), mostTiles)] {
		body.Dropped = append(body.Dropped, tile{Number: n, Picture: fmt.Sprintf("/papers/%s/left-out/%d", p.ID, n)})
	}
}

// label says of each page what stands out. Where it cannot be had, the pages can be seen all
// the same.
func (s *Site) label(v *visit, id pipeline.PaperID, tiles []tile) {
	err := readPages(v.r.Context(), s.Shelf, id, func(read pipeline.Page) bool {
		if n := read.Number; n >= 1 && n <= len(tiles) && sayTile(read) != "" {
			tiles[n-1].Say, tiles[n-1].Tone = sayTile(read), tonePage(read.Outcome, read.Verdict)
		}
		return true
	})
	if err != nil {
		s.Log.LogAttrs(v.r.Context(), slog.LevelWarn, "labelling pages", slog.String("paper", string(id)), slog.Any("error", err))
	}
}

// sayTile says what stands out about a page, "" for nothing.
func sayTile(p pipeline.Page) string {
	if p.Repeats > 0 {
		return sayRepeat(p)
	}
	if p.Outcome != pipeline.PageOK || p.Verdict == pipeline.VerdictUnreadable || p.Verdict == pipeline.VerdictDoubtful {
		return sayPage(p.Outcome, p.Verdict)
	}
	return ""
}

// matesAround is how many papers before and behind are offered to be merged with one,
// mostMates how many of the same dossier.
const (
	matesAround = 4
	mostMates   = 40
)

// mergeable reports whether two papers can become one: none with a published record may end
// in another, and of one original the paper that came first stays.
func mergeable(p, other entry) bool {
	for _, one := range []entry{p, other} {
		if one.State == pipeline.Rejected || one.Signed || one.Pages == 0 {
			return false
		}
	}
	if other.Published && other.ID != p.Parted {
		return false
	}
	return !p.Published || p.ID == other.Parted
}

// mates are papers that may belong together with p, those beside it and those of the same
// dossier, in the order of their names: they were handed in several at a time.
func (s *Site) mates(v *visit, r *roll, p shown) ([]mate, error) {
	own := slices.IndexFunc(r.entries, func(e entry) bool { return e.ID == p.ID })
	if own < 0 {
		return nil, nil
	}
	var all []mate
	for i, e := range r.entries {
		same := sameDossier(e, r.entries[own])
		near := same && len(all) < mostMates || max(i-own, own-i) <= matesAround
		fits := near && mergeable(r.entries[own], e) && mayMate(v, e)
		if i != own && !fits {
			continue
		}
		now, err := s.Catalog.Paper(v.r.Context(), e.ID) // as it is now: it is merged as it was seen
		if err != nil {
			return nil, err
		}
		all = append(all, mateOf(s.entry(now), i == own, same))
	}
	slices.SortStableFunc(all, func(a, b mate) int { return natural(a.Name, b.Name) })
	return all, nil
}

func sameDossier(a, b entry) bool {
	return !a.Dossier.IsZero() && a.Dossier.Key() == b.Dossier.Key()
}

func mayMate(v *visit, e entry) bool {
	return gate.May(v.session.Who, gate.Settle, gate.Thing{Unit: e.Unit, Sender: e.Sender})
}

func mateOf(e entry, self, same bool) mate {
	m := mate{ID: e.ID, Gen: e.Gen, Name: e.Name, Pages: e.Pages, State: e.State, Self: self, Same: same}
	if !e.Dossier.IsZero() {
		m.Number = e.Dossier.String()
	}
	return m
}

// flash is what was done a moment ago, for who was led on to the next paper.
type flash struct {
	Say string
	Was pipeline.PaperID // the paper it was done to, or that came of it
	To  string           // its address
	New bool             // it came of it
}

// flash reads it from an address, which says no more than one of a few words and an ID.
func (s *Site) flash(v *visit) flash {
	query := v.r.URL.Query()
	say := map[string]string{
		deedFields: "Đã lưu.", deedPages: "Đã lưu các trang.", deedSplit: "Đã tách.", deedMerge: "Đã ghép.",
		deedRetry: "Đang làm lại.", deedReject: "Đã từ chối.", deedWhole: "Đã ghi: là một giấy tờ.",
		deedGood: "Đã ghi: đúng.", deedBad: "Đã ghi: sai.", deedDrawn: "Đã rút mẫu.", deedSigned: "Đã ký xác nhận.",
	}[query.Get("did")]
	if query.Get("did") == deedUnit {
		say = takenOf(v).String()
	}
	if say == "" {
		return flash{}
	}
	f := flash{Say: say, New: query.Get("did") == deedMerge}
	if id, err := pipeline.ParsePaperID(query.Get("was")); err == nil {
		f.Was = id
		f.To = "/papers/" + string(id)
		if at := back(v, id); at != "" && !f.New {
			f.To = at
		}
	}
	return f
}

// back is where a paper of a batch was worked on, "" if that is no page of a batch.
func back(v *visit, id pipeline.PaperID) string {
	label, err := pipeline.ParseBatch(v.r.PathValue("label"))
	if err != nil || label == "" {
		return ""
	}
	if strings.Contains(v.r.URL.Path, "/sample") {
		return sampleAddress(label, id)
	}
	return workAddress(label, id, "")
}

// mayMerge gives the paper that a person wants to merge, as it was seen.
func (s *Site) mayMerge(ctx context.Context, v *visit, label string, id pipeline.PaperID, gen int64) error {
	p, err := s.Catalog.Paper(ctx, id)
	if err != nil {
		return err
	}
	if p.Batch != label || !gate.May(v.session.Who, gate.Settle, thing(p)) {
		return fs.ErrNotExist
	}
	if p.Gen != gen {
		return pipeline.StaleOf(id, fmt.Errorf("merging a paper in generation %d, seen in %d: %w", p.Gen, gen, pipeline.ErrStale))
	}
	return nil
}
