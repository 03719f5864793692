package pipeline_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"hoso/pipeline"
)

func TestSafeName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain", "don.pdf", "don.pdf"},
		{"vietnamese", "Đơn đề nghị cấp phép.pdf", "Đơn đề nghị cấp phép.pdf"},
		{"folders", "../../etc/passwd", "passwd"},
		{"windows folders", `C:\Users\desk\quét 1.tif`, "quét 1.tif"},
		{"only dots", "..", "giay-to"},
		{"empty", "", "giay-to"},
		{"folder only", "a/", "giay-to"},
		{"hidden", ".bashrc", "bashrc"},
		{"option", "-rf.pdf", "rf.pdf"},
		{"control characters", "a\x00b\nc\td\x7f.pdf", "ab c d.pdf"},
		{"header injection", "a.pdf\r\nSet-Cookie: x=1", "a.pdf Set-Cookie_ x=1"},
		{"turned direction", "gpj\u202efdp.exe", "gpjfdp.exe"},
		{"invisible", "a\u200b\ufeffb.pdf", "ab.pdf"},
		{"broken UTF-8", "a\xffb.pdf", "ab.pdf"},
		{"markup", `<img src="x">.pdf`, "_img src=_x__.pdf"},
		{"trailing dots", "a.pdf. . .", "a.pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := pipeline.SafeName(c.in); got != c.want {
				t.Errorf("SafeName(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestSafeNameShortensBetweenLetters(t *testing.T) {
	t.Parallel()
	got := pipeline.SafeName(strings.Repeat("giấy chứng nhận ", 30) + ".tiff")
	if len(got) > 200 || !utf8.ValidString(got) || !strings.HasSuffix(got, ".tiff") || !strings.HasPrefix(got, "giấy") {
		t.Errorf("SafeName(long) = %q (%d bytes)", got, len(got))
	}
}

func FuzzSafeName(f *testing.F) {
	f.Add("../a\x00.pdf")
	f.Add(strings.Repeat("ệ", 300) + ".pdf")
	f.Fuzz(func(t *testing.T, s string) {
		got := pipeline.SafeName(s)
		if got == "" || len(got) > 200 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\x00\r\n\"") {
			t.Fatalf("SafeName(%q) = %q", s, got)
		}
		if again := pipeline.SafeName(got); again != got {
			t.Fatalf("SafeName(%q) = %q, and of that %q", s, got, again)
		}
	})
}
