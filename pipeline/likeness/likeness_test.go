package likeness_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/likeness"
	"hoso/testdata/paper"
)

// set gives the words of a sheet as a perfect recognizer would read them.
func set(s *paper.Sheet) pipeline.Page {
	p := pipeline.Page{Confidence: 96}
	for _, l := range s.Lines {
		var line pipeline.Line
		for _, w := range l {
			line.Words = append(line.Words, pipeline.Word{Text: w.Text})
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

func sketch(pages ...pipeline.Page) pipeline.Sketch {
	var s likeness.Sketcher
	for _, p := range pages {
		s.Add(p)
	}
	return s.Sketch()
}

// misread gives a page as a bad scan is read: of every hundred words one is lost and three
// have a letter wrong, some of those one that looks alike, and lines come in another
// order here and there.
func misread(r *rand.Rand, p pipeline.Page) pipeline.Page {
	var out pipeline.Page
	for _, l := range p.Lines {
		var line pipeline.Line
		for _, w := range l.Words {
			switch n := r.IntN(100); {
			case n < 1:
				continue
			case n < 4:
				w.Text = spoilt(r, w.Text)
			}
			line.Words = append(line.Words, w)
		}
		out.Lines = append(out.Lines, line)
	}
	for i := 1; i < len(out.Lines); i++ {
		if r.IntN(12) == 0 {
			out.Lines[i-1], out.Lines[i] = out.Lines[i], out.Lines[i-1]
		}
	}
	return out
}

func spoilt(r *rand.Rand, word string) string {
	runes := []rune(word)
	at := r.IntN(len(runes))
	alike := map[rune]rune{'0': 'O', '1': 'l', '5': 'S', '8': 'B', 'o': '0', 'l': '1', 'ư': 'u', 'ă': 'à', 'đ': 'd'}
	if other, ok := alike[runes[at]]; ok && r.IntN(3) == 0 {
		runes[at] = other
	} else {
		runes[at] = []rune("aeinthu03567")[r.IntN(12)]
	}
	return string(runes)
}

// TestForms: papers of one form, of other people and with other numbers, are never taken
// for the same, and each is known again although it is read badly.
func TestForms(t *testing.T) {
	t.Parallel()
	const each = 100
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(4, 4))
	known, all := 0, 0
	for _, layout := range paper.Layouts() {
		var sketches []pipeline.Sketch
		for seed := range uint64(each) {
			page := set(&paper.Vary(fonts, layout, seed+1<<30).Sheets[0])
			s := sketch(page)
			for i, other := range sketches {
				if kind, score := s.Like(other); kind != "" {
					t.Errorf("%s: papers %d and %d are taken for the same (%s, %.0f %%)", layout, i, seed, kind, score)
				}
			}
			sketches = append(sketches, s)
			all++
			if kind, _ := s.Like(sketch(misread(r, page))); kind == pipeline.LikeCopy {
				known++
			}
		}
	}
	if 100*known < 95*all {
		t.Errorf("%d of %d papers are known again when they are read badly, want 95 %%", known, all)
	}
	t.Logf("known again: %d of %d", known, all)
}

// TestPart: a paper is known within a stack that holds it, and not within another.
func TestPart(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	layouts := paper.Layouts()
	page := func(i, seed int) pipeline.Page {
		return set(&paper.Vary(fonts, layouts[i%len(layouts)], uint64(seed+i)).Sheets[0])
	}
	found := 0
	for i := range layouts {
		one := sketch(page(i, 0))
		for seed, kinds := range map[int][]pipeline.LikenessKind{
			// A form with few numbers of its own is not told, and a list of a thousand
			// numbers is all that is kept of its stack.
			0:    {pipeline.LikePart, pipeline.LikeCopy, ""},
			5000: {""},
		} {
			stack := sketch(page(i+1, seed), page(i+2, seed), page(i, seed))
			kind, _ := stack.Like(one)
			if !slices.Contains(kinds, kind) {
				t.Errorf("%s in a stack of seed %d: %q", layouts[i], seed, kind)
			}
			if kind != "" {
				found++
			}
		}
	}
	if 2*found < len(layouts) {
		t.Errorf("only %d of %d papers are known within a stack", found, len(layouts))
	}
	t.Logf("known within a stack: %d of %d", found, len(layouts))
}

// FuzzSketch: no text makes a sketch fail, the order of pages does not matter, what is
// stored comes back, and a paper is like itself as soon as it has a few numbers.
func FuzzSketch(f *testing.F) {
	f.Add("Số: 15/QĐ-UBND", "012345678901 ngày 05/03/2026")
	f.Add("O1/l2 \xff İ ﬁ", "đĐ ½ ٣٤ 1|1 -- ..")
	f.Fuzz(func(t *testing.T, one, other string) {
		a, b := page(one), page(other)
		s := sketch(a, b)
		turned := sketch(b, a)
		if !slices.Equal(s.Numbers, turned.Numbers) {
			t.Errorf("pages the other way round have other numbers")
		}
		if kind, _ := s.Like(s); kind != pipeline.LikeCopy && len(s.Numbers) >= 6 && len(s.Words) > 0 {
			t.Errorf("a paper is not like itself")
		}
		stored, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back pipeline.Sketch
		if err := back.UnmarshalBinary(stored); err != nil {
			t.Fatal(err)
		}
		again, err := back.MarshalBinary()
		if err != nil || !bytes.Equal(stored, again) {
			t.Errorf("a sketch changes when it is stored: %v", err)
		}
		_ = back.UnmarshalBinary([]byte(one)) // strange bytes are an error at worst
	})
}

func page(text string) pipeline.Page {
	var p pipeline.Page
	for line := range bytes.Lines([]byte(text)) {
		var l pipeline.Line
		for word := range bytes.SplitSeq(line, []byte(" ")) {
			l.Words = append(l.Words, pipeline.Word{Text: string(word)})
		}
		p.Lines = append(p.Lines, l)
	}
	return p
}

func BenchmarkSketch(b *testing.B) {
	fonts, err := paper.LoadFonts()
	if err != nil {
		b.Fatal(err)
	}
	p := set(&paper.Vary(fonts, paper.Register, 1).Sheets[0])
	for b.Loop() {
		sketch(p)
	}
}
