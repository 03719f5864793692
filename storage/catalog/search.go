package catalog

import (
	"context"
	"fmt"
	"strings"

	"hoso/pipeline"
)

// search is a Query made ready.
type search struct {
	pipeline.Query

	asked    question
	numbers  []string  // beginnings of dossier keys
	whole    string    // the dossier key, if Number is a whole one
	by       keyed     // a column to look up
	pieces   []piece   // of dossier keys
	spans    []span    // of dossier keys that have one of pieces
	units    *[]string // that numbers begin with, once they were asked for
	rare     *few      // the papers in the state asked for, if they are few
	gathered []int64   // the newest places found, where finding them is dear, see gather
	exactly  *int      // how many papers are found, if that is known
	symbol   string    // the end of the document's number
	from     token     // where the page before ended
	low, top int64     // places: low <= n < top; top 0 has no end
}

// keyed is a column that has an index, and the values that are looked up in it.
type keyed struct {
	column string
	spans  []span
}

// byNumber reports whether papers are found by the beginnings of their numbers alone.
func (s search) byNumber() bool {
	return (s.whole != "" || len(s.numbers) > 0) && len(s.asked.parts) == 0
}

// filtered reports whether s is narrowed down by more than days of receipt.
func (s search) filtered() bool {
	for _, f := range []string{s.Unit, s.Within, string(s.Kind), string(s.State), s.Class, s.Batch, s.Issued, s.Sender} {
		if f != "" {
			return true
		}
	}
	return false
}

// newSearch reads q but for its Box; ok is false if nothing can match.
func newSearch(q pipeline.Query) (s search, ok bool) {
	s = search{Query: q}
	if s.asked.parts = ask(q.Text); len(s.asked.parts) == 0 && strings.TrimSpace(q.Text) != "" {
		return s, false
	}
	if s.Number = strings.TrimSpace(q.Number); s.Number != "" {
		s.numbers = pipeline.NumberPrefixes(s.Number)
		if n, err := pipeline.ParseDossierNumber(s.Number); err == nil {
			s.whole = n.Key()
		}
		if len(s.numbers) == 0 && s.whole == "" {
			return s, false
		}
	}
	if !q.From.IsZero() {
		s.low = firstPlace(q.From)
	}
	if !q.To.IsZero() {
		if s.top = firstPlace(q.To); s.top <= s.low {
			return s, false
		}
	}
	s.restrict()
	return s, true
}

// restrict brings the filters of s to what is stored, and asks the index of words for
// them as far as it knows them.
func (s *search) restrict() {
	s.Unit, s.Within = unitOf(s.Unit), unitOf(s.Within)
	for _, unit := range []string{s.Unit, s.Within} {
		if unit != "" {
			s.asked.marks = append(s.asked.marks, unitMark(unit))
		}
	}
	if s.Kind != "" {
		s.asked.marks = append(s.asked.marks, kindMark(s.Kind))
	}
	if s.Batch != "" {
		s.asked.marks = append(s.asked.marks, batchMark(s.Batch))
	}
	s.Class, s.Batch, s.Issued = short(storableForm(s.Class)), short(storableForm(s.Batch)), short(storableForm(s.Issued))
	for _, value := range []string{s.Class, s.Issued} {
		if phrase := words(value); len(phrase) > 0 {
			s.asked.heads = append(s.asked.heads, phrase)
		}
	}
}

// where collects the conditions of a query and their arguments.
type where struct {
	terms []string
	args  []any
}

