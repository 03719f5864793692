package recognize

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strings"

	"hoso/pipeline"
)

// rows mends the numbers of the rows of tables and of items. A figure alone in a narrow column has no
// neighbours that would help to read it: 7 is read as ¬I, 8 as œ, 4 as +. But the column
// counts. What is not the number that those above and below it demand is looked at again
// for figures only, and takes the number unless it was surely read as something else.
func (d *Draft) rows(ctx context.Context) error {
	tables := tablesOf(d.picture.Rules, d.picture.DPI)
	columns := d.items(tables)
	for _, t := range tables {
		columns = append(columns, d.firstColumn(t.parted(d.lines)))
	}
	for _, n := range columns {
		if err := d.count(ctx, n); err != nil {
			return fmt.Errorf("looking at the number of a row: %w", err)
		}
	}
	for i := range d.lines {
		d.lines[i].Words = slices.DeleteFunc(d.lines[i].Words, func(w pipeline.Word) bool { return w.Text == "" })
	}
	d.lines = slices.DeleteFunc(d.lines, func(l pipeline.Line) bool { return len(l.Words) == 0 })
	return nil
}

// firstColumn gives what stands in the first column of a table, nothing if that is wider
// than numbers of rows need.
func (d *Draft) firstColumn(t table) numbering {
	edges := []int{t.box.Min.X, t.box.Max.X}
	for _, s := range t.steep {
		edges = append(edges, (s.Min.X+s.Max.X)/2)
	}
	edges = apart(edges, d.picture.DPI/12)
	if len(edges) < 3 || edges[1]-edges[0] > d.picture.DPI {
		return nil
	}
	column := image.Rect(edges[0], t.box.Min.Y, edges[1], t.box.Max.Y)
	words := slices.DeleteFunc(flat(d.lines), func(p placed) bool { return !heart(p.word.Box).In(column) })
	var all numbering
	for i := 1; i < len(t.level); i++ {
		row := image.Rect(edges[0], t.level[i-1], edges[1], t.level[i])
		all = append(all, d.cells(row, words)...)
	}
	return all
}

// heart is the middle of a box.
func heart(b pipeline.Box) image.Point { return image.Pt((b.X0+b.X1)/2, (b.Y0+b.Y1)/2) }

// cells gives what stands in a column of one row of a table, line by line: several rows
// may have no ruled line between them.
func (d *Draft) cells(row image.Rectangle, words []placed) []cell {
	var all []cell
	for _, s := range rowsOf(d.figuresIn(row), d.figureHeight()) {
		all = append(all, cell{box: pipeline.Box{X0: s.box.Min.X, Y0: s.box.Min.Y, X1: s.box.Max.X, Y1: s.box.Max.Y}})
	}
	for _, p := range words {
		b := p.word.Box
		if !heart(b).In(row) {
			continue
		}
		at := slices.IndexFunc(all, func(c cell) bool {
			return 2*(min(c.box.Y1, b.Y1)-max(c.box.Y0, b.Y0)) >= min(c.box.Y1-c.box.Y0, b.Y1-b.Y0)
		})
		if at < 0 {
			at, all = len(all), append(all, cell{box: b})
		}
		all[at].words = append(all[at].words, p)
		all[at].box = all[at].box.Union(b)
	}
	for i := range all {
		all[i].note(all[i].text())
	}
	slices.SortFunc(all, func(a, b cell) int { return a.box.Y0 - b.box.Y0 })
	return all
}

// figureHeight is about how high figures are.
func (d *Draft) figureHeight() int { return max(typicalHeight(d.lines), d.picture.DPI/12) }

// figuresIn gives the ink in a cell that may be figures, not what is left of its lines.
func (d *Draft) figuresIn(cell image.Rectangle) []image.Rectangle {
	high := d.figureHeight()
	cell = cell.Inset(d.picture.DPI / 50)
	var out []image.Rectangle
	for _, c := range d.picture.Ink {
		if c.In(cell) && 2*c.Dy() >= high && c.Dy() <= 2*high && c.Dx() <= 2*high {
			out = append(out, c)
		}
	}
	return out
}

