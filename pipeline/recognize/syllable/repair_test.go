package syllable_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline/recognize/syllable"
)

// TestRepairs misreads words in the ways that recognizers do, and wants the right one
// among the first three readings, or as the very first.
func TestRepairs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		misread, want string
		kind          syllable.Confusion
		among         int
	}{
		{"thuât", "thuật", syllable.ToneMark, 1},
		{"QUYÊT", "QUYẾT", syllable.ToneMark, 1},
		{"Viêt", "Việt", syllable.ToneMark, 2},
		{"đươc,", "được,", syllable.ToneMark, 1},
		{"ngàỵ", "ngày", syllable.ToneMark, 1},
		{"hòan", "hoàn", syllable.TonePlace, 1},
		{"qúy", "quý", syllable.TonePlace, 1},
		{"(cuả", "(của", syllable.TonePlace, 1},
		{"nguời", "người", syllable.VowelMark, 1},
		{"trưòng", "trường", syllable.VowelMark, 1},
		{"PHUỜNG", "PHƯỜNG", syllable.VowelMark, 1},
		{"nuóc", "nước", syllable.VowelMark, 2},
		{"Nguyen", "Nguyên", syllable.VowelMark, 1},
		{"tiên̄", "tiên", syllable.Stray, 1},
		{"nguyêñ", "nguyên", syllable.VowelMark, 1},
		{"chinḥ", "chinh", syllable.VowelMark, 1},
		{"Ðịnh", "Định", syllable.Eth, 1},
		{"ðồng", "đồng", syllable.Eth, 1},
		{"TlNH", "TỈNH", syllable.Shape, 5},
		{"tlnh", "tinh", syllable.Shape, 3},
		{"Đ1ỀU", "ĐIỀU", syllable.Digit, 1},
		{"N0I", "NƠI", syllable.Digit, 2},
		{"h0ạt", "hoạt", syllable.Digit, 1},
		{"th|nh", "thịnh", syllable.Digit, 4},
		{"5ở", "sở", syllable.Digit, 1},
		{"rnột", "một", syllable.Sequence, 1},
		{"clân", "dân", syllable.Sequence, 1},
		{"hiiyện", "huyện", syllable.Sequence, 1},
		{"thànlı", "thành", syllable.Sequence, 1},
		{"Nguyễrn", "Nguyễn", syllable.Sequence, 1},
		{"tháug", "tháng", syllable.Shape, 1},
		{"hànb", "hành", syllable.Shape, 1},
		{"thcm", "them", syllable.Shape, 3},
		{"thhực", "thực", syllable.Doubled, 1},
		{"ỦYY", "ỦY", syllable.Doubled, 1},
		{"hợpp.", "hợp.", syllable.Doubled, 1},
		{"chu'a", "chưa", syllable.Stray, 1},
		{"đu’ợc", "được", syllable.Stray, 1},
		{"co'", "", "", 0}, // the apostrophe may close a quotation
		{"đi.nh", "định", syllable.Stray, 2},
		{"hiệ.n", "hiện", syllable.Stray, 1},
		{"HòA", "HÒA", syllable.Capitals, 1},
		{"ĐiềU", "ĐIỀU", syllable.Capitals, 1},
		{"Khoa/Bô-môm", "", "", 0}, // spelled right, each of them
		{"Khoa/Bộ-thuât", "Khoa/Bộ-thuật", syllable.ToneMark, 1},
		{"P.Truởng", "P.Trưởng", syllable.VowelMark, 1},
	} {
		got := syllable.Repairs(c.misread)
		if c.want == "" {
			if len(got) > 0 {
				t.Errorf("Repairs(%q) = %v, want none", c.misread, got)
			}
			continue
		}
		at := slices.IndexFunc(got, func(r syllable.Repair) bool { return r.Text == c.want })
		if at < 0 || at >= c.among || got[at].Kind != c.kind {
			t.Errorf("Repairs(%q) = %v, want %q by %s among the first %d", c.misread, got, c.want, c.kind, c.among)
		}
	}
}

func TestNothingToRepair(t *testing.T) {
	t.Parallel()
	words := office + ` UBND TTHC, QĐ-UBND 12/QĐ-UBND 1.250.000 km m² II iv ThS. TTr D600 A1 V/v ./. - “ Đắk Lắk Kon Tum
		nnqanh@tdu.edu.vn https://sid.tdu.edu.vn/) www.gov.vn Khoa/Bộ Đỗ Hải ÐD ` + strings.ToUpper(office)
	for word := range strings.FieldsSeq(words) {
		if got := syllable.Repairs(word); len(got) > 0 {
			t.Errorf("Repairs(%q) = %v, want none", word, got)
		}
	}
	for _, word := range []string{"", "\xff", "\x00", "☃", "a\xffb"} {
		if got := syllable.Repairs(word); len(got) > 0 {
			t.Errorf("Repairs(%q) = %v, want none", word, got)
		}
	}
}

