package catalogtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hoso/storage/catalog"
)

// blank is the file of a catalog with nothing in it, made once for all tests of a process:
// making the tables takes longer than most tests.
var blank = sync.OnceValues(func() ([]byte, error) { //nolint:gochecknoglobals // it is made once
	folder, err := os.MkdirTemp("", "hoso-blank-*")
	if err != nil {
		return nil, fmt.Errorf("making a blank catalog: %w", err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // scratch
	path := filepath.Join(folder, "blank.db")
	c, err := catalog.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		return nil, fmt.Errorf("making a blank catalog: %w", err)
	}
	if err := c.Close(); err != nil {
		return nil, fmt.Errorf("making a blank catalog: %w", err)
	}
	if left, err := filepath.Glob(path + "-*"); err != nil || len(left) > 0 {
		return nil, errors.Join(fmt.Errorf("making a blank catalog: closing left %v", left), err)
	}
	return os.ReadFile(path)
})

// Lite gives the URL of a new SQLite catalog that has its tables and nothing in them.
func Lite(t testing.TB) string {
	t.Helper()
	bytes, err := blank()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "catalog #1?.db")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// New opens such a catalog until the test ends.
func New(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(t.Context(), Lite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}