// figures are all that the number of a row consists of.
const figures = "0123456789"

// count mends what does not fit a column that counts.
func (d *Draft) count(ctx context.Context, n numbering) error {
	if !n.mayCount() {
		return nil
	}
	for _, way := range []glance{{bound: true}, {bound: true, large: true}} {
		demands := n.demands()
		for i := range n {
			if n[i].surely() || demands[i] > 0 && slices.Contains(n[i].values, demands[i]) {
				continue
			}
			words, err := d.at(ctx, n[i].box, way, n[i].alphabet())
			if err != nil {
				return err
			}
			n[i].note(joined(words))
		}
	}
	demands := n.demands()
	printed := n.printed(demands)
	for i, number := range demands {
		if number > 0 && n[i].yields(number) {
			d.put(n[i], printed.write(number))
		}
	}
	return nil
}

// sureOfRow is the confidence, in percent, of a number that a column demands.
const sureOfRow = 96

// alphabet is what may stand in a cell.
func (c cell) alphabet() string {
	if c.seen {
		return figures + "."
	}
	return figures
}

// put gives a cell its number.
func (d *Draft) put(c cell, text string) {
	if len(c.words) == 0 {
		w := pipeline.Word{Text: text, Box: c.box, Confidence: sureOfRow}
		d.lines = append(d.lines, pipeline.Line{Words: []pipeline.Word{w}, Paragraph: counted + c.box.Y0})
		return
	}
	w, was := c.words[0].word, texts(c.read())
	w.Box, w.Confidence = c.box, max(sureOfRow, w.Confidence)
	if text != was {
		w.Was, w.Text = was, text
	}
	for _, p := range c.words[1:] {
		p.word.Text = ""
	}
}

// counted is where the paragraphs of numbers begin that nobody read.
const counted = extra + 1<<16

// cell is where the number of a row may stand. It has words or, if none was read, ink.
type cell struct {
	words  []placed // the first is the one that stays
	box    pipeline.Box
	values []int // the numbers that it was read as, at one look or another
	seen   bool  // it takes no number in the place of another word but one of these
}

// note adds the number that a text is, if it is one.
func (c *cell) note(text string) {
	if v := numberOf(text); v > 0 {
		c.values = append(c.values, v)
	}
}

// read gives the words of a cell from left to right.
func (c cell) read() []pipeline.Word {
	words := slot{to: len(c.words)}.words(c.words)
	slices.SortStableFunc(words, func(a, b pipeline.Word) int { return a.Box.X0 - b.Box.X0 })
	return words
}

func (c cell) text() string { return joined(c.read()) }

// surely reports whether a cell was read without doubt, as whatever it is.
func (c cell) surely() bool {
	if c.heads() || len(c.words) != 1 {
		return c.heads()
	}
	w := c.words[0].word
	if numberOf(w.Text) > 0 && strings.Trim(w.Text, figures+".") == "" {
		return w.Confidence >= sureOfNumber
	}
	return w.Confidence >= sureOfWord && numberOf(w.Text) == 0 && coreOf(w.Text) != ""
}

// otherwise reports whether another number was surely read among signs: 2 and a stop. In a
// table the sign may be the rest of the number.
func (c cell) otherwise(demanded int) bool {
	v := numberOf(c.text())
	return v > 0 && v != demanded && slices.ContainsFunc(c.words, func(p placed) bool {
		return numberOf(p.word.Text) == v && p.word.Confidence >= sureOfNumber
	})
}

// yields reports whether a cell is to take the number that is demanded of it: it was not
// surely read as something else. One that was read as another number must have been read
// as this one, too.
func (c cell) yields(demanded int) bool {
	switch {
	case c.surely(), c.seen && c.otherwise(demanded):
		return false
	case slices.Contains(c.values, demanded):
		return true
	case c.seen:
		return coreOf(c.text()) == ""
	}
	letters := len([]rune(coreOf(c.text())))
	return numberOf(c.text()) == 0 && letters <= len(fmt.Sprint(demanded))+2
}