// check holds the readings of any word to what is promised of them.
func check(t *testing.T, word string) {
	t.Helper()
	got := syllable.Repairs(word)
	if len(got) > syllable.MaxRepairs {
		t.Errorf("Repairs(%q) gives %d readings", word, len(got))
	}
	if _, core, _ := syllable.Core(word); len(got) > 0 {
		if s, ok := syllable.Parse(core); ok && s.Case != syllable.Mixed {
			t.Errorf("Repairs(%q) repairs what is right: %v", word, got)
		}
	}
	texts := map[string]bool{}
	for i, r := range got {
		_, core, _ := syllable.Core(r.Text)
		for _, part := range syllable.Parts(core) {
			if k := syllable.KindOf(part); k == syllable.Foreign && !strings.Contains(word, part) {
				t.Errorf("Repairs(%q) gives %q", word, r.Text)
			}
		}
		switch {
		case r.Text == word || texts[r.Text]:
			t.Errorf("Repairs(%q) gives %q again", word, r.Text)
		case r.Cost < 1 || i > 0 && r.Cost < got[i-1].Cost:
			t.Errorf("Repairs(%q) are not in the order of cost: %v", word, got)
		case r.Kind == "":
			t.Errorf("Repairs(%q) gives %q for no reason", word, r.Text)
		}
		texts[r.Text] = true
	}
}

// TestRepairsOfEveryMisreading puts every letter in every place of some words.
func TestRepairsOfEveryMisreading(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"nghiêng", "Thuỷ", "QUYẾT", "được", "gì", "ở", "P.Trưởng,"} {
		letters := []rune(word)
		for i, right := range letters {
			for _, wrong := range "abcdefghijklmnopqrstuvwxyzăâđêôơưÁẢỵ01258|'.^~?`-/ðüṭ\u0323\u0301" {
				letters[i] = wrong
				check(t, string(letters))
			}
			letters[i] = right
		}
	}
}

func TestLongWordsCostNothing(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"ư", "th", "1", "a'", "-", "â.", "\u0301", "\xff", "Aa", "ii"} {
		word := strings.Repeat(unit, 10_000/len([]rune(unit)))
		start := time.Now()
		check(t, word)
		syllable.Plausibility(word)
		syllable.KindOf(word)
		syllable.CaseRepair([]string{word})
		if took := time.Since(start); took > time.Second {
			t.Errorf("10,000 runes of %q took %v", unit, took)
		}
	}
}

// TestDemonstrationScans goes through the true text of the demonstration scans: all
// that is printed there must be plausible, and nothing of it repaired.
func TestDemonstrationScans(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../testdata/scans/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no texts of scans: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for word := range strings.FieldsSeq(string(text)) {
			if g := syllable.Plausibility(word); g < syllable.Possible || len(syllable.Repairs(word)) > 0 {
				t.Errorf("%s: %q is graded %d and repaired to %v", filepath.Base(name), word, g, syllable.Repairs(word))
			}
		}
	}
}

func FuzzRepairs(f *testing.F) {
	for _, word := range []string{"thuât", "đi.nh", "“Về", "P.Truởng", "HòA", "tlnh", "\xff", "a\u0323\u0301", "Đ1ỀU"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		check(t, word)
		prefix, core, suffix := syllable.Core(word)
		if prefix+core+suffix != word {
			t.Errorf("Core(%q) = %q, %q, %q", word, prefix, core, suffix)
		}
		if s, ok := syllable.Parse(core); ok {
			if again, ok := syllable.Parse(s.String()); s.Case != syllable.Mixed && (!ok || again != s) {
				t.Errorf("Parse(%q) = %+v, written %q", core, s, s)
			}
			if syllable.Plausibility(word) < syllable.Rare || syllable.KindOf(word) != syllable.Native && syllable.KindOf(word) != syllable.Number {
				t.Errorf("%q is a syllable of grade %d and kind %d", core, syllable.Plausibility(word), syllable.KindOf(word))
			}
		}
		if out := syllable.CaseRepair([]string{word}); len(out) != 1 {
			t.Errorf("CaseRepair gives %d words for one", len(out))
		}
	})
}
