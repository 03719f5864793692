package main_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestMain takes away the binary that the tests were run on.
func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := build(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}
