package prepare

import (
	"cmp"
	"image"
	"slices"

	"hoso/pipeline/prepare/leptonica"
)

// rulesOf finds the ruled lines of a page: borders of tables, lines to write on,
// underlines. It gives the boxes of the straight runs they are made of (of one pixel's
// thickness each) and of the rules themselves, and takes the runs out of ink, so that
// letters that touch a rule come apart.
func rulesOf(ink *leptonica.Pix, dpi int) (runs, rules []image.Rectangle, err error) {
	least := dpi * 35 / 100 // longer than any stroke of a letter below 30 pt
	level, err := ink.Level(least)
	if err != nil {
		return nil, nil, err
	}
	steep, err := ink.Steep(least)
	if err != nil {
		return nil, nil, err
	}
	thick := max(4, dpi*12/200) // beyond that it is a bar or a picture
	level, rules = joinRuns(level, thick)
	steep, steepRules := joinRuns(steep, thick)
	runs, rules = append(level, steep...), append(rules, steepRules...)
	for _, r := range runs {
		ink.Erase(r)
	}
	return runs, rules, nil
}

// joinRuns joins runs that lie side by side into rules, leaves out those that are part
// of something thicker than thick, and gives the rest with their rules.
func joinRuns(runs []image.Rectangle, thick int) (kept, rules []image.Rectangle) {
	type group struct {
		box   image.Rectangle
		runs  []image.Rectangle
		solid int // pixels
	}
	level := len(runs) > 0 && runs[0].Dy() == 1
	across := func(r image.Rectangle) (from, to, at int) {
		if level {
			return r.Min.X, r.Max.X, r.Min.Y
		}
		return r.Min.Y, r.Max.Y, r.Min.X
	}
	slices.SortStableFunc(runs, func(a, b image.Rectangle) int {
		_, _, ya := across(a)
		_, _, yb := across(b)
		return cmp.Compare(ya, yb)
	})
	var open, done []*group
	for _, r := range runs {
		from, to, at := across(r)
		var into *group
		next := open[:0]
		for _, g := range open {
			_, last, _ := across(g.runs[len(g.runs)-1])
			first, _, y := across(g.runs[len(g.runs)-1])
			switch {
			case at-y > 1:
				done = append(done, g)
				continue
			case into == nil && at-y <= 1 && from <= last+2 && to >= first-2:
				into = g
			}
			next = append(next, g)
		}
		open = next
		if into == nil {
			into = &group{box: r}
			open = append(open, into)
		}
		into.runs, into.box, into.solid = append(into.runs, r), into.box.Union(r), into.solid+r.Dx()*r.Dy()
	}
	for _, g := range append(done, open...) {
		long := max(g.box.Dx(), g.box.Dy())
		if g.solid <= long*thick {
			kept, rules = append(kept, g.runs...), append(rules, g.box)
		}
	}
	return kept, rules
}

// withoutRules paints the runs of rules white, with the blur around them. The image
// given is changed.
func withoutRules(img *image.Gray, runs []image.Rectangle) {
	for _, r := range runs {
		if r.Dy() == 1 {
			r.Min.Y, r.Max.Y = r.Min.Y-1, r.Max.Y+1
			r.Min.X, r.Max.X = r.Min.X-1, r.Max.X+1
		} else {
			r.Min.X, r.Max.X = r.Min.X-1, r.Max.X+1
			r.Min.Y, r.Max.Y = r.Min.Y-1, r.Max.Y+1
		}
		whiten(img, r)
	}
}

func whiten(img *image.Gray, r image.Rectangle) {
	r = r.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y):]
		for i := range r.Dx() {
			row[i] = 255
		}
	}
}
