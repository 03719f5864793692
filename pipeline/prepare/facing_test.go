package prepare_test

import (
	"image"
	"image/draw"
	"testing"
)

// A page is turned upright by its letters alone, whichever way it lies.
func TestFacing(t *testing.T) {
	t.Parallel()
	for quarters := range 4 {
		if p := prepared(t, letter(t, 200).Turned(quarters), 0); !p.Sure || p.Turn != (4-quarters)%4 {
			t.Errorf("turned by %d: turned back by %d, sure %v", quarters, p.Turn, p.Sure)
		}
	}
	few := sheet(t, 200)
	if err := few.Type(40, 60, "Regular", 13, "Giấy tờ"); err != nil {
		t.Fatal(err)
	}
	if p := prepared(t, few.Turned(2), 0); p.Sure || p.Turn != 0 {
		t.Errorf("few letters: turned by %d, sure %v", p.Turn, p.Sure)
	}
}

// A grid drawn over a page goes and is told of; its letters stay, and none of them is
// taken for a rule.
func TestRulesGo(t *testing.T) {
	t.Parallel()
	plain := letter(t, 200)
	before := prepared(t, plain, 0)
	ruled := plain.Copy()
	rules := []image.Rectangle{
		image.Rect(150, 1900, 1500, 1903), image.Rect(150, 2100, 1500, 2103),
		image.Rect(150, 1900, 153, 2103), image.Rect(800, 1900, 803, 2103), image.Rect(1497, 1900, 1500, 2103),
	}
	for _, r := range rules {
		draw.Draw(ruled.Image, r, image.Black, image.Point{}, draw.Src)
	}
	after := prepared(t, ruled, 0)
	if got := len(after.Rules) - len(before.Rules); got != len(rules) {
		t.Errorf("%d rules more than before, want %d: %v", got, len(rules), after.Rules)
	}
	for _, r := range rules {
		if n, was := ink(after.Gray, r), ink(before.Gray, r); n > was {
			t.Errorf("%d pixels of ink are left of the rule %v", n, r)
		}
	}
	words := image.Rect(230, 560, 1640, 625)
	if n, was := ink(after.Gray, words), ink(before.Gray, words); n != was {
		t.Errorf("the first line had %d pixels of ink and has %d", was, n)
	}
}

// Dust far from letters goes, the dots and marks of letters stay.
func TestDustGoes(t *testing.T) {
	t.Parallel()
	s := sheet(t, 200)
	if err := s.Type(40, 60, "Regular", 13, "ị ộ ặ i ị ọ ậ"); err != nil {
		t.Fatal(err)
	}
	line := image.Rect(280, 420, 700, 510)
	dots := prepared(t, s, 0)
	clean := ink(dots.Gray, line)
	dust := image.Rect(1000, 1500, 1004, 1504)
	draw.Draw(s.Image, dust, image.Black, image.Point{}, draw.Src)
	p := prepared(t, s, 0)
	if n := ink(p.Gray, dust); n != 0 {
		t.Errorf("%d pixels of dust are left", n)
	}
	if n := ink(p.Gray, line); n != clean || n < ink(gray(s), line)*9/10 {
		t.Errorf("of the letters %d pixels are left, %d without dust, %d drawn", n, clean, ink(gray(s), line))
	}
}
