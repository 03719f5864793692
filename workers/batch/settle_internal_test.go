package batch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"hoso/pipeline/shelf"
)

// TestCutOff: hours may pass until a new file gets its end; one that says itself that it is
// old, as on a shelf that was copied a moment ago, is given a few minutes.
func TestCutOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const name = "a.jpg"
	if err := os.WriteFile(filepath.Join(dir, name), []byte("\xFF\xD8\xFF\xE0 cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for dated, want := range map[time.Duration]time.Duration{0: 6 * time.Hour, -48 * time.Hour: 10 * time.Minute} {
		copied := time.Now().Add(-100 * time.Hour).Truncate(time.Second)
		date := copied.Add(dated)
		if err := root.Chtimes(name, date, date); err != nil {
			t.Fatal(err)
		}
		info, err := root.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		s := settler{settle: time.Minute, halfway: 6 * time.Hour}
		e := shelf.Entry{Path: name, Size: info.Size(), Changed: date}
		taken := time.Duration(-1)
		for after := time.Duration(0); after < 8*time.Hour && taken < 0; after += 20 * time.Second {
			s.begin()
			if s.stirs(root, e, copied, copied, copied.Add(after)).IsZero() {
				taken = after
			}
			s.end()
		}
		if taken < want || taken > want+time.Minute {
			t.Errorf("dated %v before it was copied, it is waited for %v, want %v", -dated, taken, want)
		}
	}
}
