package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/testdata/judge"
)

// TestAppearances prints the profiles, has them changed and given back, shows what they say
// on page 1 and there alone, and names what cannot be.
func TestAppearances(t *testing.T) {
	t.Parallel()
	run := func(file string, args ...string) (string, int) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), binary(t), append(args, "--data", t.TempDir())...) //nolint:gosec // the binary under test
		cmd.Env = append(os.Environ(), "HOSO_APPEARANCES="+file, "HOSO_APPEARANCE=bản-lưu", "HOSO_AGENCY_NAME=Ủy ban nhân dân xã Gia Viễn")
		if file == "" {
			cmd.Env = append(cmd.Env, "HOSO_APPEARANCE=copy")
		}
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	text, code := run("", "appearances")
	if code != 0 || !strings.Contains(text, "Thời gian sao chụp") {
		t.Fatalf("exit %d, the profiles are %.200s", code, text)
	}
	file := filepath.Join(t.TempDir(), "cách hiển thị.yaml")
	write(t, file, []byte(text+"bản-lưu:\n  corner: top-left\n  size: 10\n  margin: 10\n  widths: [240]\n  lines: ['BẢN LƯU {agency}', '{time}']\n"))
	if again, code := run(file, "appearances"); code != 0 || !strings.Contains(again, "BẢN LƯU") {
		t.Errorf("exit %d, given back they are %.200s", code, again)
	}
	s, record := letter(t), filepath.Join(t.TempDir(), "bản ghi.pdf")
	if said, code := run(file, "convert", saved(t, "a.jpg", s.jpeg), saved(t, "b.tif", s.tiff(t)), "-o", record); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	first, second := judge.PDFToText(t, record, "-l", "1"), judge.PDFToText(t, record, "-f", "2")
	if !strings.Contains(first, "BẢN LƯU Ủy ban nhân dân xã Gia Viễn") || strings.Contains(first, "SAO Y") || strings.Contains(second, "BẢN LƯU") {
		t.Errorf("page 1 says\n%.500s\npage 2\n%.500s", first, second)
	}
	write(t, file, []byte("bản-lưu: {corner: giữa, lines: [x]}\n"))
	for _, args := range [][]string{{"appearances"}, {"convert", saved(t, "a.jpg", s.jpeg), "-o", record}} {
		if said, code := run(file, args...); code != 2 || !strings.Contains(said, "giữa") {
			t.Errorf("%s of what cannot be: exit %d, %s", args[0], code, said)
		}
	}
}
