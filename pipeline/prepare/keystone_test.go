package prepare_test

import (
	"image"
	"math"
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/pagetest"
	"hoso/pipeline/prepare"
	"hoso/testdata/wear"
)

// photograph gives the picture of a sheet whose edges have lost shares of their length:
// the upper one on either side, and the right one above and below.
func photograph(s *pagetest.Sheet, upper, right float64) (*pagetest.Sheet, func(x, y float64) (float64, float64)) {
	w, h := float64(s.Image.Rect.Dx()), float64(s.Image.Rect.Dy())
	margin := 0.03 * w
	corners := [4]wear.Point{{X: upper * w}, {X: w - upper*w, Y: right * h}, {X: w, Y: h - right*h}, {Y: h}}
	for i := range corners {
		corners[i].X, corners[i].Y = corners[i].X+margin, corners[i].Y+margin
	}
	size := image.Pt(int(w+2*margin), int(h+2*margin))
	seen := *s
	seen.Image = wear.Photograph(s.Image, size, corners, 5)
	return &seen, wear.ToPicture(corners, w, h)
}

// TestObliquePagesAreFlattened photographs a letter from aside. Letters that stood on one
// line must do so on the picture for the recognizer, and what lies there must be traced
// back to where it lies on the photograph.
func TestObliquePagesAreFlattened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		upper, right float64
		turn         int
	}{
		"from below": {upper: 0.15}, "from the left": {right: 0.1}, "from a corner": {upper: 0.12, right: 0.12},
		"held level": {right: 0.08, turn: 1}, "barely": {right: 0.03},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := letter(t, 200)
			flat := prepared(t, s, 0)
			seen, toPicture := photograph(s, c.upper, c.right)
			p := prepared(t, seen.Turned(c.turn), (4-c.turn)%4)
			pairs := pairsOf(flat, p, toPicture)
			if 100*len(pairs) < 85*len(flat.Ink) {
				t.Fatalf("%d of %d pieces of ink are where they should be", len(pairs), len(flat.Ink))
			}
			if got := steepest(pairs, s.DPI); got > 0.008 {
				t.Errorf("a line slopes by %.3f", got)
			}
			if got := leaning(pairs, s.DPI); got > 0.05 {
				t.Errorf("what stands upright leans by %.3f", got)
			}
		})
	}
}

// pair is a piece of ink on the flat sheet and on the picture.
type pair struct{ flat, seen image.Rectangle }

// pairsOf finds the pieces of the flat sheet on the picture by the place that Box gives
// them on the photograph.
func pairsOf(flat, p *prepare.Prepared, toPicture func(x, y float64) (float64, float64)) []pair {
	const near = 4
	var out []pair
	for _, f := range flat.Ink {
		x, y := toPicture(float64(f.Min.X+f.Max.X)/2, float64(f.Min.Y+f.Max.Y)/2)
		for _, s := range p.Ink {
			b := p.Box(pipeline.Box{X0: s.Min.X, Y0: s.Min.Y, X1: s.Max.X, Y1: s.Max.Y})
			dx, dy := float64(b.X0+b.X1)/2-x, float64(b.Y0+b.Y1)/2-y
			if math.Hypot(dx, dy) < near {
				out = append(out, pair{f, s})
				break
			}
		}
	}
	return out
}

// steepest is the slope on the picture between pieces that stand on one line, which a tenth
// of them exceed.
func steepest(pairs []pair, dpi int) float64 {
	var all []float64
	for _, a := range pairs {
		for _, b := range pairs {
			if b.flat.Max.Y == a.flat.Max.Y && b.flat.Min.X-a.flat.Min.X > 2*dpi {
				all = append(all, math.Abs(float64(b.seen.Max.Y-a.seen.Max.Y)/float64(b.seen.Min.X-a.seen.Min.X)))
			}
		}
	}
	return ninthTenth(all)
}

// leaning is likewise by how much pieces above each other are displaced.
func leaning(pairs []pair, dpi int) float64 {
	var all []float64
	for _, a := range pairs {
		for _, b := range pairs {
			if b.flat.Min.X == a.flat.Min.X && b.flat.Min.Y-a.flat.Min.Y > 2*dpi {
				all = append(all, math.Abs(float64(b.seen.Min.X-a.seen.Min.X)/float64(b.seen.Min.Y-a.seen.Min.Y)))
			}
		}
	}
	return ninthTenth(all)
}

func ninthTenth(all []float64) float64 {
	if len(all) == 0 {
		return math.Inf(1)
	}
	slices.Sort(all)
	return all[len(all)*9/10]
}

// TestFlatPagesStay: what a scanner made is no photograph from aside, however it lies. It
// is levelled, and its picture is no larger than that takes.
func TestFlatPagesStay(t *testing.T) {
	t.Parallel()
	for _, degrees := range []float64{0, 2, -5} {
		p := prepared(t, letter(t, 200).Rotated(degrees), 0)
		if math.Abs(p.Skew-degrees) > 0.2 {
			t.Errorf("a page turned by %v degrees is taken to run by %.2f", degrees, p.Skew)
		}
		sin, cos := math.Sincos(math.Abs(p.Skew) * math.Pi / 180)
		if degrees == 0 {
			sin, cos = 0, 1
		}
		if want := float64(p.Width)*cos + float64(p.Height)*sin; math.Abs(float64(p.Gray.Rect.Dx())-want) > 1 {
			t.Errorf("the picture of a page turned by %v degrees is %d pixels wide, want %.0f", degrees, p.Gray.Rect.Dx(), want)
		}
	}
}
