package catalog

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hoso/pipeline"
)

// A form that thousands of papers share must not make a look-up slow, nor hide whose
// numbers tell. A paper is kept under a few of its numbers, those that the fewest papers
// are kept under so far, and looked up by more. Of the papers under one number only so
// many are looked at, the newest first, and of all of them only so many are compared.
const (
	keptMarks    = 6
	mostOfMark   = 64
	mostCompared = 32
	mostAlike    = 8
)

// keepSketch writes the sketch of the paper at place n, with its marks; nil leaves it as
// it is.
func keepSketch(ctx context.Context, tx *sql.Tx, n int64, s *pipeline.Sketch) error {
	if s == nil {
		return nil
	}
	was, err := sketchAt(ctx, tx, n)
	if err != nil {
		return err
	}
	body, err := s.MarshalBinary()
	if err != nil {
		return err
	}
	if err := dropMarks(ctx, tx, n, was.Marks()); err != nil {
		return err
	}
	if s.IsZero() {
		_, err = tx.ExecContext(ctx, "DELETE FROM sketches WHERE n = $1", n)
		return err
	}
	const put = "INSERT INTO sketches (n, sketch) VALUES ($1, $2) ON CONFLICT (n) DO UPDATE SET sketch = excluded.sketch"
	if _, err := tx.ExecContext(ctx, put, n, body); err != nil {
		return fmt.Errorf("keeping a sketch: %w", err)
	}
	marks, err := rarest(ctx, tx, s.Marks())
	if err != nil {
		return err
	}
	for _, mark := range marks[:min(len(marks), keptMarks)] {
		if _, err := tx.ExecContext(ctx, "INSERT INTO sketch_marks (mark, n) VALUES ($1, $2)", int64(mark), n); err != nil {
			return fmt.Errorf("keeping a mark: %w", err)
		}
	}
	return nil
}

// dropMarks forgets under which numbers the paper at place n is kept.
func dropMarks(ctx context.Context, tx *sql.Tx, n int64, marks []uint32) error {
	for _, mark := range marks {
		if _, err := tx.ExecContext(ctx, "DELETE FROM sketch_marks WHERE mark = $1 AND n = $2", int64(mark), n); err != nil {
			return fmt.Errorf("dropping a mark: %w", err)
		}
	}
	return nil
}

// rarest orders marks by how many papers are kept under them, the fewest first.
func rarest(ctx context.Context, q querier, marks []uint32) ([]uint32, error) {
	kept := map[uint32]int{}
	for _, mark := range marks {
		places, err := markedWith(ctx, q, mark)
		if err != nil {
			return nil, err
		}
		kept[mark] = len(places)
	}
	return slices.SortedStableFunc(slices.Values(marks), func(a, b uint32) int { return cmp.Compare(kept[a], kept[b]) }), nil
}

// markedWith gives the places of the newest papers that are kept under a number.
func markedWith(ctx context.Context, q querier, mark uint32) ([]int64, error) {
	const query = "SELECT n FROM sketch_marks WHERE mark = $1 ORDER BY n DESC LIMIT $2"
	return collect(ctx, q, scanPlace, query, int64(mark), mostOfMark)
}

// sketchAt gives the sketch of the paper at place n, the zero one if it has none.
func sketchAt(ctx context.Context, q querier, n int64) (pipeline.Sketch, error) {
	all, err := collect(ctx, q, scanSketch, "SELECT n, sketch FROM sketches WHERE n = $1", n)
	if err != nil || len(all) == 0 {
		return pipeline.Sketch{}, err
	}
	return all[0].sketch, nil
}

// placed is a sketch and the place of its paper.
type placed struct {
	n      int64
	sketch pipeline.Sketch
}

func scanSketch(scan func(...any) error) (p placed, err error) {
	var body []byte
	if err := scan(&p.n, &body); err != nil {
		return p, err
	}
	return p, p.sketch.UnmarshalBinary(body)
}

// PutSketch gives a paper its sketch, as a rebuild does.
func (c *Catalog) PutSketch(ctx context.Context, id pipeline.PaperID, s pipeline.Sketch) error {
	err := c.inTx(ctx, func(tx *sql.Tx) error {
		var n int64
		query := "SELECT n FROM papers WHERE id = $1" + c.engine.hold
		if err := tx.QueryRowContext(ctx, query, short(storableForm(string(id)))).Scan(&n); err != nil {
			return err
		}
		return keepSketch(ctx, tx, n, &s)
	})
	return failed(err, "keeping the sketch of paper %s", id)
}

