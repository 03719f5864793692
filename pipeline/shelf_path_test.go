package pipeline_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"hoso/pipeline"
)

// names are of files as old systems and strangers leave them behind.
func names() []string {
	return []string{
		"", "Hộp 1/Nguyễn Văn A.pdf", "VISCII \xd5\xd6/\xff", "\xe1\xba", "e\u0301", "\uef80", "\xef\xbe", "\ufffd\xff", "a\nb\x1b[2J",
		"\xed\xa0\x80", "\uef7f\uf000", "\uefff\xff\uef81", "😀\xf0\x9f",
	}
}

func TestPathText(t *testing.T) {
	t.Parallel()
	written := map[string]string{}
	for _, name := range names() {
		text := pipeline.PathText(name)
		if !utf8.ValidString(text) || pipeline.PathName(text) != name {
			t.Errorf("%q is written %q and read %q", name, text, pipeline.PathName(text))
		}
		if other, taken := written[text]; taken {
			t.Errorf("%q and %q are both written %q", name, other, text)
		}
		written[text] = name
	}
	if got := pipeline.PathText("Hộp 1/a.pdf"); got != "Hộp 1/a.pdf" {
		t.Errorf("an ordinary name is written %q", got)
	}
}

func FuzzPathText(f *testing.F) {
	for _, name := range names() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		data, err := json.Marshal(pipeline.PathText(name))
		if err != nil {
			t.Fatal(err)
		}
		var text string
		if err := json.Unmarshal(data, &text); err != nil || pipeline.PathName(text) != name {
			t.Errorf("%q comes back as %q, %v", name, pipeline.PathName(text), err)
		}
	})
}

// TestShownPath: a name shows what it is, and does nothing to what shows it.
func TestShownPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"Hộp 1/Đơn.pdf":                         "Hộp 1/Đơn.pdf",
		"a\x1b[31m\n\r\t.pdf":                   "a\uFFFD[31m\uFFFD\uFFFD\uFFFD.pdf",
		"\u202Efdp.exe\u2066":                   "\uFFFDfdp.exe\uFFFD",
		pipeline.PathText("m\xE0u \xFF.pdf"):    "m\uFFFDu \uFFFD.pdf",
		"Đo\u031Bn đê\u0300 nghi\u0323 (2).tif": "Đo\u031Bn đê\u0300 nghi\u0323 (2).tif",
	} {
		if got := pipeline.ShownPath(path); got != want {
			t.Errorf("ShownPath(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestParseBatchOfDots(t *testing.T) {
	t.Parallel()
	for _, label := range []string{".", "..", " .. ", strings.Repeat(".", 9)} {
		if got, err := pipeline.ParseBatch(label); err == nil {
			t.Errorf("%q is the label %q, which no address can hold", label, got)
		}
	}
	if got, err := pipeline.ParseBatch(" Đêm"); err == nil {
		t.Errorf("a label of other letters is %q", got)
	}
	if got, err := pipeline.ParseBatch(".Dem-1."); err != nil || got != ".dem-1." {
		t.Errorf("a label with dots is %q, %v", got, err)
	}
}
