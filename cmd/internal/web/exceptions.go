package web

import (
	"cmp"
	"context"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// exception is a paper or a file of a batch that a person must see to.
type exception struct {
	ID      pipeline.PaperID // "" for a file that is no paper
	Key     string           // of its trouble
	Name    string
	Dossier pipeline.DossierNumber
	Kind    pipeline.Kind
	Pages   int
	Page    int    // the page to look at first
	Say     string // why, in the words of whoever found out
	Picture bool   // its pages can be looked at
	Decided bool   // a person has seen to it: it is listed, and nobody is led to it
	Gen     int64
	Folder  string // below the root of the batch; "" if it is not known
	parted  pipeline.PaperID
	Asked   pipeline.DossierNumber // whose unit is asked for, where that is all that is asked of it
}

// Trouble says what it is and what to do.
func (e exception) Trouble() trouble { return troubles(e.Key) }

// Name of the trouble, in a few words.
func (t trouble) Name() string { return t.name }

// Do is what to do about it.
func (t trouble) Do() string { return t.do }

// Tone of the trouble.
func (t trouble) Tone() tone { return t.tone }

// troubleCount is how many things have a trouble.
type troubleCount struct {
	trouble

	Key   string
	Count int
}

// queue is what is to be seen to in a batch by somebody, in the order of the work.
type queue struct {
	all  []exception
	more bool // there is more than is listed
}

const mostExceptions = 3000

// exceptions gathers what somebody must see to in a batch. Those that wait are as they are
// now; stacks among what is filed are as they were a moment ago.
func (s *Site) exceptions(v *visit, shelf pipeline.Shelf) (queue, error) {
	var q queue
	ctx, who := v.r.Context(), v.session.Who
	states := []pipeline.State{pipeline.Confirming, pipeline.Signing, pipeline.Failed, pipeline.Rejected}
	err := s.walk(ctx, shelf.Label, states, func(p pipeline.Paper) bool {
		q.more = q.more || len(q.all) >= mostExceptions
		if !q.more && p.Reason.Code != pipeline.ReasonMerged && gate.May(who, gate.Settle, thing(p)) {
			q.all = append(q.all, s.troubled(p))
		}
		return !q.more
	})
	if err != nil {
		return q, err
	}
	r, err := s.roll(ctx, shelf.Label)
	if err != nil {
		return q, err
	}
	whole := s.whole(ctx, who, shelf)
	s.addFiled(who, r, &q)
	for i, e := range q.all {
		q.all[i].Folder = r.folder(e.ID, e.parted, whole)
	}
	if whole {
		if err := s.addFiles(ctx, shelf.Label, &q); err != nil {
			return q, err
		}
	}
	slices.SortStableFunc(q.all, func(a, b exception) int {
		return cmp.Or(cmp.Compare(a.Trouble().rank, b.Trouble().rank), cmp.Compare(a.Key, b.Key))
	})
	return q, nil
}

// addFiled adds what is left to see to of filed papers.
func (s *Site) addFiled(who gate.Identity, r *roll, q *queue) {
	for _, e := range r.entries {
		if key := e.trouble(); key != "" && gate.May(who, gate.Settle, gate.Thing{Unit: e.Unit, Sender: e.Sender}) {
			q.all = append(q.all, exception{
				ID: e.ID, Key: key, Name: e.Name, Dossier: e.Dossier, Kind: e.Kind, Pages: e.Pages, Page: 1,
				Picture: s.Pictures != nil, parted: e.Parted,
			})
		}
	}
}

// trouble is what is left to see to of a paper that is filed, "" for nothing.
func (e entry) trouble() string {
	switch {
	case e.State != pipeline.Filed:
		return ""
	case e.Pieces > 1:
		return troubleStack
	case e.Parted != "" && e.Doubt:
		return troubleParted
	}
	return ""
}

// troubled is a paper that waits, failed or was refused.
func (s *Site) troubled(p pipeline.Paper) exception {
	e := exception{
		ID: p.ID, Key: keyOf(p), Name: p.FileName, Dossier: p.Dossier, Kind: p.Kind, Pages: p.Pages,
		Page: max(1, p.Reason.Page), Say: sayStanding(p, Progress{}).Say, Picture: s.Pictures != nil && !p.Shelved().Words.IsZero(),
	}
	e.Decided, e.Gen = e.Key == troubleDecided, p.Gen
	e.parted = p.Parted
	e.Asked, _ = doubtedUnit(p)
	return e
}

// keyOf is the trouble that a paper has.
func keyOf(p pipeline.Paper) string {
	switch {
	case p.State == pipeline.Signing:
		return troubleSigning
	case p.State == pipeline.Failed:
		return troubleFailed
	case p.State == pipeline.Rejected && p.Reason.Code == reasonByPerson:
		return troubleDecided
	case p.State == pipeline.Rejected:
		return troubleReject
	case troubles(p.Reason.Code) == troubles(troubleOther) || slices.Contains([]string{troubleStack, troubleHeld}, p.Reason.Code):
		return troubleOther
	}
	return p.Reason.Code
}

// addFiles adds the files that never became papers.
func (s *Site) addFiles(ctx context.Context, label string, q *queue) error {
	states := []pipeline.FileState{pipeline.FileHeld, pipeline.FileRefused, pipeline.FileWaiting}
	for after := int64(0); ; {
		files, next, err := s.Ledger.ShelfFiles(ctx, label, states, after, walkStep)
		if err != nil {
			return err
		}
		for _, f := range files {
			if len(q.all) >= 2*mostExceptions {
				q.more = true
				return nil
			}
			key := map[pipeline.FileState]string{pipeline.FileHeld: troubleHeld, pipeline.FileRefused: troubleRefused}[f.State]
			q.all = append(q.all, exception{Key: orElse(key, troubleAwaited), Name: pipeline.ShownPath(f.Path), Say: f.Reason.Vietnamese})
		}
		if next == 0 {
			return nil
		}
		after = next
	}
}

// counts says how many things have each trouble.
func (q queue) counts() []troubleCount {
	var all []troubleCount
	for _, e := range q.all {
		if n := len(all); n == 0 || all[n-1].Key != e.Key {
			all = append(all, troubleCount{trouble: e.Trouble(), Key: e.Key})
		}
		all[len(all)-1].Count++
	}
	return all
}

// of is what has one trouble; all that is not decided for "".
func (q queue) of(key string) []exception {
	return slices.DeleteFunc(slices.Clone(q.all), func(e exception) bool {
		return key == "" && e.Decided || key != "" && e.Key != key
	})
}

// papers are those of them that have a working page.
func (q queue) papers(key string) []exception {
	return slices.DeleteFunc(q.of(key), func(e exception) bool { return e.ID == "" })
}

// exceptionsBody is a page of a list of exceptions.
type exceptionsBody struct {
	batchBody

	Rows   []exceptionRow
	Counts []troubleCount
	Why    string
	Shown  trouble // the one that is filtered by
	Total  int     // under the filter
	All    int     // without one
	From   int     // the first row, from 1
	Prev   string
	Next   string
	Begin  string // the first working page
	Units  []unitGroup
	Listed unitGroup // those of them that the list has now
	More   bool
	Flash  flash
}

// exceptionRow is one of the list and where it leads.
type exceptionRow struct {
	exception

	Link string
}

const (
	exceptionsOnPage = 60
	longestWhy       = 60 // bytes of the name of a trouble
)

func (s *Site) exceptionsPage(v *visit) error {
	shelf, err := s.shelf(v)
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, "", "exceptions of "+shelf.Label); err != nil {
		return err
	}
	q, err := s.exceptions(v, shelf)
	if err != nil {
		return err
	}
	why := v.r.URL.Query().Get("why")
	rows := q.of(why)
	if len(why) > longestWhy || troubles(why) == troubles(troubleOther) && why != troubleOther {
		why, rows = "", q.of("")
	}
	body := exceptionsBody{
		batchBody: s.batchOf(v, shelf), Counts: q.counts(), Why: why, Shown: troubles(why), Total: len(rows), All: len(q.of("")), More: q.more,
		Flash: s.flash(v),
	}
	body.Whole = s.whole(v.r.Context(), v.session.Who, shelf)
	if first := q.papers(why); len(first) > 0 {
		body.Begin = workAddress(shelf.Label, first[0].ID, why)
	}
	if body.Units, err = s.units(v.r.Context(), q, why); err != nil {
		return err
	}
	body.Listed = listedSince(body.Units)
	body.cut(pageStart(v, len(rows)), rows)
	s.render(v, http.StatusOK, "exceptions", "Cần người xem, lô "+shelf.Label, body)
	return nil
}

