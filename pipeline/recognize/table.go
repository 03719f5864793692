package recognize

import (
	"cmp"
	"image"
	"slices"

	"hoso/pipeline"
)

// table is a grid of ruled lines.
type table struct {
	box   image.Rectangle
	level []int // heights of the lines that part its rows
	steep []image.Rectangle

	stacked bool // it has level lines alone; steep are the gaps between its columns
}

// mostRules is more ruled lines than a form has: beyond it the page is hatched.
const mostRules = 5000

// tablesOf finds the grids among the ruled lines of a page: lines that meet.
func tablesOf(rules []image.Rectangle, dpi int) []table {
	if len(rules) > mostRules {
		return nil
	}
	var out []table
	for _, group := range meeting(rules, max(3, dpi/40)) {
		t := grid(group)
		t.level = apart(t.level, dpi/12)
		if len(t.level) >= 3 && len(t.steep) >= 3 {
			out = append(out, t)
		}
	}
	for _, t := range stacks(rules, dpi) {
		if !slices.ContainsFunc(out, func(o table) bool { return o.box.Overlaps(t.box) }) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b table) int { return cmp.Compare(a.box.Min.Y, b.box.Min.Y) })
	return out
}

// fewestStacked is how many level lines of one length below one another are a table
// without steep ones: a head and two rows.
const fewestStacked = 4

// stacks finds tables that have level lines alone. Their columns show only in the words.
// Lines further apart than rows are high part a page, not a table.
func stacks(rules []image.Rectangle, dpi int) []table {
	slack, highest := dpi/8, dpi*6/5
	rules = slices.SortedFunc(slices.Values(rules), func(a, b image.Rectangle) int { return cmp.Compare(a.Min.Y, b.Min.Y) })
	var out []table
	for _, r := range rules {
		if r.Dx() < 3*dpi || r.Dx() < 20*r.Dy() {
			continue
		}
		at := slices.IndexFunc(out, func(t table) bool {
			return near(t.box.Min.X, r.Min.X, slack) && near(t.box.Max.X, r.Max.X, slack) && r.Min.Y-t.box.Max.Y <= highest
		})
		if at < 0 {
			out, at = append(out, table{stacked: true}), len(out)
		}
		out[at].box = out[at].box.Union(r)
		out[at].level = append(out[at].level, (r.Min.Y+r.Max.Y)/2)
	}
	for i := range out {
		out[i].level = apart(out[i].level, dpi/12)
	}
	return slices.DeleteFunc(out, func(t table) bool { return len(t.level) < fewestStacked })
}

func near(a, b, slack int) bool { return a-b <= slack && b-a <= slack }

