package prepare_test

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// TestDotsInZerosGo: typewriter faces dot their zeros, and a dotted zero is read as 6, 8 or
// 9. The ring must stay, and so must the marks of letters.
func TestDotsInZerosGo(t *testing.T) {
	t.Parallel()
	s := letter(t, 200)
	before := len(prepared(t, s, 0).Ink)
	var zeros []image.Point
	for i := range 12 {
		zeros = append(zeros, image.Pt(300+20*i, 1900))
	}
	for _, c := range zeros {
		for y := -12; y <= 12; y++ {
			for x := -8; x <= 8; x++ {
				ring := math.Hypot(float64(x)/7, float64(y)/11)
				if ring > 0.75 && ring < 1.05 || max(x, -x) <= 1 && max(y, -y) <= 2 {
					s.Image.Set(c.X+x, c.Y+y, color.Black)
				}
			}
		}
	}
	p := prepared(t, s, 0)
	if got := len(p.Ink); got != before+len(zeros) {
		t.Errorf("%d pieces of ink are left of %d and %d zeros", got, before, len(zeros))
	}
	for _, c := range zeros {
		if p.Gray.GrayAt(c.X, c.Y).Y < 200 {
			t.Fatalf("a dot is left at %v", c)
		}
		if p.Gray.GrayAt(c.X-6, c.Y).Y > 120 {
			t.Fatalf("the zero at %v is gone", c)
		}
	}
}
