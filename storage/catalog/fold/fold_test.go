package fold_test

import (
	"strings"
	"testing"
	"testing/quick"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"hoso/storage/catalog/fold"
)

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                        "",
		"hòa":                     "hoa",
		"hoà":                     "hoa",
		"HÒA BÌNH":                "hoa binh",
		"Đất đai":                 "dat dai",
		"ƯỠN ẫ ươn ệ ộ ự ợ ỹ":     "uon a uon e o u o y",
		"Cộng hòa xã hội chủ":     "cong hoa xa hoi chu",
		norm.NFD.String("Nguyễn"): "nguyen",
		"e\u0323\u0302":           "e", // dot below written first
		"e\u0302\u0323":           "e",
		"15/QĐ-BNV":               "15/qd-bnv",
		"Ωmega ψ":                 "ωmega ψ",
		"한글":                      "한글",
		"\xff\xfea":               "\ufffd\ufffda",
	} {
		if got := fold.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTone(t *testing.T) {
	t.Parallel()
	same := [][2]string{
		{"hòa", "hoà"},
		{"HÒA", "hoà"},
		{"thủy", "thuỷ"},
		{"khoẻ", "khỏe"},
		{norm.NFD.String("quyết"), "quyết"},
	}
	for _, p := range same {
		if fold.Tone(p[0]) != fold.Tone(p[1]) {
			t.Errorf("Tone(%q) = %q and Tone(%q) = %q, want the same", p[0], fold.Tone(p[0]), p[1], fold.Tone(p[1]))
		}
	}
	words := []string{"hoa", "hòa", "hóa", "hỏa", "hõa", "họa", "hôa", "dat", "đat", "đất", "đât", "dât", "mo", "mơ", "mô", "mờ"}
	seen := map[string]string{}
	for _, w := range words {
		if other, ok := seen[fold.Tone(w)]; ok {
			t.Errorf("Tone is %q for both %q and %q", fold.Tone(w), w, other)
		}
		seen[fold.Tone(w)] = w
	}
}

// TestEveryCharacter holds Text to its promises on all characters that there are (the
// later planes are empty or of ideographs), and those of Europe also beside others.
func TestEveryCharacter(t *testing.T) {
	t.Parallel()
	for r := range rune(0x20000) {
		if !utf8.ValidRune(r) || r >= 0x3400 && unicode.Is(unicode.Han, r) {
			continue
		}
		all := []string{string(r)}
		if r < 0x0600 || r >= 0x1E00 && r < 0x2200 {
			all = append(all, "a"+string(r), string(r)+"\u0301")
		}
		for _, s := range all {
			if problem := broken(s); problem != "" {
				t.Fatalf("%U in %q: %s", r, s, problem)
			}
		}
	}
}

func TestAnyText(t *testing.T) {
	t.Parallel()
	holds := func(s string) bool { return broken(s) == "" }
	if err := quick.Check(holds, &quick.Config{MaxCount: 1000}); err != nil {
		t.Error(err)
	}
}

// broken names the promise that Text does not keep for s.
func broken(s string) string {
	f := fold.Text(s)
	switch {
	case fold.Text(f) != f:
		return "not idempotent: " + f + " then " + fold.Text(f)
	case fold.Text(norm.NFC.String(s)) != f:
		return "NFC folds to something else"
	case fold.Text(norm.NFD.String(s)) != f:
		return "NFD folds to something else"
	case !norm.NFC.IsNormalString(f):
		return "not NFC"
	}
	return ""
}

func TestWords(t *testing.T) {
	t.Parallel()
	s := "Số: 15/QĐ-BNV, «Hoà Bình» don_xin.pdf"
	var got []string
	for w := range fold.Words(s) {
		got = append(got, w.Text+"="+s[w.Start:w.End])
	}
	want := []string{"so=Số", "15=15", "qd=QĐ", "bnv=BNV", "hoa=Hoà", "binh=Bình", "don=don", "xin=xin", "pdf=pdf"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("words (-want +got):\n%s", d)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Số: 15/QĐ-BNV \"hòa\"")
	f.Add("e\u0323\u0302 \x00 \xff" + strings.Repeat("ă", 100))
	f.Fuzz(func(t *testing.T, s string) {
		if problem := broken(s); problem != "" {
			t.Fatalf("%q: %s", s, problem)
		}
		last := 0
		for w := range fold.Words(s) {
			if w.Start < last || w.End <= w.Start || w.End > len(s) {
				t.Fatalf("%q: word %+v is out of order", s, w)
			}
			if w.Text == "" || len(w.Text) > fold.Longest {
				t.Fatalf("%q: word %+v is empty or too long", s, w)
			}
			last = w.End
		}
	})
}

func BenchmarkWords(b *testing.B) {
	text := strings.Repeat("Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc. Số: 15/QĐ-BNV\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for range fold.Words(text) {
			continue
		}
	}
}