// and adds a condition in which each ? stands for one of args.
func (w *where) and(term string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		term = strings.Replace(term, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.terms = append(w.terms, term)
}

// arg adds an argument and gives its placeholder.
func (w *where) arg(a any) string {
	w.args = append(w.args, a)
	return fmt.Sprintf("$%d", len(w.args))
}

func (w *where) String() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// source is the tables and conditions of a search.
type source struct {
	tables string
	place  string // the column with the place
	where  *where
}

// source gives where the papers of s are found, without regard to pages.
func (c *Catalog) source(s search) source {
	from := source{place: "papers.n", where: &where{}}
	switch {
	case s.gathered != nil:
		from.place = "CAST(gathered.value AS BIGINT)"
		from.tables = " FROM " + c.engine.list(from.where.arg(array(s.gathered))) + " AS gathered"
	case len(s.by.spans) > 0:
		from.tables = " FROM papers"
		from.where.spans(s.by.column, s.by.spans)
		if s.by.column == c.engine.masked {
			from.where.and("papers.holder <> ''") // its index has no others
		}
		from.where.filters(s)
	case len(s.spans) > 0:
		from.tables = c.anyOf(s.spans, from.where) + " CROSS JOIN papers"
		// An order by both tables keeps PostgreSQL, which takes so many spans for most of the
		// papers, from going through all of them by their places.
		from.place = "papers.n + 0 * length(spans.value)"
		from.where.filters(s)
	case s.byNumber():
		from.tables = c.anyOf(s.ranges(), from.where) + " CROSS JOIN papers"
		from.where.filters(s)
	case !s.asked.empty():
		c.wordSource(s, &from)
	default:
		from.tables = " FROM papers"
		from.where.filters(s)
	}
	return from
}

// wordSource looks in the index of words, which knows most filters itself.
func (c *Catalog) wordSource(s search, from *source) {
	from.place = c.engine.place
	from.tables = " FROM words"
	// The question is $1, which the condition of the engine names itself.
	from.where.arg(c.engine.question(s.asked))
	from.where.terms = append(from.where.terms, c.engine.match)
	rest := s
	if s.rare != nil {
		// The plus keeps SQLite from asking the index of words for each place.
		from.where.and("+"+c.engine.place+" IN (SELECT n FROM papers WHERE state = ?)", storableForm(string(s.State)))
		from.where.places(from.place, s.rare.first, s.rare.last+1)
		rest.State = ""
	}
	rest.Unit, rest.Within, rest.Kind, rest.Batch, rest.low, rest.top = "", "", "", "", 0, 0
	extra := &where{args: from.where.args}
	extra.filters(rest)
	if s.Number != "" {
		extra.spans("papers.number", s.ranges())
	}
	if s.symbol != "" {
		extra.and("papers.document LIKE ?", "%"+s.symbol)
	}
	if len(extra.terms) > 0 {
		// CROSS makes SQLite start from the words, which come in order.
		from.tables = " FROM words CROSS JOIN papers" + c.engine.traits
		from.where.and("papers.n = " + c.engine.place)
		from.where.terms, from.where.args = append(from.where.terms, extra.terms...), extra.args
	}
	from.where.places(from.place, s.low, s.top)
}

// fewInState is how many papers of a state are held beside those with a word; of more,
// each one with the word is looked at.
const fewInState = 50_000

// few is what there is of papers in a state: how many, and where.
type few struct {
	count       int
	first, last int64
}

// rareState tells of the papers in the state asked for, nil if they are not so few.
func (c *Catalog) rareState(ctx context.Context, s search) (*few, error) {
	if s.State == "" {
		return nil, nil
	}
	var there few
	query := fmt.Sprintf(`SELECT count(*), coalesce(min(n), 0), coalesce(max(n), 0)
		FROM (SELECT n FROM papers WHERE state = $1 LIMIT %d) AS there`, fewInState+1)
	err := c.read.QueryRowContext(ctx, query, storableForm(string(s.State))).Scan(&there.count, &there.first, &there.last)
	if err != nil || there.count > fewInState {
		return nil, err
	}
	return &there, nil
}

// gatherRare gathers what is found of words in a state that few papers are in: the engines
// go through all papers with the words, which is to be done once and not for each thing
// that is told of them.
func (c *Catalog) gatherRare(ctx context.Context, s *search) error {
	switch {
	case s.rare == nil || s.asked.empty() || len(s.by.spans) > 0 || len(s.spans) > 0 || s.byNumber():
		return nil
	case s.rare.count == 0:
		s.gathered, s.exactly = []int64{}, new(int)
		return nil
	}
	return c.gather(ctx, s, mostTotal)
}

// gather finds the newest places of s up to most, of which page, total and facets are then
// taken. Later pages of so many look for themselves: the newest are not on them.
func (c *Catalog) gather(ctx context.Context, s *search, most int) error {
	from := c.source(*s)
	query := "SELECT " + from.place + from.tables + from.where.String() + " ORDER BY " + from.place + " DESC LIMIT " + from.where.arg(most)
	places, err := collect(ctx, c.read, scanPlace, query, from.where.args...)
	if err != nil || len(places) == most && s.from.place > 0 {
		return err
	}
	s.gathered = append([]int64{}, places...)
	return nil
}

// filters adds the conditions of s other than words and numbers.
func (w *where) filters(s search) {
	for _, unit := range []string{s.Within, s.Unit} {
		if unit != "" {
			w.and("(papers.unit = ? OR papers.unit >= ? AND papers.unit < ?)", unit, unit+".", unit+"/")
		}
	}
	for _, f := range []struct{ column, value string }{
		{"kind", short(storableForm(string(s.Kind)))},
		{"state", storableForm(string(s.State))},
		{"class", s.Class},
		{"batch", s.Batch},
		{"sender", senderOf(s.Sender)},
	} {
		if f.value != "" {
			w.and("papers."+f.column+" = ?", f.value)
		}
	}
	if s.Issued != "" {
		w.and("papers.issued >= ? AND papers.issued < ?", s.Issued, s.Issued+"~")
	}
	w.places("papers.n", s.low, s.top)
}

// places adds the condition that a place lies in a range; a top of 0 is no end.
func (w *where) places(column string, low, top int64) {
	if low > 0 {
		w.and(column+" >= ?", low)
	}
	if top > 0 {
		w.and(column+" < ?", top)
	}
}