// Alike gives the papers that look like one, by the sketches that all have now.
func (c *Catalog) Alike(ctx context.Context, id pipeline.PaperID) (pipeline.Likenesses, error) {
	p, err := c.Paper(ctx, id)
	if err != nil || p.Into != "" { // it is in another paper now
		return pipeline.Likenesses{}, err
	}
	const query = "SELECT s.n, s.sketch FROM sketches s JOIN papers ON papers.n = s.n WHERE papers.id = $1"
	own, err := collect(ctx, c.read, scanSketch, query, string(id))
	if err != nil || len(own) == 0 {
		return pipeline.Likenesses{}, failed(err, "reading the sketch of paper %s", id)
	}
	like, err := c.Like(ctx, p, own[0].sketch)
	return pipeline.Likenesses{Quality: own[0].sketch.Quality, Alike: like}, err
}

// Like gives the papers that look like p, which has or is about to have that sketch: the
// likest first, of those the newest. Those whose pages are in another paper are none any more.
func (c *Catalog) Like(ctx context.Context, p pipeline.Paper, s pipeline.Sketch) ([]pipeline.Alike, error) {
	found, err := c.like(ctx, s)
	if err != nil || len(found) == 0 {
		return nil, failed(err, "looking for papers like %s", p.ID)
	}
	at := make([]int64, len(found))
	for i, f := range found {
		at[i] = f.n
	}
	rows, err := c.rowsAt(ctx, at)
	if err != nil {
		return nil, failed(err, "reading papers like %s", p.ID)
	}
	var all []pipeline.Alike
	for _, f := range found {
		other, there := rows[f.n]
		if !there || other.ID == p.ID || other.Into != "" || len(all) == mostAlike {
			continue
		}
		f.Paper, f.Kind = other, f.Kind.Between(p.Dossier, other.Dossier)
		all = append(all, f.Alike)
	}
	return all, nil
}

// likened is a paper, so far known by its place, that looks like another.
type likened struct {
	n int64
	pipeline.Alike
}

// like compares the papers that share a mark with s.
func (c *Catalog) like(ctx context.Context, s pipeline.Sketch) ([]likened, error) {
	places, err := c.sharing(ctx, s.Marks())
	if err != nil || len(places) == 0 {
		return nil, err
	}
	w := whereIn("n", places)
	others, err := collect(ctx, c.read, scanSketch, "SELECT n, sketch FROM sketches"+w.String(), w.args...)
	if err != nil {
		return nil, err
	}
	var all []likened
	for _, o := range others {
		if kind, score := s.Like(o.sketch); kind != "" {
			all = append(all, likened{o.n, pipeline.Alike{Kind: kind, Score: score, Quality: o.sketch.Quality}})
		}
	}
	slices.SortFunc(all, func(a, b likened) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.n, a.n)) })
	return all, nil
}

// sharing gives the places of papers that share marks, those first that share what few
// others have.
func (c *Catalog) sharing(ctx context.Context, marks []uint32) ([]int64, error) {
	votes := map[int64]float64{}
	for _, mark := range marks {
		found, err := markedWith(ctx, c.read, mark)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			votes[n] += 1 / float64(len(found))
		}
	}
	places := slices.SortedFunc(maps.Keys(votes), func(a, b int64) int {
		return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(b, a))
	})
	return places[:min(len(places), mostCompared)], nil
}

// rowsAt gives the papers at places.
func (c *Catalog) rowsAt(ctx context.Context, places []int64) (map[int64]pipeline.Paper, error) {
	w := whereIn("papers.n", places)
	rows, err := c.rows(ctx, "SELECT "+rowColumns+" FROM papers"+w.String(), w.args...)
	all := make(map[int64]pipeline.Paper, len(rows))
	for _, r := range rows {
		all[r.n] = r.paper
	}
	return all, err
}

// whereIn asks for rows whose column has one of a few values.
func whereIn(column string, values []int64) *where {
	w := &where{}
	holders := make([]string, len(values))
	for i, v := range values {
		holders[i] = w.arg(v)
	}
	w.terms = append(w.terms, column+" IN ("+strings.Join(holders, ", ")+")")
	return w
}
