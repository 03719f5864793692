package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// TestFoldersHeal: folders that are away are told of in plain words without their paths,
// once in the log, and no more when they are there again.
func TestFoldersHeal(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		away := filepath.Join(root, "chia sẻ")
		f := foldersOf([]night{{Batch: "cong", Folder: root}, {Batch: "dem", Folder: away}}, slog.New(slog.NewTextHandler(&log, nil)))
		wants := func(healthy bool, say, english string) {
			t.Helper()
			for range 2 {
				f.look(t.Context())
				synctest.Wait()
			}
			s, ok := f.service()
			if !ok || s.Healthy != healthy || !strings.Contains(s.Say, say) || s.English != english || strings.Contains(s.Say+s.English, root) {
				t.Errorf("the status says %+v (%t)", s, ok)
			}
		}
		wants(false, "Không mở được thư mục nguồn của lô dem nên", "the folder of batch dem is not there")
		if err := os.Mkdir(away, 0o755); err != nil {
			t.Fatal(err)
		}
		wants(true, "2 thư mục nguồn", "")
		f.empties(t.Context(), "cong", true)
		wants(false, "lô cong nên", "the folder of batch cong has nothing in it any more, or went away")
		f.empties(t.Context(), "cong", false)
		wants(true, "2 thư mục nguồn", "")
		if got := strings.Count(log.String(), "level=WARN"); got != 2 || strings.Count(log.String(), "is there again") != 2 || !strings.Contains(log.String(), away) {
			t.Errorf("the log says\n%s", log.String())
		}
	})
	if s, ok := foldersOf(nil, slog.New(slog.DiscardHandler)).service(); ok {
		t.Errorf("without any folder the status says %+v", s)
	}
}
