package recognize_test

import (
	"image"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
)

// rowHigh is the height of the rows of lists here.
const rowHigh = 60

// listed sets a list of a column of numbers and one of names, between ruled lines. In the
// column stand: a word; a word that was read with 40 only, behind ~; a word that was read
// with 99, behind !; ink that was not read, *; nothing, -. The ink is of two figures.
func listed(column string) (page []pipeline.Line, ink, rules []image.Rectangle) {
	fields := strings.Fields(column)
	bottom := 500 + rowHigh*len(fields)
	for y := 500; y <= bottom; y += rowHigh {
		rules = append(rules, image.Rect(0, y, 900, y+2))
	}
	for _, x := range []int{0, 120, 900} {
		rules = append(rules, image.Rect(x, 500, x+2, bottom+2))
	}
	for i, f := range fields {
		y := 500 + rowHigh*i + 20
		page = append(page, at(300, y, "quyết định"))
		switch f {
		case "-":
		case "*":
			ink = append(ink, image.Rect(40, y, 50, y+20), image.Rect(52, y, 62, y+20))
		default:
			l := at(40, y, strings.Trim(f, "~!"))
			l.Words[0].Confidence = confidence(f)
			page = append(page, l)
		}
	}
	return page, ink, rules
}

// confidence is that of a word of a column.
func confidence(field string) float32 {
	switch field[0] {
	case '~':
		return 40
	case '!':
		return 99
	}
	return 92
}

// ruled gives the ruled lines of a list, and those that are level.
func ruled(rules []image.Rectangle) map[string][]image.Rectangle {
	steep := func(r image.Rectangle) bool { return r.Dy() > r.Dx() }
	return map[string][]image.Rectangle{"boxed": rules, "level lines": slices.DeleteFunc(slices.Clone(rules), steep)}
}

// at sets a line read with 96 at a place.
func at(x, y int, s string) pipeline.Line {
	l := sure(set(y, 0, s), 96)
	for i := range l.Words {
		l.Words[i].Box.X0 += x
		l.Words[i].Box.X1 += x
	}
	return l
}

// firsts gives what was read in the column of numbers.
func firsts(lines []pipeline.Line) string {
	var texts []string
	for _, l := range lines {
		text := "-"
		if w := l.Words[0]; w.Box.X0 < 120 {
			text = w.Text
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}

func TestNumbersOfRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, read, closer, want string }{
		{"misread", "STT 1 2 ~œ 4 ~ƠI 6", "", "STT 1 2 3 4 5 6"},
		{"misread with assurance", "STT 1 2 3 œ 5 6", "", "STT 1 2 3 4 5 6"},
		{"not read", "1 2 * 4 5", "", "1 2 3 4 5"},
		{"the first", "STT ~C 2 3 4", "", "STT 1 2 3 4"},
		{"rest of a ruled line", "1_ 2 3_ 4 5", "", "1 2 3 4 5"},
		{"in two digits", "01 02 ~S 04 05 06 07 08 09 ~l0", "- - - - - - - - - 10", "01 02 03 04 05 06 07 08 09 10"},
		{"with a stop", "1. 2. ~¬I 4. 5.", "", "1. 2. 3. 4. 5."},
		{"of the second page", "TT 14 15 ~œ 17", "", "TT 14 15 16 17"},
		{"the last, seen again", "1 2 3 ~+", "- - - 4", "1 2 3 4"},
		{"a doubtful number, seen again", "1 2 ~8 4 5", "- - 3 - -", "1 2 3 4 5"},
		{"half of a number", "8 9 ~1+ 11 12", "- - 10 - -", "8 9 10 11 12"},
		{"few, seen again", "STT 1 ~C ~œ ~+", "- - 2 3 4", "STT 1 2 3 4"},
		{"beginning again", "1 2 ~œ 4 1 2 ~œ 4", "", "1 2 3 4 1 2 3 4"},

		{"the last", "1 2 3 ~+", "", "1 2 3 +"},
		{"surely another number", "1 2 !8 4 5", "- - 3 - -", "1 2 8 4 5"},
		{"a doubtful number", "1 2 ~8 4 5", "", "1 2 8 4 5"},
		{"a surely read letter", "1 2 !A 4 5", "", "1 2 A 4 5"},
		{"a word", "1 2 ~Phường 4 5", "", "1 2 Phường 4 5"},
		{"a sum", "1 2 3 ~Cộng", "", "1 2 3 Cộng"},
		{"a row without a number", "1 2 - 3 4 5", "", "1 2 - 3 4 5"},
		{"groups in Roman numbers", "~I 1 2 3 ~II 1 2 3", "", "I 1 2 3 II 1 2 3"},
		{"groups in letters", "1 2 ~a ~b 3 4 5", "", "1 2 a b 3 4 5"},
		{"two that agree", "1 ~œ 3", "", "1 œ 3"},
		{"sums, not numbers of rows", "3 ~œ 12 5 40", "", "3 œ 12 5 40"},
		{"a head", "TT ~STT 3 4 5", "", "TT STT 3 4 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			page, ink, rules := listed(c.read)
			e := &proof{told: told{page: page}}
			if c.closer != "" {
				e.printed, _, _ = listed(c.closer)
			}
			for how, rules := range ruled(rules) {
				if got := firsts(finish(t, e, ink, rules)); got != c.want {
					t.Errorf("%s: read %q, want %q", how, got, c.want)
				}
			}
		})
	}
}

