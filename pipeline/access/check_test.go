package access

import "testing"

// TestStrokesDiffer: a dot that went or came is found; a stroke whose edge moved by
// half a pixel is the same stroke.
func TestStrokesDiffer(t *testing.T) {
	t.Parallel()
	const width, height, full = 40, 30, 220
	draw := func(parts ...[5]int) []uint8 {
		plane := make([]uint8, width*height)
		for _, p := range parts {
			for y := p[1]; y < p[3]; y++ {
				for x := p[0]; x < p[2]; x++ {
					plane[y*width+x] = uint8(p[4])
				}
			}
		}
		return plane
	}
	stem, dot := [5]int{10, 8, 14, 26, full}, [5]int{11, 2, 14, 5, full}
	hook := [5]int{16, 2, 18, 4, full}
	for _, c := range []struct {
		name          string
		sheet, copied []uint8
		want          bool
	}{
		{"the same", draw(stem, dot), draw(stem, dot), false},
		{"no dot", draw(stem, dot), draw(stem), true},
		{"a dot that was not there", draw(stem), draw(stem, dot), true},
		{"no hook", draw(stem, dot, hook), draw(stem, dot), true},
		{"a grey edge inked", draw(stem, [5]int{14, 8, 15, 26, full * 55 / 100}), draw(stem, [5]int{14, 8, 15, 26, full}), false},
		{"a grey edge left out", draw(stem, [5]int{14, 8, 15, 26, full * 45 / 100}), draw(stem), false},
		{"paler ink", draw(stem, dot), draw([5]int{10, 8, 14, 26, 140}, [5]int{11, 2, 14, 5, 140}), false},
	} {
		if got := strokesDiffer(c.sheet, c.copied, width, area{0, 0, width, height}, full); got != c.want {
			t.Errorf("%s: differs %t, want %t", c.name, got, c.want)
		}
	}
}

// TestBlobs: spans that touch, corners included, are one blob.
func TestBlobs(t *testing.T) {
	t.Parallel()
	rows := []string{
		"##..#..",
		"..#.#..",
		"....#.#",
		"#.....#",
		"#####.#",
	}
	k := &ink{width: 7, height: len(rows)}
	for _, r := range rows {
		for _, c := range r {
			v := bare
			if c == '#' {
				v = black
			}
			k.tone = append(k.tone, v)
		}
	}
	spans, parents := k.spans()
	roots := map[int]bool{}
	for _, s := range spans {
		roots[root(parents, s.blob)] = true
	}
	if len(roots) != 4 {
		t.Errorf("%d blobs, want 4", len(roots))
	}
}
