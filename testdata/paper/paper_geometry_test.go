package paper_test

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"hoso/pipeline"
	"hoso/testdata/invent"
	"hoso/testdata/paper"
)

// TestVaryGeometry keeps every word on its sheet and off all others.
func TestVaryGeometry(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	for _, layout := range paper.Layouts() {
		for seed := range uint64(40) {
			p := paper.Vary(f, layout, seed)
			width, height := p.Sheets[0].Size()
			var words []paper.Word
			for _, l := range p.Sheets[0].Lines {
				words = append(words, l...)
			}
			for i, w := range words {
				if w.X < 20 || w.X+w.Width > width-20 || w.Y-w.Size < 15 || w.Y > height-15 {
					t.Errorf("%s/%d: %q leaves the sheet at %.0f,%.0f", layout, seed, w.Text, w.X, w.Y)
				}
				if w.Size < 6 {
					t.Errorf("%s/%d: %q is only %.1f points tall", layout, seed, w.Text, w.Size)
				}
				for _, o := range words[i+1:] {
					if math.Abs(o.Y-w.Y) < 30 && collide(w, o) {
						t.Errorf("%s/%d: %q at %.0f,%.0f lies on %q at %.0f,%.0f", layout, seed, w.Text, w.X, w.Y, o.Text, o.X, o.Y)
					}
				}
			}
		}
	}
}

// collide reports whether the letters of two words overlap.
func collide(a, b paper.Word) bool {
	return a.X < b.X+b.Width-0.5 && b.X < a.X+a.Width-0.5 && a.Y-a.Size*0.68 < b.Y+b.Size*0.18 && b.Y-b.Size*0.68 < a.Y+a.Size*0.18
}

// TestVaryFacts finds all fields and numbers on the paper, each number obeying its
// grammar.
func TestVaryFacts(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	seen := map[invent.Kind]int{}
	for _, layout := range paper.Layouts() {
		for seed := range uint64(20) {
			p := paper.Vary(f, layout, seed)
			text := strings.Join(strings.Fields(p.Text()), " ")
			stamps := strings.Join(p.Sheets[0].Stamps(paper.Look{}), " ")
			for name, fact := range printed(t, p.Facts) {
				for part := range strings.SplitSeq(fact, "; ") {
					if !strings.Contains(strings.ToLower(text+" "+stamps), strings.ToLower(part)) {
						t.Errorf("%s/%d: %s %q does not stand on the paper", layout, seed, name, fact)
					}
				}
			}
			for _, n := range p.Numbers() {
				seen[n.Kind]++
				if !strings.Contains(text, n.Text) || !grammar(t, n) {
					t.Errorf("%s/%d: %s %q is not on the paper or no such number", layout, seed, n.Kind, n.Text)
				}
			}
		}
	}
	for _, k := range []invent.Kind{invent.Dossier, invent.Identity, invent.Tax, invent.Document, invent.Date, invent.Money, invent.Procedure, invent.Phone} {
		if seen[k] < 20 {
			t.Errorf("only %d numbers of kind %s stand on 400 papers", seen[k], k)
		}
	}
}

// printed gives the facts that stand on a paper letter by letter.
func printed(t *testing.T, f paper.Facts) map[string]string {
	t.Helper()
	f.Date, f.OwnerBirth, f.ValidUntil, f.Pages = "", "", "", ""
	f.Procedure = "" // a code may be all that says it
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]string{}
	if err := json.Unmarshal(b, &facts); err != nil {
		t.Fatal(err)
	}
	return facts
}

func grammar(t *testing.T, n paper.Number) bool {
	t.Helper()
	switch n.Kind {
	case invent.Dossier:
		_, err := pipeline.ParseDossierNumber(n.Text)
		return err == nil
	case invent.Tax:
		digit, ok := invent.TaxCheck(n.Text[:9])
		return ok && int(n.Text[9]-'0') == digit && regexp.MustCompile(`^\d{10}(-\d{3})?$`).MatchString(n.Text)
	}
	return regexp.MustCompile(map[invent.Kind]string{
		invent.Identity:  `^0\d{2}[0-3]\d{8}$`,
		invent.Document:  `^\d{2,4}/(\d{4}/)?\p{Lu}\p{L}*(-\p{Lu}\p{L}*)*$`,
		invent.Date:      `^(\d\d/\d\d/\d{4}|ngày \d\d tháng (0[12]|[3-9]|1[0-2]) năm \d{4})$`,
		invent.Money:     `^\d{1,3}(\.\d{3})+ đồng$|^\d{3} đồng$`,
		invent.Procedure: `^\d\.\d{6}(\.000\.00\.00\.H98)?$`,
		invent.Phone:     `^0000[ .]\d{3}[ .]\d{3}$`,
	}[n.Kind]).MatchString(n.Text)
}

// TestAlphabet finds every letter of Vietnamese, small and capital, with every
// tone.
func TestAlphabet(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	letters := map[rune]int{}
	for i := range 400 {
		layouts := paper.Layouts()
		for _, r := range paper.Vary(f, layouts[i%len(layouts)], uint64(i)).Text() {
			letters[r]++
		}
	}
	var missing []rune
	for _, r := range alphabet() {
		for _, c := range []rune{r, unicode.ToUpper(r)} {
			if letters[c] == 0 {
				missing = append(missing, c)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("400 papers lack %q", string(missing))
	}
}

func alphabet() []rune {
	return []rune("aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ")
}

// TestFaces has all typefaces installed, used, and complete.
func TestFaces(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	if missing := f.Missing(); len(missing) > 0 {
		t.Fatalf("typefaces are missing: install %v", missing)
	}
	names := map[string]bool{}
	for seed := range uint64(300) {
		p := paper.Vary(f, paper.Fee, seed)
		names[p.Truth(0, paper.Look{}).Face] = true
	}
	if len(names) < 9 {
		t.Errorf("only %d typefaces are used: %v", len(names), names)
	}
}

// TestUnder finds the words under a seal where it was set, and none without seals.
func TestUnder(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	for seed := range uint64(30) {
		p := paper.Vary(f, paper.Decision, seed)
		words := strings.Fields(p.Text())
		look := paper.Look{Marks: paper.Marks{Seals: paper.SealOverBody}, Seed: seed}
		truth := p.Truth(0, look)
		if len(truth.Under) < 3 {
			t.Errorf("seed %d: only %q lie under a seal over the body", seed, truth.Under)
		}
		for i, at := range truth.At {
			if words[at] != truth.Under[i] {
				t.Errorf("seed %d: word %d is %q, want %q", seed, at, words[at], truth.Under[i])
			}
		}
		look.Marks.Seals = paper.NoSeals
		if bare := p.Truth(0, look); len(bare.Under) > 0 {
			t.Errorf("seed %d: %q lie under no seal", seed, bare.Under)
		}
	}
}

// TestStampsAreNotText keeps what stamps say out of the words.
func TestStampsAreNotText(t *testing.T) {
	t.Parallel()
	p := paper.Vary(fonts(t), paper.Certified, 4)
	truth := p.Truth(0, paper.Look{})
	if len(truth.Stamps) == 0 || !strings.Contains(truth.Stamps[0], "CHỨNG THỰC BẢN SAO") {
		t.Errorf("stamps = %q, want the certification", truth.Stamps)
	}
	if strings.Contains(p.Text(), "CHỨNG THỰC BẢN SAO") {
		t.Error("a stamp's words are among the paper's")
	}
	if slices.Contains(strings.Fields(p.Text()), "SCT/BS") {
		t.Error("a stamp's number is among the paper's")
	}
}
