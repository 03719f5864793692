package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/config"
)

func TestNightsOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "tủ.yaml")
	put := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("- folder: Kệ số 3\n  start: \"20:00\"\n  until: \"06:00\"\n  report: báo cáo\n- folder: /mnt/scan\n  batch: Cong-1\n")
	all, err := nightsOf(&config.Config{Shelves: file, Watch: []string{filepath.Join(dir, "hộp")}, Data: filepath.Join(dir, "dữ liệu")})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[0].Folder != filepath.Join(dir, "Kệ số 3") || all[0].Report != filepath.Join(dir, "báo cáo") ||
		!strings.HasPrefix(all[0].Batch, "ke-so-3-") || all[1].Batch != "cong-1" || !strings.HasPrefix(all[2].Batch, "hop-") {
		t.Errorf("%+v", all)
	}
	for text, wanted := range map[string]string{
		"- folder: a\n  begin: \"20:00\"\n":                  "begin",
		"- batch: a\n":                                       "without a folder",
		"- folder: a\n  start: 8 giờ tối\n":                  "no time of day",
		"- folder: a\n  batch: có dấu\n":                     "batch label",
		"- folder: a\n  batch: x\n- folder: b\n  batch: X\n": "same batch label",
		"- folder: a\n  mapping: không có.yaml\n":            "không có.yaml",
		"folder: a\n": "wanted is a list",
		"- folder: a/../b\n  batch: x\n- folder: b\n  batch: y\n": "worked off twice",
		"- folder: b/c\n  batch: x\n- folder: b\n  batch: y\n":    "worked off twice",
		"- folder: dữ liệu/objects\n":                             "hoso's own data",
		"- folder: .\n":                                           "hoso's own data",
	} {
		put(text)
		if _, err := nightsOf(&config.Config{Shelves: file, Data: filepath.Join(dir, "dữ liệu")}); err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%q: %v; want %q said", text, err, wanted)
		}
	}
}

// TestLabelOf: the same folder has the same label every night, and no two have one.
func TestLabelOf(t *testing.T) {
	t.Parallel()
	label := func(wanted, folder string) string {
		t.Helper()
		l, err := labelOf(wanted, folder)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a, b := label("", "/kho/Tủ Đất đai (2024)"), label("", "/kho 2/Tủ Đất đai (2024)")
	if a == b || a != label("", "/kho/Tủ Đất đai (2024)") || !strings.HasPrefix(a, "tu-dat-dai-2024-") {
		t.Errorf("%q, %q", a, b)
	}
	if l := label("", "/"+strings.Repeat("hồ sơ ", 40)); len(l) > 60 {
		t.Errorf("%q is too long", l)
	}
	if l := label("", "/書類"); !strings.HasPrefix(l, "lo-") {
		t.Errorf("%q", l)
	}
	if l := label("Kho-1", "/x"); l != "kho-1" {
		t.Errorf("%q", l)
	}
}

func TestHourNext(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 29, 20, 30, 0, 0, time.UTC)
	for text, wanted := range map[string]string{"06:00": "30 06:00", "20:30": "30 20:30", "20:31": "29 20:31", "00:00": "30 00:00"} {
		h, err := hourOf(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.next(at).Format("02 15:04"); got != wanted {
			t.Errorf("%s after 20:30 is %s, want %s", text, got, wanted)
		}
	}
}
