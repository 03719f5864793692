package syllable_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline/recognize/syllable"
)

func TestAlternatives(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"Cân": "Căn", "ĐÓC,": "ĐỐC,", "đông": "đồng", "dăng": "đăng", "sô": "số", "(tô": "(tổ", "TRUYÊN": "TRUYỀN",
	} {
		got := syllable.Judge{}.Alternatives(word)
		if !slices.ContainsFunc(got, func(r syllable.Repair) bool { return r.Text == want }) {
			t.Errorf("Alternatives(%q) = %v, want %q among them", word, got, want)
		}
		for _, r := range got {
			if r.Text == word || syllable.Plausibility(r.Text) < syllable.Attested {
				t.Errorf("Alternatives(%q) offers %q", word, r.Text)
			}
		}
		if len(got) > syllable.MaxRepairs {
			t.Errorf("Alternatives(%q) offers %d", word, len(got))
		}
	}
	for _, r := range (syllable.Judge{}).Alternatives("toà") {
		if r.Text == "tòa" {
			t.Error("another placement of the tone counts as another word")
		}
	}
	for _, word := range []string{"", "UBND", "thuât", "HòA", "12", "Khoa/Bộ", strings.Repeat("a", 10_000)} {
		if got := (syllable.Judge{}).Alternatives(word); len(got) > 0 {
			t.Errorf("Alternatives(%q) = %v, want none", word, got)
		}
	}
}

func TestTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, second string
		want          bool
	}{
		{"căn", "cứ", true},
		{"QUYẾT", "ĐỊNH:", true},
		{"(Ủy", "ban", true},
		{"Uỷ", "ban", true},
		{"cộng", "hoà", true},
		{"Cần", "Thơ", true},
		{"VIỆT", "NAM", true},
		{"Đô", "Thị", false}, // Đỗ Thị is a name
		{"căn,", "cứ", false},
		{"căn", "(cứ", false},
		{"cân", "cứ", false},
		{"cứ", "căn", false},
		{"", "", false},
		{"12/QĐ", "-", false},
	} {
		if got := syllable.Together(c.first, c.second); got != c.want {
			t.Errorf("Together(%q, %q) = %v", c.first, c.second, got)
		}
	}
}

func TestInContext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, word, after, want string }{
		{"", "Cân", "cứ", "Căn"},
		{"GIÁM", "ĐÓC", "", "ĐỐC"},
		{"Hội", "đông", "trường", "đồng"},
		{"đơn", "vị", "đăng", ""},
		{"vị", "dăng", "ký", "đăng"},
		{"", "QUYÊT", "ĐỊNH:", "QUYẾT"},
		{"việc", "tô", "chức.", "tổ"},
		{"của", "Chỉnh", "phủ,", "Chính"},
		{"đông", "đảo", "người", ""},
		{"", "Cân,", "cứ", ""},
		{"Nguyễn", "Đông", "Hà", ""},
	} {
		got := syllable.Judge{}.InContext(c.before, c.word, c.after)
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("InContext(%q, %q, %q) = %v, want none", c.before, c.word, c.after, got)
		case c.want != "" && (len(got) == 0 || got[0].Text != c.want):
			t.Errorf("InContext(%q, %q, %q) = %v, want %q first", c.before, c.word, c.after, got, c.want)
		}
	}
}

// TestContextLeavesTrueTextAlone goes through lines that are right.
func TestContextLeavesTrueTextAlone(t *testing.T) {
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
		for line := range strings.Lines(string(text)) {
			words := append(append([]string{""}, strings.Fields(line)...), "")
			for i := 1; i < len(words)-1; i++ {
				if got := (syllable.Judge{}).InContext(words[i-1], words[i], words[i+1]); len(got) > 0 {
					t.Errorf("%s: %q between %q and %q is read as %v", filepath.Base(name), words[i], words[i-1], words[i+1], got)
				}
			}
		}
	}
}