// parted gives a table without steep lines those that the words leave room for: gaps,
// over its whole height, that are wider than those between words.
func (t table) parted(lines []pipeline.Line) table {
	if len(t.steep) > 0 {
		return t
	}
	var words []pipeline.Word
	heights := 0
	for _, l := range lines {
		for _, w := range l.Words {
			if t.holds(w) {
				words = append(words, w)
				heights += w.Box.Y1 - w.Box.Y0
			}
		}
	}
	slices.SortFunc(words, func(a, b pipeline.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
	end := t.box.Max.X
	for i, w := range words {
		if gap := w.Box.X0 - end; i > 0 && gap > heights/len(words)/2 {
			t.steep = append(t.steep, image.Rect(end+gap/2, t.box.Min.Y, end+gap/2+1, t.box.Max.Y))
		}
		if i == 0 || w.Box.X1 > end {
			end = w.Box.X1
		}
	}
	return t
}

// holds reports whether a word stands in the table.
func (t table) holds(w pipeline.Word) bool {
	return image.Pt((w.Box.X0+w.Box.X1)/2, (w.Box.Y0+w.Box.Y1)/2).In(t.box)
}

// meeting groups lines of which each is met by another within reach.
func meeting(rules []image.Rectangle, reach int) [][]image.Rectangle {
	group := make([]int, len(rules))
	for i, a := range rules {
		group[i] = i
		for j := range i {
			if group[j] != group[i] && a.Inset(-reach).Overlaps(rules[j]) {
				replace(group[:i+1], group[j], group[i])
			}
		}
	}
	at := map[int]int{}
	var out [][]image.Rectangle
	for i, r := range rules {
		n, known := at[group[i]]
		if !known {
			n = len(out)
			at[group[i]] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], r)
	}
	return out
}

func replace(all []int, old, by int) {
	for i, v := range all {
		if v == old {
			all[i] = by
		}
	}
}

// grid takes lines that meet for a table. Short level lines part no rows.
func grid(rules []image.Rectangle) table {
	var t table
	for _, r := range rules {
		t.box = t.box.Union(r)
	}
	for _, r := range rules {
		switch {
		case r.Dx() > r.Dy() && 3*r.Dx() >= t.box.Dx():
			t.level = append(t.level, (r.Min.Y+r.Max.Y)/2)
		case r.Dy() > r.Dx():
			t.steep = append(t.steep, r)
		}
	}
	return t
}

// apart gives sorted heights, of those closer than least only one.
func apart(heights []int, least int) []int {
	slices.Sort(heights)
	var out []int
	for _, h := range heights {
		if len(out) == 0 || h-out[len(out)-1] >= least {
			out = append(out, h)
		}
	}
	return out
}

// byRows gives the lines with the words of every table row by row, each row from its
// first cell to its last.
func byRows(lines []pipeline.Line, tables []table) []pipeline.Line {
	for n, t := range tables {
		lines = t.parted(lines).order(lines, tabled+n*(1<<12))
	}
	return lines
}

// tabled is where the paragraphs of rows begin.
const tabled = 1 << 24

func (t table) order(lines []pipeline.Line, paragraph int) []pipeline.Line {
	rows := make([][]pipeline.Word, len(t.level)+1)
	var out []pipeline.Line
	at := -1
	for _, l := range lines {
		var outside []pipeline.Word
		for _, w := range l.Words {
			if !t.holds(w) {
				outside = append(outside, w)
				continue
			}
			row, _ := slices.BinarySearch(t.level, (w.Box.Y0+w.Box.Y1)/2)
			rows[row] = append(rows[row], w)
			if at < 0 {
				at = len(out)
			}
		}
		if len(outside) > 0 {
			out = append(out, pipeline.Line{Words: outside, Paragraph: l.Paragraph})
		}
	}
	if at < 0 {
		return lines
	}
	// What precedes the table in the text stands above it on the page.
	for at < len(out) && middle(out[at]) < t.box.Min.Y {
		at++
	}
	var inside []pipeline.Line
	for i, words := range rows {
		for _, l := range t.row(words) {
			inside = append(inside, pipeline.Line{Words: l, Paragraph: paragraph + i})
		}
	}
	return slices.Concat(out[:at], inside, out[at:])
}

// row gives the lines of one row of the table: one if no cell has more, else those of
// one cell after those of the other, unless the first cell numbers several rows that no
// line parts. Where there are level lines alone, words below one another are a cell of
// several lines, but numbers are not.
func (t table) row(words []pipeline.Word) [][]pipeline.Word {
	if len(words) == 0 {
		return nil
	}
	cells := map[int][]pipeline.Word{}
	first := -1
	for _, w := range words {
		c := t.column(w)
		cells[c] = append(cells[c], w)
		if first < 0 || c < first {
			first = c
		}
	}
	most := 0
	for _, c := range cells {
		most = max(most, len(lineUp(c)))
	}
	if most == 1 || len(lineUp(cells[first])) > 1 && (!t.stacked || allNumbers(cells[first])) {
		return lineUp(words)
	}
	var out [][]pipeline.Word
	for c := 0; c <= len(t.steep); c++ {
		out = append(out, lineUp(cells[c])...)
	}
	return out
}

// allNumbers reports whether nothing but numbers of rows stands in a cell.
func allNumbers(words []pipeline.Word) bool {
	return !slices.ContainsFunc(words, func(w pipeline.Word) bool { return numberOf(w.Text) == 0 })
}

// column counts the steep lines left of a word, at its height.
func (t table) column(w pipeline.Word) int {
	x, y := (w.Box.X0+w.Box.X1)/2, (w.Box.Y0+w.Box.Y1)/2
	n := 0
	for _, s := range t.steep {
		if s.Min.X <= x && s.Min.Y <= y && y < s.Max.Y {
			n++
		}
	}
	return n
}

// lineUp parts words into lines by their height, each from left to right.
func lineUp(words []pipeline.Word) [][]pipeline.Word {
	words = slices.Clone(words)
	mid := func(w pipeline.Word) int { return (w.Box.Y0 + w.Box.Y1) / 2 }
	slices.SortStableFunc(words, func(a, b pipeline.Word) int { return cmp.Compare(mid(a), mid(b)) })
	var out [][]pipeline.Word
	for _, w := range words {
		if n := len(out); n > 0 {
			b := span(out[n-1])
			shared := min(b.Y1, w.Box.Y1) - max(b.Y0, w.Box.Y0)
			if 2*shared >= min(b.Y1-b.Y0, w.Box.Y1-w.Box.Y0) {
				out[n-1] = append(out[n-1], w)
				continue
			}
		}
		out = append(out, []pipeline.Word{w})
	}
	for _, l := range out {
		slices.SortStableFunc(l, func(a, b pipeline.Word) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
	}
	return out
}
