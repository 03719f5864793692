package paper

import "strings"

// grid says how a table is ruled: the columns' edges in points, the size of its
// letters, and which lines it has.
type grid struct {
	edges []float64
	size  float64
	open  Ruling
}

// Ruling is how much of a table is ruled.
type Ruling int

// The rulings.
const (
	Boxed Ruling = iota
	Lined        // no lines between columns
)

// table sets a head and rows; each row is one line of text, cell after cell.
func (d *desk) table(g grid, head []string, rows [][]string) {
	left, right := g.edges[0], g.edges[len(g.edges)-1]
	d.skip(5)
	d.sheet.rules = append(d.sheet.rules, rule{left, d.y, right, d.y, 0.6})
	d.cells(g, Bold, head)
	for _, row := range rows {
		d.cells(g, Regular, row)
	}
}

// cells sets one row; a cell's letters shrink until they fit.
func (d *desk) cells(g grid, style Style, texts []string) {
	top := d.y
	d.y += g.size*leading + 3
	line := Line{}
	for i, text := range texts {
		words := strings.Fields(d.spelling.Spell(text))
		if len(words) == 0 {
			d.sheet.slots = append(d.sheet.slots, slot{g.edges[i] + 2, d.y, g.edges[i+1] - g.edges[i] - 4})
			continue
		}
		room := g.edges[i+1] - g.edges[i] - 7
		size := g.size * d.fonts.face.scale
		size *= min(1, room/d.fonts.width(style, size, strings.Join(words, " ")))
		before := len(d.sheet.Lines)
		d.put(block{x: g.edges[i], width: room + 7, size: size, style: style, align: alignOf(style, text)}, g.edges[i]+3.5, words)
		line = append(line, d.sheet.Lines[before]...)
		d.sheet.Lines = d.sheet.Lines[:before]
	}
	d.sheet.Lines = append(d.sheet.Lines, line)
	d.y += 5
	left, right := g.edges[0], g.edges[len(g.edges)-1]
	d.sheet.rules = append(d.sheet.rules, rule{left, d.y, right, d.y, 0.6})
	if g.open == Boxed {
		for _, x := range g.edges {
			d.sheet.rules = append(d.sheet.rules, rule{x, top, x, d.y, 0.6})
		}
	}
}

// alignOf centres heads and short numbers.
func alignOf(style Style, text string) Align {
	if style == Bold || len(text) < 4 {
		return Center
	}
	return Left
}
