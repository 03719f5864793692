package recognize

import (
	"math"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"hoso/pipeline"
)

// merge gives the better of two readings of one stretch of a line, piece by piece. A
// piece is one to three words of either reading that say about the same.
func merge(first, second []pipeline.Word) []pipeline.Word {
	if len(first) == 0 || len(second) == 0 {
		return first
	}
	var out []pipeline.Word
	for _, p := range pieces(first, second) {
		out = append(out, better(p.first, p.second)...)
	}
	return out
}

// piece is what two readings make of the same ink; either may be empty.
type piece struct{ first, second []pipeline.Word }

// longest is the number of words that may be joined or parted within a piece.
const longest = 3

// pieces aligns two readings so that the letters in which their pieces differ are as
// few as can be.
func pieces(a, b []pipeline.Word) []piece {
	grid := make([][]stride, len(a)+1)
	for i := range grid {
		grid[i] = make([]stride, len(b)+1)
		for j := range grid[i] {
			if i > 0 || j > 0 {
				grid[i][j] = cheapest(grid, a[:i], b[:j])
			}
		}
	}
	var out []piece
	for i, j := len(a), len(b); i > 0 || j > 0; {
		s := grid[i][j]
		out = append(out, piece{a[i-s.n : i], b[j-s.m : j]})
		i, j = i-s.n, j-s.m
	}
	slices.Reverse(out)
	return out
}

// stride is the last piece of the best alignment of two beginnings: n words of one
// reading, m of the other, and what all pieces so far cost.
type stride struct {
	cost float64
	n, m int
}

func cheapest(grid [][]stride, a, b []pipeline.Word) stride {
	i, j := len(a), len(b)
	best := stride{cost: math.Inf(1)}
	for n := 0; n <= min(i, longest); n++ {
		for m := 0; m <= min(j, longest); m++ {
			if !allowed(n, m) {
				continue
			}
			if c := grid[i-n][j-m].cost + differ(a[i-n:], b[j-m:]); c < best.cost {
				best = stride{c, n, m}
			}
		}
	}
	return best
}

// allowed says which pieces there are: one word for none, for one, or for several.
func allowed(n, m int) bool {
	return n == 1 && m <= longest || m == 1 && n <= longest
}

// differ is the number of letters by which two pieces differ; that they stand apart
// costs as well, and so does a join.
func differ(a, b []pipeline.Word) float64 {
	s, t := []rune(joined(a)), []rune(joined(b))
	cost := float64(levenshtein.ComputeDistance(string(s), string(t)))
	if len(a) > 0 && len(b) > 0 {
		x, y := span(a), span(b)
		if x.X1 < y.X0 || y.X1 < x.X0 {
			cost += float64(len(s) + len(t))
		}
	}
	return cost + 0.1*float64(max(len(a), len(b))-1)
}

func joined(words []pipeline.Word) string {
	var s strings.Builder
	for _, w := range words {
		s.WriteString(w.Text)
	}
	return s.String()
}

// better chooses between two readings of a piece.
func better(a, b []pipeline.Word) []pipeline.Word {
	switch {
	case len(a) == 0:
		if weigh(b) < 85 { // a sure first look saw nothing here
			return nil
		}
		return b
	case len(b) == 0:
		if weigh(a) < 15 {
			return nil
		}
		return a
	}
	s, t := []rune(joined(a)), []rune(joined(b))
	if 2*levenshtein.ComputeDistance(string(s), string(t)) > max(len(s), len(t)) && weigh(a) > 30 { // not the same word misread: something else was seen
		return a
	}
	if weigh(b) > weigh(a) {
		return within(b, span(a))
	}
	return a
}

// within gives words the place on which a first reading saw them: strips tell it less
// exactly.
func within(words []pipeline.Word, b pipeline.Box) []pipeline.Word {
	out := make([]pipeline.Word, len(words))
	from := span(words)
	for i, w := range words {
		scale := func(x int) int {
			if from.X1 <= from.X0 {
				return x
			}
			return b.X0 + (x-from.X0)*(b.X1-b.X0)/(from.X1-from.X0)
		}
		w.Box = pipeline.Box{X0: scale(w.Box.X0), Y0: b.Y0, X1: scale(w.Box.X1), Y1: b.Y1}
		out[i] = w
	}
	return out
}

func span(words []pipeline.Word) pipeline.Box { return box(pipeline.Line{Words: words}) }
