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
			l.Words[0].Confidence = map[byte]float32{'~': 40, '!': 99}[f[0]]
			if l.Words[0].Confidence == 0 {
				l.Words[0].Confidence = 92
			}
			page = append(page, l)
		}
	}
	return page, ink, rules
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