func TestMendedNumbersOfRowsAreMarked(t *testing.T) {
	t.Parallel()
	page, ink, rules := listed("STT 1 2 ~œ 4 * 6")
	lines := finish(t, &told{page: page}, ink, rules)
	for row, want := range map[int]pipeline.Word{
		2: {Text: "2", Box: pipeline.Box{X0: 40, Y0: 640, X1: 50, Y1: 660}},
		3: {Text: "3", Was: "œ", Box: pipeline.Box{X0: 40, Y0: 700, X1: 50, Y1: 720}},
		5: {Text: "5", Box: pipeline.Box{X0: 40, Y0: 820, X1: 62, Y1: 840}},
	} {
		got := lines[row].Words[0]
		if got.Confidence < 80 || got.Confidence > 99.5 {
			t.Errorf("row %d: %q with a confidence of %.1f", row, got.Text, got.Confidence)
		}
		if want.Confidence = got.Confidence; got != want {
			t.Errorf("row %d is %+v, want %+v", row, got, want)
		}
	}
}

// TestTwoRowsInOneCell: numbers below one another number rows even where no ruled line
// parts these.
func TestTwoRowsInOneCell(t *testing.T) {
	t.Parallel()
	page, ink, rules := listed("STT 1 2 ~œ 4 5 6")
	rules = append(rules[:4:4], rules[5:]...) // that below the third row
	for how, rules := range ruled(rules) {
		if got, want := firsts(finish(t, &told{page: page}, ink, rules)), "STT 1 2 3 4 5 6"; got != want {
			t.Errorf("%s: read %q, want %q", how, got, want)
		}
	}
}

func TestColumnsThatWereReadAreNotLookedAtAgain(t *testing.T) {
	t.Parallel()
	page, ink, rules := listed("STT !1 !2 !3 !4")
	e := &told{page: page, deep: true}
	if got := firsts(finish(t, e, ink, rules)); got != "STT 1 2 3 4" || len(e.looks) > 0 {
		t.Errorf("read %q after %d looks", got, len(e.looks))
	}
}

// TestNumbersOfItems: a figure before a stop at the beginning of a line is read again where
// the lines above and below count; there, and nowhere else.
func TestNumbersOfItems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, read, closer, want string }{
		{"figures passed over", "1. . . 4. 5.", "- 2. 3. - -", "1. 2. 3. 4. 5."},
		{"all but the first", "1. . . .", "- 2. 3. 4.", "1. 2. 3. 4."},
		{"one that no look reads", "1. 2. . 4. 5.", "", "1. 2. 3. 4. 5."},
		{"a comma", "1. 2, 3. 4.", "", "1. 2. 3. 4."},
		{"misread", "1. 2. ~8. 4.", "- - 3. -", "1. 2. 3. 4."},
		{"surely another number", "1. 2. !8. 4.", "- - 3. -", "1. 2. 8. 4."},
		{"a doubtful number", "1. 2. ~8. 4.", "", "1. 2. 8. 4."},
		{"dashes", "+ + + +", "1. 2. 3. 4.", "+ + + +"},
		{"a dash between", "1. 2. + 4.", "", "1. 2. + 4."},
		{"two items and a number", "1. 2. ~12", "", "1. 2. 12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &proof{told: told{page: itemised(c.read)}, printed: itemised(c.closer)}
			var ink []image.Rectangle
			for i, f := range strings.Fields(c.read) {
				if f == "." {
					ink = append(ink, image.Rect(40, 500+40*i, 48, 520+40*i))
				}
			}
			if got := firsts(finish(t, e, ink, nil)); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

// itemised sets lines of words behind numbers; of a stop alone the figure is missing.
func itemised(column string) []pipeline.Line {
	var out []pipeline.Line
	for i, f := range strings.Fields(column) {
		y := 500 + 40*i
		l := at(70, y, "quyết định")
		if f != "-" {
			x := 40
			if f == "." {
				x = 50
			}
			n := at(x, y, strings.Trim(f, "~!"))
			n.Words[0].Confidence = confidence(f)
			l.Words = append(n.Words, l.Words...)
		}
		out = append(out, l)
	}
	return out
}

// TestNumbersOfItemsReadUpright: figures below one another that were read as a line that
// runs upright return to the stops behind them.
func TestNumbersOfItemsReadUpright(t *testing.T) {
	t.Parallel()
	page := itemised("1. . . . 5. 6. 7.")
	var upright pipeline.Line
	for i, s := range []string{"C2", "œ", "+"} {
		w := at(38, 540+40*i, s).Words[0]
		w.Confidence = 40
		upright.Words = append(upright.Words, w)
	}
	got := finish(t, &told{page: append(page, upright)}, nil, nil)
	if column := firsts(got); column != "1. 2. 3. 4. 5. 6. 7." {
		t.Errorf("read %q", column)
	}
	if w := got[1].Words[0]; w.Was != "C2 ." || w.Box.X0 != 38 {
		t.Errorf("mended %+v", w)
	}
}

// TestASureFigureBesideAStopStays: a figure that was surely read is not altered because its
// stop was read as a word of its own.
func TestASureFigureBesideAStopStays(t *testing.T) {
	t.Parallel()
	page := itemised("1. 2. !8 4. 5.")
	stop := at(52, 580, ".").Words[0]
	page[2].Words = append([]pipeline.Word{page[2].Words[0], stop}, page[2].Words[1:]...)
	got := firsts(finish(t, &proof{told: told{page: page}, printed: itemised("- - 3. - -")}, nil, nil))
	if want := "1. 2. 8 4. 5."; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
}
