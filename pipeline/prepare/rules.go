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

// bundle is runs that lie side by side.
type bundle struct {
	box   image.Rectangle
	last  image.Rectangle // the run added last
	runs  []image.Rectangle
	solid int // pixels
}

func (b *bundle) add(r image.Rectangle) {
	b.box, b.last, b.runs, b.solid = b.box.Union(r), r, append(b.runs, r), b.solid+r.Dx()*r.Dy()
}

// joinRuns joins runs that lie side by side into rules, leaves out those that are part
// of something thicker than thick, and gives the rest with their rules. The runs are
// all level or all steep.
func joinRuns(runs []image.Rectangle, thick int) (kept, rules []image.Rectangle) {
	level := len(runs) > 0 && runs[0].Dy() == 1
	at := func(r image.Rectangle) int {
		if level {
			return r.Min.Y
		}
		return r.Min.X
	}
	slices.SortStableFunc(runs, func(a, b image.Rectangle) int { return cmp.Compare(at(a), at(b)) })
	var all, open []*bundle
	for _, r := range runs {
		open = slices.DeleteFunc(open, func(b *bundle) bool { return at(r)-at(b.last) > 1 })
		i := slices.IndexFunc(open, func(b *bundle) bool { return b.last.Inset(-2).Overlaps(r) })
		if i < 0 {
			i = len(open)
			open = append(open, &bundle{})
			all = append(all, open[i])
		}
		open[i].add(r)
	}
	for _, b := range all {
		if b.solid <= max(b.box.Dx(), b.box.Dy())*thick {
			kept, rules = append(kept, b.runs...), append(rules, b.box)
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
