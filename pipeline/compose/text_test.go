package compose_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
)

// syllables of Vietnamese with every tone and vowel mark, and what else stands in
// official papers.
var syllables = strings.Fields(`nghiệm được giữa những quyền trưởng Ủy ban Nhân dân phường Đồng Hới
	CĂN CỨ ẲM ẴN ỄN ỶN ỹ ý ỡ ợ ưỡng ượt nguyễn Thị Nghĩa số 15/2026/QĐ-UBND ngày 23/11/2026 - : a ò 1 I
	H42.15.03-261123-0017 (bản sao) “trích” 5.000.000đ, Điều 3. khoản 2; 50% & <xã> \ ( ) § № ₫`)

// typeset lays random lines out as a recognizer would box them on a page that was
// scanned askew: every box lies level around its slanting word.
func typeset(rng *rand.Rand, p *pipeline.Page, askew float64) []string {
	sin, cos := math.Sincos(askew * math.Pi / 180)
	p.Skew = askew
	size := 34.0 // pixels of a line's height
	var want []string
	for y := 300.0; y < float64(p.Height)-300; y += 1.55 * size {
		var line pipeline.Line
		var texts []string
		x := 200.0
		for range 1 + rng.IntN(9) {
			text := syllables[rng.IntN(len(syllables))]
			if text == "-" {
				text += "o" // pdftotext joins a line that ends in a hyphen with the next
			}
			w := float64(len([]rune(text))) * size * (0.4 + 0.2*rng.Float64())
			// Words without ascenders or descenders are lower, as boxes of ink are.
			top, bottom := y+size*0.25*rng.Float64(), y+size*(1-0.2*rng.Float64())
			line.Words = append(line.Words, pipeline.Word{Text: text, Box: slanted([4]float64{x, top, x + w, bottom}, sin, cos)})
			texts = append(texts, text)
			x += w + size*(0.25+0.3*rng.Float64())
		}
		p.Lines = append(p.Lines, line)
		want = append(want, strings.Join(texts, " "))
	}
	return want
}

// slanted turns a rectangle clockwise about the origin and boxes it.
func slanted(r [4]float64, sin, cos float64) pipeline.Box {
	b := pipeline.Box{X0: math.MaxInt, Y0: math.MaxInt, X1: math.MinInt, Y1: math.MinInt}
	for _, p := range [4][2]float64{{r[0], r[1]}, {r[2], r[1]}, {r[0], r[3]}, {r[2], r[3]}} {
		x, y := p[0]*cos-p[1]*sin, p[0]*sin+p[1]*cos
		b.X0, b.X1 = min(b.X0, int(math.Floor(x))), max(b.X1, int(math.Ceil(x)))
		b.Y0, b.Y1 = min(b.Y0, int(math.Floor(y))), max(b.Y1, int(math.Ceil(y)))
	}
	return b
}

func TestTextComesOutInOrder(t *testing.T) {
	t.Parallel()
	for _, skew := range []float64{0, 0.4, -0.4, 1, -1, 2, -2, 3, -3} {
		t.Run(fmt.Sprint(skew), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(7, uint64(100+10*skew)))
			s := colorSheet(t, 40, 56)
			s.page.Width, s.page.Height = 2480, 3508
			var sheets []sheet
			var want []string
			for range 3 {
				one := s
				want = append(want, typeset(rng, &one.page, skew)...)
				sheets = append(sheets, one)
			}
			path := save(t, makeRecord(t, meta(), sheets...))
			for reader, text := range readers(t, path) {
				if diff := cmp.Diff(want, linesOf(text)); diff != "" {
					t.Errorf("%s at %g degrees (-want +got):\n%s", reader, skew, diff)
				}
			}
		})
	}
}

func TestCharactersBeyondTheUsual(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 800, 1130)
	// Decomposed letters, planes above the first, and what must never be mapped.
	s.page.Lines = words("Ha\u0300 No\u0323\u0302i", "𠀀𠮷 😀 𝔄bc", "№ ₫ † ‰ … “” – —", "a\x00b\uFEFFc\uFFFEd\uFFFFe", "x\u00a0y", "\xffz")
	s.page.Lines = append(s.page.Lines, pipeline.Line{Words: []pipeline.Word{{Text: "\x00"}, {Text: ""}}})
	path := save(t, makeRecord(t, meta(), s))
	accepted(t, path)
	want := []string{"Hà Nội", "𠀀𠮷 😀 𝔄bc", "№ ₫ † ‰ … “” – —", "abcde", "x y", "\uFFFDz"}
	for reader, text := range readers(t, path) {
		if diff := cmp.Diff(want, linesOf(text)); diff != "" {
			t.Errorf("%s reads (-want +got):\n%s", reader, diff)
		}
	}
}

func TestWordsInOddPlaces(t *testing.T) {
	t.Parallel()
	at := func(text string, x0, y0, x1, y1 int) pipeline.Word {
		return pipeline.Word{Text: text, Box: pipeline.Box{X0: x0, Y0: y0, X1: x1, Y1: y1}}
	}
	s := colorSheet(t, 800, 1130)
	s.page.Lines = []pipeline.Line{
		{Words: []pipeline.Word{at("left", -500, 40, 30, 70), at("right", 700, 40, 9000, 70)}},
		{Words: []pipeline.Word{at("point", 100, 168, 100, 168), at("turned", 300, 170, 200, 140)}},
		{Words: []pipeline.Word{{Text: "nowhere"}, {Text: "either"}}},
		{Words: []pipeline.Word{at("some", 100, 400, 180, 430), {Text: "follows"}, at("place", 400, 400, 480, 430)}},
		{Words: []pipeline.Word{at("under", 100, 5000, 200, 6000)}},
	}
	path := save(t, makeRecord(t, meta(), s))
	accepted(t, path)
	want := strings.Fields(s.page.Text())
	for reader, text := range readers(t, path) {
		want, got := slices.Clone(want), strings.Fields(text)
		if reader == "pdftotext" || reader == "pdftotext -layout" { // these order by place
			slices.Sort(want)
			slices.Sort(got)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s reads (-want +got):\n%s", reader, diff)
		}
	}
}