// cut puts a page of the list into the body.
func (b *exceptionsBody) cut(from int, rows []exception) {
	base := "/batches/" + b.Label + "/exceptions"
	for _, e := range rows[from:min(from+exceptionsOnPage, len(rows))] {
		row := exceptionRow{exception: e}
		if e.ID != "" {
			row.Link = workAddress(b.Label, e.ID, b.Why)
		}
		b.Rows = append(b.Rows, row)
	}
	b.From = from + 1
	if from > 0 {
		b.Prev = addressWith(base, "why", b.Why, "from", strconv.Itoa(max(0, from-exceptionsOnPage)))
	}
	if from+exceptionsOnPage < len(rows) {
		b.Next = addressWith(base, "why", b.Why, "from", strconv.Itoa(from+exceptionsOnPage))
	}
}

// pageStart reads from which row a list is shown; what makes no sense is its beginning.
func pageStart(v *visit, rows int) int {
	n, err := strconv.Atoi(v.r.URL.Query().Get("from"))
	if err != nil || n < 0 || n >= rows {
		return 0
	}
	return n
}

// workAddress is where one works on a paper of a batch.
func workAddress(label string, id pipeline.PaperID, why string) string {
	return addressWith("/batches/"+label+"/exceptions/"+string(id), "why", why)
}

// addressWith adds those of the parameters that say something.
func addressWith(base string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" && pairs[i+1] != "0" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return base
	}
	return base + "?" + query.Encode()
}

// inBatch is s.paper for one that lies in a batch.
func (s *Site) inBatch(v *visit, shelf pipeline.Shelf) (shown, error) {
	p, err := s.paper(v)
	if err == nil && p.Batch != shelf.Label {
		err = fs.ErrNotExist
	}
	return p, err
}
